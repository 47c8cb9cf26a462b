"""The PDFs of a drop, which its first journal carries with it."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import IO, Final

from converter.problems import Place, problem
from converter.reading.archive import Drop, Member
from converter.writing.attachments import Attachment
from defterhane.findings import Findings

_PIECE: Final = 1024 * 1024
_START: Final = b"%PDF-"
_SUFFIX: Final = ".pdf"
_NAMELESS: Final = "ek"


def attachments_of(drop: Drop, findings: Findings) -> tuple[Attachment, ...]:
    """The drop's attachments, measured; those that are empty or no PDFs are reported and left out.

    Raises:
        ArchiveDamaged: one cannot be unpacked.
    """
    return tuple(_attachments(drop, findings))


def _attachments(drop: Drop, findings: Findings) -> Iterator[Attachment]:
    for member in drop.attachments:
        with member.open() as stream:
            start = stream.read(len(_START))
            size = len(start) + _rest(stream)
        if not size:
            findings.add(problem("attachment.empty", Place(member.name), member.name))
        elif start != _START:
            findings.add(problem("attachment.not_pdf", Place(member.name), member.name))
        else:
            yield Attachment(_name(member), size, member.open)


def _rest(stream: IO[bytes]) -> int:
    size = 0
    while piece := stream.read(_PIECE):
        size += len(piece)
    return size


def _name(member: Member) -> str:
    """Its file name without folders; rule Y127 wants the suffix in small letters."""
    name = PurePosixPath(member.name.replace("\\", "/")).name
    return (name[: -len(_SUFFIX)].strip() or _NAMELESS) + _SUFFIX
