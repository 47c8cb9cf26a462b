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
    ours = {*rule_set(kind, None).ids, frame.DECIMALS[kind], frame.ROOT[kind]}
    official = {row["id"] for row in rows if row["document"] == document}
    assert official - ours == set()
    assert {rule for rule in ours if "." not in rule} - official == set()


@pytest.mark.parametrize("rules", {id(sets[-1]): sets[-1] for sets in RULE_SETS.values()}.values())
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
    [present] = RULE_SETS[DocumentKind.JOURNAL]
    later = replace(present, since=date(2027, 1, 1))
    monkeypatch.setitem(RULE_SETS, DocumentKind.JOURNAL, (present, later))
    assert rule_set(DocumentKind.JOURNAL, "2026-12-31") is present
    assert rule_set(DocumentKind.JOURNAL, "2027-01-01") is later
    assert rule_set(DocumentKind.JOURNAL, "1999-01-01") is present
    assert rule_set(DocumentKind.JOURNAL, None) is later
