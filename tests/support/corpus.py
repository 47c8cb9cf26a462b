"""A corpus of small documents, good and bad, for holding judges against each other.

All are well-formed; what is not is for tests/attacks/xml. The corpus is the same each time it is made, in the same
order, with names that say what has been done: `Y full/entryHeader/entryDetail/amount='1e3'`.

* good documents: of every kind, signed and not, of branches, persons, other currencies, empty parts, without tax
  detail, indented, all that the converter's golden cases have made, and the golden documents;
* each element changed in every way of `corpus_mutations`, where it stands last among its like, in part also first;
* each value at and past each bound (`corpus_values`); each attribute;
* other spellings, byte by byte (`corpus_texts`); things that stand there too often, and sequences with gaps
  (`corpus_several`);
* the golden cases of each rule (`golden_rules`).
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import Final

from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import DocumentName
from support import corpus_several, corpus_texts, golden_rules
from support.corpus_books import BRIEF, PERSON, Month, written
from support.corpus_mutations import (
    OTHERS,
    USUAL,
    CannotBe,
    Mutation,
    attribute_mutations,
    by_path,
    element_at,
)
from support.corpus_values import values_for
from support.document_changes import Change, golden, name_of

_CONVERTED: Final = Path(__file__).parents[1] / "golden" / "converter"
_BODY: Final = "entryHeader"
_SIGNATURE: Final = "Signature"
_COUNTED: Final = ("Counter", "lineNumber", "enteredDate", "amount", "accountMainID", "accountSubID")


@dataclass(frozen=True)
class _Share:
    """How much is done with the documents of one kind: most with journals, less where others have had the same."""

    usual: int
    """So many of `USUAL` are done with every element."""
    others: int
    """So many of `OTHERS`, by turns."""
    attributes: int
    """Changes of each element's attributes, by turns."""
    values: int
    """Every so manyth value is tried."""


_SHARES: Final = {
    DocumentKind.JOURNAL: _Share(usual=len(USUAL), others=3, attributes=1, values=1),
    DocumentKind.LEDGER: _Share(usual=len(USUAL), others=2, attributes=1, values=2),
    DocumentKind.JOURNAL_BERAT: _Share(usual=len(USUAL), others=2, attributes=1, values=2),
    DocumentKind.LEDGER_BERAT: _Share(usual=2, others=0, attributes=0, values=4),
    DocumentKind.REPORT: _Share(usual=3, others=1, attributes=0, values=4),
}


@dataclass(frozen=True)
class Case:
    """One document under its name."""

    name: str
    """What it is; no two cases have the same."""
    kind: DocumentKind
    """What it is meant to be, whatever has become of it."""
    file_name: str
    data: bytes


def cases() -> Iterator[Case]:
    """All documents of the corpus: some 6,500."""
    return _made(_recipes())


def sample(every: int, *, first: int = 0) -> Iterator[Case]:
    """About each `every`th document, beginning with number `first`; the others are not made at all."""
    return _made(islice(_recipes(), first, None, every))


def good() -> Iterator[Case]:
    """The documents in which nothing is wrong."""
    return _made(_good())


@dataclass(frozen=True)
class _Recipe:
    """A document that is yet to be made; `make` raises `CannotBe` where it cannot."""

    name: str
    kind: DocumentKind
    file_name: str
    make: Callable[[], bytes]


def _made(recipes: Iterator[_Recipe]) -> Iterator[Case]:
    for recipe in recipes:
        try:
            yield Case(recipe.name, recipe.kind, recipe.file_name, recipe.make())
        except CannotBe:
            continue


def _recipes() -> Iterator[_Recipe]:
    yield from _good()
    for kind in DocumentKind:
        yield from _of_elements(kind)
        yield from _of_attributes(kind)
        yield from _of_values(kind)
        yield from _of_spellings(kind)
        yield from _several(kind)
    yield from _of_rules()


def _good() -> Iterator[_Recipe]:
    for name, month in MONTHS.items():
        for kind in DocumentKind:
            if kind is DocumentKind.JOURNAL or not month.attachment:
                yield _Recipe(f"{kind} {name}", kind, month.file_name(kind), partial(month.document, kind))
    for kind in DocumentKind:
        yield _Recipe(f"{kind} golden", kind, name_of(kind), partial(golden, kind))
    for path in sorted(_CONVERTED.glob("*/made/*.xml")):
        kind = DocumentName.parse(path.name).kind
        yield _Recipe(f"{kind} converted {path.parts[-3]} {path.stem}", kind, path.name, path.read_bytes)


MONTHS: Final = {
    "full": Month(),
    "brief": Month(BRIEF),
    "signed": Month(BRIEF, signed=True),
    "branch": Month(BRIEF, branch="0003"),
    "person": Month(BRIEF, tax_id=PERSON),
    "no tax detail": Month(BRIEF, tax_detail=False),
    "lira said": Month(BRIEF, currency="TRY"),
    "euro books": Month(BRIEF, currency="EUR", unit="EUR"),
    "attached": Month(BRIEF, attachment=True),
    "attached and signed": Month(BRIEF, attachment=True, signed=True),
    "indented": Month(BRIEF, indented=True),
    "empty part": Month((), part="000002", start="2025-03-11", end="2025-03-20"),
    "first part": Month(BRIEF[:1], part="000001", end="2025-03-10"),
    "approved": Month(BRIEF, prefix="GIB-", signed=True),
    "all at once": Month(branch="9999", currency="TRY", signed=True, part="000001", indented=True),
}
"""By name."""


# What is changed


@dataclass(frozen=True)
class _Base:
    """A document with the places in it that are to be changed."""

    name: str
    kind: DocumentKind
    month: Month
    places: dict[str, int]
    """By path."""

    def element(self, place: int) -> etree._Element:
        """The element at a place, not to be changed."""
        return element_at(_tree(self.month, self.kind), place)

    def recipe(self, what: str, place: int, mutation: Mutation) -> _Recipe:
        """The document with the element at a place changed."""
        name = f"{self.kind} {self.name}/{what}"
        return _Recipe(name, self.kind, self.month.file_name(self.kind), partial(self._changed, place, mutation))

    def _changed(self, place: int, mutation: Mutation) -> bytes:
        root = deepcopy(_tree(self.month, self.kind))
        mutation(element_at(root, place))
        return written(root)


@cache
def _tree(month: Month, kind: DocumentKind) -> etree._Element:
    return month.tree(kind)


def _bases(kind: DocumentKind) -> Iterator[_Base]:
    """What is changed in every way: the lines late in a full month, the frame and signature of a brief one."""
    if kind is not DocumentKind.LEDGER_BERAT:  # its lines are its sister's
        yield _base("full", kind, Month(), _BODY)
    brief = Month(BRIEF[:1], currency="TRY", attachment=kind is DocumentKind.JOURNAL)
    places = by_path(_tree(brief, kind), last=True)
    yield _Base("brief", kind, brief, {path: at for path, at in places.items() if _BODY not in path})
    if kind in (DocumentKind.JOURNAL, DocumentKind.JOURNAL_BERAT):
        yield _base("signed", kind, replace(brief, signed=True), _SIGNATURE)


def _base(name: str, kind: DocumentKind, month: Month, part: str, *, last: bool = True) -> _Base:
    places = by_path(_tree(month, kind), last=last)
    return _Base(name, kind, month, {path: at for path, at in places.items() if part in path})


def _first_lines(kind: DocumentKind) -> _Base:
    return _base("full, first", kind, Month(), _BODY, last=False)


def _of_elements(kind: DocumentKind) -> Iterator[_Recipe]:
    share, turn = _SHARES[kind], 0
    for base in _bases(kind):
        for path, place in base.places.items():
            some = [OTHERS[(turn + step) % len(OTHERS)] for step in range(share.others)]
            turn += share.others
            for mutation in (*USUAL[: share.usual], *some):
                yield base.recipe(f"{path} {mutation.__name__}", place, mutation)
    if kind.is_ledger:
        base = _first_lines(kind)
        for path, place in base.places.items():
            for mutation in USUAL[:2]:
                yield base.recipe(f"{path} {mutation.__name__}", place, mutation)


def _of_attributes(kind: DocumentKind) -> Iterator[_Recipe]:
    """Changes of attributes by turns: all kinds of changes come, on all kinds of elements."""
    turn = 0
    for base in _bases(kind):
        for path, place in base.places.items():
            mutations = list(attribute_mutations(base.element(place)))
            for step in range(min(_SHARES[kind].attributes, len(mutations))):
                what, mutation = mutations[(turn + step) % len(mutations)]
                yield base.recipe(f"{path} {what}", place, mutation)
            turn += 1


def _of_values(kind: DocumentKind) -> Iterator[_Recipe]:
    every, turn = _SHARES[kind].values, 0
    for base in _bases(kind):
        for path, place in base.places.items():
            element = base.element(place)
            if len(element) or not (element.text or "").strip():
                continue
            turn += 1
            for value in list(values_for(element, turn))[turn % every :: every]:
                yield base.recipe(f"{path}={value[:40]!r}", place, _said(value))
    if kind.is_ledger:
        base = _first_lines(kind)
        for path, place in base.places.items():
            if path.endswith(_COUNTED):
                for value in list(values_for(base.element(place), 0))[::3]:
                    yield base.recipe(f"{path}={value[:40]!r}", place, _said(value))


def _said(value: str) -> Mutation:
    def mutate(element: etree._Element) -> None:
        element.text = value

    return mutate


def _of_spellings(kind: DocumentKind) -> Iterator[_Recipe]:
    full, brief = Month(), Month(BRIEF)
    spellings = [("brief", brief, spellings) for spellings in corpus_texts.WHOLE.items()]
    if kind is not DocumentKind.REPORT and kind is not DocumentKind.LEDGER_BERAT:
        spellings += [("late", full if kind.is_ledger else brief, late) for late in corpus_texts.LATE.items()]
    for name, month, (what, spell) in spellings:
        yield _Recipe(f"{kind} {name}: {what}", kind, month.file_name(kind), partial(_spelt, month, kind, spell))


def _spelt(month: Month, kind: DocumentKind, spell: corpus_texts.Spelling) -> bytes:
    return spell(written(_tree(month, kind)))


def _several(kind: DocumentKind) -> Iterator[_Recipe]:
    for what, (month, change) in corpus_several.changes(kind).items():
        yield _Recipe(f"{kind} {what}", kind, month.file_name(kind), partial(_several_made, month, kind, change))


def _several_made(month: Month, kind: DocumentKind, change: Change) -> bytes:
    root = deepcopy(_tree(month, kind))
    change(root)
    return written(root)


def _of_rules() -> Iterator[_Recipe]:
    for one in golden_rules.cases():
        for verb, told in (("fires", one.fires), ("spares", one.spares)):
            for number, changes in enumerate(told):
                yield _Recipe(f"{one.id} {verb} {number}", one.kind, one.file_name(changes), partial(one.made, changes))
