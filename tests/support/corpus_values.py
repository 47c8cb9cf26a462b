"""Values at, before and past every bound, for each kind of text that a document has."""

from collections.abc import Iterator
from typing import Final

from lxml import etree

AMOUNTS: Final = (
    "0",
    "0.00",
    "-0.00",
    "-1.00",
    "0.01",
    "0.001",
    "100.005",
    "100.000",
    "+100.00",
    "100.",
    ".50",
    "0100.00",
    "1e3",
    "1E-2",
    "INF",
    "-INF",
    "NaN",
    "100,00",
    "1.000.00",
    "1 000.00",
    " 100.00",
    "100.00\n",
    "\u00a0100.00",
    "\u0661\u0660\u0660.00",
    "\uff11\uff10\uff10",
    "1_000",
    "0x10",
    "bin lira",
    " ",
    "99999999999999999999999.99",
    "--1",
)
COUNTERS: Final = (
    "0",
    "-1",
    "1",
    "100",
    "101.0",
    "101.50",
    "0101",
    " 101 ",
    "+101",
    "1e2",
    "NaN",
    "INF",
    "\u0661\u0660\u0661",
    "\u00a0101",
    "x",
    " ",
    "99999",
    "9" * 40,
)
DATES: Final = (
    "2025-02-28",
    "2025-03-01",
    "2025-03-31",
    "2025-04-01",
    "2025-04-02",
    "2025-04-03",
    "2024-03-15",
    "2025-3-05",
    "2025-02-30",
    "2025-03-05Z",
    "2025-03-05+03:00",
    "2025-03-05T00:00:00",
    "2025-03-31T23:59:59",
    "05.03.2025",
    " 2025-03-05 ",
    "2025-03-31 ",
    "12025-03-05",
    "-2025-03-05",
    "2025-03",
    "0000-00-00",
    "\u0662\u0660\u0662\u0665-03-05",
    "2025\u201303\u201305",
    " ",
    "x",
)
TEXTS: Final = (
    " ",
    "A",
    " A ",
    "A B",
    "\u00a0",
    "\u00a0\u00a0\u00a0",
    "\u200b",
    "\u0085",
    "\u009fA\u0080",
    "\ttab\nline\r",
    "x" * 3000,
    "\U0001f4d2",
    "<&>\"']]>",
    "I\u0307\u0131\u015f\u011e",
)
QNAMES: Final = (
    "iso4217:USD",
    "iso4217:TRL",
    "iso4217:try",
    "iso4217:",
    "TRY",
    " iso4217:TRY ",
    "none:TRY",
    "a:b:c",
    " ",
)
CODES: Final = {
    "entriesType": ("journal", "ledger", "trialbalance", "Journal", " journal ", "journal ledger", "assets", " "),
    "debitCreditCode": ("D", "C", "debit", "credit", "d", "c", "B", "A", " D ", "C ", "Debit", " "),
    "documentType": ("other", "invoice", "check", "receipt", "Invoice", "other ", "cheque", "fatura", " "),
    "qualifierEntry": ("other", "Standard", " standard ", "balance-brought-forward", " "),
    "xbrlInclude": ("ending_balance", "beginning_balance", "Period_Change", " period_change ", " "),
    "measurableCode": ("FA", "nt", " NT ", "NT-1", " "),
    "measurableCodeDescription": ("Maddi olmayan kalemler", "Maddi Olmayan Kalemler ", " "),
    "measurableQualifier": ("fon", " Fon", "FON", " "),
    "measurableUnitOfMeasure": ("ADET", "Adet ", "kg", " "),
    "phoneNumberDescription": ("Main", "home", " main ", " "),
    "measure": (
        "iso4217:USD",
        "iso4217:TRL",
        "iso4217:XAU",
        " iso4217:TRY",
        "iso4217:TRY ",
        "ISO4217:TRY",
        "TRY",
        "pure",
        " ",
    ),
    "identifier": (
        "481726350",
        "48172635041",
        "481726350412",
        "4817263505",
        "481726350A",
        " 4817263504 ",
        "\u0664817263504",
        "\u00a04817263504",
        "4817 263504",
        "10000000146",
        "10000000147",
        "0000000000",
        " ",
    ),
    "identifierAuthorityCode": ("VERGI_DETAYLI", "vergi_detaysiz", " VERGI_DETAYSIZ ", " "),
    "numberOfEntries": ("0", "-1", "7", "9", "8.0", "1e1", "x", " 8 ", " "),
    "organizationDescription": (
        "Kurum Unvani",
        "kurum unvanı",
        " Kurum Unvanı ",
        "Adı Soyadı",
        "Şube No",
        "Şube Adı",
        " ",
    ),
    "accountMainID": (
        "10",
        "1000",
        "10000",
        "100 ",
        " 100 ",
        "\u0661\u0660\u0660",
        "ABC",
        "391.0",
        "0391",
        "602",
        "099",
        " ",
    ),
    "accountSubID": ("100", "100.01", "600.01", "153", "153.01", " 153.01 ", "15.301", "\u00a0153.01", " "),
    "SigningTime": ("2025-04-03", "x", "2025-04-03T10:00:00", " "),
    "X509SubjectName": ("A", "\u00a0", " "),
    "SignatureValue": ("A", "====", "QUJD REVG", " "),
    "binaryObject": ("*", "QQ==", "Q Q = =", "A", " "),
    "instant": ("2025-04-31", "2025-04-02T00:00:00", "2025-03-01", " "),
    "documentApplyToNumber": ("-1", "1.5", "\u0661", "x", " ", "007"),
}
"""By name, where an element has values of its own."""
_AMOUNT_NAMES: Final = frozenset(
    [
        "amount",
        "totalDebit",
        "totalCredit",
        "amountOriginalAmount",
        "amountOriginalExchangeRate",
        "measurableQuantity",
        "measurableCostPerUnit",
    ]
)
_COUNTER_NAMES: Final = frozenset({"entryNumberCounter", "lineNumberCounter", "lineNumber"})
_QNAME_NAMES: Final = frozenset({"language", "defaultCurrency", "amountOriginalCurrency"})
_FEW_TEXTS: Final = 4


def values_for(element: etree._Element, turn: int) -> Iterator[str]:
    """The values to try in a leaf; of the long list for plain texts those whose turn it is."""
    name, text = etree.QName(element).localname, element.text or ""
    if name == "uniqueID":
        wanted = _uuids(text) if "-" in text else _unique_ids(text[:3])
    elif name in CODES:
        wanted = CODES[name]
    elif name in _AMOUNT_NAMES:
        wanted = AMOUNTS
    elif name in _COUNTER_NAMES:
        wanted = (*COUNTERS, *_neighbours(text))
    elif name in _QNAME_NAMES:
        wanted = QNAMES
    elif "Date" in name or name.startswith(("periodCovered", "fiscalYear")) or name == "postingDate":
        wanted = DATES
    else:
        wanted = tuple(TEXTS[(turn + step) % len(TEXTS)] for step in range(_FEW_TEXTS))
    yield from (value for value in wanted if value != text)


def _neighbours(text: str) -> tuple[str, ...]:
    number = int(text)
    return tuple(str(number + step) for step in (-2, -1, 1, 2))


def _unique_ids(prefix: str) -> tuple[str, ...]:
    return (
        f"{prefix}20250300003",
        f"{prefix}2025030000003",
        f"{prefix}202502000003",
        f"{prefix}202504000003",
        f"{prefix}000003202503",
        f"{prefix.lower()}202503000003",
        "XXX202503000003",
        f" {prefix}202503000003 ",
        f"{prefix}202503 00003",
        f"{prefix}20250300000\u0663",
        f"\u00a0{prefix}20250300000",
        prefix,
        " ",
    )


def _uuids(text: str) -> tuple[str, ...]:
    return (
        text[:-1],
        f"{text}0",
        text.upper(),
        f" {text}",
        text.replace("-", ""),
        text.replace("6", "g"),
        f"\u0666{text[1:]}",
        " ",
    )
