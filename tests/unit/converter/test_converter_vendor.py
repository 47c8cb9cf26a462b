"""A vendor's published sample becomes ledgers as it is."""

from datetime import date
from pathlib import Path

import pytest

from converter.convert import ConversionOutcome
from defterhane.edefter.kinds import DocumentKind
from defterhane.events import Filing
from defterhane.findings import Severity
from support.books import all_documents, headers, with_signature
from support.drops import zipped
from support.exports import convert_file, job
from support.outside import official_errors
from support.tenants import tenant
from validator.check import check_document

VENDOR = "6090408038"
pytestmark = pytest.mark.official

CHANGES = {
    "tenant": tenant(VENDOR),
    "filing": Filing(tenant=VENDOR, period="2013-01"),
    "created": date(2013, 2, 1),
}


@pytest.fixture
def outcome(tmp_path: Path, shared_folder: Path) -> ConversionOutcome:
    sample = shared_folder / "samples" / "verideseni_ornek.csv"
    file = zipped(tmp_path / f"{VENDOR}-201301.zip", {sample.name: sample.read_bytes()})
    return convert_file(tmp_path, file, **CHANGES)


def test_it_has_no_errors(outcome: ConversionOutcome) -> None:
    # It is made up: a hundred invoices are booked again and again, one of them numbered 000000.
    assert outcome.counts == {"document.number_zero": 1, "document.repeated": 99}
    assert {finding.severity for finding in outcome.findings} == {Severity.WARNING}
    assert (outcome.totals.entries, outcome.totals.lines) == (750, 2000)


def test_its_rows_stand_in_the_journal_in_their_order(outcome: ConversionOutcome, shared_folder: Path) -> None:
    text = (shared_folder / "samples" / "verideseni_ornek.csv").read_text("cp1254").replace("\r", "\n")
    rows = [line.split(";") for line in text.splitlines()[1:] if line]
    journal = headers(outcome.documents[0].path.read_bytes())
    details = [(header.voucher, detail) for header in journal for detail in header.details]
    assert len(details) == len(rows) == 2000
    for row, (voucher, detail) in zip(rows, details, strict=True):
        assert (detail.number, detail.counter, detail.main, detail.sub) == (int(row[2]), int(row[3]), row[4], row[6])
        assert (detail.amount, detail.side, voucher) == (f"{row[8]}.00", row[9], row[23])
        assert f">{row[13]}</gl-cor:documentNumber>" in detail.xml
        assert f">{row[7]}</gl-cor:accountSubDescription>" in detail.xml
        assert ("gl-bus:paymentMethod" in detail.xml) == (row[17] != "NULL")


def test_its_documents_are_valid(outcome: ConversionOutcome, tmp_path: Path) -> None:
    paths = all_documents(outcome, job(**CHANGES), tmp_path)
    assert set(paths) == set(DocumentKind)
    for path in paths.values():
        assert official_errors(with_signature(path, tmp_path)) == []
        assert list(check_document(path, path.name).findings) == []
