"""Each rule fires on its golden cases and spares those that come near (tests/golden/validator/rules.toml), and says
what is wrong, where, the value found, and the cure.
"""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from defterhane.edefter.kinds import DocumentKind
from defterhane.findings import Finding, Findings
from support.golden_rules import RuleCase, cases
from validator.check import check_document

OLDER_FILE, NEWER_FILE = date.max, date.min
"""Since when the newer journal file holds: for the cases of its own rules ever, for all others never."""


WITHOUT_VALUE = {
    "Y020": "no unit is a currency",
    "N002": "no entry is there",
    "B009": "no Id is there",
}
"""Rules that tell of something that is not there, beside those whose message says that an element is missing."""
WITHOUT_ENTRY = {
    "Y079": "the entry has no number",
    "K076": "an account without lines has no code",
    "K088": "the line has no account",
    "B050": "the line has no account",
}
WITHOUT_ACCOUNT = {
    "Y090": "the line has no account",
    "K088": "the line has no account",
    "B050": "the line has no account",
}
OF_ENTRIES = ("gl-cor:entryHeader", "gl-cor:entryNumberCounter", "gl-cor:enteredDate")
OF_LINES = ("gl-cor:entryDetail", "gl-cor:lineNumber", "gl-cor:account/", "gl-bus:measurable")


def findings(case: RuleCase, changes: Any, folder: Path) -> Findings:
    """What a case's document with changes breaks."""
    path = folder / "document.xml"
    path.write_bytes(case.made(changes))
    since = NEWER_FILE if case.id.startswith("N") else OLDER_FILE
    return check_document(path, case.file_name(changes), newer_journal_since=since).findings


def untold(case: RuleCase, finding: Finding) -> Iterator[str]:
    """What a reader of a finding would miss: what is wrong, where, and the cure, in both languages."""
    cure, where = finding.cure, finding.where or ""
    for text in (finding.message, cure):
        if text is None or not text.tr or not text.en or text.tr == text.en or "{" in text.tr + text.en:
            yield f"both languages: {text}"
    if case.kind.is_berat and "ERP" in str(cure):
        yield "a cure that can be done"
    if finding.line is None:
        yield "line"
    if finding.entry is None and where.startswith((*OF_ENTRIES, *OF_LINES)) and case.id not in WITHOUT_ENTRY:
        yield "entry"
    if finding.account is None and where.startswith(OF_LINES) and case.id not in WITHOUT_ACCOUNT:
        yield "account"
    if finding.voucher is None and where.startswith((*OF_ENTRIES, *OF_LINES)) and case.kind is DocumentKind.JOURNAL:
        yield "voucher"


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_rule_fires_where_it_should_and_nowhere_else(case: RuleCase, tmp_path: Path) -> None:
    fired = []
    for changes in case.fires:
        found = findings(case, changes, tmp_path)
        assert case.id in found.counts, f"{changes} breaks {dict(found.counts)}"
        fired.append(next(finding for finding in found if finding.rule == case.id))
    for changes in case.spares:
        found = findings(case, changes, tmp_path)
        assert case.id not in found.counts, f"{changes} breaks {dict(found.counts)}"
    assert [list(untold(case, finding)) for finding in fired] == [[] for _ in fired]
    if fired and case.id not in WITHOUT_VALUE:
        assert any(finding.value is not None or "missing" in finding.message.en for finding in fired)


def test_each_case_can_tell_one_from_the_other() -> None:
    for case in cases():
        firing = {(case.file_name(changes), case.made(changes)) for changes in case.fires}
        sparing = {(case.file_name(changes), case.made(changes)) for changes in case.spares}
        assert firing.isdisjoint(sparing), case.id
        assert len(firing) == len(case.fires), case.id
        assert len(sparing) == len(case.spares), case.id
        assert sparing, case.id
        assert bool(case.never) is not bool(firing), case.id


@pytest.mark.official
def test_each_rule_has_a_case(shared_folder: Path) -> None:
    with (shared_folder / "domain" / "rules.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    told = [case.id for case in cases()]
    assert sorted(told) == sorted(row["id"] for row in rows)
