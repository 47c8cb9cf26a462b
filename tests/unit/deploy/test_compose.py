"""docker-compose.yml: of the Compose specification's form, whole in itself, and hardened."""

import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from support.deploying import ROOT, SERVICES, compose

TOP_LEVEL = {"name", "services", "networks", "volumes", "secrets", "configs"}
SERVICE_KEYS = {
    "build", "cap_drop", "command", "depends_on", "deploy", "entrypoint", "env_file", "environment", "healthcheck",
    "hostname", "image", "init", "logging", "networks", "ports", "read_only", "restart", "secrets", "security_opt",
    "shm_size", "stop_grace_period", "tmpfs", "user", "volumes",
}  # fmt: skip
"""The keys of the specification that are used here."""
HEALTH_KEYS = {"test", "interval", "timeout", "retries", "start_period", "start_interval", "disable"}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}
DURATION = re.compile(r"^(\d+(h|m|s|ms))+$")
BYTES = re.compile(r"^\d+(\.\d+)?[bkmgBKMG]$")

DOCUMENT = compose()
ALL: dict[str, dict[str, Any]] = DOCUMENT["services"]
LASTING = {name: service for name, service in ALL.items() if name != "migrate"}


def _volumes(service: dict[str, Any]) -> dict[str, str]:
    """Target → source ('' for an anonymous volume)."""
    found = {}
    for text in service.get("volumes", []):
        source, _, rest = text.partition(":")
        target = rest.partition(":")[0]
        found[target or source] = source if target else ""
    return found


def _secrets(service: dict[str, Any]) -> list[str]:
    return [entry if isinstance(entry, str) else entry["source"] for entry in service.get("secrets", [])]


def test_only_keys_of_the_specification_are_used() -> None:
    assert {key for key in DOCUMENT if not key.startswith("x-")} <= TOP_LEVEL
    for name, service in ALL.items():
        assert set(service) <= SERVICE_KEYS, name
        assert set(service.get("healthcheck", {})) <= HEALTH_KEYS, name
        assert DURATION.match(service.get("stop_grace_period", "30s")), name
        for key in ("interval", "timeout", "start_period"):
            assert DURATION.match(service.get("healthcheck", {}).get(key, "1s")), name
        limits = service["deploy"]["resources"]["limits"]
        assert set(limits) == {"cpus", "memory", "pids"}, name
        assert isinstance(limits["cpus"], str), name
        assert BYTES.match(limits["memory"]), name
        assert all(
            isinstance(value, str | int) and not isinstance(value, bool)
            for value in service.get("environment", {}).values()
        ), f"{name}: Compose refuses true and false that are not quoted"


def test_every_reference_resolves() -> None:
    for name, service in ALL.items():
        assert set(service["networks"]) <= set(DOCUMENT["networks"]), name
        assert set(_secrets(service)) <= set(DOCUMENT["secrets"]), name
        for other, how in service.get("depends_on", {}).items():
            assert other in ALL, name
            assert how["condition"] in CONDITIONS
            if how["condition"] == "service_healthy":
                assert "test" in ALL[other].get("healthcheck", {}) or "build" in ALL[other]
        for source in _volumes(service).values():
            if source.startswith("./var/"):
                continue  # made by the operator
            if source.startswith("./"):
                assert (ROOT / source).exists(), source
            elif source:
                assert source in DOCUMENT["volumes"], source


def test_nothing_is_declared_for_nobody() -> None:
    assert {name for service in ALL.values() for name in service["networks"]} == set(DOCUMENT["networks"])
    assert {name for service in ALL.values() for name in _secrets(service)} == set(DOCUMENT["secrets"])
    used = {source for service in ALL.values() for source in _volumes(service).values()}
    assert set(DOCUMENT["volumes"]) <= used


def test_images_have_versions() -> None:
    for name, service in ALL.items():
        assert re.search(r":\d[\w.-]*$", service["image"]), name
        if "build" in service:
            assert service["image"].startswith(f"defterhane/{name}:")
            assert (ROOT / service["build"]["context"] / service["build"]["dockerfile"]).is_file()


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_container_is_hardened(name: str) -> None:
    service = ALL[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert re.match(r"^[1-9]\d*:[1-9]\d*$", service["user"])
    assert any(entry.startswith("/tmp") for entry in service["tmpfs"])
    assert not {"privileged", "cap_add", "pid", "network_mode"} & set(service)


def test_everything_but_the_job_is_started_again() -> None:
    assert ALL["migrate"]["restart"] == "no"
    for name, service in LASTING.items():
        assert service["restart"] == "unless-stopped", name


def test_services_start_after_what_they_stand_on() -> None:
    for name in SERVICES:
        needs = {other: how["condition"] for other, how in ALL[name]["depends_on"].items()}
        assert needs["migrate"] == "service_completed_successfully", name
        assert needs["rabbitmq"] == needs["objects"] == "service_healthy", name
    assert ALL["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_services_have_time_to_finish() -> None:
    for name in SERVICES:
        assert ALL[name]["stop_grace_period"] == "2m", name
        assert "/scratch" in _volumes(ALL[name]), f"{name}: large files do not belong into memory"


def test_only_the_gateway_has_a_way_out() -> None:
    assert DOCUMENT["networks"]["inside"] == {"internal": True}
    for name in (*SERVICES, "migrate", "postgres", "rabbitmq", "objects"):
        expected = {"inside"}
        if name in {"ingest", "portal"}:
            expected.add("edge")
        if name == "gib-gateway":
            expected.add("outside")
        assert set(ALL[name]["networks"]) == expected, name
    assert ALL["sandbox"]["networks"] == ["outside"], "the outside world sees nothing of the inside"


def test_only_the_drop_box_is_published_beyond_this_machine() -> None:
    published = {name: service["ports"] for name, service in ALL.items() if "ports" in service}
    assert published == {"ingest": ["2222:2222"], "portal": ["127.0.0.1:8000:8000"]}


def test_the_owner_of_the_database_is_known_to_the_migrations_alone() -> None:
    holders = {name for name, service in ALL.items() if "database-owner-url" in _secrets(service)}
    assert holders == {"migrate"}
    assert {name for name, service in ALL.items() if "database-superuser-password" in _secrets(service)} == {"postgres"}


def test_secrets_are_files_outside_the_repository() -> None:
    ignored = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    assert "var/" in ignored
    for name, secret in DOCUMENT["secrets"].items():
        assert secret == {"file": f"./var/secrets/{name}"}
    for name, service in ALL.items():
        for variable, value in service.get("environment", {}).items():
            assert not re.search(r"\w+://[^/\s:@]+:[^/\s@]+@", str(value)), f"{name}: {variable}"


def test_every_file_named_in_the_environment_is_a_secret_of_the_container() -> None:
    for name, service in ALL.items():
        for variable, value in service.get("environment", {}).items():
            if variable.endswith("_FILE"):
                assert value.removeprefix("/run/secrets/") in _secrets(service), f"{name}: {variable}"


def test_the_s3_server_does_not_call_home() -> None:
    assert "-master.telemetry=false" in ALL["objects"]["command"]


def test_compose_itself_reads_the_file() -> None:
    if not shutil.which("docker"):
        pytest.skip("docker is not here")
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker's compose plugin is not here")
    run = subprocess.run(
        ["docker", "compose", "config", "--no-interpolate"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert set(yaml.safe_load(run.stdout)["services"]) == set(ALL)
