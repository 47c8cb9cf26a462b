"""What `kubectl kustomize` renders is valid Kubernetes, and its parts fit each other."""

import os
import re
import subprocess
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from support.deploying import KUSTOMIZATIONS, ROOT, SERVICES, by_name, containers, of_kind, of_services, pods, render

pytestmark = pytest.mark.kubectl

VERSIONS = ("1.32.0", "1.37.0")
"""The oldest and the newest Kubernetes that are said to work."""

everywhere = pytest.mark.parametrize("name", KUSTOMIZATIONS)
with_services = pytest.mark.parametrize("name", ["base", "dev", "production"])


@everywhere
@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_valid(name: str, version: str) -> None:
    objects = render(name)
    assert objects
    for item in objects:
        kubernetes_validate.validate(item, version, strict=True)


@everywhere
def test_every_object_lies_in_the_namespace(name: str) -> None:
    for item in render(name):
        metadata = item["metadata"]
        if item["kind"] in {"Namespace", "PersistentVolume"}:
            assert "namespace" not in metadata
        else:
            assert metadata["namespace"] == "defterhane", metadata["name"]


@with_services
def test_every_service_is_deployed(name: str) -> None:
    objects = render(name)
    assert {item["metadata"]["name"] for item in of_services(objects)} == set(SERVICES)
    accounts = by_name(objects, "ServiceAccount")
    for item in of_services(objects):
        assert item["spec"]["template"]["spec"]["serviceAccountName"] in accounts


@everywhere
def test_images_are_pinned(name: str) -> None:
    for workload, template in pods(render(name)).items():
        for container in containers(template):
            image = container["image"]
            assert "@sha256:" in image or re.search(r":\d[\w.-]*$", image), f"{workload}: {image}"


@with_services
def test_the_signer_stays_beside_its_token(name: str) -> None:
    signer = by_name(render(name), "Deployment")["signer"]
    spec = signer["spec"]["template"]["spec"]
    key, value = next(iter(spec["nodeSelector"].items()))
    assert (key, value) == ("defterhane/signer", "main")
    assert {"key": key, "operator": "Equal", "value": value, "effect": "NoSchedule"} in spec["tolerations"]
    assert signer["spec"]["strategy"] == {"type": "Recreate"}
    assert signer["spec"]["replicas"] == 1


@pytest.mark.parametrize("component", ["signer-hsm", "signer-card"])
def test_a_token_comes_by_volumes_of_the_signers_node(component: str, tmp_path: Path) -> None:
    folder = os.path.relpath(ROOT / "deploy" / "k8s", tmp_path.resolve())
    (tmp_path / "kustomization.yaml").write_text(
        f"resources: [{folder}/base]\ncomponents: [{folder}/components/{component}]\n"
    )
    run = subprocess.run(["kubectl", "kustomize", str(tmp_path)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    objects = [item for item in yaml.safe_load_all(run.stdout) if item]
    for item in objects:
        kubernetes_validate.validate(item, VERSIONS[-1], strict=True)

    signer = by_name(objects, "Deployment")["signer"]["spec"]["template"]["spec"]
    claims, volumes = by_name(objects, "PersistentVolumeClaim"), by_name(objects, "PersistentVolume")
    claimed = [entry["persistentVolumeClaim"] for entry in signer["volumes"] if "persistentVolumeClaim" in entry]
    assert len(claimed) == (2 if component == "signer-card" else 1)
    for entry in claimed:
        assert entry["readOnly"] is True
        volume = volumes[claims[entry["claimName"]]["spec"]["volumeName"]]["spec"]
        assert set(claims[entry["claimName"]]["spec"]["accessModes"]) <= set(volume["accessModes"])
        (term,) = volume["nodeAffinity"]["required"]["nodeSelectorTerms"]
        (expression,) = term["matchExpressions"]
        assert signer["nodeSelector"] == {expression["key"]: expression["values"][0]}


def test_the_authoritys_files_come_by_a_config_map(tmp_path: Path) -> None:
    folder = os.path.relpath(ROOT / "deploy" / "k8s", tmp_path.resolve())
    (tmp_path / "kustomization.yaml").write_text(
        f"resources: [{folder}/base]\ncomponents: [{folder}/components/authority-files]\n"
    )
    run = subprocess.run(["kubectl", "kustomize", str(tmp_path)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    objects = [item for item in yaml.safe_load_all(run.stdout) if item]
    for item in objects:
        kubernetes_validate.validate(item, VERSIONS[-1], strict=True)
    pod = by_name(objects, "Deployment")["validator"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    settings = {entry["name"]: entry.get("value") for entry in container["env"]}
    (mount,) = [entry for entry in container["volumeMounts"] if entry["name"] == "authority"]
    assert settings["DEFTERHANE_AUTHORITY_FOLDER"] == mount["mountPath"]
    assert mount["readOnly"] is True
    assert {"name": "scratch"}.items() <= next(v for v in pod["volumes"] if v["name"] == "scratch").items()


@with_services
def test_disruptions_and_scaling_fit_their_deployments(name: str) -> None:
    objects = render(name)
    deployments = by_name(objects, "Deployment")
    for item in of_kind(objects, "PodDisruptionBudget"):
        selector = item["spec"]["selector"]["matchLabels"]
        labels = deployments[item["metadata"]["name"]]["spec"]["template"]["metadata"]["labels"]
        assert selector.items() <= labels.items()
        assert item["spec"]["maxUnavailable"] in {1, "25%"}, "some stay, and a single pod may be moved"
    assert set(SERVICES) <= set(by_name(objects, "PodDisruptionBudget"))

    scalers = by_name(objects, "HorizontalPodAutoscaler")
    assert set(scalers) == {"converter", "validator"}
    for scaler in scalers.values():
        target = deployments[scaler["spec"]["scaleTargetRef"]["name"]]
        assert "replicas" not in target["spec"], "a fixed number would fight the autoscaler"
        assert "cpu" in target["spec"]["template"]["spec"]["containers"][0]["resources"]["requests"]


@with_services
def test_replicas_are_spread(name: str) -> None:
    objects = render(name)
    scaled = set(by_name(objects, "HorizontalPodAutoscaler"))
    for item in of_services(objects):
        if item["metadata"]["name"] in scaled or item["spec"].get("replicas", 1) > 1:
            template = item["spec"]["template"]
            constraints = template["spec"]["topologySpreadConstraints"]
            assert {constraint["topologyKey"] for constraint in constraints} == {
                "topology.kubernetes.io/zone",
                "kubernetes.io/hostname",
            }
            for constraint in constraints:
                selector = constraint["labelSelector"]["matchLabels"]
                assert selector.items() <= template["metadata"]["labels"].items()


@with_services
def test_a_claim_of_one_node_is_never_held_twice(name: str) -> None:
    objects = render(name)
    claims = by_name(objects, "PersistentVolumeClaim")
    for item in of_kind(objects, "Deployment"):
        for volume in item["spec"]["template"]["spec"].get("volumes", []):
            if "persistentVolumeClaim" in volume:
                claim = claims[volume["persistentVolumeClaim"]["claimName"]]
                if claim["spec"]["accessModes"] != ["ReadWriteMany"]:
                    assert item["spec"]["strategy"] == {"type": "Recreate"}, item["metadata"]["name"]
                    assert item["spec"].get("replicas", 1) == 1, item["metadata"]["name"]
