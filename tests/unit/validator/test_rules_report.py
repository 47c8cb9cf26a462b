"""The report's rules, all of them ours."""

from pathlib import Path

import pytest

from defterhane.edefter.kinds import DocumentKind
from support.golden_documents import Change, changed, moved_before, rules_of, text, twice, verdict, without

DR = DocumentKind.REPORT
SEGMENT_ID = "xbrli:segment/gl-cor:uniqueID"


def renumbered(count: int) -> tuple[Change, ...]:
    return tuple(text("gl-cor:lineNumber", str(index + 1), index) for index in range(count))


BROKEN: dict[str, tuple[str, tuple[Change, ...]]] = {
    "another kind": ("report.entries_type", (text("gl-cor:entriesType", "journal"),)),
    "a journal's id": ("report.unique_id", (text("gl-cor:documentInfo/gl-cor:uniqueID", "YEV202503000003"),)),
    "no UUID": ("report.uuid_missing", (without(SEGMENT_ID),)),
    "no UUID at all": ("report.uuid", (text(SEGMENT_ID, "EDR202503000003"),)),
    "no header": ("report.header", (without("gl-cor:entryHeader"),)),
    "another qualifier": ("report.qualifier", (text("gl-cor:qualifierEntry", "other"),)),
    "no number of lines": ("report.line_count", (without("gl-cor:documentApplyToNumber"),)),
    "number of lines in words": ("report.line_count", (text("gl-cor:documentApplyToNumber", "iki"),)),
    "another balance": ("report.period_change", (text("gl-cor:xbrlInclude", "ending_balance"),)),
    "negative amount": (
        "report.amount report.B057",
        (text("gl-cor:amount", "-1.00", 1), text("gl-cor:amount", "599.00", 0)),
    ),
    "amount of three decimals": ("report.B057", (text("gl-cor:amount", "0.000", 1),)),
    "unbalanced": ("report.unbalanced", (text("gl-cor:amount", "600.01", 0),)),
    "first line is 2": (
        "counter.line_gap",
        tuple(text("gl-cor:lineNumber", str(index + 2), index) for index in range(12)),
    ),
    "a line left out": ("counter.line_gap", (text("gl-cor:lineNumber", "13", 11),)),
    "no credit line": ("report.pair", (without("gl-cor:entryDetail", 1), *renumbered(11))),
    "no last credit line": ("report.pair report.unbalanced", (without("gl-cor:entryDetail", 11), *renumbered(11))),
    "credit before debit": (
        "report.pair",
        (moved_before("gl-cor:entryDetail", "gl-cor:entryDetail", 1, 0), *renumbered(12)),
    ),
    "accounts out of order": (
        "report.order",
        (
            moved_before("gl-cor:entryDetail", "gl-cor:entryDetail", 10, 0),
            moved_before("gl-cor:entryDetail", "gl-cor:entryDetail", 11, 1),
            *renumbered(12),
        ),
    ),
    "an account twice": (
        "report.order",
        (*(text("gl-cor:accountMainID", "153", index) for index in (4, 5)),),
    ),
    "two headers": ("report.header counter.line_gap report.order", (twice("gl-cor:entryHeader"),)),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_named(case: str, tmp_path: Path) -> None:
    ids, changes = BROKEN[case]
    assert rules_of(verdict(changed(DR, *changes), tmp_path)) == set(ids.split())


def test_a_month_without_lines_has_an_empty_report(tmp_path: Path) -> None:
    changes = tuple(without("gl-cor:entryDetail") for _ in range(12))
    assert rules_of(verdict(changed(DR, *changes), tmp_path)) == set()
