"""Files that a journal carries with it (extensions/extension/defterek:binaryObject; rules Y126-Y128)."""

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO, Final

from converter.writing.canonical import start_tag

_PIECE: Final = 3 * 64 * 1024
"""Bytes read at once: a multiple of three, so that pieces of Base64 make one text."""
_BEFORE: Final = b"<extensions>\n"
_AFTER: Final = b"</extensions>\n"
_END: Final = b"</defterek:binaryObject>\n</extension>\n"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A PDF of a drop."""

    name: str
    """Its file name, ending in `.pdf`."""
    size: int
    """Bytes."""
    open: Callable[[], AbstractContextManager[IO[bytes]]]


def measure(attachments: Sequence[Attachment]) -> int:
    """Bytes of `render`."""
    if not attachments:
        return 0
    each = sum(len(_start(one) + _END) + (one.size + 2) // 3 * 4 for one in attachments)
    return len(_BEFORE + _AFTER) + each


def render(attachments: Sequence[Attachment]) -> Iterator[bytes]:
    """The attachments in their elements, canonical, in pieces; nothing where there are none."""
    if not attachments:
        return
    yield _BEFORE
    for one in attachments:
        yield _start(one)
        with one.open() as stream:
            while piece := _read_exactly(stream, _PIECE):
                yield base64.b64encode(piece)
        yield _END
    yield _AFTER


def _start(attachment: Attachment) -> bytes:
    tag = start_tag("defterek:binaryObject", {"filename": attachment.name, "mimeCode": "application/pdf"})
    return b"<extension>\n" + tag.encode()


def _read_exactly(stream: IO[bytes], size: int) -> bytes:
    """So many bytes, less only at the end."""
    data = stream.read(size)
    while len(data) < size and (more := stream.read(size - len(data))):
        data += more
    return data
