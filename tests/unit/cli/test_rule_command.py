"""`defterhane rule`: rules by their ids, and rejections traced back."""

import json

import pytest
from click.testing import Result
from typer.testing import CliRunner

from defterhane.rulebook import RULES
from defterhane_cli.main import app

SHORT_ID = "gl-cor:uniqueID elemanı 15 karakterden oluşmalıdır."


def run(*arguments: str, given: str | None = None) -> Result:
    return CliRunner().invoke(app, ["rule", *arguments], input=given)


def test_a_rule_by_its_id() -> None:
    result = run("B064", "--lang", "tr")
    assert result.exit_code == 0
    rule = RULES["B064"]
    for words in ("B064  berat · defter bilgileri", rule.demand.tr, f"→ {rule.cure.tr}", f"GİB: {SHORT_ID}"):
        assert words in result.stdout
    assert rule.demand.en in run("b064", "--lang", "en").stdout


def test_rules_that_say_the_same_are_shown_as_one() -> None:
    result = run("Y032", "K035", "B064", "Y030", "--lang", "en")
    assert result.stdout.startswith("Y032, K035, B064  journal, ledger, berat · the ledger's own data\n")
    assert result.stdout.count("15 characters") == 1
    assert "\nY030  journal" in result.stdout


@pytest.mark.parametrize("rule_id", ["counter.line_gap", "xsd", "report.B064", "N002", "agreement.size"])
def test_rules_of_ours_and_of_the_newer_file(rule_id: str) -> None:
    result = run(rule_id, "--json", "--lang", "en")
    assert result.exit_code == 0
    (found,) = json.loads(result.stdout)
    assert found["rule"].lower() == rule_id.lower()
    assert (found["official"] is not None) == (rule_id == "N002")
    assert found["applies"] == ("newer" if rule_id == "N002" else "always")
    assert set(found) == {"rule", "document", "applies", "where", "demand", "cure", "official"}


def test_a_rejection_is_traced() -> None:
    result = run(f"Paket işlenirken hata oluştu. Hata : {SHORT_ID}", "--json")
    assert result.exit_code == 0
    assert [found["rule"] for found in json.loads(result.stdout)] == ["Y032", "K035", "B064"]
    assert run(*SHORT_ID.split(), "--json").stdout == result.stdout


def test_a_rejection_from_standard_input() -> None:
    quoted = 'gl-bus:measurableUnitOfMeasure elemanının değeri "Adet" olmalıdır.'
    result = run("-", "--json", given=f"{quoted}\n")
    assert [found["rule"] for found in json.loads(result.stdout)] == ["Y124", "K120"]


def test_a_text_that_quotes_no_rule() -> None:
    result = run("Sistem meşgul.", "--lang", "en")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "This text quotes no known rule of GİB's." in result.stderr
    nothing = run("Sistem meşgul.", "--json")
    assert (nothing.exit_code, json.loads(nothing.stdout)) == (1, [])


@pytest.mark.parametrize("rule_id", ["Y999", "counter.nothing", "report.Y030"])
def test_a_rule_that_is_not_there(rule_id: str) -> None:
    result = run("Y001", rule_id, "--lang", "en")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert f"There is no rule {rule_id}." in result.stderr
