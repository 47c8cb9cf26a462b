"""The sandbox's GİB over real HTTP: every fault, approvals, rejections, restarts, trouble on demand."""

import atexit
import base64
import contextlib
import logging
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import requests
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from rfc3161_client import TimestampRequestBuilder, VerifierBuilder, decode_timestamp_response
from zeep.exceptions import Fault

from defterhane.edefter.money import mebibytes
from defterhane.soap.faults import FAULTS, find_code
from defterhane.soap.names import SERVICE, SOAP, Operation, TokenType
from defterhane.xades import SoftwareKey, sign_file, verify_file
from sandbox.app import create_app
from sandbox.ca import GIB_NUMBER, Authority, Credential
from sandbox.certificates import open_certificates
from sandbox.gib.faults import FaultCode
from sandbox.settings import SandboxSettings
from support.gib_client import PATH, GibClient, Paper, paper, serving, signed, statistics, unzipped, zipped
from support.gib_wire import VKN, authority, signed_message

OTHER = "6090408038"
YB, KB, DR = (f"{VKN}-202501-{kind}-000000" for kind in ("YB", "KB", "DR"))


@cache
def seal(algorithm: str = "rsa", tax_id: str = VKN) -> Credential:
    """A seal that is valid today."""
    return authority().issue_seal(tax_id, "ÖRNEK TİCARET LTD. ŞTİ.", algorithm, now=datetime.now(UTC))


@cache
def certificates() -> Path:
    """The sandbox's certificates, made once: making keys takes a while."""
    holder = tempfile.TemporaryDirectory(prefix="sandbox-certificates-")
    atexit.register(holder.cleanup)
    folder = Path(holder.name) / "certificates"
    authority().save(folder)
    open_certificates(folder, datetime.now(UTC))
    return folder


@dataclass
class World:
    url: str
    folder: Path
    scratch: Path

    def client(self, credential: Credential | None = None, **values) -> GibClient:
        return GibClient(self.url, credential or seal(), **values)

    def send(self, item: Paper, credential: Credential | None = None) -> tuple[str, str]:
        """Send and wait for the verdict."""
        client = self.client()
        client.send_paper(item, credential or seal(), self.scratch)
        return client.wait(str(item.name))

    def post(self, envelope: bytes, **headers: str) -> httpx.Response:
        return httpx.post(
            self.url + PATH, content=envelope, headers={"content-type": "application/soap+xml", **headers}, timeout=30
        )

    def trouble(self, **values) -> None:
        httpx.post(f"{self.url}/sandbox/troubles", json=values).raise_for_status()


@contextlib.contextmanager
def world(folder: Path, **settings):
    data = folder / "world"
    if not data.exists():
        shutil.copytree(certificates(), data / "certificates")
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    app = create_app(SandboxSettings(data=data, **{"approval_delay": 0, "admin": True, **settings}))
    with serving(app) as url:
        yield World(url, data, scratch)


@pytest.fixture
def here(tmp_path):
    with world(tmp_path) as made:
        yield made


def package(name: str = YB) -> tuple[str, bytes]:
    return f"{name}.zip", zipped((f"{name}.xml", b"<a/>"))


def code_of(fault: Fault) -> str | None:
    """As the gateway reads it."""
    detail = " ".join(fault.detail.itertext()) if fault.detail is not None else ""
    return find_code(detail, " ".join(item.localname for item in fault.subcodes), fault.message)


@contextlib.contextmanager
def faulting(code: int):
    with pytest.raises(Fault) as caught:
        yield
    assert code_of(caught.value) == str(code)


# --- the good way -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("algorithm", "token"), [("rsa", TokenType.PKI_PATH), ("ec", TokenType.X509)])
def test_a_month_goes_through(here, tmp_path, algorithm, token):
    credential = seal(algorithm)
    client = here.client(credential, token=token)
    for name in (YB, KB, DR):
        answer = client.send_paper(paper(name), credential, tmp_path)
        assert answer.endswith("paketi işleme alındı.")
        assert name in answer
        assert client.wait(name) == ("2", f"{name} paketi başarıyla işlendi.")
    for name in (YB, KB):
        file_name, data = client.receive(name)
        assert file_name == f"GIB-{name}.zip"
        ((inside, document),) = unzipped(data).items()
        assert inside == f"GIB-{name}.xml"
        approved = tmp_path / inside
        approved.write_bytes(document)
        verified = verify_file(approved, roots=[authority().root.certificate, authority().issuer.certificate])
        assert verified.ok
        assert verified.signer_serial_number == VKN
        assert verified.ledger_signature_value == paper(name).ledger_signature
        assert verified.counter_signature is not None
        assert verified.counter_signature.signer_serial_number == GIB_NUMBER
        assert client.receive(name) == (file_name, data), "the same bytes every time"
    with faulting(204):
        client.receive(DR)
    assert {name: item["approved"] for name, item in statistics(here.url)["packages"].items()} == {YB: 1, KB: 1, DR: 1}


@pytest.mark.xmlsec1
def test_an_outside_judge_verifies_the_approved_berat(here, tmp_path):
    assert here.send(paper(YB))[0] == "2"
    (document,) = unzipped(here.client().receive(YB)[1]).values()
    approved, root = tmp_path / "approved.xml", tmp_path / "root.pem"
    approved.write_bytes(document)
    root.write_bytes(authority().root_pem + authority().issuer.certificate.public_bytes(Encoding.PEM))
    tree = etree.fromstring(document)
    signatures = list(tree.iter("{http://www.w3.org/2000/09/xmldsig#}Signature"))
    assert len(signatures) == 2
    for signature in signatures:
        run = subprocess.run(
            ["xmlsec1", "--verify", "--insecure", "--id-attr:Id", "SignedProperties", "--id-attr:Id", "SignatureValue",
             "--node-xpath", f"//*[@Id='{signature.get('Id')}']", approved],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr


def test_two_branches_and_two_firms_go_their_own_ways(here, tmp_path):
    branch, other = f"{VKN}-202507-YB-000000-0001", f"{OTHER}-202503-YB-000000"
    assert here.send(paper(YB))[0] == "2"
    assert here.send(paper(branch, sequence=7))[0] == "2"
    theirs = seal(tax_id=OTHER)
    client = here.client(theirs)
    client.send_paper(paper(other), theirs, tmp_path)
    assert client.wait(other)[0] == "2"


def test_who_is_authorised_acts_for_others(tmp_path):
    accountant = authority().issue_personal("10000000146", "ÖRNEK MÜŞAVİR", now=datetime.now(UTC))
    with world(tmp_path, authorised={"10000000146": [VKN]}) as here:
        client = here.client(accountant)
        client.send_paper(paper(YB), accountant, tmp_path)
        assert client.wait(YB)[0] == "2"
        assert client.receive(YB)[0] == f"GIB-{YB}.zip"
        with faulting(305):
            client.status(f"{OTHER}-202501-YB-000000")
    with world(tmp_path, authorised={"10000000146": ["*"]}) as here, faulting(304):
        here.client(accountant).status(f"{OTHER}-202501-YB-000000")


def test_approval_takes_its_time(tmp_path):
    with world(tmp_path, approval_delay=1.5) as here:
        client = here.client()
        start = time.monotonic()
        client.send_paper(paper(YB), seal(), tmp_path)
        assert client.status(YB) == ("1", f"{YB} paketi kuyrukta, işlenmeyi bekliyor.")
        with faulting(204):
            client.receive(YB)
        assert client.wait(YB)[0] == "2"
        assert time.monotonic() - start >= 1.5


def test_the_wsdl_names_its_own_address(here):
    answer = httpx.get(f"{here.url}{PATH}?wsdl")
    assert answer.headers["content-type"].startswith("text/xml")
    (address,) = etree.fromstring(answer.content).iter("{http://schemas.xmlsoap.org/wsdl/soap12/}address")
    assert address.get("location") == here.url + PATH
    assert httpx.get(here.url + PATH).status_code == 404


def test_the_ledger_may_come_along_where_that_is_accepted(tmp_path):
    ledger, good = tmp_path / "ledger.xml", tmp_path / "signed.xml"
    ledger.write_bytes(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<edefter:defter xmlns:edefter="http://www.edefter.gov.tr">'
        + b"<x></x>" * 2000
        + b"</edefter:defter>"
    )
    key = SoftwareKey(seal().key, seal().certificate, seal().chain)
    made = sign_file(ledger, good, key, signing_time=datetime.now(UTC), new_id=uuid4)
    size = mebibytes(good.stat().st_size)
    y_name = YB.replace("-YB-", "-Y-")

    def attempt(here, size, value):
        client = here.client()
        berat = signed(paper(YB, size=size, ledger_signature=value), seal(), tmp_path)
        client.send(f"{YB}.zip", zipped((f"{YB}.xml", berat), (f"{y_name}.xml", good.read_bytes())))
        return client.wait(YB)

    with world(tmp_path) as here:
        assert "yalnızca" in attempt(here, size, made.signature_value)[1]
    with world(tmp_path, ledger_limit=1_000_000) as here:
        assert "ds:SignatureValue" in attempt(here, size, paper(YB).ledger_signature)[1]
        assert "measurableQuantity" in attempt(here, "9.99", made.signature_value)[1]
        assert attempt(here, size, made.signature_value)[0] == "2"


# --- faults -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", list(FaultCode))
def test_every_documented_fault_has_a_row_in_the_products_table(code):
    assert str(code.value) in FAULTS
    assert len(FAULTS) == len(FaultCode)


def test_a_fault_is_well_formed_in_every_place(here):
    message = signed_message(_question("paketID", Operation.STATUS, YB), seal(), now=datetime.now(UTC))
    answer = here.post(message)
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith("application/soap+xml")
    with pytest.raises(Fault) as caught:
        here.client().status(YB)
    fault = caught.value
    assert fault.code == "env:Sender"
    assert [(item.namespace, item.localname) for item in fault.subcodes] == [(SERVICE, "F304")]
    assert fault.message == "304 - Paket bulunamadı."
    assert fault.detail.findtext(f"{{{SERVICE}}}EDefterFault/faultCode") == "304"


def test_101_unknown_signer(here):
    stranger = Authority.create(datetime.now(UTC)).issue_seal(VKN, "YABANCI", now=datetime.now(UTC))
    with faulting(101):
        here.client(stranger).status(YB)


def test_102_no_role(tmp_path):
    encryption = authority().issue_seal(VKN, "ÖRNEK", now=datetime.now(UTC), purpose="encrypt")
    with world(tmp_path, without_role=[OTHER]) as here:
        with faulting(102):
            here.client(seal(tax_id=OTHER)).send(*package())
        with faulting(102):
            here.client(encryption).status(YB)


@pytest.mark.parametrize("empty", ["<Attachment/>", ""])
def test_103_empty_attachment(here, empty):
    envelope = etree.fromstring(
        f'<e:Envelope xmlns:e="{SOAP}"><e:Body><w:sendDocumentFile xmlns:w="{SERVICE}">{empty}'
        "</w:sendDocumentFile></e:Body></e:Envelope>"
    )
    answer = here.post(signed_message(envelope, seal(), now=datetime.now(UTC)))
    assert answer.status_code == 500
    assert ">103 - " in answer.text


def test_104_empty_name(here):
    with faulting(104):
        here.client().send(" ", b"x")


def test_105_empty_content(here):
    with faulting(105):
        here.client().send(f"{YB}.zip", b"")


@pytest.mark.parametrize("size", [1001, 1_000_000])
def test_106_too_large(tmp_path, size):
    """Just above the bound, and so far above that the message is not even read."""
    with world(tmp_path, package_limit=1000) as here, faulting(106):
        here.client().send(f"{YB}.zip", os.urandom(size))


@pytest.mark.parametrize("content", [b"no zip", zipped((f"{YB}.xml", b"<a/>"))[:-8]])
def test_107_unreadable(here, content):
    with faulting(107):
        here.client().send(f"{YB}.zip", content)


@pytest.mark.parametrize(
    "name",
    [
        "berat.zip",
        f"{YB}.xml",
        YB,
        f"GIB-{YB}.zip",
        f"{VKN}-202501-Y-000000.zip",
        f"{VKN}-202513-YB-000000.zip",
        "1234567891-202501-YB-000000.zip",
        f"{YB}-0000.zip",
        f"../{YB}.zip",
        "x" * 5000 + ".zip",
    ],
)
def test_108_bad_name(here, name):
    with faulting(108):
        here.client().send(name, package()[1])


def test_109_205_305_not_for_that_taxpayer(here):
    client = here.client(seal(tax_id=OTHER))
    with faulting(109):
        client.send(*package())
    with faulting(205):
        client.receive(YB)
    with faulting(305):
        client.status(YB)


def test_111_already_uploaded(here, tmp_path):
    client = here.client()
    client.send_paper(paper(YB), seal(), tmp_path)
    with faulting(111):
        client.send(*package())
    assert client.wait(YB)[0] == "2"
    with faulting(111):
        client.send(*package())


def test_113_the_queue_is_full(tmp_path):
    with world(tmp_path, queue_limit=0) as here, faulting(113):
        here.client().send(*package())


def test_114_may_not_upload_now(tmp_path):
    with world(tmp_path, suspended=[VKN]) as here, faulting(114):
        here.client().send(*package())


def test_204_304_nothing_there(here):
    client = here.client()
    for name in (YB, "nonsense", ""):
        with faulting(204):
            client.receive(name)
        with faulting(304):
            client.status(name)


def test_110_203_303_the_database_is_in_trouble(here):
    with sqlite3.connect(here.folder / "gib" / "gib.sqlite3") as connection:
        connection.execute("DROP TABLE attempts")
    client = here.client()
    with faulting(110):
        client.send(*package())
    with faulting(203):
        client.receive(YB)
    with faulting(303):
        client.status(YB)


def test_112_206_the_disk_is_in_trouble(here, tmp_path):
    assert here.send(paper(YB))[0] == "2"
    files = here.folder / "gib" / "files"
    shutil.rmtree(files)
    files.write_text("no folder")
    with faulting(206):
        here.client().receive(YB)
    with faulting(112):
        here.client().send(*package(KB))


# --- messages that are not believed -----------------------------------------------------------------------------


def _question(field: str, operation: Operation, name: str) -> etree._Element:
    return etree.fromstring(
        f'<e:Envelope xmlns:e="{SOAP}"><e:Body><w:{operation} xmlns:w="{SERVICE}"><{field}>{name}</{field}>'
        f"</w:{operation}></e:Body></e:Envelope>"
    )


def _status_message(now: datetime | None = None) -> bytes:
    return signed_message(_question("paketID", Operation.STATUS, YB), seal(), now=now or datetime.now(UTC))


@pytest.mark.parametrize(
    ("attack", "subcode"),
    [
        ("unsigned", True),
        ("changed body", True),
        ("changed time", True),
        ("stale", True),
        ("from the future", True),
        ("dtd", False),
        ("no xml", False),
        ("soap 1.1", False),
        ("empty", False),
    ],
)
def test_a_message_that_does_not_hold_is_refused(here, attack, subcode):
    now = datetime.now(UTC)
    message = {
        "unsigned": lambda: etree.tostring(_question("paketID", Operation.STATUS, YB)),
        "changed body": lambda: _status_message().replace(b"-202501-", b"-202502-"),
        "changed time": lambda: re.sub(rb"(<wsu:Expires>)\d{4}", rb"\g<1>2099", _status_message()),
        "stale": lambda: _status_message(now - timedelta(minutes=6)),
        "from the future": lambda: _status_message(now + timedelta(minutes=10)),
        "dtd": lambda: _status_message().replace(b"<e:Envelope", b'<!DOCTYPE x [<!ENTITY a "b">]><e:Envelope', 1),
        "no xml": lambda: b"not xml",
        "soap 1.1": lambda: b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body/></e:Envelope>',
        "empty": lambda: b"",
    }[attack]()
    answer = here.post(message)
    assert answer.status_code == 500
    assert (">wsse:InvalidSecurity<" in answer.text) is subcode
    assert find_code(re.sub(r"<[^>]*>", " ", answer.text)) is None


def test_other_requests_get_plain_http_answers(here):
    assert here.post(_status_message(), **{"content-type": "text/xml"}).status_code == 415
    unknown = etree.fromstring(
        f'<e:Envelope xmlns:e="{SOAP}"><e:Body><w:drop xmlns:w="{SERVICE}"/></e:Body></e:Envelope>'
    )
    answer = here.post(signed_message(unknown, seal(), now=datetime.now(UTC)))
    assert answer.status_code == 500
    assert "no such operation" in answer.text
    wrong = here.post(_status_message(), **{"content-type": 'application/soap+xml; action="sendDocumentFile"'})
    assert wrong.status_code == 500
    assert "action" in wrong.text
    assert httpx.put(here.url + PATH).status_code == 405


# --- rejections -------------------------------------------------------------------------------------------------


def test_a_document_changed_after_signing_is_rejected_and_the_mended_one_accepted(here, tmp_path):
    client = here.client()
    data = signed(paper(YB), seal(), tmp_path).replace(b"400.08", b"400.07")
    client.send(f"{YB}.zip", zipped((f"{YB}.xml", data)))
    code, text = client.wait(YB)
    assert code == "3"
    assert text.startswith("Paket işlenirken hata oluştu. Hata : İmza doğrulanamadı.")
    with faulting(204):
        client.receive(YB)
    assert here.send(paper(YB))[0] == "2"
    assert statistics(here.url)["packages"][YB] == {"sends": {"ok": 2}, "approved": 1, "rejected": 1, "waiting": 0}


def test_signed_by_somebody_else(here):
    assert "imza atamaz" in here.send(paper(YB), seal(tax_id=OTHER))[1]


def test_signed_under_an_unknown_root(here):
    stranger = Authority.create(datetime.now(UTC)).issue_seal(VKN, "YABANCI", now=datetime.now(UTC))
    assert "güvenilen bir köke" in here.send(paper(YB), stranger)[1]


def test_a_seal_that_has_ended_cannot_sign_with_a_time_of_the_past(here, tmp_path):
    then = datetime.now(UTC) - timedelta(days=4 * 365)
    ended = authority().issue_seal(VKN, "ÖRNEK", now=then)
    client = here.client()
    client.send(f"{YB}.zip", zipped((f"{YB}.xml", signed(paper(YB), ended, tmp_path, now=then))))
    assert "sertifikası" in client.wait(YB)[1]


def test_signed_tomorrow(here, tmp_path):
    client = here.client()
    data = signed(paper(YB), seal(), tmp_path, now=datetime.now(UTC) + timedelta(days=1))
    client.send(f"{YB}.zip", zipped((f"{YB}.xml", data)))
    assert "İmza zamanı" in client.wait(YB)[1]


def test_not_signed_at_all(here):
    client = here.client()
    client.send(f"{YB}.zip", zipped((f"{YB}.xml", paper(YB).xml())))
    assert client.wait(YB)[0] == "3"


def test_months_out_of_order(here):
    assert here.send(paper(YB))[0] == "2"
    february = f"{VKN}-202502-YB-000000"
    code, text = here.send(paper(february, sequence=2))
    assert (code, "Bir önceki dönemin" in text) == ("3", True)
    assert here.send(paper(KB))[0] == "2"
    assert here.send(paper(february, sequence=2))[0] == "2"


def test_the_ledgers_berat_before_the_journals(here):
    assert "Yevmiye beratı onaylanmadan" in here.send(paper(KB))[1]


def test_against_the_schema(here):
    broken = paper(YB).change("<gl-cor:language ", "<gl-cor:tongue ").change("</gl-cor:language>", "</gl-cor:tongue>")
    code, text = here.send(broken)
    assert (code, "Şema" in text) == ("3", True)


def test_against_a_rule(here):
    assert "boyutunu" in here.send(paper(YB, size="0.00"))[1]


def test_another_document_inside(here, tmp_path):
    client = here.client()
    client.send(f"{YB}.zip", zipped((f"{KB}.xml", signed(paper(KB), seal(), tmp_path))))
    assert "yalnızca" in client.wait(YB)[1]


def test_hostile_content_is_rejected_and_holds_nobody_up(here):
    client = here.client()
    names = [f"{VKN}-2025{month:02}-YB-000000" for month in range(1, 6)]
    bomb = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><a>&b;</a>'
    for name, content in zip(names, (bomb, b"<a>" * 9000, b"\xff\xfe<\0", b"<a/>", bytes(2000)), strict=True):
        client.send(f"{name}.zip", zipped((f"{name}.xml", content)))
        assert client.wait(name)[0] == "3"
    assert here.send(paper(YB))[0] == "2"


# --- restarts ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def process(folder: Path, **environment: str):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = {"data": str(folder), "port": str(port), "admin": "true", **environment}
    variables = {f"DEFTERHANE_SANDBOX_{name.upper()}": value for name, value in given.items()}
    running = subprocess.Popen(
        [sys.executable, "-m", "sandbox"], env={**os.environ, **variables}, stderr=subprocess.PIPE, text=True
    )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and running.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{url}/certificates/root.pem").status_code == 200:
                    break
            time.sleep(0.1)
        yield running, url
    finally:
        if running.poll() is None:
            running.kill()
        running.communicate(timeout=20)


def test_a_killed_sandbox_has_forgotten_nothing(tmp_path):
    data = tmp_path / "data"
    with process(data, approval_delay="2") as (running, url):
        first_root = httpx.get(f"{url}/certificates/root.pem").content
        now = datetime.now(UTC)
        credential = Authority.load(data / "certificates").issue_seal(VKN, "ÖRNEK", now=now)
        GibClient(url, credential).send_paper(paper(YB), credential, tmp_path)
        running.send_signal(signal.SIGKILL)
        running.wait(timeout=20)
    with process(data, approval_delay="2") as (running, url):
        assert httpx.get(f"{url}/certificates/root.pem").content == first_root
        client = GibClient(url, credential)
        assert client.wait(YB)[0] == "2"
        _, approved = client.receive(YB)
        with faulting(111):
            client.send_paper(paper(YB), credential, tmp_path)
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=20) == 0
        assert "THIS IS A SANDBOX" in running.stderr.read()
    with process(data) as (_, url):
        assert GibClient(url, credential).receive(YB)[1] == approved
        assert statistics(url)["packages"][YB]["approved"] == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("data", "{file}"),
        ("port", "x"),
        ("time_stamp_users", '{{"nobody": "a-password"}}'),
        ("time_stamp_users", "a-password"),
    ],
)
def test_unusable_settings_end_with_a_sentence_and_no_stack_trace(tmp_path, name, value):
    taken = tmp_path / "file"
    taken.write_text("no folder")
    variables = {"DEFTERHANE_SANDBOX_DATA": str(tmp_path / "data")}
    variables[f"DEFTERHANE_SANDBOX_{name.upper()}"] = value.format(file=taken)
    run = subprocess.run(
        [sys.executable, "-m", "sandbox"], env={**os.environ, **variables}, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 2
    assert name in run.stderr
    assert "Traceback" not in run.stderr
    assert "a-password" not in run.stderr


def test_damaged_certificates_end_with_a_sentence(tmp_path):
    folder = tmp_path / "certificates"
    folder.mkdir()
    (folder / "root.pem").write_text("damaged")
    run = subprocess.run(
        [sys.executable, "-m", "sandbox"],
        env={**os.environ, "DEFTERHANE_SANDBOX_DATA": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 2
    assert "operator" not in run.stdout
    assert "sandbox.data_unusable" in run.stderr
    assert "Traceback" not in run.stderr


# --- trouble on demand ------------------------------------------------------------------------------------------


def test_faults_on_demand(here):
    here.trouble(kind="fault", code=110, times=2, operation="sendDocumentFile", package=VKN)
    client = here.client()
    with faulting(304):
        client.status(YB)
    for _ in range(2):
        with faulting(110):
            client.send(*package())
    client.send(*package())
    assert statistics(here.url)["packages"][YB]["sends"] == {"110": 2, "ok": 1}
    assert httpx.get(f"{here.url}/sandbox/troubles").json() == []


def test_http_errors_on_demand_befall_only_whom_they_fit(here):
    here.trouble(kind="http", status=503, package=OTHER)
    assert here.post(_status_message()).status_code == 500
    here.trouble(kind="http", status=503)
    assert here.post(_status_message()).status_code == 503
    assert [item["times"] for item in httpx.get(f"{here.url}/sandbox/troubles").json()] == [1]
    assert httpx.delete(f"{here.url}/sandbox/troubles").status_code == 204
    assert httpx.get(f"{here.url}/sandbox/troubles").json() == []


def test_a_lost_answer_leaves_the_package_there(here, tmp_path):
    here.trouble(kind="lost", operation="sendDocumentFile")
    with pytest.raises(requests.exceptions.ReadTimeout):
        here.client(timeout=1.5).send_paper(paper(YB), seal(), tmp_path)
    client = here.client()
    assert client.wait(YB)[0] == "2"
    with faulting(111):
        client.send(*package())


def test_a_lost_answer_ends_with_a_cut_connection(here):
    here.trouble(kind="lost", seconds=0.2)
    with pytest.raises(httpx.RemoteProtocolError):
        here.post(_status_message())


def test_slow_on_demand(here):
    here.trouble(kind="slow", seconds=0.7)
    start = time.monotonic()
    with faulting(304):
        here.client().status(YB)
    assert time.monotonic() - start >= 0.7


@pytest.mark.parametrize(
    "values", [{"kind": "fault"}, {"kind": "slow", "code": 111}, {"kind": "fault", "code": 999}, {"kind": "x"}]
)
def test_nonsense_is_no_trouble(here, values):
    assert httpx.post(f"{here.url}/sandbox/troubles", json=values).status_code == 422


def test_what_was_received_is_listed(here):
    here.send(paper(YB))
    here.send(paper(KB))
    listed = httpx.get(f"{here.url}/sandbox/packages").json()
    assert [(item["package"], item["status"], item["sent_by"]) for item in listed] == [(YB, "2", VKN), (KB, "2", VKN)]
    after = httpx.get(f"{here.url}/sandbox/packages", params={"after": listed[0]["id"], "limit": 1}).json()
    assert [item["package"] for item in after] == [KB]


def test_nothing_is_filed_twice_when_many_send_the_same(here, tmp_path):
    data = zipped((f"{YB}.xml", signed(paper(YB), seal(), tmp_path)))
    clients = [here.client() for _ in range(4)]
    outcomes: list[str] = []

    def send(client: GibClient) -> None:
        for _ in range(3):
            try:
                client.send(f"{YB}.zip", data)
                outcomes.append("ok")
            except Fault as fault:
                outcomes.append(str(code_of(fault)))

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["111"] * 11 + ["ok"]
    assert clients[0].wait(YB)[0] == "2"
    assert statistics(here.url)["packages"][YB] == {
        "sends": {"111": 11, "ok": 1},
        "approved": 1,
        "rejected": 0,
        "waiting": 0,
    }


def test_without_admin_there_are_no_admin_pages(tmp_path):
    with world(tmp_path, admin=False) as here:
        for page in ("packages", "statistics", "troubles"):
            assert httpx.get(f"{here.url}/sandbox/{page}").status_code == 404


# --- the rest of the world --------------------------------------------------------------------------------------


def test_time_stamps_over_http(here):
    sent = TimestampRequestBuilder().data(b"data").build()
    headers = {"content-type": "application/timestamp-query"}
    answer = httpx.post(f"{here.url}/tsa", content=sent.as_bytes(), headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/timestamp-reply"
    root = authority().root.certificate
    verifier = VerifierBuilder.from_request(sent).add_root_certificate(root).build()
    assert verifier.verify_message(decode_timestamp_response(answer.content), b"data")
    assert httpx.post(f"{here.url}/tsa", content=b"x" * 9000, headers=headers).status_code == 413
    assert httpx.post(f"{here.url}/tsa", content=sent.as_bytes()).status_code == 415
    assert httpx.get(f"{here.url}/tsa").status_code == 405


def test_time_stamps_for_known_users_only(tmp_path):
    with world(tmp_path, time_stamp_users={1: "secret"}) as here:
        sent = TimestampRequestBuilder().data(b"data").build()
        answer = httpx.post(
            f"{here.url}/tsa",
            content=sent.as_bytes(),
            headers={"content-type": "application/timestamp-query", "identity": base64.b16encode(b"0").decode()},
        )
        assert decode_timestamp_response(answer.content).status == 2


def test_the_certificates_can_be_fetched(here):
    assert httpx.get(f"{here.url}/certificates/root.pem").content == authority().root_pem
    assert httpx.get(f"{here.url}/certificates/issuer.pem").content.startswith(b"-----BEGIN CERTIFICATE")
    assert httpx.get(f"{here.url}/certificates/root.key.pem").status_code == 404


def test_it_says_loudly_what_it_is(tmp_path, caplog):
    with caplog.at_level(logging.WARNING), world(tmp_path):
        assert any("SANDBOX" in record.message for record in caplog.records if record.levelno == logging.WARNING)
