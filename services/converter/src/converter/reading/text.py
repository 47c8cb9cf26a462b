"""Bytes to lines: which encoding, which line ends, and never more in memory than a block."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import IO, Final

from converter.reading.errors import LineTooLong, ProfileMismatch

LINE_LIMIT: Final = 1024 * 1024
"""Characters in one line, its end included."""

SAMPLE: Final = 256 * 1024
"""So many bytes are looked at where a guess is enough."""

_END_OF_FILE: Final = "\x1a"
"""What DOS programs put at a file's end."""

_CHUNK: Final = 1024 * 1024
_BLOCK: Final = 256 * 1024
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
TURKISH: Final = "cp1254"
"""Windows-1254, which holds all of ISO-8859-9's letters at the same places."""

_FAMILIES: Final = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16",
    "utf-16-be": "utf-16",
    TURKISH: "windows-1254",
    "iso8859-9": "iso-8859-9",
}
_CODECS: Final = {"utf-8": "utf-8", "utf-16": "utf-16-le", "windows-1254": TURKISH, "iso-8859-9": "iso8859-9"}
_ONE_BYTE: Final = frozenset({"windows-1254", "iso-8859-9"})
_LINE_END: Final = re.compile("\r+\n")
_PRINTABLE: Final = bytes(range(0x20, 0x7F)) + b"\n"


@dataclass(frozen=True, slots=True)
class TextFormat:
    """How a file's bytes become lines."""

    encoding: str
    """A codec's name."""
    newline: str
    """LF (CRLF too) or CR."""
    is_crlf: bool = field(default=False, compare=False)
    """Whether most lines end in CRLF: told, and nothing more."""

    @property
    def line_ends(self) -> str:
        """Line ends as users know them."""
        return "CR" if self.newline == "\r" else "CRLF" if self.is_crlf else "LF"

    @property
    def family(self) -> str:
        """The encoding as profiles name it."""
        return _FAMILIES[self.encoding]


def sniff(stream: IO[bytes], file: str = "", wanted: str | None = None) -> TextFormat:
    """Find out encoding and line ends. Reads the whole stream: a wrong letter may stand in the last line.

    `wanted` is the encoding that a profile says (`utf-8`, `utf-16`, `windows-1254`, `iso-8859-9`).

    Raises:
        ProfileMismatch: the bytes are not in that encoding.
    """
    start = stream.read(SAMPLE)
    encoding = _sniff_encoding(start, stream)
    if wanted is not None:
        encoding = _as_wanted(encoding, start, file, wanted)
    text = start.decode(encoding, "replace")
    both, feeds = text.count("\r\n"), text.count("\n")
    alone = text.count("\r") - both
    return TextFormat(encoding, "\r" if alone > feeds else "\n", is_crlf=2 * both > feeds)


def _as_wanted(encoding: str, start: bytes, file: str, wanted: str) -> str:
    found = _FAMILIES[encoding]
    if found == wanted:
        return encoding
    # Any bytes may be Windows-1254; but what is in Unicode to the last byte, or says so at its start, is in Unicode.
    if wanted in _ONE_BYTE and (found in _ONE_BYTE or (encoding == "utf-8" and start.isascii())):
        return _CODECS[wanted]
    raise ProfileMismatch(file=file, what="encoding", said=wanted, found=found)


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
            good = multibyte + len(decoded) - len(decoded.encode("ascii", "ignore")) - bad
            return "utf-8" if good > 10 * bad else TURKISH
        chunk = stream.read(_CHUNK)
    return "utf-8"


class Lines:
    """A text's lines, each ending in LF. What cannot be decoded is U+FFFD; a CR within a line is a vertical tab.

    Text comes in blocks, and each is looked at once as a whole, which is far quicker than line by line: `unclean`,
    `padded` and `nulls` say what may be found in the lines of the block that the last line came from.

    Raises:
        LineTooLong: a line is longer than `LINE_LIMIT`.
    """

    def __init__(self, stream: IO[bytes], form: TextFormat, file: str, delimiter: str = "") -> None:
        self.unclean = False
        """Some cells may hold characters that no document may hold."""
        self.padded = False
        """Some cells may have blanks at their ends."""
        self.nulls = False
        """Some cells may be a literal NULL."""
        self._stream = stream
        self._form = form
        self._file = file
        self._delimiter = delimiter
        self._edges = (f" {delimiter}", f"{delimiter} ", '" ', ' "') if delimiter else ()
        self._printable = _PRINTABLE + delimiter.encode()
        self._number = 0

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self._blocks())

    def _blocks(self) -> Iterator[list[str]]:
        rest = ""
        for text in self._decoded():
            end = text.rfind("\n") + 1
            if end:
                yield self._seen(rest + text[:end])
                rest = text[end:]
            else:
                rest += text
            if len(rest) >= LINE_LIMIT:
                raise LineTooLong(file=self._file, line=self._number + 1, limit=LINE_LIMIT)
        if rest:
            yield self._seen(rest + "\n")

    def _seen(self, text: str) -> list[str]:
        """A block's lines. Blanks at a line's ends belong to no cell, unless that is enclosed and goes on."""
        found = text.split("\n")
        found.pop()
        if len(found[0]) >= LINE_LIMIT:
            raise LineTooLong(file=self._file, line=self._number + 1, limit=LINE_LIMIT)
        self._number += len(found)
        if _END_OF_FILE in text:
            found = ["" if line == _END_OF_FILE else line for line in found]
        quotes = '"' in text
        tabs_in_cells = quotes and self._delimiter == "\t"
        self.unclean = "<" in text or "\ufffd" in text or tabs_in_cells or not self._is_printable(text)
        edges = self._edges if quotes else self._edges[:2]
        self.padded = any(edge in text for edge in edges) or (quotes and (" \n" in text or "\n " in text))
        self.nulls = "ULL" in text or "ull" in text
        if quotes and self.padded:
            return [_trimmed(line) + "\n" for line in found]
        return [line.strip(" ") + "\n" for line in found]

    def _is_printable(self, text: str) -> bool:
        """Most of a text is ASCII, of which bytes are told apart far quicker than characters."""
        data = text.encode("utf-8", "surrogatepass").translate(None, self._printable)
        return not data or data.decode("utf-8", "surrogatepass").isprintable()

    def _decoded(self) -> Iterator[str]:
        """Blocks of text in which LF ends a line and nothing else does."""
        decoder = codecs.getincrementaldecoder(self._form.encoding)("replace")
        held = ""
        while True:
            data = self._stream.read(_BLOCK)
            text = held + decoder.decode(data, final=not data)
            held = ""
            if self._form.newline == "\r":
                text = text.replace("\n", "\v").replace("\r", "\n")
            elif "\r" in text:
                if data and text.endswith("\r"):
                    whole = text.rstrip("\r")
                    text, held = whole, text[len(whole) :]
                text = _LINE_END.sub("\n", text).replace("\r", "\v")
            if text:
                yield text
            if not data:
                return


def _trimmed(line: str) -> str:
    """The line without blanks outside of quotes."""
    bare = line.strip(" ")
    if not bare:
        return ""
    if bare.startswith('"'):
        line = line.lstrip(" ")
    return line.rstrip(" ") if bare.endswith('"') else line


def lines(stream: IO[bytes], form: TextFormat, file: str) -> Iterator[str]:
    """The lines alone: see `Lines`."""
    return iter(Lines(stream, form, file))
