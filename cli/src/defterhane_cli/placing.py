"""Puts what `convert` has made into a folder, in place of what an earlier run made of the same days.

Of one month, a folder never holds documents that do not belong together: a month in one piece beside the parts it was
cut into before, say, or parts that are left over from a run that made more of them.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from defterhane.documents.errors import XmlRefused
from defterhane.documents.safe_xml import CHUNK, Reader
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import DocumentName
from defterhane.edefter.period import Span
from defterhane.edefter.vocabulary import NAMESPACES
from defterhane.events import Document, Filing
from defterhane_cli.errors import DocumentInTheWay

if TYPE_CHECKING:
    from converter.convert import ConversionOutcome

_COR: Final = f"{{{NAMESPACES['gl-cor']}}}"


@dataclass(frozen=True, slots=True)
class Placed:
    """Where documents lie now."""

    files: tuple[Path, ...]
    """In the outcome's order."""
    removed: tuple[Path, ...]
    """Documents of an earlier run for the same days that no new one has overwritten."""


def place(outcome: "ConversionOutcome", filing: Filing, span: Span, folder: Path) -> Placed:
    """Move documents into a folder, under their names, and remove the earlier ones of the days `span` that remain.

    Raises:
        DocumentInTheWay: under the name of one, the folder has a document of other days; nothing has been moved.
        OSError: a file cannot be moved.
    """
    if not outcome.made:
        return Placed((), ())
    targets = [folder / _name(made.kind, made.part, made.unique_id, filing) for made in outcome.documents]
    earlier = {path: _days(path) or Span.whole(filing.month) for path in _of_filing(filing, folder)}
    for path in targets:
        if path in earlier and not _overlap(earlier[path], span):
            raise DocumentInTheWay(path=path, start=earlier[path].start, end=earlier[path].end)
    removed = [path for path, days in earlier.items() if path not in targets and _overlap(days, span)]
    for path in removed:
        path.unlink()
    for made, target in zip(outcome.documents, targets, strict=True):
        made.path.replace(target)
    return Placed(tuple(targets), tuple(removed))


def _name(kind: DocumentKind, part: str, unique_id: str, filing: Filing) -> str:
    document = Document(filing=filing.model_copy(update={"part": part}), kind=kind, unique_id=unique_id)
    return document.name.file("xml")


def _of_filing(filing: Filing, folder: Path) -> Iterator[Path]:
    """The journals and ledgers of a firm's (or its branch's) month in a folder."""
    for path in sorted(folder.glob(f"{filing.tenant}-*.xml")):
        with suppress(ValueError):
            name = DocumentName.parse(path.name)
            if name.kind in (DocumentKind.JOURNAL, DocumentKind.LEDGER) and (name.branch, str(name.period)) == (
                filing.branch,
                filing.period,
            ):
                yield path


def _overlap(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def _days(path: Path) -> Span | None:
    """The days that a document covers by its own word; None where it is none that can be read."""
    info = f"{_COR}documentInfo"
    reader = Reader([info])
    try:
        with path.open("rb") as file:
            for piece in iter(lambda: file.read(CHUNK), b""):
                reader.feed(piece)
                for element in reader.elements():
                    return Span(*_dates(element.findtext(f"{_COR}periodCovered{end}") for end in ("Start", "End")))
    except (XmlRefused, ValueError):
        pass
    return None


def _dates(texts: Iterable[str | None]) -> Iterator[date]:
    return (date.fromisoformat(text or "") for text in texts)
