"""Rules on gl-cor:documentInfo."""

from collections.abc import Iterable, Sequence
from typing import Final

from validator import texts
from validator.facts import Facts
from validator.node import Node
from validator.rules.model import Check, Row, Test, filled, required
from validator.texts import MAKER

_ID, _TYPE = "gl-cor:uniqueID", "gl-cor:entriesType"
_START, _END, _CREATED = "gl-cor:periodCoveredStart", "gl-cor:periodCoveredEnd", "gl-cor:creationDate"
_ID_LENGTH = 15


def not_before(later: Iterable[str], earlier: Sequence[str]) -> bool:
    """later >= earlier, as XPath 2 compares untyped sequences: some as strings; nothing is not before anything."""
    return any(one >= other for one in later for other in earlier)


def entries_type_is(kind: str) -> Check:
    """normalize-space(entriesType) is the document's."""
    return Check(lambda info, _: info.exact(_TYPE) == kind, texts.ENTRIES_TYPE, _TYPE, expected=lambda *_: kind)


def unique_id_begins(prefix: str) -> Check:
    """A uniqueID, if there is one, begins with the document's prefix."""
    return Check(
        lambda info, _: not info.has(_ID) or info.exact(_ID).startswith(prefix),
        texts.UNIQUE_ID_PREFIX,
        _ID,
        expected=lambda *_: prefix,
    )


def _in_same(first: int, last: int) -> Test:
    """Whether the period's start and end agree in those characters of YYYY-MM-DD."""

    def test(info: Node, facts: Facts) -> bool:
        return facts.globals.start[first:last] == info.only(_END)[first:last]

    return test


def _has_length(info: Node, _: Facts) -> bool:
    return not info.has(_ID) or len(info.exact(_ID)) == _ID_LENGTH


def _names_the_month(info: Node, facts: Facts) -> bool:
    return facts.globals.month in info.only(_ID)


DOCUMENT_INFO: Final = (
    Row("Y028", "K031", "B058", required(_TYPE, MAKER)),
    Row("Y030", "K033", "B061", required(_ID, MAKER)),
    Row("Y032", "K035", "B064", Check(_has_length, texts.UNIQUE_ID_LENGTH, _ID)),
    Row("Y033", "K036", "B065", required(_CREATED, MAKER)),
    Row("Y034", "K037", "B066", required(_START, MAKER)),
    Row("Y035", "K038", "B067", required(_END, MAKER)),
    Row(
        "Y036",
        "K039",
        "B068",
        Check(lambda info, _: not_before(info.strings(_END), info.strings(_START)), texts.PERIOD_ORDER, _END),
    ),
    Row(
        "Y037",
        "K040",
        "B069",
        Check(
            lambda info, _: not_before(info.strings(_CREATED), info.strings(_END)), texts.CREATED_BEFORE_END, _CREATED
        ),
    ),
    Row("Y038", "K041", "B070", filled("gl-bus:sourceApplication", MAKER)),
    Row("Y039", "K042", "B071", Check(_in_same(0, 4), texts.PERIOD_YEAR, _END)),
    Row("Y040", "K043", "B072", Check(_in_same(5, 7), texts.PERIOD_MONTH, _END)),
    Row(
        "Y041",
        "K044",
        "B073",
        Check(_names_the_month, texts.UNIQUE_ID_MONTH, _ID, expected=lambda _, facts: facts.globals.month),
    ),
)
