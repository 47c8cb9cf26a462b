"""When a month is whole. Pure.

Conversions of a month are numbered (revisions); each has made some of its parts, and the report is of the newest, which
made the last part. A revision counts until it is withdrawn, and for good once any of it is archived: that is what GİB
has approved.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE

_REPORT: Final = DocumentKind.REPORT
_OF_A_PART: Final = tuple(
    (kind, approved)
    for kind in DocumentKind
    if kind is not _REPORT
    for approved in (False, True)
    if kind.is_berat or not approved
)
"""(kind, is GİB's copy) of every file that a part has."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A signed document of a month."""

    kind: DocumentKind
    part: str
    revision: int


def is_complete(
    archived: Collection[tuple[Piece, bool]], signed: Collection[Piece], withdrawn: Collection[int]
) -> bool:
    """Whether nothing of a month is missing.

    A month is complete with its report, which is made once all parts are signed, and with both ledgers, both berats
    and GİB's two copies of every part of every revision that counts.

    Args:
        archived: each archived file, and whether it is GİB's copy.
        signed: the signed documents of all revisions.
        withdrawn: revisions of which it has been said that they do not count.
    """
    live = {piece.revision for piece in signed} - (set(withdrawn) - {piece.revision for piece, _ in archived})
    parts = {(piece.part, piece.revision) for piece in signed if piece.kind is not _REPORT and piece.revision in live}
    reports = {piece.revision for piece, _ in archived if piece.kind is _REPORT}
    if not reports & {revision for _, revision in parts} or not _without_holes([part for part, _ in parts]):
        return False
    wanted = {(Piece(kind, part, revision), approved) for part, revision in parts for kind, approved in _OF_A_PART}
    return wanted <= set(archived)


def _without_holes(parts: Collection[str]) -> bool:
    """Whether these are all parts of a month up to the last of them, each once."""
    return sorted(parts) in ([WHOLE], [f"{number:06}" for number in range(1, len(parts) + 1)])
