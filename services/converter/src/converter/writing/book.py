"""What journal and ledger have in common as they are streamed to their files."""

from typing import IO, ClassVar

from converter.writing.canonical import CanonicalWriter, Written, close_root
from converter.writing.details import Details
from converter.writing.head import CLOSING, Heading, opening
from defterhane.edefter.kinds import DocumentKind


class Book:
    """One book on its way to its file."""

    kind: ClassVar[DocumentKind]

    def __init__(self, sink: IO[bytes], unique_id: str, heading: Heading) -> None:
        self._out = CanonicalWriter(sink)
        self._details = Details(self.kind.traits.context_id)
        self._out.write(opening(self.kind, unique_id, heading))

    @property
    def size(self) -> int:
        """Bytes written so far, but for at most a quarter of a megabyte that waits in memory."""
        return self._out.size

    def finish(self) -> Written:
        """End the document."""
        self._out.write(CLOSING + close_root(self.kind))
        return self._out.finish()
