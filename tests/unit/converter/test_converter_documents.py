"""What comes out: canonical bytes, valid documents, books that agree with each other."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from converter.convert import ConversionJob, ConversionOutcome
from converter.writing.canonical import element
from defterhane.edefter.counters import Counters
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.money import parse_kurus
from defterhane.edefter.period import Period
from defterhane.edefter.vocabulary import DECLARATION, NAMESPACES, TAX_ACCOUNTS
from defterhane.events import Filing
from defterhane.tenant import Accountant, Address, Branch
from defterhane.xades.canonical import scan
from sandbox.samples import write_sample
from support.agreement import check_agreement
from support.books import (
    COR,
    SIGNATURE_VALUE,
    Header,
    all_documents,
    canonical,
    headers,
    with_signature,
)
from support.events import FIRM
from support.exports import Row, convert, convert_file, entry, job
from support.outside import official_errors
from support.tenants import tenant
from validator.check import check_document

PERSON = "10000000146"
ADDRESS = Address(building_number="2", street="ÖRNEK SOK.", street2="KAT 3", city="Ankara", postal_code="06000")


def books(outcome: ConversionOutcome) -> tuple[list[Header], list[Header]]:
    journal, ledger = outcome.documents
    return headers(journal.path.read_bytes()), headers(ledger.path.read_bytes())


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    file = tmp_path / f"{FIRM}-202501.zip"
    write_sample(file, tax_id=FIRM, period=Period(2025, 1), lines=501, seed=11)
    return file


def jobs() -> Iterator[ConversionJob]:
    accountant = Accountant(
        name="A & B <C>", engagement="Söz. \"1\"", address=ADDRESS, phone="1", fax="2", email="a@b.invalid"
    )  # fmt: skip
    full = tenant(FIRM, fax="3", address=ADDRESS, accountant=accountant, title="ÇELİK & <OĞULLARI> 'A.Ş.'")
    yield job()
    yield job(tenant=full)
    branches = (Branch(number="0007", name="ŞUBE & CO"),)
    yield job(tenant=tenant(FIRM, branches=branches), filing=job(branch="0007").filing)
    yield job(tenant=tenant(PERSON, title="AYŞE IŞIK"), filing=Filing(tenant=PERSON, period="2025-01"))


@pytest.fixture(params=jobs(), ids=["plain", "full", "branch", "person"])
def month(
    request: pytest.FixtureRequest, tmp_path: Path, sample: Path
) -> tuple[ConversionOutcome, dict[DocumentKind, Path]]:
    """The five documents of a month."""
    work: ConversionJob = request.param
    outcome = convert_file(tmp_path, sample, tenant=work.tenant, filing=work.filing)
    assert outcome.made
    assert not outcome.findings
    return outcome, all_documents(outcome, work, tmp_path)


def test_all_documents_are_canonical(month: tuple[ConversionOutcome, dict[DocumentKind, Path]]) -> None:
    outcome, paths = month
    check_agreement(paths.values())
    for kind, path in paths.items():
        data = path.read_bytes()
        assert data.startswith(DECLARATION)
        body = data[len(DECLARATION) :]
        assert body == canonical(data), kind
        assert scan(path).body_sha256 == hashlib.sha256(body).hexdigest()
    for made in outcome.documents:
        data = made.path.read_bytes()
        assert made.written.size == len(data)
        assert made.written.body_sha256 == hashlib.sha256(data[len(DECLARATION) :]).hexdigest()


@pytest.mark.skipif(shutil.which("xmllint") is None, reason="xmllint is not here")
def test_xmllint_canonicalises_them_to_the_same_bytes(tmp_path: Path, sample: Path) -> None:
    for path in all_documents(convert_file(tmp_path, sample), job(), tmp_path).values():
        done = subprocess.run(["xmllint", "--c14n", str(path)], capture_output=True, check=True)
        assert done.stdout == path.read_bytes()[len(DECLARATION) :]


@pytest.mark.official
def test_the_official_schema_accepts_them(
    month: tuple[ConversionOutcome, dict[DocumentKind, Path]], tmp_path: Path
) -> None:
    for path in month[1].values():
        assert official_errors(with_signature(path, tmp_path)) == [], path.name


def test_they_break_no_rule(month: tuple[ConversionOutcome, dict[DocumentKind, Path]]) -> None:
    for kind, path in month[1].items():
        verdict = check_document(path, path.name)
        assert verdict.kind is kind
        assert [(finding.rule, finding.message.en) for finding in verdict.findings] == [], path.name


def test_the_same_job_gives_the_same_bytes(tmp_path: Path, sample: Path) -> None:
    first = [made.written for made in convert_file(tmp_path, sample).documents]
    assert [made.written for made in convert_file(tmp_path, sample).documents] == first


def test_the_second_month_goes_on_where_the_first_ended(tmp_path: Path, sample: Path) -> None:
    first = convert_file(tmp_path, sample)
    assert first.end == Counters(first.totals.entries, 501, 1, 1, 0)
    write_sample(sample, tax_id=FIRM, period=Period(2025, 2), lines=40, seed=12)
    second = convert_file(tmp_path, sample, filing=job("2025-02").filing, created=date(2025, 3, 1), start=first.end)
    journal, ledger = books(second)
    assert journal[0].counter == first.end.entry + 1
    assert journal[0].details[0].number == 502
    assert {detail.number for header in ledger for detail in header.details} == set(range(502, 542))
    assert [made.unique_id for made in second.documents] == ["YEV202502000002", "KEB202502000002"]


def platform_rows() -> list[Row]:
    rows = []
    for number, (day, voucher) in enumerate(
        [("2025-01-31", "F1"), ("2025-01-02", "F10"), ("2025-01-02", "F9"), ("2025-01-03", "B"), ("2025-01-03", "A")]
    ):
        changes = {"entrynumber": voucher, "documentreference": voucher, "entryref": f"R{number}", "linenumber": ""}
        made = entry(number, day, entrynumbercounter="", linenumbercounter="", **changes)
        rows += [made[1], made[0]]  # credit first
    return rows


def test_the_platform_numbers_by_date_and_voucher_where_the_erp_does_not(tmp_path: Path) -> None:
    journal, _ = books(convert(tmp_path, platform_rows(), start=Counters(entry=5, line=50)))
    assert [header.voucher for header in journal] == ["F9", "F10", "A", "B", "F1"]
    assert [header.counter for header in journal] == [6, 7, 8, 9, 10]
    assert [detail.number for header in journal for detail in header.details] == list(range(51, 61))
    assert all([detail.side for detail in header.details] == ["D", "C"] for header in journal)


def test_the_erps_order_stands_where_it_numbers(tmp_path: Path) -> None:
    rows = [*entry(2, "2025-01-05"), *reversed(entry(1))]
    rows[2]["linenumber"], rows[3]["linenumber"] = "1", "2"
    journal, _ = books(convert(tmp_path, rows))
    assert [header.voucher for header in journal] == ["00001", "00002"]
    assert [detail.side for detail in journal[0].details] == ["C", "D"]


def test_a_berat_tells_the_tax_accounts_and_its_ledger(tmp_path: Path, sample: Path) -> None:
    outcome = convert_file(tmp_path, sample)
    paths = all_documents(outcome, job(), tmp_path)
    for kind, book in ((DocumentKind.JOURNAL_BERAT, 0), (DocumentKind.LEDGER_BERAT, 1)):
        root = etree.parse(str(paths[kind])).getroot()
        told = [
            (detail.findtext(f".//{COR}accountMainID"), detail.findtext(f"{COR}debitCreditCode"), amount)
            for detail in root.iter(f"{COR}entryDetail")
            if (amount := parse_kurus(detail.findtext(f"{COR}amount") or ""))  is not None
        ]  # fmt: skip
        assert [(main, side) for main, side, _ in told] == [(main, side) for main in TAX_ACCOUNTS for side in "DC"]
        sums = {(main, "D"): total.debit for main, total in outcome.totals.accounts.items()}
        sums |= {(main, "C"): total.credit for main, total in outcome.totals.accounts.items()}
        assert all(sums.get((main or "", side or ""), 0) == amount for main, side, amount in told)
        value = root.findtext(f"{{{NAMESPACES['ds']}}}SignatureValue") or ""
        assert value.replace("\n", "") == SIGNATURE_VALUE
        assert {len(line) for line in value.split("\n")[:-1]} == {76}
        assert f">{outcome.documents[book].unique_id}<" in paths[kind].read_text()
    assert f">{outcome.totals.entries}</gl-bus:numberOfEntries>" in paths[DocumentKind.JOURNAL_BERAT].read_text()
    assert "numberOfEntries" not in paths[DocumentKind.LEDGER_BERAT].read_text()


def test_the_report_tells_every_main_account(tmp_path: Path, sample: Path) -> None:
    outcome = convert_file(tmp_path, sample)
    report = etree.parse(str(all_documents(outcome, job(), tmp_path)[DocumentKind.REPORT])).getroot()
    lines = list(report.iter(f"{COR}entryDetail"))
    assert [line.findtext(f"{COR}lineNumber") for line in lines] == [str(n + 1) for n in range(len(lines))]
    mains = [line.findtext(f".//{COR}accountMainID") for line in lines]
    assert mains == sorted([*outcome.totals.accounts] * 2)
    applied = sum(int(line.findtext(f"{COR}documentApplyToNumber") or 0) for line in lines)
    assert applied == outcome.totals.lines == 501
    sides = {"D": 0, "C": 0}
    for line in lines:
        sides[line.findtext(f"{COR}debitCreditCode") or ""] += parse_kurus(line.findtext(f"{COR}amount") or "")
    assert sides["D"] == sides["C"]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=30))
def test_texts_and_attributes_are_escaped_as_c14n_does(text: str) -> None:
    made = element("a", text + "\r", {"b": text + '\t\n\r"<>&'}).removesuffix("\n")
    assert made.encode() == canonical(made.encode())
    assert etree.fromstring(made).text == text + "\r"
