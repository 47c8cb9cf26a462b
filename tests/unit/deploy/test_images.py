"""The images: each installs only what its service needs, all of it pinned by hash, and runs as nobody special."""

import ast
import http.server
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from defterhane.db.migrate import LOCATIONS
from support.deploying import ROOT, compose, load

DOCKER = ROOT / "deploy" / "docker"
DOCKERFILE = (DOCKER / "Dockerfile").read_text("utf-8")
IMAGES = {name: service["build"]["args"] for name, service in compose()["services"].items() if "build" in service}


requirements = load(DOCKER / "requirements.py")
MEMBERS: list[str] = requirements.resolve(
    ROOT, [member for args in IMAGES.values() for member in args["MEMBERS"].split()]
)[0]


def _instructions() -> list[tuple[str, str]]:
    joined = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", DOCKERFILE, flags=re.MULTILINE))
    found = []
    for line in joined.splitlines():
        if line.strip():
            word, _, rest = line.strip().partition(" ")
            found.append((word, " ".join(rest.split())))
    return found


def _last_stage() -> list[tuple[str, str]]:
    instructions = _instructions()
    start = max(number for number, (word, _) in enumerate(instructions) if word == "FROM")
    return instructions[start:]


def test_there_is_an_image_for_every_service_the_sandbox_and_the_migrations() -> None:
    services = {path.parent.name for path in (ROOT / "services").glob("*/pyproject.toml")}

    assert set(IMAGES) == services | {"sandbox", "migrate"}
    for name in services:
        assert IMAGES[name]["MEMBERS"] == f"services/{name}"
        assert IMAGES[name]["MODULE"] == name.replace("-", "_")


def test_only_the_signer_carries_the_card_library() -> None:
    assert {name for name, args in IMAGES.items() if args.get("RUNTIME", "plain") != "plain"} == {"signer"}
    assert "FROM ${PYTHON_IMAGE} AS runtime-card" in DOCKERFILE


def test_the_migrations_image_holds_every_schema_that_is_migrated() -> None:
    folders, _ = requirements.resolve(ROOT, IMAGES["migrate"]["MEMBERS"].split())
    packages = {path.name for folder in folders for path in (ROOT / folder / "src").iterdir()}

    assert {package.partition(".")[0] for package in LOCATIONS.values()} <= packages


def test_the_final_stage_runs_as_a_user_without_name_or_rights() -> None:
    stage = _last_stage()
    assert ("USER", "10001:10001") in stage
    assert [word for word, _ in stage].index("USER") > max(
        number for number, (word, _) in enumerate(stage) if word in {"RUN", "COPY"}
    ), "nothing is run or copied by the service's own user"
    assert dict(stage)["ENTRYPOINT"] == '["serve"]'
    assert dict(stage)["HEALTHCHECK"].endswith('CMD ["python", "/app/bin/healthcheck.py"]')


def test_the_final_stage_takes_only_the_environment_from_the_build() -> None:
    copies = [rest for word, rest in _last_stage() if word == "COPY"]
    assert copies == ["--from=build /app /app"]


def test_every_installation_checks_hashes_or_stays_offline() -> None:
    runs = " && ".join(rest for word, rest in _instructions() if word == "RUN")
    installs = [step for step in re.split(r"&&|;", runs) if re.search(r"\bpip install\b", step)]

    assert len(installs) == 4
    for step in installs:
        assert "--require-hashes" in step or "--no-index --no-deps" in step, step
        if "--require-hashes" in step:
            assert "--only-binary :all:" in step, f"builds nothing from source: {step}"


def test_base_images_are_pinned_to_a_version() -> None:
    assert "ARG PYTHON_IMAGE=python:3.11-slim-bookworm" in DOCKERFILE
    assert {rest.partition(" ")[0] for word, rest in _instructions() if word == "FROM"} == {
        "${PYTHON_IMAGE}",
        "runtime-${RUNTIME}",
    }


def test_the_lock_holds_a_hash_for_every_package() -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / "requirements.lock").read_text("utf-8").strip())
    assert len(blocks) > 50
    for block in blocks:
        assert "==" in block.splitlines()[0]
        assert "--hash=sha256:" in block, block.splitlines()[0]


@pytest.mark.parametrize("tool", ["uv", "hatchling", "editables", "packaging"])
def test_the_build_finds_its_tools_in_the_lock(tool: str) -> None:
    assert re.search(rf"^{tool}==\S+", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    assert tool in DOCKERFILE


@cache
def _closure(image: str) -> frozenset[str]:
    """Canonical names of all distributions that an image gets, by their own metadata."""
    _, needs = requirements.resolve(ROOT, IMAGES[image]["MEMBERS"].split())
    waiting = [Requirement(need) for need in needs]
    found: dict[str, set[str]] = {}
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        extras = requirement.extras | {""}
        new = extras - found.setdefault(name, set())
        found[name] |= new
        if new:
            for text in metadata.requires(name) or []:
                child = Requirement(text)
                if child.marker is None or any(child.marker.evaluate({"extra": extra}) for extra in new):
                    waiting.append(child)
    return frozenset(found)


def _imports(folder: Path) -> Iterator[tuple[str, Path]]:
    """Top-level packages that run when a module is used; what only a type checker reads is left out."""
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        skipped = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if id(node) in skipped:
                continue
            if isinstance(node, ast.Import):
                yield from ((alias.name.partition(".")[0], path) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                yield node.module.partition(".")[0], path


@pytest.mark.parametrize("image", sorted(IMAGES))
def test_an_image_has_what_its_code_imports(image: str) -> None:
    folders, _ = requirements.resolve(ROOT, IMAGES[image]["MEMBERS"].split())
    own = {path.name for folder in folders for path in (ROOT / folder / "src").iterdir()}
    homes = metadata.packages_distributions()
    closure = _closure(image)
    missing = {
        f"{path.relative_to(ROOT)} imports {package}"
        for folder in folders
        for package, path in _imports(ROOT / folder / "src")
        if package not in own
        and package not in sys.stdlib_module_names
        and not any(canonicalize_name(home) in closure for home in homes.get(package, []))
    }
    assert not missing


@pytest.mark.parametrize("image", sorted(IMAGES))
def test_an_image_has_nothing_that_the_lock_lacks(image: str) -> None:
    locked = requirements.read_lock(ROOT / "requirements.lock")
    assert _closure(image) <= set(locked)


@pytest.mark.parametrize("folder", MEMBERS)
def test_a_wheel_holds_all_of_its_package(folder: str, tmp_path: Path) -> None:
    """Templates, migrations and schemas too: an image has nothing but the wheels."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT / folder, check=True, capture_output=True, timeout=60)
    (wheel,) = tmp_path.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    source = ROOT / folder / "src"
    files = {path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()}
    assert held == {name for name in files if "__pycache__" not in name}


def test_images_stay_apart() -> None:
    assert "asyncssh" in _closure("ingest")
    assert "zeep" in _closure("gib-gateway")
    assert "python-pkcs11" in _closure("signer")
    for image in ("converter", "validator", "archive"):
        assert not _closure(image) & {"asyncssh", "zeep", "python-pkcs11", "jinja2", "playwright", "pytest"}


def test_the_requirements_command_names_the_trouble(tmp_path: Path) -> None:
    script = [sys.executable, str(DOCKER / "requirements.py")]
    known = subprocess.run([*script, "members", "services/signer"], cwd=ROOT, capture_output=True, text=True)
    assert known.stdout.split() == ["shared", "services/signer"]

    unknown = subprocess.run([*script, "needs", "services/nobody"], cwd=ROOT, capture_output=True, text=True)
    assert unknown.returncode == 2
    assert "services/nobody is no member" in unknown.stderr

    member = tmp_path / "services" / "one"
    member.mkdir(parents=True)
    (member / "pyproject.toml").write_text('[project]\nname = "one"\ndependencies = ["left-pad>=1"]\n')
    (tmp_path / "requirements.lock").write_text("lxml==6.0\n")
    lacking = subprocess.run([*script, "needs", "services/one"], cwd=tmp_path, capture_output=True, text=True)
    assert lacking.returncode == 2
    assert "left-pad, which requirements.lock does not have" in lacking.stderr


def test_the_build_context_is_an_allow_list() -> None:
    lines = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line[:1] != "#"]
    assert lines[0] == "*"
    allowed = {line[1:] for line in lines if line.startswith("!")}
    for needed in ("requirements.lock", "shared/src", "services/*/src", "sandbox/src"):
        assert needed in allowed
    assert not any(word in line for line in allowed for word in ("var", ".env", ".git", "tests", "cli"))
    for line in allowed:
        assert list(ROOT.glob(line)), f"{line} is not there"


@pytest.fixture
def answering() -> Iterator[tuple[str, list[str]]]:
    """A health endpoint whose status is the port's first word: `answers[0]`."""
    answers = ["200"]
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(int(answers[0]))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield str(server.server_port), answers
    server.shutdown()
    server.server_close()
    assert set(seen) == {"/healthz"}


def test_the_health_check_tells_a_living_service_from_a_dead_one(answering: tuple[str, list[str]]) -> None:
    port, answers = answering

    def check(on: str) -> int:
        environment = {"DEFTERHANE_HEALTH_PORT": on, "http_proxy": "http://127.0.0.1:9"}
        return subprocess.run(
            [sys.executable, str(DOCKER / "healthcheck.py")], env=environment, check=False, timeout=20
        ).returncode

    assert check(port) == 0
    answers[0] = "503"
    assert check(port) == 1
    assert check("1") == 1
