"""How messages show the values that they name."""

from decimal import Decimal

import pytest

from defterhane.texts import Text
from validator.kinds import RULE_SETS
from validator.labels import LABELS, label
from validator.shown import amount_text, as_it_stands
from validator.texts import MAKER, say


@pytest.mark.parametrize(
    ("how", "value", "tr", "en"),
    [
        ("amount", "1234567.80", "1.234.567,80", "1,234,567.80"),
        ("amount", "-0.01", "-0,01", "-0.01"),
        ("amount", "", "–", "–"),
        ("amount", "1200.0", "1200.0", "1200.0"),
        ("amount", "-0.00", "-0.00", "-0.00"),
        ("amount", "01.00", "01.00", "01.00"),
        ("amount", "bin", "bin", "bin"),
        ("amount", "9" * 30 + ".00", "9" * 30 + ".00", "9" * 30 + ".00"),
        ("day", "2025-01-03", "03.01.2025", "2025-01-03"),
        ("day", " 2025-01-03", " 2025-01-03", " 2025-01-03"),
        ("day", "", "–", "–"),
        ("count", "0", "hiç yok", "there is none"),
        ("count", "1", "1 tane var", "there is 1"),
        ("count", "12", "12 tane var", "there are 12"),
        ("", "{value!r:>9}", "{value!r:>9}", "{value!r:>9}"),
    ],
)
def test_values_are_written_as_each_language_does(how: str, value: str, tr: str, en: str) -> None:
    said = say(f"'{{value:{how}}}' bulundu.", f"'{{value:{how}}}' was found.", MAKER)
    assert said.fill({"value": value}) == Text(tr=f"'{tr}' bulundu.", en=f"'{en}' was found.")


def test_a_label_begins_a_sentence_with_a_capital_and_a_value_stays_as_it_is() -> None:
    labelled = say("{label} eksik.", "{label} is missing.", MAKER)
    assert labelled.fill({"label": Text(tr="imza", en="signature")}) == Text(
        tr="İmza eksik.", en="Signature is missing."
    )
    assert say("{value} eksik.", "{value} is missing.", MAKER).fill({"value": "a1"}).tr == "a1 eksik."


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal(0), "0.00"),
        (Decimal("150.5"), "150.50"),
        (Decimal("-1E+3"), "-1000.00"),
        (Decimal("0.30000000000000004"), "0.30000000000000004"),
        (Decimal("Infinity"), "Infinity"),
        (None, "–"),
    ],
)
def test_reckoned_amounts_look_like_those_of_documents(amount: Decimal | None, text: str) -> None:
    assert amount_text(amount) == text


def test_values_keep_the_white_space_that_may_be_wrong_with_them() -> None:
    assert as_it_stands(" NT") == " NT"
    assert as_it_stands("a\r\n\tb") == "a b"
    assert as_it_stands(" \n ") == ""
    assert len(as_it_stands("x" * 1000)) == 200


def test_every_element_that_a_rule_looks_at_has_a_name_in_plain_words() -> None:
    paths = {
        rule.check.at
        for sets in RULE_SETS.values()
        for rules in sets
        for place in rules.rules.values()
        for rule in place
        if rule.check.at
    }
    assert sorted(path for path in paths if path.rpartition("/")[2] not in LABELS) == []
    assert label("xbrli:entity/xbrli:segment/gl-cor:uniqueID") != label("gl-cor:documentInfo/gl-cor:uniqueID")
    assert label("x:y") == Text(tr="x:y", en="x:y")
