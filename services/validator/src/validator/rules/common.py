"""Rules that journal, ledger and berat share: signature and XBRL frame. See also `rules.info`, `.entity`, `.lines`."""

import re
from typing import Final

from validator import texts
from validator.currencies import ISO, is_currency, is_of_iso_4217, may_be_currency
from validator.entry_texts import ATTACHMENT_FORBIDDEN
from validator.facts import Facts
from validator.node import Node, normalize, one_of
from validator.rules.model import Check, Row, Rule, required
from validator.texts import BLANK, MAKER, SIGN, Said

_ID_NUMBER = re.compile(r"[0-9]{10,11}")
_SIGNED_PROPERTIES = "ds:Object/xades:QualifyingProperties/xades:SignedProperties/xades:SignedSignatureProperties"


def _own_references(signature: Node) -> int:
    """How many references there are to the whole document."""
    return sum(reference.get("URI") == "" for reference in signature.all("ds:SignedInfo/ds:Reference"))


def _own_references_told(signature: Node, _: Facts) -> str:
    return str(_own_references(signature))


def _refers_to_document_once(signature: Node, _: Facts) -> bool:
    return _own_references(signature) == 1


def _algorithm(signature: Node, _: Facts) -> str:
    """The signature's algorithm. Raises Undecidable where there are several."""
    methods = (method.get("Algorithm") for method in signature.all("ds:SignedInfo/ds:SignatureMethod"))
    return one_of([algorithm for algorithm in methods if algorithm is not None])


def _is_not_sha1(signature: Node, facts: Facts) -> bool:
    return not _algorithm(signature, facts).endswith("sha1")


SIGNATURE: Final = (
    Row("Y006", "K007", "B010", required("ds:SignedInfo/ds:Reference/ds:Transforms", SIGN)),
    Row("Y007", "K008", "B011", required("ds:KeyInfo", SIGN)),
    Row("Y008", "K009", "B012", required("ds:KeyInfo/ds:X509Data", SIGN, within="ds:KeyInfo")),
    Row("Y009", "K010", "B013", required("ds:Object", SIGN)),
    Row("Y010", "K011", "B014", required(f"{_SIGNED_PROPERTIES}/xades:SigningTime", SIGN, within="ds:Object")),
    Row(
        "Y011",
        "K012",
        "B015",
        required(f"{_SIGNED_PROPERTIES}/xades:SigningCertificate", SIGN, within="ds:Object"),
    ),
    Row(
        "Y012",
        "K013",
        "B016",
        Check(_refers_to_document_once, texts.SIGNATURE_REFERENCE, "ds:SignedInfo", value=_own_references_told),
    ),
    Row(
        "Y013",
        "K014",
        "B017",
        Check(_is_not_sha1, texts.SIGNATURE_SHA1, "ds:SignedInfo/ds:SignatureMethod", value=_algorithm),
    ),
)
X509_DATA: Final = (Row("Y014", "K015", "B018", required("ds:X509Certificate", SIGN)),)
X509_SUBJECT: Final = (
    Row("Y015", "K016", "B019", Check(lambda node, _: normalize(node.string) != "", Said(BLANK, SIGN))),
)

XBRL: Final = (
    Row(
        "Y016",
        "K017",
        "B020",
        Check(lambda _, facts: facts.contexts == 1, texts.ONE_CONTEXT, value=lambda _, facts: str(facts.contexts)),
    ),
    Row(
        "Y017",
        "K018",
        "B021",
        Check(lambda _, facts: facts.units >= 1, Said(texts.MISSING, MAKER), "xbrli:unit"),
    ),
    Row(
        "Y018",
        "K019",
        "B022",
        Check(
            lambda _, facts: facts.accounting_entries == 1,
            texts.ONE_ACCOUNTING_ENTRIES,
            value=lambda _, facts: str(facts.accounting_entries),
        ),
    ),
    Row(
        "Y019",
        "K020",
        "B023",
        Check(lambda _, facts: facts.measures >= 1, Said(texts.MISSING, MAKER), "xbrli:unit/xbrli:measure"),
    ),
    Row(
        "Y020",
        None,
        None,
        Check(lambda _, facts: facts.currency_measures >= 1, texts.CURRENCY_MEASURE_MISSING),
    ),
)
ONE_CURRENCY: Final = Rule(
    "currency.units",
    Check(
        lambda _, facts: facts.currency_units <= 1,
        texts.ONE_CURRENCY,
        value=lambda _, facts: str(facts.currency_units),
    ),
)
"""A strict duty of ours: one unit at most whose id is a currency's code, as the message of Y023, K023, B026 has it."""
IDENTIFIER: Final = (
    Row(
        "Y021",
        "K021",
        "B024",
        Check(lambda node, _: _ID_NUMBER.fullmatch(normalize(node.string)), texts.IDENTIFIER),
    ),
)


_MEASURE_PATH = "xbrli:measure"


# At Place.MEASURE the node is an xbrli:unit with one measure in it.


def _id_of(unit: Node) -> str:
    """@id; without one, contains(list, ()) is contains(list, ''), which is true."""
    return unit.get("id") or ""


def _measure_of(unit: Node) -> str:
    return unit.only(_MEASURE_PATH)


def _currency_is_known(unit: Node, _: Facts) -> bool:
    measure = _measure_of(unit)
    return not is_of_iso_4217(measure) or is_currency(measure[len(ISO) :])


def _measure_by_id(unit: Node, _: Facts) -> str:
    return ISO + _id_of(unit)


def _currency_is_the_units(unit: Node, facts: Facts) -> bool:
    return not may_be_currency(_id_of(unit)) or _measure_of(unit) == _measure_by_id(unit, facts)


def _currency_is_the_books(unit: Node, facts: Facts) -> bool:
    measure = _measure_of(unit)
    concerned = may_be_currency(_id_of(unit)) and measure == ISO + _id_of(unit)
    currencies = facts.globals.currencies
    return not concerned or not currencies or measure in currencies


MEASURE: Final = (
    Row("Y022", "K022", "B025", Check(_currency_is_known, texts.CURRENCY_UNKNOWN, _MEASURE_PATH)),
    # GİB's own test counts the one parent of a measure and can never fail; `currency.units` keeps what it means.
    Row("Y023", "K023", "B026", Check(lambda _unit, _facts: True, texts.ONE_CURRENCY, _MEASURE_PATH)),
    Row(
        "Y024",
        "K024",
        "B027",
        Check(_currency_is_the_units, texts.CURRENCY_AND_ID, _MEASURE_PATH, expected=_measure_by_id),
    ),
    Row(
        "Y025",
        "K025",
        "B028",
        Check(
            _currency_is_the_books,
            texts.CURRENCY_AND_DEFAULT,
            _MEASURE_PATH,
            expected=lambda _, facts: facts.default_currency or "",
        ),
    ),
)

ACCOUNTING_ENTRIES: Final = (
    Row(
        "Y026",
        "K026",
        "B029",
        Check(lambda _, facts: facts.document_infos > 0, Said(texts.MISSING, MAKER), "gl-cor:documentInfo"),
    ),
    Row(
        "Y027",
        "K027",
        "B030",
        Check(
            lambda _, facts: facts.entity_informations > 0,
            Said(texts.MISSING, MAKER),
            "gl-cor:entityInformation",
        ),
    ),
)

_ENTRIES, _SEGMENT_ID = "xbrli:segment/gl-bus:numberOfEntries", "xbrli:segment/gl-cor:uniqueID"

SEGMENT: Final = (
    Row(
        "Y003", "K003", None, Check(lambda node, _: not node.has(_ENTRIES), texts.NUMBER_OF_ENTRIES_FORBIDDEN, _ENTRIES)
    ),
    Row(
        "Y004", "K004", None, Check(lambda node, _: not node.has(_SEGMENT_ID), texts.SEGMENT_ID_FORBIDDEN, _SEGMENT_ID)
    ),
)
ROOT: Final = (
    Row(
        "Y005",
        "K005",
        None,
        Check(lambda _, facts: not facts.signed or facts.has_signature, Said(texts.MISSING, SIGN), "ds:Signature"),
    ),
    Row(
        None,
        "K006",
        "B008",
        Check(
            lambda _, facts: facts.attachments == 0,
            ATTACHMENT_FORBIDDEN,
            value=lambda _, facts: str(facts.attachments),
        ),
    ),
)
