"""The real command, as a process of its own: from a made-up export to signed documents that outsiders accept."""

import json
import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import html
from pydantic import SecretStr

from sandbox.ca import Authority
from support import softhsm
from support.outside import official_errors, xmlsec1_accepts

COMMAND = Path(sys.executable).with_name("defterhane")
EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "tenant.toml"
FIRM = "6090408038"
OTHER_FIRM = "1234567808"
"""The skeletons'."""
PASSWORD = "çok gizli"
FINDING = {"rule", "severity", "message", "entry", "line", "where"}
"""What every finding in JSON has, whatever else it has."""
NAMES = [f"{FIRM}-202501-K-000000.xml", f"{FIRM}-202501-Y-000000.xml"]

pytestmark = [
    pytest.mark.skipif(not COMMAND.exists(), reason="the command is not installed"),
    pytest.mark.timeout(180),
]


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @cached_property
    def json(self) -> Any:
        return json.loads(self.out)


def run(*arguments: object, **environment: str) -> Done:
    """Run the command without a terminal, in an environment that says nothing of language or PIN."""
    bare = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("LC_", "LANG", "DEFTERHANE_", "PYTEST", "COV"))
    }
    done = subprocess.run(
        [str(COMMAND), *map(str, arguments)],
        env={**bare, "PYTHONUTF8": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        start_new_session=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


class Desk:
    """What somebody has who works with files: an authority's certificates, a seal, an export and what became of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority.create(datetime.now(UTC))
        self.trusted = folder / "trusted.pem"
        self.trusted.write_bytes(
            b"".join(one.certificate.public_bytes(Encoding.PEM) for one in (self.authority.root, self.authority.issuer))
        )
        self.pin = folder / "pin.txt"
        self.pin.write_text(PASSWORD + "\n", "utf-8")
        self.export = folder / f"{FIRM}-202501.zip"
        self.out = folder / "out"
        self.sampled = run("sample", "--lines", 60, "--seed", 7, "--out", self.export)
        self.converted = run("convert", self.export, "--tenant", EXAMPLE, "--out", self.out, "--json")
        self.documents = [self.out / name for name in NAMES]

    def seal(self, tax_id: str) -> Path:
        path = self.folder / f"{tax_id}.p12"
        if not path.exists():
            seal = self.authority.issue_seal(tax_id, "ÖRNEK TİCARET", now=datetime.now(UTC))
            seal.save_p12(path, SecretStr(PASSWORD))
        return path

    @cached_property
    def signing(self) -> Done:
        return run("sign", *self.documents, "--key", f"p12:{self.seal(FIRM)}", "--pin-file", self.pin)

    @cached_property
    def signed(self) -> list[Path]:
        assert self.signing.code == 0, self.signing
        return [self.out / "signed" / name for name in NAMES]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def skeletons(shared_folder: Path) -> list[Path]:
    return sorted((shared_folder / "domain" / "skeleton").glob("*.xml"))


def test_the_same_seed_makes_the_same_export(desk: Desk, tmp_path: Path) -> None:
    assert desk.sampled.code == 0
    again, another = tmp_path / "again.zip", tmp_path / "another.zip"
    for path, seed in ((again, 7), (another, 8)):
        assert run("sample", "--lines", 60, "--seed", seed, "--out", path).code == 0
    assert again.read_bytes() == desk.export.read_bytes()
    assert another.read_bytes() != desk.export.read_bytes()


def test_convert_says_what_it_has_written(desk: Desk) -> None:
    assert desk.converted.code == 0
    answer = desk.converted.json
    assert set(answer) == {"documents", "removed", "parts", "recognised", "findings", "counts"}
    assert answer["findings"] == []
    assert [part["part"] for part in answer["parts"]] == ["000000"]
    assert [one["layout"] for one in answer["recognised"]] == ["columns25"]
    assert sorted(one["file"] for one in answer["documents"]) == [str(path) for path in desk.documents]
    for one in answer["documents"]:
        assert Path(one["file"]).stat().st_size == one["size"]
    assert sorted(path.name for path in desk.out.iterdir() if path.is_file()) == NAMES


def test_convert_gives_findings_and_no_documents(desk: Desk, tmp_path: Path) -> None:
    header = (
        "detailref;entryref;linenumber;accmainid;accmainiddesc;accsubid;accsubdesc;amount;debitcreditcode;postingdate"
    )
    export = tmp_path / f"{FIRM}-202501.csv"
    export.write_text(f"{header}\n1;1;1;100;KASA;;;10,00;D;2025-01-02\n2;1;2;600;SATIŞ;;;9,00;C;2025-01-02\n", "utf-8")
    done = run("convert", export, "--tenant", EXAMPLE, "--out", tmp_path / "out", "--json", "--lang", "en")
    assert done.code == 1
    answer = done.json
    assert answer["documents"] == []
    assert answer["findings"]
    assert sum(answer["counts"].values()) == len(answer["findings"])
    for finding in answer["findings"]:
        assert set(finding) >= FINDING
    assert not list((tmp_path / "out").iterdir())
    words = run("convert", export, "--tenant", EXAMPLE, "--out", tmp_path / "out", "--lang", "en")
    assert words.code == 1
    assert answer["findings"][0]["message"] in words.out


def test_validate_finds_nothing_in_what_convert_wrote(desk: Desk) -> None:
    done = run("validate", *desk.documents, "--json")
    assert done.code == 0
    assert [{name: one[name] for name in ("file", "document", "valid", "findings")} for one in done.json] == [
        {"file": str(path), "document": kind, "valid": True, "findings": []}
        for path, kind in zip(desk.documents, "KY", strict=True)
    ]
    assert [(one["signed"], one["lines"]) for one in done.json] == [(False, 60), (False, 60)]


def test_validate_names_the_rule_that_is_broken(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / NAMES[1]
    data = desk.documents[1].read_bytes()
    amount = data.index(b"<gl-cor:amount")
    start, end = data.index(b">", amount) + 1, data.index(b"</gl-cor:amount>", amount)
    path.write_bytes(data[:start] + b"0.00" + data[end:])
    done = run("validate", desk.documents[0], path, "--json", LANG="en_GB.UTF-8")
    assert done.code == 1
    other, bad = done.json
    assert [finding["rule"] for finding in other["findings"]] == ["agreement.account_total"], "it is held against it"
    assert set(bad) > {"file", "document", "valid", "findings"}
    assert (bad["document"], bad["valid"]) == ("Y", False)
    finding = next(one for one in bad["findings"] if one["rule"] == "Y097")
    assert set(finding) >= FINDING
    assert (finding["severity"], finding["entry"]) == ("error", "1")
    assert finding["line"] == data[:amount].count(b"\n") + 1
    assert "amount" in finding["where"]
    words = run("validate", path, LANG="en_GB.UTF-8")
    assert words.code == 1
    assert "Y097 " + finding["message"] in words.out
    turkish = run("validate", path, LANG="tr_TR.UTF-8")
    assert "geçersiz" in turkish.out
    assert finding["message"] not in turkish.out


def test_what_is_signed_holds_and_leads_to_the_root(desk: Desk) -> None:
    for options, chain in (((), []), (("--root", desk.trusted), ["chain"])):
        done = run("verify", *desk.signed, *options, "--json")
        assert done.code == 0
        for path, answer in zip(desk.signed, done.json, strict=True):
            assert answer["file"] == str(path)
            assert answer["ok"] is True
            assert answer["signer_serial_number"] == FIRM
            assert [check["name"] for check in answer["checks"] if check["name"] == "chain"] == chain
    for path in desk.signed:
        assert path.name in desk.signing.out


def test_signed_documents_are_still_valid(desk: Desk) -> None:
    assert run("validate", *desk.signed).code == 0


def test_validate_takes_a_folder_with_all_that_lies_in_it(desk: Desk) -> None:
    assert desk.signed
    done = run("validate", desk.out, LANG="en_GB.UTF-8")
    assert (done.code, done.err) == (0, "")
    *_, row, _, told, copies = done.out.splitlines()
    assert row.split()[:10] == ["✓", "2025-01", "1", "1", "–", "–", "–", "2/2", "23", "60"]
    assert told == "✓ 4 documents checked · no findings"
    assert copies.startswith("  2 documents are copies of others (unsigned,")


def test_verify_refuses_what_has_been_changed_or_whom_nobody_trusts(desk: Desk, tmp_path: Path) -> None:
    journal = tmp_path / NAMES[1]
    journal.write_bytes(desk.signed[1].read_bytes().replace(b">D<", b">C<", 1))
    changed = run("verify", desk.signed[0], journal, "--lang", "en")
    assert changed.code == 1
    assert f"✓ {desk.signed[0]}" in changed.out
    assert f"✗ {journal}" in changed.out
    assert "✗ The document has been changed since it was signed." in changed.out
    stranger = tmp_path / "stranger.pem"
    stranger.write_bytes(Authority.create(datetime.now(UTC)).root_pem)
    distrusted = run("verify", desk.signed[0], "--root", stranger, "--json")
    assert distrusted.code == 1
    assert [one["name"] for one in distrusted.json[0]["checks"] if not one["ok"]] == ["chain"]


def test_the_pin_may_stand_in_the_environment(desk: Desk, tmp_path: Path) -> None:
    options = desk.documents[1], "--key", f"p12:{desk.seal(FIRM)}", "--out", tmp_path / "signed"
    nobody = run("sign", *options)
    assert nobody.code == 2
    assert nobody.err == "✗ PIN ya da parola verilmedi: --pin-file ya da DEFTERHANE_PIN ile verin.\n"
    assert not list(tmp_path.iterdir())
    wrong = run("sign", *options, DEFTERHANE_PIN="yanlış", LC_ALL="en_US.UTF-8")
    assert wrong.code == 2
    assert "the password is wrong" in wrong.err
    assert not list(tmp_path.iterdir())
    assert run("sign", *options, DEFTERHANE_PIN=PASSWORD).code == 0
    assert [path.name for path in (tmp_path / "signed").iterdir()] == [NAMES[1]]


def test_view_writes_a_page(desk: Desk, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run("view", desk.signed[1], "--out", page, "--lang", "en").code == 0
    root = html.fromstring(page.read_bytes())
    assert root.findtext(".//h1") == "Journal"
    assert len(root.find_class("l")) == 60
    assert root.find_class("state")[0].text_content() == "Signed"
    assert "Checked: no findings" in root.find_class("badges")[0].text_content()


def test_bad_input_is_answered_in_one_sentence(desk: Desk, tmp_path: Path) -> None:
    missing = tmp_path / "yok.xml"
    done = run("validate", missing)
    assert (done.code, done.err) == (2, f"✗ {missing} bulunamadı.\n")
    other = tmp_path / f"{OTHER_FIRM}-202501.zip"
    other.write_bytes(desk.export.read_bytes())
    done = run("convert", other, "--tenant", EXAMPLE, "--out", tmp_path / "out", LANG="en_US.UTF-8")
    assert done.code == 2
    assert done.err == f"✗ {other} is of the taxpayer {OTHER_FIRM}; the tenant's file is of {FIRM}.\n"
    done = run("view", desk.trusted, "--out", tmp_path / "page.html")
    assert done.code == 2
    assert done.err.startswith(f"✗ {desk.trusted}: Dosya geçerli bir XML değil (")
    assert [path.name for path in tmp_path.iterdir()] == [other.name]


@pytest.mark.official
def test_the_skeletons_are_valid(skeletons: list[Path]) -> None:
    done = run("validate", *skeletons, "--json")
    assert done.code == 0
    assert [one["document"] for one in done.json] == ["DR", "K", "KB", "Y", "YB"]
    assert all(one["valid"] for one in done.json)


@pytest.mark.official
@pytest.mark.xmlsec1
def test_outsiders_accept_the_signed_skeletons(desk: Desk, skeletons: list[Path], tmp_path: Path) -> None:
    files = [path for path in skeletons if path.name.split("-")[2] in ("Y", "K", "DR")]
    key = f"p12:{desk.seal(OTHER_FIRM)}"
    done = run("sign", *files, "--key", key, "--out", tmp_path, DEFTERHANE_PIN=PASSWORD)
    assert done.code == 0
    signed = sorted(tmp_path.iterdir())
    assert [path.name for path in signed] == [path.name for path in files]
    for path in signed:
        assert xmlsec1_accepts(path)
        assert official_errors(path) == []


@pytest.mark.official
@pytest.mark.xmlsec1
def test_outsiders_accept_what_was_converted_and_signed(desk: Desk) -> None:
    for path in desk.signed:
        assert xmlsec1_accepts(path)
        assert official_errors(path) == []


# A token


@pytest.fixture(scope="module")
def token(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[softhsm.SoftToken]:
    if (reason := softhsm.missing()) is not None:
        pytest.skip(f"{reason} is not here")
    with softhsm.soft_token(tmp_path_factory.mktemp("softhsm")) as token:
        now = datetime.now(UTC)
        token.put(desk.authority.issue_seal(FIRM, "ÖRNEK", now=now), f"{FIRM}SIGN0", 1)
        token.put(desk.authority.issue_seal(OTHER_FIRM, "BAŞKA", "ec", now=now), f"{OTHER_FIRM}SIGN0", 2)
        token.put_certificate(desk.authority.issuer.certificate, "issuer", 3)
        yield token


@pytest.mark.softhsm
def test_a_token_signs_each_document_with_its_own_seal(desk: Desk, token: softhsm.SoftToken, tmp_path: Path) -> None:
    other = tmp_path / NAMES[1].replace(FIRM, OTHER_FIRM)
    other.write_bytes(desk.documents[1].read_bytes().replace(FIRM.encode(), OTHER_FIRM.encode()))
    out = tmp_path / "signed"
    key = f"pkcs11:{token.module}?token={softhsm.LABEL}"
    done = run("sign", desk.documents[1], other, "--key", key, "--out", out, DEFTERHANE_PIN=softhsm.PIN)
    assert (done.code, done.err) == (0, "")
    answers = run("verify", *sorted(out.iterdir()), "--root", desk.trusted, "--json").json
    assert [(one["ok"], one["signer_serial_number"]) for one in answers] == [(True, OTHER_FIRM), (True, FIRM)]
    certificate = x509.load_der_x509_certificate(b64decode(answers[0]["certificate"]))
    assert certificate.public_key().key_size == 384


@pytest.mark.softhsm
def test_a_token_signs_with_the_seal_that_is_named(desk: Desk, token: softhsm.SoftToken, tmp_path: Path) -> None:
    odd = tmp_path / "defter.xml"
    odd.write_bytes(desk.documents[1].read_bytes())
    options = odd, "--out", tmp_path / "signed", "--lang", "en"
    unnamed = run("sign", *options, "--key", f"pkcs11:{token.module}", DEFTERHANE_PIN=softhsm.PIN)
    assert unnamed.code == 2
    assert unnamed.err.startswith(f"✗ The name of {odd} does not say whose document it is")
    named = run("sign", *options, "--key", f"pkcs11:{token.module}?vkn={OTHER_FIRM}", DEFTERHANE_PIN=softhsm.PIN)
    assert named.code == 0
    nobodys = run("sign", *options, "--key", f"pkcs11:{token.module}?vkn=10000000146", DEFTERHANE_PIN=softhsm.PIN)
    assert nobodys.code == 2
    assert nobodys.err.startswith("✗ There is no certificate of 10000000146")


@pytest.mark.softhsm
def test_a_token_with_a_wrong_pin_is_tried_once(desk: Desk, token: softhsm.SoftToken, tmp_path: Path) -> None:
    key = f"pkcs11:{token.module}?token={softhsm.LABEL}"
    done = run("sign", *desk.documents, "--key", key, "--out", tmp_path, "--lang", "en", DEFTERHANE_PIN="000000")
    assert done.code == 2
    assert done.err.count("has refused the PIN") == 1
    assert not list(tmp_path.iterdir())
    assert token.tries()
