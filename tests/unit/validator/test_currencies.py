"""The currencies that the rules let through."""

import pytest

from defterhane.edefter.currencies import CURRENCIES
from validator.currencies import CURRENCY_LIST, is_currency, may_be_currency


def test_the_rules_know_what_exports_may_say_but_the_youngest() -> None:
    assert {code for code in CURRENCIES if not is_currency(code)} == {"XCG", "ZWG"}
    assert len(CURRENCY_LIST) == 4 * (len(CURRENCIES) - 2) + 1


@pytest.mark.parametrize("code", ["TRL", "", "TR", "TRY ", "try"])
def test_nothing_else_is_a_currency(code: str) -> None:
    assert not is_currency(code)


def test_an_id_may_lie_anywhere_in_the_list() -> None:
    assert may_be_currency("TRY")
    assert may_be_currency("RY,TT")
    assert not may_be_currency("TRL")
