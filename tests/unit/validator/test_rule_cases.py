"""Each rule fires on its golden cases and spares those that come near (tests/golden/validator/rules.toml)."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from support.golden_rules import RuleCase, cases
from validator.check import check_document

OLDER_FILE, NEWER_FILE = date.max, date.min
"""Since when the newer journal file holds: for the cases of its own rules ever, for all others never."""


def ids(case: RuleCase, changes: Any, folder: Path) -> Counter[str]:
    """The rules that a case's document with changes breaks."""
    path = folder / "document.xml"
    path.write_bytes(case.made(changes))
    since = NEWER_FILE if case.id.startswith("N") else OLDER_FILE
    return check_document(path, case.file_name(changes), newer_journal_since=since).findings.counts


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.id)
def test_a_rule_fires_where_it_should_and_nowhere_else(case: RuleCase, tmp_path: Path) -> None:
    for changes in case.fires:
        assert case.id in (found := ids(case, changes, tmp_path)), f"{changes} breaks {dict(found)}"
    for changes in case.spares:
        assert case.id not in (found := ids(case, changes, tmp_path)), f"{changes} breaks {dict(found)}"


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
