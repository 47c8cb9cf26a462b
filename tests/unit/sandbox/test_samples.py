"""Made-up exports: any size, the same for the same seed, and good enough to be filed."""

import hashlib
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from defterhane.edefter.period import Period, Span
from defterhane.edefter.taxid import vkn_from_stem
from defterhane.edefter.vocabulary import DOCUMENT_TYPES, TAX_ACCOUNTS
from sandbox.errors import (
    DaysElsewhere,
    FaultElsewhere,
    FaultFindsNoPlace,
    FaultUnknown,
    LayoutUnknown,
    NotInLayout,
    NotUnpacked,
    SampleImpossible,
    SheetTooSmall,
    TooFewLines,
)
from sandbox.faults.catalogue import FAULTS
from sandbox.samples import COLUMNS25, write_sample

FIRM = vkn_from_stem("123456780")
JANUARY = Period(2025, 1)


def rows(file: Path, encoding: str = "utf-8", newline: str = "\n") -> list[dict[str, str]]:
    with ZipFile(file) as archive:
        (name,) = archive.namelist()
        assert name == f"{FIRM}-202501.csv"
        lines = archive.read(name).decode(encoding).split(newline)
    assert lines.pop() == ""
    assert lines[0].split(";") == list(COLUMNS25)
    return [dict(zip(COLUMNS25, line.replace('"', "").split(";"), strict=True)) for line in lines[1:]]


@pytest.mark.parametrize("lines", [2, 3, 4, 5, 6, 7, 100, 1001])
def test_there_are_exactly_as_many_lines_as_asked_for(tmp_path: Path, lines: int) -> None:
    file = tmp_path / "x.zip"
    write_sample(file, tax_id=FIRM, period=JANUARY, lines=lines, seed=lines)
    assert len(rows(file)) == lines


def test_entries_balance_and_days_rise(tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    write_sample(file, tax_id=FIRM, period=JANUARY, lines=3000, seed=1)
    found = rows(file)
    assert [row["linenumber"] for row in found] == [str(number + 1) for number in range(3000)]
    entries: dict[str, list[dict[str, str]]] = {}
    for row in found:
        entries.setdefault(row["entryref"], []).append(row)
    for entry in entries.values():
        assert 2 <= len(entry) <= 6
        sides = {"D": 0, "C": 0}
        for row in entry:
            sides[row["debitcreditcode"]] += int(row["amount"].replace(".", ""))
        assert sides["D"] == sides["C"]
    days = [row["postingdate"] for row in found]
    assert days == sorted(days)
    assert (days[0], days[-1]) == ("2025-01-01", "2025-01-31")
    assert {row["documenttype"] for row in found} == DOCUMENT_TYPES | {""}
    assert {row["accmainid"] for row in found} > set(TAX_ACCOUNTS)


def test_the_same_seed_makes_the_same_bytes(tmp_path: Path) -> None:
    digests = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_sample(tmp_path / name, tax_id=FIRM, period=JANUARY, lines=200, seed=seed)
        digests.append(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert digests[0] == digests[1] != digests[2]


def test_one_vendors_habits(tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    write_sample(file, tax_id=FIRM, period=JANUARY, lines=300, seed=1, vendor_habits=True)
    found = rows(file, "cp1254", "\r")
    assert len(found) == 300
    assert {"NULL"} < {row["doctypedesc"] for row in found}
    assert all(row["amount"].isdigit() for row in found)
    assert "" not in {row[name] for row in found for name in ("documenttype", "paymentmethod", "documentdate")}


def test_what_was_made_before_is_made_again(tmp_path: Path) -> None:
    """Samples lie in people's folders and in documentation: their bytes stay as they are."""
    digests = {}
    for lines, habits in ((200, False), (300, True)):
        file = tmp_path / f"{lines}.zip"
        write_sample(file, tax_id="1234567808", period=JANUARY, lines=lines, seed=1, vendor_habits=habits)
        with ZipFile(file) as archive:
            digests[lines] = hashlib.sha256(archive.read("1234567808-202501.csv")).hexdigest()
    assert digests == {
        200: "a46ed0f4951b70b4605b8e120da295424a1e8ff4a43579292c1502b7087ac81c",
        300: "9992b16b67c2ac29a851ba7e30995eadd39bed2562fd98e3303ea7e2d75463e2",
    }


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        (TooFewLines, {"lines": 1}),
        (TooFewLines, {"lines": 0}),
        (LayoutUnknown, {"layout": "columns26"}),
        (NotInLayout, {"layout": "xml", "workbook": True}),
        (NotInLayout, {"layout": "report", "vendor_habits": True}),
        (NotInLayout, {"layout": "header-detail", "files": 2}),
        (SheetTooSmall, {"layout": "columns23", "lines": 1_048_576}),
        (DaysElsewhere, {"days": Span(date(2025, 2, 1), date(2025, 2, 10))}),
        (NotUnpacked, {"target": "x.csv", "layout": "header-detail"}),
        (NotInLayout, {"target": "x.csv", "layout": "xml"}),
        (NotInLayout, {"target": "x.xlsx"}),
        (NotUnpacked, {"target": "x.csv", "attachments": 1}),
        (NotUnpacked, {"target": "x.csv", "faults": ["drop-damaged"]}),
        (FaultUnknown, {"faults": ["everything-wrong"]}),
        (FaultElsewhere, {"faults": ["side-unknown"], "layout": "report"}),
        (FaultElsewhere, {"faults": ["control-character"], "workbook": True}),
        (FaultFindsNoPlace, {"faults": ["entry-unbalanced"], "lines": 4}),
    ],
)
def test_what_cannot_be_made(tmp_path: Path, kind: type[SampleImpossible], changes: dict[str, Any]) -> None:
    values = {"lines": 10, "target": "x.zip", **changes}
    target = tmp_path / values.pop("target")
    with pytest.raises(kind):
        write_sample(target, tax_id=FIRM, period=JANUARY, **values)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_faults_go_with_a_vendors_habits_or_are_refused(tmp_path: Path, fault: str) -> None:
    file = tmp_path / f"{FIRM}-202501.zip"
    try:
        expected = write_sample(
            file, tax_id=FIRM, period=JANUARY, lines=200, seed=1, vendor_habits=True, faults=(fault,)
        )
    except SampleImpossible:
        assert not file.exists()
    else:
        assert [one.fault for one in expected] == [fault]
