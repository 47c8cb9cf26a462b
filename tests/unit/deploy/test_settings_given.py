"""Every setting that a deployment gives is one that its service has, with a value that it takes; none is missing."""

import os
import re
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_settings import BaseSettings

from defterhane.settings import Settings
from support.deploying import (
    OWNER_URL,
    ROOT,
    SERVICES,
    Environment,
    compose,
    compose_environments,
    kubernetes_environments,
    render,
    settings_class,
    variables,
)

ENV_EXAMPLE = ROOT / ".env.example"

SECRET_TEXTS = {
    "DEFTERHANE_DATABASE_URL": "postgresql://defterhane:x@postgres:5432/defterhane",
    "DEFTERHANE_BUS_URL": "amqp://defterhane:x@rabbitmq:5672/",
}
"""What stands in the files of secrets whose form matters; the others hold some random text."""


def _compose() -> list[Environment]:
    return list(compose_environments(compose()))


def _kubernetes(name: str) -> list[Environment]:
    return list(kubernetes_environments(render(name)))


deployed = pytest.mark.parametrize(
    "environments",
    [
        *(
            pytest.param(partial(_kubernetes, name), id=name, marks=pytest.mark.kubectl)
            for name in ("base", "migrate", "dev", "production", "production-migrate")
        ),
        pytest.param(_compose, id="compose"),
    ],
)


def _known(settings: type[BaseSettings]) -> set[str]:
    names = variables(settings)
    return names | {f"{name}_FILE" for name in names} if issubclass(settings, Settings) else names


@deployed
def test_every_variable_is_a_setting_of_its_service(environments: Any) -> None:
    for found in environments():
        if found.service == "migrate":
            assert set(found.values) == {f"{OWNER_URL}_FILE"}
        elif found.values:
            assert set(found.values) <= _known(settings_class(found.service)), found.service


@deployed
def test_every_service_gets_settings_that_it_takes(
    environments: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = set()
    for found in environments():
        if found.service == "migrate" or not found.values:
            continue
        with monkeypatch.context() as patch:
            _only(patch, found, tmp_path)
            try:
                settings_class(found.service)()
            except ValidationError as error:
                pytest.fail(f"{found.service}: {error}")
        checked.add(found.service)
    assert checked >= set(SERVICES) or not checked


def _only(patch: pytest.MonkeyPatch, found: Environment, folder: Path) -> None:
    """Give a process this environment's variables alone, with files behind those that end in _FILE."""
    for name in os.environ:
        if name.startswith("DEFTERHANE_"):
            patch.delenv(name)
    for name, value in found.values.items():
        if name.endswith("_FILE"):
            setting = name.removesuffix("_FILE")
            path = folder / f"{found.service}-{setting}"
            path.write_text(SECRET_TEXTS.get(setting, "a-text-as-long-as-a-password-may-be") + "\n")
            patch.setenv(name, str(path))
        else:
            patch.setenv(name, value)


@deployed
def test_secrets_come_as_files(environments: Any) -> None:
    for found in environments():
        if found.service == "migrate":
            continue
        for name in found.values:
            field = settings_class(found.service).model_fields.get(name.removeprefix("DEFTERHANE_").lower())
            if field is not None:
                assert "Secret" not in str(field.annotation), f"{found.service}: {name} stands in the open"


@deployed
def test_secret_files_are_mounted(environments: Any) -> None:
    for found in environments():
        for name, value in found.values.items():
            if name.endswith("_FILE"):
                assert value.startswith("/run/secrets/"), f"{found.service}: {name}"


def test_services_answer_where_they_are_asked() -> None:
    """The image's health check asks on 8080, which .env cannot change."""
    dockerfile = (ROOT / "deploy" / "docker" / "Dockerfile").read_text("utf-8")
    for found in _compose():
        if found.service in SERVICES:
            assert found.values["DEFTERHANE_HEALTH_PORT"] == "8080", found.service
            for name in ("HEALTH_HOST", "HEALTH_PORT", "HTTP_HOST", "HTTP_PORT"):
                assert f"DEFTERHANE_{name}={found.values[f'DEFTERHANE_{name}']}" in dockerfile


def _example() -> dict[str, str]:
    """Variable → value, of lines that stand there as comments too."""
    found = {}
    for line in ENV_EXAMPLE.read_text("utf-8").splitlines():
        if match := re.match(r"^#?\s?([A-Z][A-Z0-9_]+)=(.*)$", line):
            assert match[1] not in found, match[1]
            found[match[1]] = match[2].strip("'")
    return found


def test_the_example_documents_every_setting_and_invents_none() -> None:
    every: set[str] = set()
    for service in (*SERVICES, "sandbox"):
        every |= variables(settings_class(service))
    named = {name for name in _example() if name.startswith("DEFTERHANE_")}

    assert named - {OWNER_URL} == every
    assert OWNER_URL in named


def test_the_example_names_what_compose_fills_in() -> None:
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    asked = set(re.findall(r"\$\{(\w+)", text))

    assert asked
    assert asked <= set(_example())


@pytest.mark.parametrize("service", [*SERVICES, "sandbox"])
def test_the_example_gives_the_defaults(service: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands behind a name is its default, so that taking the comment sign away changes nothing."""
    settings = settings_class(service)
    prefix = settings.model_config.get("env_prefix", "")
    shown = {
        f"{prefix}{name}".upper(): (name, field)
        for name, field in settings.model_fields.items()
        if not field.is_required() and _example()[f"{prefix}{name}".upper()]
    }
    given = next(found for found in _compose() if found.service == service)
    kept = {name: value for name, value in given.values.items() if name.removesuffix("_FILE") not in shown}
    example = {name: _example()[name] for name in shown}
    _only(monkeypatch, Environment(service, kept | example), tmp_path)

    read = settings()

    assert shown
    for name, field in shown.values():
        assert getattr(read, name) == field.get_default(call_default_factory=True), name
