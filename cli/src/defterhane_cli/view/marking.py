"""Where on the page a finding belongs: by its line in the file, and where several things share one, by what it says."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import Final

from defterhane.findings import Finding
from defterhane_cli.view.fields import Leaf, Piece

_HEADER: Final = "gl-cor:entryHeader"
_SIGNATURE: Final = ("ds:", "xades:")


class Marks:
    """The findings that have a line, each to be taken once by the piece that it belongs to."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._waiting = sorted((one for one in findings if one.line is not None), key=lambda one: one.line or 0)
        self._lines = [one.line or 0 for one in self._waiting]

    @property
    def last(self) -> int:
        """The last line of the file that has a finding; 0 = there is none."""
        return self._lines[-1] if self._lines else 0

    def of_line(self, piece: Piece, entry: str) -> list[Finding]:
        """The findings of one line of an entry; `entry` is the entry's number, empty where it has none."""

        def fits(finding: Finding) -> bool:
            if (finding.where or "").startswith(_HEADER):
                return False
            return piece.start < piece.end or _is_about(finding, piece, entry)

        return self._take(piece.start, piece.end, fits) if piece.start else []

    def of_header(self, start: int, before: int, entry: str) -> list[Finding]:
        """The findings of an entry's header that begins on a line, and whose first line of entry begins on `before`."""
        if before > start:
            return self.of_entry(start, before - 1, entry)
        return self._take(start, start, lambda one: (one.where or "").startswith(_HEADER) and _is_of(one, entry))

    def of_entry(self, start: int, end: int, entry: str) -> list[Finding]:
        """The findings of an entry that none of its lines has taken."""
        return self._take(start, end, lambda one: start < end or _is_of(one, entry))

    def of_leaf(self, leaf: Leaf) -> list[Finding]:
        """The findings of one element of the document's head."""
        element = leaf.name

        def fits(finding: Finding) -> bool:
            return element_of(finding) == element

        return self._take(leaf.line, leaf.line, fits)

    def of_signature(self, start: int) -> list[Finding]:
        """The findings of the signature that begins on a line."""

        def fits(finding: Finding) -> bool:
            return (finding.where or "").startswith(_SIGNATURE)

        return self._take(start, self.last, fits)

    def _take(self, start: int, end: int, fits: Callable[[Finding], bool]) -> list[Finding]:
        first, last = bisect_left(self._lines, start), bisect_right(self._lines, end)
        if first == last:
            return []
        taken = [one for one in self._waiting[first:last] if fits(one)]
        if taken:
            kept = [one for one in self._waiting[first:last] if not fits(one)]
            self._waiting[first:last] = kept
            self._lines[first:last] = [one.line or 0 for one in kept]
        return taken


def element_of(finding: Finding) -> str:
    """The element that a finding is about: `gl-cor:amount`."""
    return (finding.where or "").rpartition("/")[2]


def _is_of(finding: Finding, entry: str) -> bool:
    return not finding.entry or not entry or finding.entry == entry


def _is_about(finding: Finding, piece: Piece, entry: str) -> bool:
    """Whether what a finding names is what stands in a line."""
    accounts = (piece.get("gl-cor:accountSubID"), piece.get("gl-cor:accountMainID"))
    if finding.account and finding.account not in accounts:
        return False
    if finding.entry and finding.entry not in (entry, *accounts):
        return False
    value = piece.values.get(element_of(finding))
    return value is None or not finding.value or value.startswith(finding.value.strip())
