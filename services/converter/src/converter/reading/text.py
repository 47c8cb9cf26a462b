"""Bytes to lines: which encoding, which line ends, and never more in memory than one line."""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, Final

from converter.errors import LineTooLong

LINE_LIMIT: Final = 1024 * 1024
"""Characters in one line, its end included."""

SAMPLE: Final = 256 * 1024
"""So many bytes are looked at where a guess is enough."""

_END_OF_FILE: Final = "\x1a"
"""What DOS programs put at a file's end."""

_CHUNK: Final = 1024 * 1024
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
TURKISH: Final = "cp1254"
"""Windows-1254, which holds all of ISO-8859-9's letters at the same places."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """How a file's bytes become lines."""

    encoding: str
    """A codec's name."""
    newline: str
    """LF (CRLF too) or CR."""


def sniff(stream: IO[bytes]) -> TextFormat:
    """Find out encoding and line ends. Reads the whole stream: a wrong letter may stand in the last line."""
    start = stream.read(SAMPLE)
    encoding = _sniff_encoding(start, stream)
    text = start.decode(encoding, "replace")
    alone = text.count("\r") - text.count("\r\n")
    return TextFormat(encoding, "\r" if alone > text.count("\n") else "\n")


def _sniff_encoding(start: bytes, stream: IO[bytes]) -> str:
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return encoding
    zeros = len(start) // 4
    if start[1::2].count(0) > zeros:
        return "utf-16-le"
    if start[0::2].count(0) > zeros:
        return "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    multibyte = 0
    chunk = start
    while chunk:
        try:
            multibyte += len(chunk) - len(decoder.decode(chunk))
        except UnicodeDecodeError:
            # A few bad bytes in a file that is full of good sequences: damaged UTF-8, not Windows-1254.
            decoded = chunk.decode("utf-8", "replace")
            bad = decoded.count("\ufffd")
            good = multibyte + sum(character > "\x7f" for character in decoded) - bad
            return "utf-8" if good > 10 * bad else TURKISH
        chunk = stream.read(_CHUNK)
    return "utf-8"


def lines(stream: IO[bytes], form: TextFormat, file: str) -> Iterator[str]:
    """The lines, each ending in LF. What cannot be decoded is U+FFFD; a CR within a line is a vertical tab.

    Raises:
        LineTooLong: a line is longer than `LINE_LIMIT`.
    """
    with io.TextIOWrapper(stream, form.encoding, "replace", newline=form.newline) as text:
        for number, line in enumerate(iter(partial(text.readline, LINE_LIMIT), ""), 1):
            if len(line) >= LINE_LIMIT:
                raise LineTooLong(file=file, line=number, limit=LINE_LIMIT)
            body = line.rstrip("\r\n")
            if body == _END_OF_FILE:
                body = ""
            if "\r" in body or "\n" in body:
                body = body.replace("\r", "\v").replace("\n", "\v")
            yield body + "\n"
