"""The rulebook: every rule is there in words, as the authority has it, and as the page of rules shows it."""

import ast
import csv
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from defterhane.documents import errors as xml_errors
from defterhane.documents.schema import RULE as SCHEMA_RULE
from defterhane.edefter.kinds import DocumentKind
from defterhane.rulebook import OWN_RULES, RULES, RuleText, document_of, find
from defterhane.rulebook.page import page
from validator.agreement_texts import SAID
from validator.kinds import RULE_SETS

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"
DOCUMENTS = {"Y": "journal", "N": "journal", "K": "ledger", "B": "berat"}
OWN_ID = re.compile(
    r"(?:agreement|authority|counter|currency|date|document|id|journal|name|reference|report|sequence|taxid|text|xml)\.[a-z_]+"
)


def everything() -> list[RuleText]:
    return [*RULES.values(), *OWN_RULES.values()]


def test_all_rules_are_there() -> None:
    assert len(RULES) == 354
    assert all(rule.document == DOCUMENTS[rule_id[0]] for rule_id, rule in RULES.items())
    assert all(rule.id == rule_id for book in (RULES, OWN_RULES) for rule_id, rule in book.items())
    assert all("." in rule_id or rule_id == SCHEMA_RULE for rule_id in OWN_RULES)


@pytest.mark.official
def test_rules_are_those_of_the_authority(shared_folder: Path) -> None:
    with (shared_folder / "domain" / "rules.tsv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    theirs = [(row["id"], row["document"], row["applies"], row["official_message"]) for row in rows]
    assert [(rule.id, rule.document, rule.applies, rule.official) for rule in RULES.values()] == theirs
    places: dict[tuple[str, str], str] = {}
    for row in rows:  # one context, one place
        place = RULES[row["id"]].place.tr
        assert places.setdefault((row["document"], row["context"]), place) == place


def test_texts_read_as_sentences_of_our_own() -> None:
    for rule in everything():
        for text in (rule.demand, rule.cure):
            for said in (text.tr, text.en):
                assert re.fullmatch(r"[^a-zçğıöşü{} ][^{}]{10,198}\.", said), (rule.id, said)
                assert "  " not in said, rule.id
            assert text.tr != text.en, rule.id
        assert rule.demand.tr != rule.official, rule.id
        assert rule.place.tr, rule.id
        assert rule.place.tr != rule.place.en, rule.id


def test_no_two_rules_of_a_document_demand_the_same() -> None:
    for document in set(DOCUMENTS.values()):
        demands = [rule.demand.tr for rule in RULES.values() if rule.document == document]
        assert len(demands) == len(set(demands)), document


def test_where_the_authority_says_the_same_of_several_documents_so_do_we() -> None:
    """But for what depends on the kind of document: whose totals these are, and which rules of numbers it keeps."""
    differing = set()
    for rule in RULES.values():
        others = [other for other in RULES.values() if other.official == rule.official]
        if len({other.demand for other in others}) > 1:
            differing.add(rule.id)
    assert differing == {"Y077", "K074", "Y078", "K075", "Y087", "B049"}


def test_a_berat_is_never_mended_in_the_erp() -> None:
    assert not [rule.id for rule in RULES.values() if rule.document == "berat" and "ERP" in rule.cure.en]


def test_a_report_keeps_the_berats_rules_under_ids_of_its_own() -> None:
    rule = find("report.B064")
    assert rule is not None
    assert (rule.id, rule.document, rule.official) == ("report.B064", "report", None)
    assert rule.demand == RULES["B064"].demand
    assert find("report.Y030") is None


def test_what_the_authoritys_test_passes_over_is_kept_under_an_id_of_ours() -> None:
    rule = find("strict.B053")
    assert rule is not None
    assert (rule.id, rule.document, rule.official) == ("strict.B053", "berat", None)
    assert rule.demand == RULES["B053"].demand


def test_what_is_no_rule_is_not_found() -> None:
    assert find("strict.X") is None
    assert find("B999") is None
    assert find("") is None


def test_documents_and_their_rules() -> None:
    assert [document_of(kind) for kind in DocumentKind] == ["journal", "ledger", "berat", "berat", "report"]


def uttered() -> Iterator[str]:
    """Every id that the validator can put on a finding."""
    for sets in RULE_SETS.values():
        for rules in sets:
            yield from rules.ids
    yield from SAID
    yield from (kind.key for kind in vars(xml_errors).values() if isinstance(kind, type) and hasattr(kind, "key"))
    yield SCHEMA_RULE
    spec = find_spec("validator")
    assert spec is not None
    for folder in spec.submodule_search_locations or ():
        for file in Path(folder).rglob("*.py"):
            yield from written_in(ast.parse(file.read_text(encoding="utf-8")))


def written_in(tree: ast.Module) -> Iterator[str]:
    """Ids that stand in the code; names of log lines look alike and are none."""
    logged = {
        argument
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and "log" in ast.unparse(call.func.value)
        for argument in call.args
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node not in logged and OWN_ID.fullmatch(str(node.value)):
            yield str(node.value)


def test_every_rule_that_the_validator_tells_of_is_in_the_book() -> None:
    ids = set(uttered())
    assert {"Y016", "XSD", "name.mismatch", "agreement.size", "authority.assert", "report.B058"} <= ids
    assert sorted(rule_id for rule_id in ids - {"error", "input"} if find(rule_id) is None) == []


def test_the_book_has_no_rule_that_nobody_tells_of() -> None:
    assert sorted(set(OWN_RULES) - set(uttered())) == []


def test_the_page_of_rules_is_as_kept() -> None:
    assert page() == PAGE.read_text("utf-8"), "run python -m defterhane.rulebook docs/rules.md"


def test_the_page_shows_every_rule() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert len(rows) == len(everything())
    assert all(len(re.split(r"(?<!\\)\|", row)) == 7 for row in rows)
