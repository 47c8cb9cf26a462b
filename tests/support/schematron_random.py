"""Documents spoilt at random, in several places at once: what no list of mutations thinks of."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Final

from lxml import etree

TEXTS: Final = (
    *(
        "",
        "x",
        " ",
        " 7 ",
        "\u00a05",
        "0",
        "-1",
        "1",
        "2",
        "3",
        "11",
        "12",
        "31",
        "32",
        "391",
        "391.0",
        "1000",
        "10000",
    ),
    *("INF", "+INF", "NaN", "-0.00", "1e1", ".5", "5.", "0.00", "0.1", "0.30", "1.10", "100.00", "100.005", "5000.0"),
    *("99999999999999999999", "9007199254740993", "9007199254740992.00", "2025-03-01", "2025-03-31", "2025-04-01"),
    *("journal", "ledger", "standard", "period_change", "D", "C", "debit", "credit", "VERGI_DETAYSIZ", "NT", "Fon"),
    *("other", "invoice", "check", "receipt", "iso4217:TRY", "iso4217:XXY", "0001", "4817263504", "48172635040"),
    *("Kurum Unvanı", "Adı Soyadı", "Şube No", "Şube Adı", "YEV202503000001", "KEB202503000001"),
)
"""What is odd somewhere, and right elsewhere."""
_OFTEN_NAMES: Final = """
entryHeader entryDetail lineNumber lineNumberCounter entryNumberCounter enteredDate entryNumber account accountMainID
accountSub accountSubID amount debitCreditCode postingDate totalDebit totalCredit documentInfo periodCoveredStart
periodCoveredEnd identifier qualifierEntry documentType documentNumber documentReference measurableQuantity
measurableCostPerUnit
"""
_OFTEN: Final = frozenset(_OFTEN_NAMES.split())
"""Elements that many rules look at."""


def spoilt(data: bytes, rng: Random) -> bytes:
    """A document with one to six changes: elements dropped, doubled, moved, renamed, filled; other texts."""
    root = etree.fromstring(data)
    for _ in range(rng.choice((1, 2, 2, 3, 4, 6))):
        elements = [element for element in root.iter() if isinstance(element.tag, str)]
        if rng.random() < 0.5:
            often = [element for element in elements if etree.QName(element).localname in _OFTEN]
            element = rng.choice(often or elements)
        else:
            element = rng.choice(elements)
        rng.choice(_CHANGES)(element, rng.choice(elements), rng)
    return etree.tostring(root.getroottree(), encoding="UTF-8")


# Changes of one element; the other one is any element of the document.


def _drop(element: etree._Element, _: etree._Element, __: Random) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _double(element: etree._Element, _: etree._Element, rng: Random) -> None:
    copy = deepcopy(element)
    if len(copy) == 0 and rng.random() < 0.5:
        copy.text = rng.choice(TEXTS)
    _put(copy, element, rng)


def _double_elsewhere(element: etree._Element, other: etree._Element, rng: Random) -> None:
    _put(deepcopy(element), other, rng)


def _move(element: etree._Element, other: etree._Element, rng: Random) -> None:
    if element not in (other, *other.iterancestors()):
        _put(element, other, rng)


def _move_into(element: etree._Element, other: etree._Element, rng: Random) -> None:
    if element not in (other, *other.iterancestors()):
        element.tail = None
        other.insert(0 if rng.random() < 0.5 else len(other), element)


def _say(element: etree._Element, _: etree._Element, rng: Random) -> None:
    leaves = [leaf for leaf in element.iter() if isinstance(leaf.tag, str) and len(leaf) == 0]
    if leaves:
        rng.choice(leaves).text = rng.choice(TEXTS)


def _rename(element: etree._Element, other: etree._Element, _: Random) -> None:
    if element.getparent() is not None and other.getparent() is not None:
        element.tag = other.tag


def _fill(element: etree._Element, other: etree._Element, _: Random) -> None:
    if len(other) == 0:
        element.append(deepcopy(other))


def _comment(element: etree._Element, _: etree._Element, __: Random) -> None:
    element.insert(0, etree.Comment("c"))


def _mark(element: etree._Element, _: etree._Element, rng: Random) -> None:
    element.set("decimals", rng.choice(("INF", "2", " INF")))


def _put(element: etree._Element, place: etree._Element, rng: Random) -> None:
    if place.getparent() is not None:
        element.tail = None
        (place.addnext if rng.random() < 0.5 else place.addprevious)(element)


_CHANGES: Final[tuple[Callable[[etree._Element, etree._Element, Random], None], ...]] = (
    *(_say, _say, _say, _say),
    *(_drop, _double, _double_elsewhere, _move, _move_into, _rename, _fill, _comment, _mark),
)
