"""What is deployed, read for tests: Kubernetes objects, the Compose file, and each service's settings class."""

import importlib
import importlib.util
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml
from pydantic_settings import BaseSettings

from defterhane.settings import Settings

ROOT = Path(__file__).parents[2]
SERVICES = ("ingest", "converter", "validator", "signer", "gib-gateway", "archive", "portal")
OWNER_URL = "DEFTERHANE_DATABASE_OWNER_URL"

KUSTOMIZATIONS = {
    "base": "deploy/k8s/base",
    "migrate": "deploy/k8s/migrate",
    "dev": "deploy/k8s/overlays/dev",
    "production": "deploy/k8s/overlays/production",
    "production-migrate": "deploy/k8s/overlays/production/migrate",
}
"""What an operator renders or applies, by a short name."""

Object = dict[str, Any]


@cache
def _render(folder: str) -> str:
    run = subprocess.run(
        ["kubectl", "kustomize", folder], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


def render(name: str) -> list[Object]:
    """All objects of a kustomization, anew for each caller."""
    return [item for item in yaml.safe_load_all(_render(KUSTOMIZATIONS[name])) if item]


def of_kind(objects: list[Object], *kinds: str) -> list[Object]:
    return [item for item in objects if item["kind"] in kinds]


def by_name(objects: list[Object], kind: str) -> dict[str, Object]:
    return {item["metadata"]["name"]: item for item in of_kind(objects, kind)}


def of_services(objects: list[Object]) -> list[Object]:
    """The Deployments of our services."""
    return [item for item in of_kind(objects, "Deployment") if item["metadata"]["name"] in SERVICES]


WORKLOADS = ("Deployment", "StatefulSet", "Job", "DaemonSet")


def pods(objects: list[Object]) -> dict[str, Object]:
    """Workload's name → its pod template."""
    return {item["metadata"]["name"]: item["spec"]["template"] for item in of_kind(objects, *WORKLOADS)}


def containers(template: Object) -> list[Object]:
    spec = template["spec"]
    return [*spec.get("initContainers", []), *spec["containers"]]


@dataclass(frozen=True)
class Environment:
    """What one container gets: which settings class reads it is told by its service's name."""

    service: str
    values: Mapping[str, str]


def kubernetes_environments(objects: list[Object]) -> Iterator[Environment]:
    """The DEFTERHANE_ variables of each container, from its ConfigMaps and its own list."""
    maps = by_name(objects, "ConfigMap")
    for name, template in pods(objects).items():
        for container in containers(template):
            values: dict[str, str] = {}
            for source in container.get("envFrom", []):
                values |= maps[source["configMapRef"]["name"]]["data"]
            for entry in container.get("env", []):
                assert "value" in entry, f"{name}: {entry['name']} has no plain value"
                values[entry["name"]] = entry["value"]
            yield Environment(name, _ours(values))


_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::-(?P<default>[^}]*))?\}")


def compose(variables: Mapping[str, str] | None = None) -> Object:
    """docker-compose.yml with its variables filled in, as Compose does: after it has read the YAML."""

    def fill(match: re.Match[str]) -> str:
        found = (variables or {}).get(match["name"]) or match["default"]
        assert found is not None, f"{match['name']} has no default"
        return found

    def walk(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: walk(value) for key, value in node.items()}
        if isinstance(node, list):
            return [walk(value) for value in node]
        return _VARIABLE.sub(fill, node) if isinstance(node, str) else node

    document: Object = walk(yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8")))
    return document


def compose_environments(document: Object) -> Iterator[Environment]:
    """The DEFTERHANE_ variables of each of Compose's services: the image's, then its own."""
    for name, service in document["services"].items():
        if "build" in service:
            own = {key: str(value) for key, value in service.get("environment", {}).items()}
            yield Environment(name, _ours(own))


def _ours(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if name.startswith("DEFTERHANE_")}


def settings_class(service: str) -> type[BaseSettings]:
    """The settings that a service's process reads."""
    package = service.replace("-", "_")
    name = f"{package}.settings"
    if importlib.util.find_spec(name) is None:
        return Settings
    module = importlib.import_module(name)
    own = [
        found
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, BaseSettings) and found.__module__ == name
    ]
    assert len(own) == 1, f"{name} has {len(own)} settings classes"
    return own[0]


def variables(settings: type[BaseSettings]) -> set[str]:
    """The environment variables of a settings class, without those that end in _FILE."""
    prefix = settings.model_config.get("env_prefix", "")
    return {f"{prefix}{name}".upper() for name in settings.model_fields}


def load(path: Path) -> ModuleType:
    """A script as a module."""
    spec = importlib.util.spec_from_file_location(f"script_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
