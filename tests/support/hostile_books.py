"""A large good journal, and hostile things put late into it, where a reader has seen two thousand good lines."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from defterhane.documents.safe_xml import Bounds
from defterhane.edefter.kinds import DocumentKind
from support.corpus_books import FULL, Month

LINES: Final = 2000
HEADER, DETAIL, COMMENT = b"<gl-cor:entryHeader>", b"<gl-cor:entryDetail>", b"</gl-cor:detailComment>"
_LATE: Final = 12  # from the end, so that good lines come after it, too

Attack = Callable[[bytes], bytes]


@cache
def book(lines: int = LINES) -> bytes:
    """A good journal of so many lines or some more, line by line as the converter writes it."""
    times = -(-lines // sum(len(entry.lines) for entry in FULL))
    return Month(entries=tuple(sorted(FULL * times, key=lambda entry: entry.day))).document(DocumentKind.JOURNAL)


NAME: Final = Month().file_name(DocumentKind.JOURNAL)


def late(mark: bytes, data: bytes, index: int = _LATE) -> int:
    """Where a mark stands for the `index`th time from the end."""
    return [found.start() for found in re.finditer(re.escape(mark), data)][-index]


def put(what: bytes, *, before: bytes = DETAIL) -> Attack:
    """Put something before a late line (or another mark)."""

    def attack(data: bytes) -> bytes:
        at = late(before, data)
        return data[:at] + what + data[at:]

    return attack


def into_a_comment(what: bytes) -> Attack:
    """Put something at the end of a late line's text."""
    return put(what, before=COMMENT)


def between(first: bytes, last: bytes, *, mark: bytes = COMMENT, over: int = 4) -> Attack:
    """Put something before a late mark, and something else before the one that comes `over` times later."""

    def attack(data: bytes) -> bytes:
        start, end = late(mark, data), late(mark, data, _LATE - over)
        return data[:start] + first + data[start:end] + last + data[end:]

    return attack


def replaced(old: bytes, new: bytes) -> Attack:
    """Replace a late mark."""

    def attack(data: bytes) -> bytes:
        at = late(old, data)
        return data[:at] + new + data[at + len(old) :]

    return attack


def cut(mark: bytes, *, after: int = 0) -> Attack:
    """End the file so many bytes after a late mark has begun."""
    return lambda data: data[: late(mark, data) + after]


@dataclass(frozen=True)
class Told:
    """What came of a check in another process."""

    rules: dict[str, int]
    valid: bool
    peak: int
    """Of its memory while it checked, in MB."""
    seconds: float
    """Of its processor's time."""


_CHILD: Final = """
import json, os, sys, time
from pathlib import Path
from defterhane.documents.safe_xml import Bounds
from defterhane.documents.schema import schema
from validator.check import check_document
schema()
for line in sys.stdin:
    child = os.fork()  # so that what one file has taken is not counted in for the next
    if child == 0:
        path, name, size = json.loads(line)
        started = time.process_time()
        found = check_document(Path(path), name, Bounds(size=size))
        seconds = time.process_time() - started
        assert all(one.message.tr and one.message.en for one in found.findings)
        peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]) // 1000
        print(json.dumps([dict(found.findings.counts), found.valid, peak, seconds]), flush=True)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print("null", flush=True)
"""


class Apart:
    """Another process that checks files, each in a child of its own, and tells what each took."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-c", _CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def check(self, path: Path, name: str = NAME, size: int = Bounds().size) -> Told:
        """Check a file; one that may have so many bytes."""
        stdin, stdout = self._child.stdin, self._child.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(json.dumps([str(path), name, size]) + "\n")
        stdin.flush()
        answer = json.loads(stdout.readline())
        assert answer is not None, "the check has ended its process"
        return Told(*answer)

    def close(self) -> None:
        """End the process."""
        self._child.communicate()


def written(path: Path, pieces: Iterable[bytes]) -> Path:
    """A file of pieces, none of which is kept."""
    with path.open("wb") as file:
        file.writelines(pieces)
    return path


def many(piece: bytes, size: int) -> Iterable[bytes]:
    """A piece again and again, until there are so many bytes."""
    block = piece * max(1, (1 << 20) // len(piece))
    return (block for _ in range(-(-size // len(block))))
