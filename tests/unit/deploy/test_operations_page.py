"""docs/operations.md names only what is there: settings, metrics, files, queues, secrets."""

import re

import prometheus_client

import gib_gateway.calls
import ingest.receiving
import validator.authority.service
from defterhane import telemetry
from defterhane.bus import QUEUES
from support.deploying import OWNER_URL, ROOT, SERVICES, compose, load, settings_class, variables

PAGE = (ROOT / "docs" / "operations.md").read_text("utf-8")


def test_every_setting_is_one() -> None:
    every = {OWNER_URL}
    for service in (*SERVICES, "sandbox"):
        every |= variables(settings_class(service))
    named = set(re.findall(r"DEFTERHANE_[A-Z0-9_]+(?:…)?", PAGE)) - {"DEFTERHANE_X_FILE"}

    assert len(named) > 20
    for name in named:
        if name.endswith("…"):
            assert any(setting.startswith(name[:-1]) for setting in every), name
        else:
            assert name in every, name


def test_every_metric_is_one_and_none_is_kept_back() -> None:
    assert all(
        (
            telemetry.DEAD_LETTERS,
            gib_gateway.calls.CALLS,
            ingest.receiving.FILES,
            validator.authority.service.DISAGREEMENTS,
        )
    ), "they register themselves"
    known = {
        f"{metric.name}_total" if metric.type == "counter" else metric.name
        for metric in prometheus_client.REGISTRY.collect()
        if metric.name.startswith("defterhane_")
    }
    named = set(re.findall(r"`(defterhane_\w+)`", PAGE)) - {"defterhane_owner", "defterhane_app"}

    assert named == known - {"defterhane_outbox_waiting"}, "that one says less than the age of the oldest"


def test_every_file_is_there() -> None:
    named = set(re.findall(r"\b(?:deploy|docs|tests)/[\w./-]*[\w]", PAGE))
    links = set(re.findall(r"\]\(([^)#:]+)\)", PAGE))

    assert len(named) > 8
    for path in named:
        assert (ROOT / path).exists(), path
    for link in links:
        assert (ROOT / "docs" / link).exists(), link
    for component in re.findall(r"`(components/[\w-]+)`", PAGE):
        assert (ROOT / "deploy" / "k8s" / component).is_dir(), component


def test_every_queue_is_one() -> None:
    names = {queue.name for queue in QUEUES}
    named = re.findall(
        r"`?\b((?:ingest|converter|validator|signer|gib_gateway|archive|portal)\.[a-z]+)(?=[\s`.])", PAGE
    )
    assert {name for name in named if not name.endswith((".outbox", ".yaml", ".example"))} <= names


def test_the_tables_of_secrets_agree() -> None:
    rows = re.findall(r"^\| (Secret|ConfigMap) `([\w-]+)` \| (.*?) \|", PAGE, re.MULTILINE)
    told = {name: set(re.findall(r"`([\w.-]+)`", keys)) for _, name, keys in rows}
    pods = load(ROOT / "tests" / "unit" / "deploy" / "test_kubernetes_pods.py")

    assert told == {
        **pods.EXTERNAL_SECRETS,
        **pods.EXTERNAL_CONFIG_MAPS,
        "portal-tls": {"tls.crt", "tls.key"},
    }


def test_the_ports_and_files_of_compose_are_told() -> None:
    services = compose()["services"]
    for published in (*services["portal"]["ports"], *services["ingest"]["ports"]):
        assert published.split(":")[-2] in PAGE
    for name in ("operator-token", "seal-password"):
        assert f"var/secrets/{name}" in PAGE
        assert name in compose()["secrets"]
