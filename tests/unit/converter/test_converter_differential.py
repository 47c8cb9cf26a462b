"""The same month in every layout: the same lines, as far as a layout can tell them, and the same ledgers."""

from dataclasses import astuple
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from converter.convert import ConversionOutcome
from converter.reading.cells import Cells
from defterhane.edefter.period import Period
from sandbox.samples import LAYOUTS, write_sample
from support.events import FIRM
from support.exports import convert_file
from support.reading import Read, read_file

LINES = 400
SIDES = {"B": "D", "A": "C"}
Line = tuple[str, str, str, str, str, str, int | str]


def sample(folder: Path, layout: str) -> Path:
    file = folder / layout / f"{FIRM}-202501.zip"
    file.parent.mkdir()
    write_sample(file, tax_id=FIRM, period=Period(2025, 1), lines=LINES, seed=11, layout=layout)
    return file


def lines_of(read: Read) -> list[Line]:
    """Voucher, day, account, its names, side, kuruş."""
    assert (read.error, read.told) == (None, [])

    def line(cells: Cells, day: str, amount: int | str) -> Line:
        side = SIDES.get(cells.debitcreditcode, cells.debitcreditcode)
        return cells.entrynumber, day, cells.accmainid, cells.accsubid, cells.accsubdesc, side, amount

    rows = zip(read.rows, read.days, read.amounts, strict=True)
    return sorted((line(row.cells, day, amount) for row, day, amount in rows), key=str)


def balances(outcome: ConversionOutcome) -> dict[str, object]:
    """Of each main account, debit, credit, and how many lines of each. A report does not tell all their names."""
    assert outcome.made, [finding.message.en for finding in outcome.findings]
    return {main: astuple(account)[1:] for main, account in outcome.totals.accounts.items()}


def ledger(outcome: ConversionOutcome) -> list[tuple[str, ...]]:
    """Account, side and amount of every line of the ledger, in its order."""
    (path,) = (document.path for document in outcome.documents if document.kind == "K")
    names = ("accountMainID", "accountSubID", "debitCreditCode", "amount", "postingDate")
    found = []
    for element in etree.parse(path).iter("{*}entryDetail"):
        found.append(tuple("".join(element.xpath(f".//*[local-name()='{name}']/text()")) for name in names))
    return found


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout != "columns25"])
def test_every_layout_tells_the_same(tmp_path: Path, layout: str) -> None:
    usual, other = sample(tmp_path, "columns25"), sample(tmp_path, layout)
    assert lines_of(read_file(tmp_path, other)) == lines_of(read_file(tmp_path, usual))
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    one, two = (
        convert_file(folder, file, created=date(2025, 2, 3))
        for folder, file in zip(folders, (usual, other), strict=True)
    )
    assert two.totals.lines == one.totals.lines >= LINES
    assert balances(two) == balances(one)
    assert sorted(ledger(two)) == sorted(ledger(one)) != []
