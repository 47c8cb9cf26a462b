"""Secrets for a new installation, and seals for trying."""

import base64
import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pydantic import SecretStr

from defterhane.xades.keys import SoftwareKey
from sandbox.certificates import open_certificates
from support.deploying import ROOT, compose, load

SCRIPT = ROOT / "deploy" / "make_secrets.py"
SEAL = ROOT / "deploy" / "backing" / "issue_seal.py"

make_secrets = load(SCRIPT)


def _run(*arguments: str) -> str:
    return subprocess.run([sys.executable, str(SCRIPT), *arguments], capture_output=True, text=True, check=True).stdout


def test_every_secret_of_compose_is_made(tmp_path: Path) -> None:
    assert _run(str(tmp_path / "secrets")) == ""

    made = {path.name for path in (tmp_path / "secrets").iterdir()}
    assert made - {"bus-password"} == set(compose()["secrets"])


def test_the_folder_is_closed_and_its_files_can_be_mounted(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    make_secrets.make_secrets(folder)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o444}


def test_what_belongs_together_fits(tmp_path: Path) -> None:
    made = make_secrets.make_secrets(tmp_path)

    assert urlsplit(made["database-url"]).password == made["database-app-password"]
    assert urlsplit(made["database-owner-url"]).password == made["database-owner-password"]
    assert urlsplit(made["bus-url"]).password == made["bus-password"]
    assert f"default_pass = {made['bus-password']}\n" in made["rabbitmq-user.conf"]
    (user,) = json.loads(made["s3.json"])["identities"]
    assert user["credentials"] == [{"accessKey": made["s3-access-key"], "secretKey": made["s3-secret-key"]}]
    passwords = [value for name, value in made.items() if name.endswith(("password", "token", "-key"))]
    assert len(set(passwords)) == len(passwords)
    assert min(map(len, passwords)) >= 40


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    first = make_secrets.make_secrets(tmp_path)
    (tmp_path / "operator-token").unlink()
    second = make_secrets.make_secrets(tmp_path)

    assert second["operator-token"] != first["operator-token"]
    assert {**second, "operator-token": ""} == {**first, "operator-token": ""}


def test_kubernetes_gets_the_same_values(tmp_path: Path) -> None:
    printed = json.loads(_run(str(tmp_path), "--kubernetes", "--namespace", "house"))
    made = make_secrets.make_secrets(tmp_path)

    secrets = {item["metadata"]["name"]: item for item in printed["items"]}
    assert set(secrets) == set(make_secrets.KUBERNETES)
    assert {item["metadata"]["namespace"] for item in printed["items"]} == {"house"}
    for name, item in secrets.items():
        for key, value in item["data"].items():
            assert base64.b64decode(value).decode() == made[make_secrets.KUBERNETES[name][key]]


def test_a_seal_can_be_issued_and_opened(tmp_path: Path) -> None:
    certificates = open_certificates(tmp_path / "certificates", datetime.now(UTC))
    environment = {**os.environ, "DEFTERHANE_SANDBOX_DATA": str(tmp_path), "SEAL_PASSWORD": "a password"}
    run = subprocess.run(
        [sys.executable, "-", "1234567808", "Örnek A.Ş."],
        input=SEAL.read_bytes(),
        env=environment,
        capture_output=True,
        check=True,
    )
    path = tmp_path / "1234567808.p12"
    path.write_bytes(run.stdout)

    key = SoftwareKey.read_p12(path, SecretStr("a password"))
    assert "1234567808" in key.certificate.subject.rfc4514_string()
    key.certificate.verify_directly_issued_by(certificates.authority.issuer.certificate)


@pytest.mark.parametrize("arguments", [[], ["1234567808"]])
def test_a_wrong_call_is_explained(arguments: list[str]) -> None:
    run = subprocess.run(
        [sys.executable, str(SEAL), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "SEAL_PASSWORD": "x"},
    )
    assert run.returncode == 2
    assert "TAX_ID TITLE" in run.stderr
