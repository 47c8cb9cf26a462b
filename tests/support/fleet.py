"""Every service as its own process, with the settings that production uses."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from support.servers import end, free_port

SERVICES = ("ingest", "converter", "validator", "signer", "gib_gateway", "archive", "portal")


class Fleet:
    """Processes by service name; each can be killed and started again."""

    def __init__(self, folder: Path, common: Mapping[str, str], own: Mapping[str, Mapping[str, str]]) -> None:
        self._folder = folder
        self._common = common
        self._own = own
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._health: dict[str, int] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def start(self, *names: str) -> None:
        """Start services, and wait until each is ready."""
        for name in names:
            self._health[name] = free_port()
            environment = {
                **{key: value for key, value in os.environ.items() if not key.startswith("DEFTERHANE_")},
                "DEFTERHANE_HEALTH_PORT": str(self._health[name]),
                **{f"DEFTERHANE_{key.upper()}": value for key, value in self._common.items()},
                **{f"DEFTERHANE_{key.upper()}": value for key, value in self._own.get(name, {}).items()},
            }
            log = (self._folder / f"{name}.log").open("ab")
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", name],
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self._folder,
            )
            log.close()
        for name in names:
            self._wait_until_ready(name)

    def kill(self, name: str) -> None:
        """SIGKILL to the service's process: nothing is finished, nothing is given back."""
        process = self._processes.pop(name)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(10)

    def terminate(self, name: str) -> int:
        """SIGTERM, as an orchestrator sends it; returns the exit code."""
        process = self._processes.pop(name)
        os.kill(process.pid, signal.SIGTERM)
        return process.wait(40)

    def stop(self) -> None:
        """End all."""
        for process in self._processes.values():
            os.kill(process.pid, signal.SIGTERM)
        for process in self._processes.values():
            end(process)
        self._processes.clear()

    def logs(self) -> str:
        """The end of every log, for a test that has failed."""
        texts = []
        for path in sorted(self._folder.glob("*.log")):
            texts.append(f"== {path.name}\n" + "\n".join(path.read_text("utf-8", "replace").splitlines()[-25:]))
        return "\n".join(texts)

    def _wait_until_ready(self, name: str, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._processes[name].poll() is not None:
                break
            try:
                with urlopen(f"http://127.0.0.1:{self._health[name]}/readyz", timeout=2) as answer:
                    if json.load(answer)["ready"]:
                        return
            except (URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"{name} did not become ready\n{self.logs()}")


def get_json(url: str, token: str | None = None) -> object:
    """A JSON answer."""
    request = Request(url, headers={"Authorization": f"Bearer {token}"} if token else {})
    with urlopen(request, timeout=10) as answer:
        return json.load(answer)
