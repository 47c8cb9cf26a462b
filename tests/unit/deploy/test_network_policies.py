"""Who may talk to whom: nobody to anybody, but for what each service needs."""

import ipaddress
from typing import Any

import pytest

from support.deploying import SERVICES, Object, containers, of_kind, pods, render

pytestmark = pytest.mark.kubectl

with_services = pytest.mark.parametrize("name", ["base", "dev", "production"])

MEANS = {"names", "database", "bus", "objects", "telemetry"}
"""Policies that let every service reach what it stands on."""

BEYOND = {
    "base": {"gib-gateway": {"gib-gateway"}},
    "production": {"gib-gateway": {"gib-gateway"}, "signer": {"signer-hsm"}},
    "dev": {"gib-gateway": {"to-sandbox"}},
}
"""What single services reach besides."""

PUBLIC = ("8.8.8.8", "195.142.0.1")
INSIDE = ("10.1.2.3", "172.20.0.1", "192.168.7.7", "169.254.169.254", "100.64.0.1", "127.0.0.1")


def _selects(selector: dict[str, Any], labels: dict[str, str]) -> bool:
    if not selector.get("matchLabels", {}).items() <= labels.items():
        return False
    for expression in selector.get("matchExpressions", []):
        assert expression["operator"] == "In"
        if labels.get(expression["key"]) not in expression["values"]:
            return False
    return True


def _policies(objects: list[Object], template: Object, direction: str) -> dict[str, Object]:
    """Policies that govern a pod in a direction, by name."""
    labels = template["metadata"]["labels"]
    return {
        item["metadata"]["name"]: item
        for item in of_kind(objects, "NetworkPolicy")
        if direction in item["spec"]["policyTypes"] and _selects(item["spec"]["podSelector"], labels)
    }


def _reaches(peer: dict[str, Any], address: str) -> bool:
    """Whether a peer is a block of addresses with this one in it."""
    block = peer.get("ipBlock")
    if block is None:
        return False
    ip = ipaddress.ip_address(address)
    return ip in ipaddress.ip_network(block["cidr"]) and not any(
        ip in ipaddress.ip_network(cidr) for cidr in block.get("except", [])
    )


@pytest.mark.parametrize("name", ["base", "migrate", "dev", "production", "production-migrate"])
def test_every_pod_is_closed_in_both_directions(name: str) -> None:
    objects = render(name)
    for workload, template in pods(objects).items():
        for direction in ("Ingress", "Egress"):
            assert _policies(objects, template, direction), f"{workload} is open: {direction}"


@with_services
def test_whoever_comes_later_is_closed_too(name: str) -> None:
    deny = next(item for item in of_kind(render(name), "NetworkPolicy") if item["metadata"]["name"] == "default-deny")
    assert deny["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


@with_services
def test_services_reach_what_they_need_and_nothing_else(name: str) -> None:
    objects = render(name)
    backing = {"to-backing", "to-bus-and-objects"} if name == "dev" else set()
    for workload, template in pods(objects).items():
        if workload in SERVICES:
            governing = set(_policies(objects, template, "Egress")) - {"default-deny"}
            assert governing == MEANS | backing | BEYOND[name].get(workload, set()), workload


@pytest.mark.parametrize("name", ["base", "migrate", "dev", "production", "production-migrate"])
def test_every_opening_names_its_peer_and_its_ports(name: str) -> None:
    for item in of_kind(render(name), "NetworkPolicy"):
        label = item["metadata"]["name"]
        for rule in item["spec"].get("egress", []):
            assert rule["to"], label
            assert rule["ports"], label
        for rule in item["spec"].get("ingress", []):
            assert rule["ports"], label
            assert rule.get("from") or label == "ingest", f"{label}: only the drop box is for the world"


@with_services
def test_only_the_gateway_reaches_the_world_and_it_reaches_nothing_inside(name: str) -> None:
    objects = render(name)
    worldly = set()
    for workload, template in pods(objects).items():
        for label, policy in _policies(objects, template, "Egress").items():
            for rule in policy["spec"].get("egress", []):
                for peer in rule["to"]:
                    if any(_reaches(peer, address) for address in PUBLIC):
                        worldly.add(workload)
                        assert label == "gib-gateway"
                        assert rule["ports"] == [{"protocol": "TCP", "port": 443}]
                        assert not [address for address in INSIDE if _reaches(peer, address)]
    assert worldly == ({"gib-gateway"} if name != "dev" else set())


@with_services
def test_only_the_drop_box_and_the_portal_are_reached_from_outside(name: str) -> None:
    objects = render(name)
    for workload, template in pods(objects).items():
        if workload in SERVICES:
            governing = set(_policies(objects, template, "Ingress")) - {"default-deny", "monitoring"}
            assert governing == ({workload} if workload in {"ingest", "portal"} else set()), workload


@pytest.mark.parametrize("name", ["base", "migrate", "dev", "production", "production-migrate"])
def test_named_ports_are_those_of_the_pods_behind_them(name: str) -> None:
    objects = render(name)
    templates = pods(objects).values()

    def ports(selector: dict[str, Any]) -> list[set[str]]:
        return [
            {port["name"] for container in containers(template) for port in container.get("ports", [])}
            for template in templates
            if _selects(selector, template["metadata"]["labels"])
        ]

    for item in of_kind(objects, "NetworkPolicy"):
        spec = item["spec"]
        for rule in spec.get("ingress", []):
            for port in rule["ports"]:
                assert ports(spec["podSelector"])
                assert all(port["port"] in found for found in ports(spec["podSelector"])), item["metadata"]["name"]
        for rule in spec.get("egress", []):
            for port in rule["ports"]:
                if isinstance(port["port"], str):
                    for peer in rule["to"]:
                        found = ports(peer["podSelector"])
                        assert found
                        assert all(port["port"] in names for names in found), item["metadata"]["name"]


def test_production_names_addresses_rather_than_ranges() -> None:
    for item in of_kind(render("production") + render("production-migrate"), "NetworkPolicy"):
        if item["metadata"]["name"] in {"database", "bus", "objects", "migrate", "signer-hsm"}:
            for rule in item["spec"]["egress"]:
                for peer in rule["to"]:
                    if "ipBlock" in peer:
                        assert ipaddress.ip_network(peer["ipBlock"]["cidr"]).num_addresses <= 64


def test_the_sandbox_stays_out_of_production() -> None:
    objects = render("production") + render("production-migrate")
    assert "sandbox" not in pods(objects)
    assert "sandbox" not in str(objects)
