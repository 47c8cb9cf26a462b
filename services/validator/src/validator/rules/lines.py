"""Rules on gl-cor:entryDetail that journal, ledger and berat share, and on the measure in it."""

from decimal import Decimal
from typing import Final

from defterhane.texts import Text
from validator import entry_texts as texts
from validator.amounts import is_above_zero, is_amount, is_same, one_double, some_number
from validator.facts import Facts
from validator.node import Node, Undecidable, either, one_of
from validator.rules.info import not_before
from validator.rules.model import Check, Row, Tell, Test, required
from validator.shown import amount_text
from validator.texts import ERP, NUMBERS, Said

_ACCOUNT = "gl-cor:account"
_MAIN_ID = f"{_ACCOUNT}/gl-cor:accountMainID"
_SUB = f"{_ACCOUNT}/gl-cor:accountSub"
_SUB_ID = f"{_SUB}/gl-cor:accountSubID"
_AMOUNT, _TYPE = "gl-cor:amount", "gl-cor:documentType"
_NUMBER, _DATE = "gl-cor:documentNumber", "gl-cor:documentDate"
_MEASURE, _COST, _QUANTITY = "gl-bus:measurable", "gl-bus:measurableCostPerUnit", "gl-bus:measurableQuantity"
_MAIN_ID_LENGTHS = (3, 4)


def count(_: Node, facts: Facts) -> str:
    """How many lines the entry has."""
    return str(facts.tally.details)


def text_of(path: str) -> Tell:
    """The first text at a path."""
    return lambda node, _: node.value(path) or ""


def goes_with(one: str, other: str, said: Said) -> Check:
    """Where there is one, there is the other."""
    return Check(lambda line, _: not line.has(one) or line.has(other), said, one)


def at_most_two_decimals(path: str, said: Said = texts.DECIMALS_TWO) -> Check:
    """normalize-space() of an amount is digits, with at most two decimals; what is missing is none."""
    return Check(lambda node, _: is_amount(node.exact(path)), said, path)


def in_period(path: str) -> Test:
    """`not(day) or (day >= $periodCoveredStart and day <= $periodCoveredEnd)`, each for some of its items."""

    def test(node: Node, facts: Facts) -> bool:
        days, known = node.strings(path), facts.globals
        return not days or (not_before(days, known.starts) and not_before(known.ends, days))

    return test


def totals_match(totals: list[str], counted: Decimal | None) -> bool:
    """total = sum(…/xs:decimal(amount)), compared as xs:double.

    Raises:
        Undecidable: an amount could not be read, or a total is no number.
    """
    if counted is None:
        raise Undecidable
    wanted = float(counted)
    return some_number(totals, lambda total: is_same(total, wanted))


def _normal_each(line: Node, path: str) -> list[str]:
    """account/normalize-space(path): one string for each account of a line."""
    return [account.exact(path) for account in line.all(_ACCOUNT)]


def _main_id_length(line: Node, _: Facts) -> bool:
    return not line.has(_MAIN_ID) or len(one_of(_normal_each(line, "gl-cor:accountMainID"))) in _MAIN_ID_LENGTHS


def _sub_begins_with_main(line: Node, _: Facts) -> bool:
    """`not($main) or not($sub) or starts-with($sub, $main)`: the truth of several strings is an error too."""

    def main_id() -> str:
        return one_of(_normal_each(line, "gl-cor:accountMainID"))

    def sub_id() -> str:
        return one_of(_normal_each(line, "gl-cor:accountSub/gl-cor:accountSubID"))

    return either(lambda: not main_id(), lambda: not sub_id(), lambda: sub_id().startswith(main_id()))


def _amount_is_positive(line: Node, _: Facts) -> bool:
    return not line.has(_AMOUNT) or some_number(line.strings(_AMOUNT), is_above_zero)


def _currency_of_books(line: Node, facts: Facts) -> bool:
    return not line.has("gl-muc:amountCurrency") or len(facts.globals.currencies) > 0


def _is_described(line: Node, _: Facts) -> bool:
    return either(lambda: line.exact(_TYPE) != "other", lambda: line.exact("gl-cor:documentTypeDescription") != "")


def _missing_of_document(line: Node, _: Facts) -> Text:
    if line.has(_DATE):
        return texts.DOCUMENT_NUMBER
    return texts.DOCUMENT_BOTH if line.normal(_NUMBER) == "" else texts.DOCUMENT_DATE


def _is_numbered(kind: str) -> Check:
    def test(line: Node, _: Facts) -> bool:
        return either(lambda: line.exact(_TYPE) != kind, lambda: line.has(_DATE) and line.exact(_NUMBER) != "")

    return Check(test, texts.DOCUMENT_INCOMPLETE, _TYPE, expected=_missing_of_document)


DETAIL: Final = (
    Row("Y086", "K085", "B048", required("gl-cor:lineNumber", NUMBERS)),
    Row("Y088", "K086", None, required("gl-cor:lineNumberCounter", NUMBERS)),
    Row("Y090", "K088", "B050", required(_ACCOUNT, ERP)),
    Row("Y091", "K089", "B051", Check(_main_id_length, texts.MAIN_ID_LENGTH, _MAIN_ID)),
    Row("Y092", "K090", "B052", required(f"{_ACCOUNT}/gl-cor:accountMainDescription", ERP, within=_ACCOUNT)),
    Row("Y093", "K091", None, required(_SUB_ID, ERP, within=_SUB)),
    Row("Y094", "K092", None, required(f"{_SUB}/gl-cor:accountSubDescription", ERP, within=_SUB)),
    Row("Y095", "K093", None, Check(_sub_begins_with_main, texts.SUB_ID_PREFIX, _SUB_ID, expected=text_of(_MAIN_ID))),
    Row("Y096", "K094", "B053", required(_AMOUNT, ERP)),
    Row("Y097", "K095", None, Check(_amount_is_positive, texts.AMOUNT_POSITIVE, _AMOUNT)),
    Row(
        "Y098",
        "K096",
        None,
        Check(_currency_of_books, texts.DEFAULT_CURRENCY_MISSING, "gl-muc:amountCurrency"),
    ),
    Row(
        "Y099",
        "K097",
        None,
        goes_with("gl-muc:amountOriginalAmount", "gl-muc:amountOriginalExchangeRateDate", texts.RATE_DATE_MISSING),
    ),
    Row(
        "Y100",
        "K098",
        None,
        goes_with("gl-muc:amountOriginalAmount", "gl-muc:amountOriginalCurrency", texts.ORIGINAL_CURRENCY_MISSING),
    ),
    Row(
        "Y101",
        "K099",
        None,
        goes_with("gl-muc:amountOriginalCurrency", "gl-muc:amountOriginalExchangeRate", texts.RATE_MISSING),
    ),
    Row("Y102", "K100", "B054", required("gl-cor:debitCreditCode", ERP)),
    Row("Y103", "K101", None, required("gl-cor:postingDate", ERP)),
    Row("Y105", "K103", None, Check(_is_described, texts.OTHER_UNDESCRIBED, _TYPE)),
    Row("Y106", "K104", None, _is_numbered("other")),
    Row("Y107", "K105", None, _is_numbered("invoice")),
    Row("Y108", "K106", None, _is_numbered("check")),
    Row("Y109", "K107", None, goes_with(_NUMBER, _TYPE, texts.DOCUMENT_NUMBER_WITHOUT_TYPE)),
    Row("Y110", "K108", None, goes_with(_DATE, _TYPE, texts.DOCUMENT_DATE_WITHOUT_TYPE)),
    Row(
        "Y113",
        "K109",
        None,
        Check(
            lambda line, _: len(line.all(_MEASURE)) < 2,
            texts.ONE_MEASURABLE,
            _MEASURE,
            value=lambda line, _: str(len(line.all(_MEASURE))),
        ),
    ),
    Row("Y114", "K110", "B057", at_most_two_decimals(_AMOUNT)),
)


def _is_exactly(name: str, expected: str) -> Check:
    return Check(
        lambda measure, _: expected in measure.strings(name),
        texts.MEASURABLE_VALUE,
        name,
        expected=lambda *_: expected,
    )


def _amounts(facts: Facts) -> list[str]:
    return facts.detail.strings(_AMOUNT) if facts.detail is not None else []


def _price(measure: Node) -> float | None:
    """cost * quantity, as xs:double: 3 times 0.10 is not 0.30."""
    cost, quantity = one_double(measure.strings(_COST)), one_double(measure.strings(_QUANTITY))
    return None if cost is None or quantity is None else cost * quantity


def _price_is_amount(measure: Node, facts: Facts) -> bool:
    """amount = cost * quantity."""
    price = _price(measure)
    return price is not None and some_number(_amounts(facts), lambda amount: is_same(amount, price))


def _amount_told(_: Node, facts: Facts) -> str:
    return next(iter(_amounts(facts)), "")


def _price_told(measure: Node, _: Facts) -> str:
    price = _price(measure)
    return amount_text(None if price is None else Decimal(repr(price)))


MEASURABLE: Final = (
    Row("Y115", "K111", None, required("gl-bus:measurableCode", ERP)),
    Row("Y116", "K112", None, required("gl-bus:measurableCodeDescription", ERP)),
    Row("Y117", "K113", None, required(_QUANTITY, ERP)),
    Row("Y118", "K114", None, required("gl-bus:measurableQualifier", ERP)),
    Row("Y119", "K115", None, required("gl-bus:measurableUnitOfMeasure", ERP)),
    Row("Y120", "K116", None, required(_COST, ERP)),
    Row("Y121", "K117", None, _is_exactly("gl-bus:measurableCode", "NT")),
    Row("Y122", "K118", None, _is_exactly("gl-bus:measurableCodeDescription", "Maddi Olmayan Kalemler")),
    Row("Y123", "K119", None, _is_exactly("gl-bus:measurableQualifier", "Fon")),
    Row("Y124", "K120", None, _is_exactly("gl-bus:measurableUnitOfMeasure", "Adet")),
    Row(
        "Y125", "K121", None, Check(_price_is_amount, texts.MEASURABLE_AMOUNT, value=_amount_told, expected=_price_told)
    ),
)
