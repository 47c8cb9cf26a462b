"""What reading a document yields, in its order."""

from dataclasses import dataclass

from defterhane.documents.errors import XmlRefused
from defterhane_cli.view.fields import Leaf, Piece
from defterhane_cli.view.signatures import Signed


@dataclass(frozen=True, slots=True)
class Head:
    """The context, the document's or the firm's data; `name` is the element's."""

    name: str
    leaves: list[Leaf]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry begins: what its header says before its lines."""

    piece: Piece


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the entry that has begun last."""

    piece: Piece


@dataclass(frozen=True, slots=True)
class EntryEnd:
    """The entry is complete; the piece holds what its header says behind its first line."""

    piece: Piece


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file within the document; `size` in bytes, None where its content is not base64 by its length."""

    name: str
    mime: str
    size: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Signature:
    """The document's signature."""

    signed: Signed
    line: int


@dataclass(frozen=True, slots=True)
class Stray:
    """What has no place of its own."""

    leaf: Leaf


@dataclass(frozen=True, slots=True)
class Stopped:
    """The file cannot be read any further."""

    refusal: XmlRefused


Event = Head | Entry | Line | EntryEnd | Attachment | Signature | Stray | Stopped
