"""Amounts, dates and texts as exports write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from converter.reading.amounts import AmountProblem, Amounts
from converter.reading.clean import clean, is_clean
from converter.reading.dates import read_date
from defterhane.edefter.money import format_kurus


@pytest.mark.parametrize(
    ("text", "kurus"),
    [
        ("1000", 100_000),
        ("0", 0),
        ("1000.50", 100_050),
        ("1000,50", 100_050),
        ("1000.5", 100_050),
        ("1.000,50", 100_050),
        ("1,000.50", 100_050),
        ("1.234.567,89", 123_456_789),
        ("1.234.567", 123_456_700),
        ("1 000,50", 100_050),
        ("1\u00a0000,50", 100_050),
        ("1'000.50", 100_050),
        ("-12,34", -1_234),
        ("+12,34", 1_234),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, kurus: int) -> None:
    assert Amounts().read(text) == kurus


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "amount.unreadable"),
        ("abc", "amount.unreadable"),
        ("1.00.00", "amount.unreadable"),
        ("1.000.50", "amount.unreadable"),
        ("1,0,00", "amount.unreadable"),
        ("12 TL", "amount.unreadable"),
        ("(100.00", "amount.unreadable"),
        ("١٢", "amount.unreadable"),
        ("1e5", "amount.damaged"),
        ("1,00E+15", "amount.damaged"),
        ("1000.505", "amount.too_many_decimals"),
        ("1180.0000", "amount.too_many_decimals"),
        ("1.180,005", "amount.too_many_decimals"),
        ("1,180.005", "amount.too_many_decimals"),
        ("1.000", "amount.ambiguous"),
        ("9" * 17, "amount.unreadable"),
    ],
)
def test_what_is_no_amount_is_said_to_be_none(text: str, key: str) -> None:
    with pytest.raises(AmountProblem) as caught:
        Amounts().read(text)
    assert caught.value.key == key


def test_the_decimal_mark_is_learnt_and_then_holds() -> None:
    amounts = Amounts()
    amounts.learn(["1000", "1.000", "?", "12,50", "99.99"])
    assert amounts.mark == ","
    assert amounts.read("1.000") == 100_000
    with pytest.raises(AmountProblem) as caught:
        amounts.read("1000.50")
    assert caught.value.key == "amount.unreadable"
    with pytest.raises(AmountProblem) as caught:
        amounts.read("1,000")
    assert caught.value.key == "amount.too_many_decimals"


@given(st.integers(0, 10**15), st.sampled_from([(".", ""), (",", ""), (",", "."), (".", ","), (",", " ")]))
def test_every_amount_is_read_back_to_the_kurus(kurus: int, marks: tuple[str, str]) -> None:
    decimal, group = marks
    whole, decimals = format_kurus(kurus).split(".")
    text = f"{int(whole):,}".replace(",", group) + decimal + decimals
    assert Amounts().read(text) == kurus


@given(st.text("0123456789.,-+' Ee", max_size=20))
def test_no_digit_is_lost_or_made_up(text: str) -> None:
    try:
        kurus = Amounts().read(text)
    except AmountProblem:
        return
    digits = "".join(filter(str.isdigit, text))
    assert int(digits) in (abs(kurus), abs(kurus) // 10, abs(kurus) // 100)


@pytest.mark.parametrize(
    "text",
    ["2013-01-31", "31.01.2013", "31/01/2013", "31-01-2013", "2013/01/31", "2013.1.31", "20130131",
     "2013-01-31 00:00:00", "2013-01-31T23:59:59.999", "31.01.2013 14:05"],
)  # fmt: skip
def test_dates_in_their_many_forms(text: str) -> None:
    assert read_date(text) == date(2013, 1, 31)


@pytest.mark.parametrize("text", ["", "2013-02-30", "01/13/2013", "31.01/2013", "13.1.31", "41305", "2013-01", "x"])
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_date(text)


@given(st.dates(date(1900, 1, 1)), st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%Y%m%d"]))
def test_every_date_is_read_back(day: date, form: str) -> None:
    assert read_date(day.strftime(form)) == day


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("ÇELİK\x00 VİDA\x1f", "ÇELİK VİDA"),
        ("iki\r\nsatır", "iki satır"),
        ("a\tb", "a b"),
        ("bozuk \ufffd harf", "bozuk  harf"),
        ("yalnız \ud800", "yalnız"),
        ("<b>kalın</b> ve <br/>yeni", "kalın ve  yeni"),
        ('<span style="x">Satış</span>', "Satış"),
        ("\ufeffBOM", "BOM"),
        ("\ufffe\uffff", ""),
    ],
)
def test_texts_lose_what_no_document_may_hold(text: str, left: str) -> None:
    assert clean(text) == (left, True)
    assert not is_clean(text)


@pytest.mark.parametrize(
    "text", ["ÖRNEK TEDARİK <A>", "5 < 6 & 7 > 3", "10 x 20", "%18", "  kenarlar  ", "", "<x@y.z>"]
)
def test_ordinary_texts_stay(text: str) -> None:
    assert clean(text) == (text.strip(), False)


@given(st.text())
def test_cleaned_texts_can_stand_in_xml(text: str) -> None:
    cleaned, _ = clean(text)
    element = etree.Element("a")
    element.text = cleaned  # raises for what XML cannot hold
    assert etree.fromstring(etree.tostring(element, encoding="utf-8")).text == (cleaned or None)
    assert not is_clean(text) or cleaned == text.strip()
