"""When a month is whole."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.closing import Piece, is_complete
from defterhane.edefter.kinds import DocumentKind

REPORT = DocumentKind.REPORT
BOOKS = [kind for kind in DocumentKind if kind is not REPORT]
WHOLE, P1, P2, P3 = "000000", "000001", "000002", "000003"

Files = list[tuple[Piece, bool]]


def signed(revision: int, *parts: str, report: bool = False) -> list[Piece]:
    """The documents of a conversion that has made these parts."""
    pieces = [Piece(kind, part, revision) for part in parts for kind in BOOKS]
    return [*pieces, Piece(REPORT, WHOLE, revision)] if report else pieces


def files(pieces: list[Piece]) -> Files:
    """What is archived of them once GİB has approved all."""
    return [(piece, False) for piece in pieces] + [(piece, True) for piece in pieces if piece.kind.is_berat]


MONTHS = {
    "whole": (signed(1, WHOLE, report=True), ()),
    "three parts of one drop": (signed(1, P1, P2, P3, report=True), ()),
    "three drops": (signed(1, P1) + signed(2, P2) + signed(3, P3, report=True), ()),
    "made anew": (signed(2, WHOLE, report=True), (1,)),
    "made anew in fewer parts": (signed(2, P1, P2, report=True), (1,)),
    "the last drop made anew": (signed(1, P1) + signed(4, P2, P3, report=True), (2, 3)),
    "approved all the same": (signed(1, P1, P2, report=True), (1, 2)),
}
"""What counts in the end, and which revisions have been withdrawn."""

GONE = {
    "made anew": signed(1, WHOLE, report=True),
    "made anew in fewer parts": signed(1, P1, P2, P3, report=True),
    "the last drop made anew": signed(2, P2, report=True) + signed(3, P2),
    "approved all the same": signed(2, P1, P2, P3, report=True),
}
"""What had been signed of those that do not count."""


@pytest.mark.parametrize("name", MONTHS)
@given(data=st.data())
def test_a_month_is_whole_only_with_every_file_that_counts(name: str, data: st.DataObject) -> None:
    live, withdrawn = MONTHS[name]
    archived, all_signed = files(live), live + GONE.get(name, [])
    assert is_complete(archived, all_signed, withdrawn)
    missing = data.draw(st.sampled_from(archived))
    assert not is_complete([file for file in archived if file != missing], all_signed, withdrawn)


@pytest.mark.parametrize("name", GONE)
def test_a_month_waits_until_it_is_said_which_revision_does_not_count(name: str) -> None:
    live, withdrawn = MONTHS[name]
    assert not is_complete(files(live), live + GONE[name], ())
    assert not is_complete(files(live), live + GONE[name], withdrawn[:-1])


def test_a_month_does_not_close_before_its_last_parts_are_signed() -> None:
    first, second = signed(1, P1), signed(2, P2, report=True)
    assert not is_complete(files(first), first, ())
    assert not is_complete(files(first), first + second, ())
    report = second[-1]
    assert not is_complete([*files(first), (report, False)], [*first, report], ()), "nothing of its own part is known"
    assert not is_complete(files(second), second, ()), "the first part is missing"


@pytest.mark.parametrize("pieces", [[], [Piece(REPORT, WHOLE, 1)]])
def test_a_month_of_which_nothing_is_known_is_not_whole(pieces: list[Piece]) -> None:
    assert not is_complete(files(pieces), pieces, ())
