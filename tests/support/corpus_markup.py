"""Pieces of documents as text: `{c}` is the context's id, `{u}` the unit's."""

from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape

from support.corpus_entries import NAMES, Line

OF_COUNT = 'contextRef="{c}" unitRef="countable"'
COUNTED = 'contextRef="{c}" decimals="INF" unitRef="countable"'
ATTACHED: Final = (
    '<extensions><extension Id="ek-1"><defterek:binaryObject mimeCode="application/pdf" filename="ek.pdf">JVBERi0xLjQ='
    "</defterek:binaryObject></extension></extensions>"
)


def item(name: str, value: str) -> str:
    """One item with its context."""
    return f'<{name} contextRef="{{c}}">{escape(value)}</{name}>'


def items(told: Iterable[tuple[str, str]]) -> str:
    """Items, one after the other."""
    return "".join(item(name, value) for name, value in told)


def money(name: str, kurus: int) -> str:
    """An amount of the books."""
    amount = f"{kurus // 100}.{kurus % 100:02}"
    return f'<{name} contextRef="{{c}}" decimals="INF" unitRef="{{u}}">{amount}</{name}>'


def named(main: str, name: str, sub: str | None) -> str:
    """An account."""
    below = (("gl-cor:accountSubDescription", f"{name} {sub}"), ("gl-cor:accountSubID", sub)) if sub else ()
    return (
        "<gl-cor:account>"
        + items((("gl-cor:accountMainID", main), ("gl-cor:accountMainDescription", name)))
        + (f"<gl-cor:accountSub>{items(below)}</gl-cor:accountSub>" if below else "")
        + "</gl-cor:account>"
    )


def detail(line: Line, number: int, entry: int, day: str) -> str:
    """One line of a journal or a ledger."""
    currency, papers, tail = SHAPES[line.shape]
    return (
        "<gl-cor:entryDetail>"
        + item("gl-cor:lineNumber", str(number))
        + f"<gl-cor:lineNumberCounter {COUNTED}>{entry}</gl-cor:lineNumberCounter>"
        + named(line.main, NAMES[line.main], line.sub)
        + money("gl-cor:amount", line.kurus)
        + currency
        + items((("gl-cor:debitCreditCode", line.side), ("gl-cor:postingDate", day)))
        + papers.replace("{entry}", f"M-{entry:04}")
        + tail
        + "</gl-cor:entryDetail>"
    )


def _papers(kind: str, number: str | None, day: str | None, described: str | None = None) -> str:
    told = (
        ("gl-cor:documentType", kind),
        ("gl-cor:documentTypeDescription", described),
        ("gl-cor:documentNumber", number),
        ("gl-cor:documentReference", "{entry}"),
        ("gl-cor:documentDate", day),
    )
    return items((name, value) for name, value in told if value is not None)


_PAID = item("gl-bus:paymentMethod", "Banka")
_SAID = item("gl-cor:detailComment", "Satır açıklaması, %20")
_EURO = (
    item("gl-muc:amountOriginalExchangeRateDate", "2025-03-06")
    + '<gl-muc:amountOriginalAmount contextRef="{c}" decimals="INF" unitRef="{u}">100.00</gl-muc:amountOriginalAmount>'
    + item("gl-muc:amountOriginalCurrency", "iso4217:EUR")
    + f"<gl-muc:amountOriginalExchangeRate {COUNTED}>40.00</gl-muc:amountOriginalExchangeRate>"
)
_FUND = (
    "<gl-bus:measurable>"
    + items((("gl-bus:measurableCode", "NT"), ("gl-bus:measurableCodeDescription", "Maddi Olmayan Kalemler")))
    + f"<gl-bus:measurableQuantity {COUNTED}>4</gl-bus:measurableQuantity>"
    + items((("gl-bus:measurableQualifier", "Fon"), ("gl-bus:measurableUnitOfMeasure", "Adet")))
    + money("gl-bus:measurableCostPerUnit", 12500)
    + "</gl-bus:measurable>"
)
SHAPES: Final = {
    "plain": ("", "", _SAID),
    "invoice": ("", _papers("invoice", "DNM2025000000123", "2025-03-04"), _PAID + _SAID),
    "till": ("", _papers("other", "Z-52", "2025-03-06", "Z Raporu"), _SAID),
    "euro": (_EURO, _papers("invoice", "DNM2025000000124", "2025-03-05"), _SAID),
    "cheque": ("", _papers("check", "CEK-1907", "2025-03-10"), _SAID),
    "fund": ("", _papers("receipt", None, None), _SAID + _FUND),
    "receipt": ("", _papers("receipt", None, None), _PAID + _SAID),
}
"""Per shape: what follows the amount, the papers behind the line, and the rest."""


def standard(sums: dict[tuple[str, str], list[int]], names: dict[str, str], *, counted: bool) -> str:
    """The one entry of berat and report: each account twice, debit and credit."""
    lines = []
    for number, (main, side) in enumerate(((main, side) for main in names for side in "DC"), start=1):
        kurus = sums.get((main, side), [])
        count = item("gl-cor:documentApplyToNumber", str(len(kurus))) if counted else ""
        lines.append(
            "<gl-cor:entryDetail>"
            + item("gl-cor:lineNumber", str(number))
            + named(main, names[main], None)
            + money("gl-cor:amount", sum(kurus))
            + item("gl-cor:debitCreditCode", side)
            + count
            + f"<gl-cor:xbrlInfo>{item('gl-cor:xbrlInclude', 'period_change')}</gl-cor:xbrlInfo>"
            + "</gl-cor:entryDetail>"
        )
    qualifier = item("gl-cor:qualifierEntry", "standard")
    return f"<gl-cor:entryHeader>{qualifier}{''.join(lines)}</gl-cor:entryHeader>"


ENTITY: Final = (
    "<gl-cor:entityInformation>"
    "<gl-bus:entityPhoneNumber>"
    + items((("gl-bus:phoneNumberDescription", "main"), ("gl-bus:phoneNumber", "3120000000")))
    + "</gl-bus:entityPhoneNumber><gl-bus:entityFaxNumberStructure>"
    + item("gl-bus:entityFaxNumber", "3120000001")
    + "</gl-bus:entityFaxNumberStructure><gl-bus:entityEmailAddressStructure>"
    + item("gl-bus:entityEmailAddress", "defter@deneme.invalid")
    + "</gl-bus:entityEmailAddressStructure>{names}<gl-bus:organizationAddress>"
    + items(
        (
            ("gl-bus:organizationBuildingNumber", "7"),
            ("gl-bus:organizationAddressStreet", "DENEME SOKAK"),
            ("gl-bus:organizationAddressCity", "Bursa"),
            ("gl-bus:organizationAddressZipOrPostalCode", "16000"),
            ("gl-bus:organizationAddressCountry", "Türkiye"),
        )
    )
    + "</gl-bus:organizationAddress><gl-bus:entityWebSite>"
    + item("gl-bus:webSiteURL", "www.deneme.invalid")
    + "</gl-bus:entityWebSite>"
    + items(
        (
            ("gl-bus:businessDescription", "139200"),
            ("gl-bus:fiscalYearStart", "2025-01-01"),
            ("gl-bus:fiscalYearEnd", "2025-12-31"),
        )
    )
    + "<gl-bus:accountantInformation>"
    + item("gl-bus:accountantName", "AYŞE DENEME")
    + "<gl-bus:accountantAddress>"
    + items((("gl-bus:accountantStreet", "DENEME SOKAK"), ("gl-bus:accountantCity", "Bursa")))
    + "</gl-bus:accountantAddress>"
    + item("gl-bus:accountantEngagementTypeDescription", "SMMM Sözleşmesi, 02.01.2025, 14")
    + "</gl-bus:accountantInformation></gl-cor:entityInformation>"
)
