"""Numbers and days for readers."""

import pytest

from defterhane.figures import day, grouped, money
from defterhane.texts import Language


@pytest.mark.parametrize(
    ("kurus", "tr", "en"),
    [
        (0, "0,00", "0.00"),
        (5, "0,05", "0.05"),
        (-5, "-0,05", "-0.05"),
        (100_000, "1.000,00", "1,000.00"),
        (13_942_573, "139.425,73", "139,425.73"),
        (-123_456_789_01, "-123.456.789,01", "-123,456,789.01"),
    ],
)
def test_money(kurus: int, tr: str, en: str) -> None:
    assert (money(kurus, "tr"), money(kurus, "en")) == (tr, en)


@pytest.mark.parametrize(("language", "text"), [("tr", "-1.234.567"), ("en", "-1,234,567")])
def test_grouped(language: Language, text: str) -> None:
    assert grouped(-1_234_567, language) == text
    assert grouped(999, language) == "999"


def test_day() -> None:
    assert (day("2025-03-05", "tr"), day("2025-03-05", "en")) == ("05.03.2025", "2025-03-05")
    assert day(" 2025-03-05", "tr") == " 2025-03-05"
    assert day("mart", "tr") == "mart"
