"""Every fault that an export can have is told: by its own key alone, in the line where it is, and nothing is made."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from converter.convert import ConversionOutcome, convert_drop
from converter.errors import DropUnusable
from converter.problems import KINDS
from converter.reading import errors as reading_errors
from defterhane.edefter.period import Period, Span
from defterhane.findings import Finding, Severity
from sandbox.faults.catalogue import FAULTS
from sandbox.faults.kinds import Expected
from sandbox.samples import LAYOUTS, write_sample
from support.events import FIRM
from support.exports import job
from support.tenants import tenant

NAME = f"{FIRM}-202501.zip"
BRANCHES = [{"number": "0001", "name": "ÖRNEK ŞUBE"}]
ELSEWHERE = {
    "part.entry_too_large": "of the size of parts",
    "attachment.too_large": "of the size of parts",
    "counter.used_up": "of the tenant's numbers",
    "drop.too_large": "of the operator's bounds",
    "workbook.too_large": "of more rows than samples have",
    "layout.profile_mismatch": "of the tenant's profile",
    "report.row_unknown": "of reports that are no table any more",
    "report.total_differs": "of reports that lack pages",
}
"""What no export can have by itself; other tests are about it."""
CASES = [(layout, name) for name, fault in FAULTS.items() for layout in LAYOUTS if layout in fault.layouts]


@dataclass(frozen=True)
class Told:
    """What became of a sample with faults."""

    expected: tuple[Expected, ...]
    outcome: ConversionOutcome

    def findings(self, key: str) -> list[Finding]:
        return [finding for finding in self.outcome.findings if finding.rule == key]


def told(folder: Path, layout: str, *faults: str, lines: int = 40, workbook: bool = False) -> Told:
    drop = folder / NAME
    expected = write_sample(
        drop, tax_id=FIRM, period=Period(2025, 1), lines=lines, seed=3, layout=layout, faults=faults, workbook=workbook
    )
    out = folder / "out"
    out.mkdir()
    outcome = convert_drop(drop, out, job(name=NAME, tenant=tenant(FIRM, branches=BRANCHES)))
    return Told(expected, outcome)


def is_warning(key: str) -> bool:
    return key in KINDS and KINDS[key].severity is Severity.WARNING


@pytest.mark.parametrize("layout", LAYOUTS)
def test_without_faults_nothing_is_said(tmp_path: Path, layout: str) -> None:
    outcome = told(tmp_path, layout).outcome
    assert outcome.made
    assert outcome.findings == ()
    assert outcome.totals.lines == 40


@pytest.mark.parametrize(
    "options",
    [
        {"vendor_habits": True},
        {"workbook": True},
        {"layout": "header-detail", "workbook": True},
        {"numbered": False},
        {"foreign_currency": True, "lines": 200},
        {"attachments": 2},
        {"files": 3},
        {"layout": "xml", "files": 2},
        {"layout": "columns23", "files": 2},
        {"layout": "report", "files": 2},
    ],
    ids=lambda options: " ".join(map(str, options)),
)
def test_nothing_is_said_of_good_exports_of_other_kinds(tmp_path: Path, options: dict[str, Any]) -> None:
    drop = tmp_path / NAME
    values = {"lines": 40, "seed": 3, **options}
    write_sample(drop, tax_id=FIRM, period=Period(2025, 1), **values)
    outcome = convert_drop(drop, tmp_path, job(name=NAME))
    assert outcome.counts == {}
    assert outcome.totals.lines == values["lines"]


def test_nothing_is_said_of_a_branchs_part_of_a_month(tmp_path: Path) -> None:
    drop, days = tmp_path / f"{FIRM}-0001-202501-000002.zip", Span(date(2025, 1, 11), date(2025, 1, 20))
    write_sample(drop, tax_id=FIRM, period=Period(2025, 1), lines=40, branch="0001", days=days)
    changes = {"tenant": tenant(FIRM, branches=BRANCHES), "spans": (days,), "first_part": 2, "name": drop.name}
    outcome = convert_drop(drop, tmp_path, job(branch="0001", **changes))
    assert (outcome.counts, [part.part for part in outcome.parts]) == ({}, ["000002"])


@pytest.mark.parametrize(("layout", "name"), CASES)
def test_a_fault_is_told_where_it_is(tmp_path: Path, layout: str, name: str) -> None:
    made = told(tmp_path, layout, name)
    (expected,) = made.expected
    outcome = made.outcome
    assert set(outcome.counts) - set(expected.also) == {expected.key}
    assert outcome.made is is_warning(expected.key)
    if expected.times is not None:
        assert outcome.counts[expected.key] == expected.times
    first = made.findings(expected.key)[0]
    if expected.file is not None:
        assert first.file == expected.file
    if expected.line is not None:
        assert first.line == expected.line
    if expected.voucher is not None:
        assert first.voucher == expected.voucher
    if expected.account is not None:
        assert first.account == expected.account
    if expected.value is not None:
        assert first.value == expected.value


@pytest.mark.parametrize("layout", LAYOUTS)
def test_many_faults_are_told_together(tmp_path: Path, layout: str) -> None:
    """Each where it is, though there are others."""
    names = [
        name
        for name in ("entry-unbalanced", "sub-account-unnamed", "amount-negative", "entry-by-nobody", "date-empty")
        if layout in FAULTS[name].layouts
    ]
    made = told(tmp_path, layout, *names, lines=60)
    assert [one.fault for one in made.expected] == names
    assert made.outcome.counts == {one.key: 1 for one in made.expected}
    places = {(finding.rule, finding.file, finding.line, finding.voucher) for finding in made.outcome.findings}
    assert places == {(one.key, one.file, one.line, one.voucher) for one in made.expected}
    assert len({one.voucher for one in made.expected}) == len(names)


@pytest.mark.parametrize("name", ["head-total-differs", "entry-unbalanced", "html-in-text"])
def test_faults_of_two_sheets_are_told_by_sheet(tmp_path: Path, name: str) -> None:
    made = told(tmp_path, "header-detail", name, workbook=True)
    (expected,) = made.expected
    assert set(made.outcome.counts) == {expected.key}
    sheet = "Başlık" if name == "head-total-differs" else "Detay"
    assert expected.file == f"{FIRM}-202501.xlsx [{sheet}]"
    first = made.findings(expected.key)[0]
    assert (first.file, first.line) == (expected.file, expected.line)


def test_every_finding_has_its_fault() -> None:
    def kinds(error: type[DropUnusable]) -> set[str]:
        return {error.key}.union(*map(kinds, error.__subclasses__()))

    assert reading_errors.LayoutUnknown in DropUnusable.__subclasses__()
    every = (set(KINDS) | kinds(DropUnusable)) - {DropUnusable.key}
    assert every - {fault.key for fault in FAULTS.values()} == set(ELSEWHERE)


def test_every_fault_is_told_in_both_languages() -> None:
    assert len(FAULTS) >= 60
    for fault in FAULTS.values():
        assert fault.tr.endswith(".")
        assert fault.en.endswith(".")
    assert len({fault.tr for fault in FAULTS.values()}) == len({fault.en for fault in FAULTS.values()}) == len(FAULTS)
