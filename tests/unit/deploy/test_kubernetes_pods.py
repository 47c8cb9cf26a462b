"""What holds for every pod: hardened, measured, probed, and its secrets are references."""

import re
from typing import Any

import pytest

from support.deploying import (
    KUSTOMIZATIONS,
    ROOT,
    WORKLOADS,
    Object,
    by_name,
    containers,
    load,
    of_kind,
    of_services,
    pods,
    render,
)

pytestmark = pytest.mark.kubectl

EXTERNAL_SECRETS = {
    "defterhane-database": {"url"},
    "defterhane-database-owner": {"url"},
    "defterhane-bus": {"url"},
    "defterhane-objects": {"access-key", "secret-key"},
    "defterhane-portal": {"operator-token"},
    "defterhane-signer-main": {"pin"},
}
"""Secrets that the operator brings, as docs/operations.md lists them: name → keys."""

EXTERNAL_CONFIG_MAPS = {"defterhane-gib-roots": {"roots.pem"}}

everywhere = pytest.mark.parametrize("name", KUSTOMIZATIONS)
with_services = pytest.mark.parametrize("name", ["base", "dev", "production"])


@everywhere
def test_every_pod_is_hardened(name: str) -> None:
    for workload, template in pods(render(name)).items():
        spec = template["spec"]
        assert spec["automountServiceAccountToken"] is False, workload
        assert spec["enableServiceLinks"] is False, workload
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec), workload
        assert spec["securityContext"]["runAsNonRoot"] is True, workload
        assert spec["securityContext"]["runAsUser"] > 0, workload
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, workload
        assert spec["terminationGracePeriodSeconds"] >= 30, workload
        for container in containers(template):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "runAsNonRoot": True,
                "capabilities": {"drop": ["ALL"]},
            }, workload
        kinds = {kind for volume in spec.get("volumes", []) for kind in volume if kind != "name"}
        allowed = {"configMap", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret"}
        assert kinds <= allowed, f"{workload}: the namespace's pod security admits no {kinds - allowed}"


@everywhere
def test_every_container_says_what_it_needs(name: str) -> None:
    for workload, template in pods(render(name)).items():
        for container in containers(template):
            resources = container["resources"]
            assert {"cpu", "memory"} <= set(resources["requests"]), workload
            assert "memory" in resources["limits"], workload
            for volume in template["spec"].get("volumes", []):
                if "emptyDir" in volume:
                    assert "sizeLimit" in volume["emptyDir"], f"{workload}: {volume['name']}"


@everywhere
def test_every_mount_has_its_volume(name: str) -> None:
    for item in of_kind(render(name), *WORKLOADS):
        spec = item["spec"]["template"]["spec"]
        volumes = {volume["name"] for volume in spec.get("volumes", [])}
        volumes |= {claim["metadata"]["name"] for claim in item["spec"].get("volumeClaimTemplates", [])}
        used: set[str] = set()
        for container in containers(item["spec"]["template"]):
            mounts = container.get("volumeMounts", [])
            used |= {mount["name"] for mount in mounts}
            paths = [mount["mountPath"] for mount in mounts]
            assert len(paths) == len(set(paths)), item["metadata"]["name"]
        assert used == volumes, item["metadata"]["name"]


@with_services
def test_every_long_running_container_is_probed(name: str) -> None:
    for item in of_kind(render(name), "Deployment", "StatefulSet"):
        for container in item["spec"]["template"]["spec"]["containers"]:
            ports = {port["name"] for port in container["ports"]}
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                asked = container[probe]
                assert "httpGet" in asked or "exec" in asked or "tcpSocket" in asked
                if "httpGet" in asked:
                    assert asked["httpGet"]["port"] in ports, item["metadata"]["name"]


@with_services
def test_services_are_probed_where_they_answer(name: str) -> None:
    for item in of_services(render(name)):
        (container,) = item["spec"]["template"]["spec"]["containers"]
        assert container["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": "health"}
        assert container["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "health"}
        startup = container["startupProbe"]
        # A service waits 60 s each for its database and its bus before it answers.
        assert startup["periodSeconds"] * startup["failureThreshold"] > 120 + 30


@with_services
def test_pods_that_are_reached_from_outside_leave_the_balancer_first(name: str) -> None:
    objects = render(name)
    reached = {item["spec"]["selector"]["app.kubernetes.io/name"] for item in of_kind(objects, "Service")}
    for item in of_services(objects):
        spec = item["spec"]["template"]["spec"]
        (container,) = spec["containers"]
        sleep = container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        assert (sleep > 0) == (item["metadata"]["name"] in reached), item["metadata"]["name"]
        assert spec["terminationGracePeriodSeconds"] > sleep


@everywhere
def test_no_secret_stands_in_the_repository(name: str) -> None:
    objects = render(name)
    assert not of_kind(objects, "Secret")
    for item in of_kind(objects, "ConfigMap"):
        for text in item["data"].values():
            assert not re.search(r"(?i)(password|secret|pin)\s*=\s*['\"]?\w", text), item["metadata"]["name"]
            assert not re.search(r"\w+://[^/\s:@]+:[^/\s@]+@", text), item["metadata"]["name"]


def _references(template: Object) -> list[tuple[str, str, set[str]]]:
    """(kind, name, keys) of every Secret and ConfigMap that a pod refers to; no keys = all of them."""
    found: list[tuple[str, str, set[str]]] = []

    def volume(source: dict[str, Any], kind: str, key: str) -> None:
        found.append((kind, source[key], {entry["key"] for entry in source.get("items", [])}))

    for entry in template["spec"].get("volumes", []):
        if "secret" in entry:
            volume(entry["secret"], "Secret", "secretName")
        if "configMap" in entry:
            volume(entry["configMap"], "ConfigMap", "name")
        for source in entry.get("projected", {}).get("sources", []):
            if "secret" in source:
                volume(source["secret"], "Secret", "name")
            if "configMap" in source:
                volume(source["configMap"], "ConfigMap", "name")
    for container in containers(template):
        for source in container.get("envFrom", []):
            found.append(("ConfigMap", source["configMapRef"]["name"], set()))
        for variable in container.get("env", []):
            assert "valueFrom" not in variable, "secrets come as files"
    return found


@everywhere
def test_every_reference_resolves_or_is_the_operators(name: str) -> None:
    made = {secret: set(keys) for secret, keys in load(ROOT / "deploy" / "make_secrets.py").KUBERNETES.items()}
    external = made if name == "dev" else EXTERNAL_SECRETS

    objects = render(name)
    maps = by_name(objects, "ConfigMap")
    for workload, template in pods(objects).items():
        for kind, referred, keys in _references(template):
            if kind == "ConfigMap":
                there = set(maps[referred]["data"]) if referred in maps else EXTERNAL_CONFIG_MAPS.get(referred)
                assert there is not None, f"{workload} → {referred}"
                assert keys <= there
            else:
                if (name, workload, referred) == ("dev", "signer", "defterhane-seals"):
                    continue  # as many keys as there are firms, and none at first
                assert referred in external, f"{workload} → {referred}"
                assert keys, f"{workload} takes all of {referred}"
                assert keys <= external[referred]
