"""Every rule of GİB's Schematron stands somewhere, and is told in both languages."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from defterhane.edefter.kinds import DocumentKind
from validator import entry_texts, frame, texts
from validator.kinds import RULE_SETS, rule_set
from validator.rules.ruleset import RuleSet

DOCUMENTS = {
    "journal": DocumentKind.JOURNAL,
    "ledger": DocumentKind.LEDGER,
    "berat": DocumentKind.JOURNAL_BERAT,
}


@pytest.mark.official
@pytest.mark.parametrize("document", DOCUMENTS)
def test_all_official_rules_are_there(document: str, shared_folder: Path) -> None:
    with (shared_folder / "domain" / "rules.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    kind = DOCUMENTS[document]
    everywhere = {frame.DECIMALS[kind], frame.ROOT[kind]}
    older, *newer = RULE_SETS[kind]
    own = [row for row in rows if row["document"] == document]
    assert official(older) | everywhere == {row["id"] for row in own if row["applies"] != "newer"}
    if document == "journal":
        assert official(newer[0]) | everywhere == {row["id"] for row in own if row["in_newer_file"] == "yes"}
    else:
        assert newer == []


def official(rules: RuleSet) -> set[str]:
    """A set's rules, but for those with ids of ours."""
    return {rule for rule in rules.ids if "." not in rule}


@pytest.mark.parametrize(
    "rules", {id(rules): rules for sets in RULE_SETS.values() for rules in sets}.values(), ids=lambda rules: rules.name
)
def test_no_id_is_given_twice(rules: RuleSet) -> None:
    assert len(rules.ids) == len(set(rules.ids))


@pytest.mark.parametrize("module", [texts, entry_texts])
def test_every_text_is_in_both_languages_with_the_same_values(module: object) -> None:
    said = [value for value in vars(module).values() if isinstance(value, texts.Said)]
    assert said
    for one in said:
        turkish, english = one.message.tr, one.message.en
        assert turkish != english
        assert {part.split("}")[0] for part in turkish.split("{")[1:]} == {
            part.split("}")[0] for part in english.split("{")[1:]
        }
        assert one.cure.tr
        assert one.cure.en


def test_a_later_set_holds_from_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    [present] = RULE_SETS[DocumentKind.LEDGER]
    later = replace(present, since=date(2027, 1, 1))
    monkeypatch.setitem(RULE_SETS, DocumentKind.LEDGER, (present, later))
    assert rule_set(DocumentKind.LEDGER, "2026-12-31") is present
    assert rule_set(DocumentKind.LEDGER, "2027-01-01") is later
    assert rule_set(DocumentKind.LEDGER, "1999-01-01") is present
    assert rule_set(DocumentKind.LEDGER, None) is later
    assert (present.name, later.name) == ("ledger/2020-01-01", "ledger/2027-01-01")


def test_journals_are_checked_by_both_files_until_the_newer_ones_day_is_told() -> None:
    either = rule_set(DocumentKind.JOURNAL, "2025-01-01")
    assert either is rule_set(DocumentKind.JOURNAL, None) is rule_set(DocumentKind.JOURNAL, "2019-01-01")
    assert official(either) == {rule for rules in RULE_SETS[DocumentKind.JOURNAL] for rule in official(rules)}
    assert either.name == "journal/2020-01-01/both"


def test_the_day_of_the_newer_file_can_be_told() -> None:
    older, newer = RULE_SETS[DocumentKind.JOURNAL]
    since = date(2026, 7, 1)
    assert rule_set(DocumentKind.JOURNAL, "2026-06-30", since) is older
    told = rule_set(DocumentKind.JOURNAL, "2026-07-01", since)
    assert told.ids == newer.ids
    assert told.name == "journal/2026-07-01"
