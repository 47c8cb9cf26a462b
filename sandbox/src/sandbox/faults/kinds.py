"""What a fault is: a small change to a good export, and what must come of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Final

from defterhane.texts import Text
from sandbox.exports.layouts import LAYOUTS
from sandbox.exports.records import Entry, Plan, Record

ALL: Final = frozenset(LAYOUTS)
CSV: Final = frozenset({"columns25", "header-detail"})
"""The layouts that are CSV tables."""


class At(Enum):
    """Where a finding points."""

    ROW = auto()
    """At the first record that the fault has changed."""
    SECOND = auto()
    """At the second one, for its account, whatever voucher that stands in."""
    LINE = auto()
    """At the line of the first one, in which nothing can be read."""
    ENTRY = auto()
    """At the first record of the entry that it is in."""
    HEAD = auto()
    """At the entry's row in the table of heads; where there is none, at the first record of the entry."""
    TOTAL = auto()
    """At the entry's total, below its records."""
    NEXT = auto()
    """At the first record of the entry that follows."""
    FIRST = auto()
    """At the first record of all."""
    FILE = auto()
    """In the first file."""
    DROP = auto()
    """In the drop as a whole."""


@dataclass(frozen=True)
class Fault:
    """A fault by its name, and the finding that must come of it, no other."""

    name: str
    key: str
    """The finding's."""
    tr: str
    en: str
    """What is wrong, in Turkish and English."""
    layouts: frozenset[str] = field(default=ALL, kw_only=True)
    at: At = field(default=At.DROP, kw_only=True)
    value: str | None = field(default=None, kw_only=True)
    """The value that the finding shows, where the fault knows it."""
    times: int | None = field(default=1, kw_only=True)
    """So many such findings; None where that depends on the size."""
    also: tuple[str, ...] = field(default=(), kw_only=True)
    """Findings that may come along with it."""
    text_only: bool = field(default=False, kw_only=True)
    """Whether it lies in lines of text, which a workbook has not."""
    plan: Callable[[Plan], Plan] = field(default=lambda plan: plan, kw_only=True)
    """The plan by which entries must be made up for it, and files written; they are named by the export's own."""

    @property
    def text(self) -> Text:
        """What is wrong."""
        return Text(tr=self.tr, en=self.en)


@dataclass(frozen=True)
class EntryFault(Fault):
    """In one entry. `change` makes of it what stands in its place, with new records where they differ."""

    change: Callable[[Entry], Sequence[Entry]]
    fits: Callable[[Entry], bool] = field(default=lambda _entry: True, kw_only=True)
    at: At = field(default=At.ROW, kw_only=True)


@dataclass(frozen=True)
class PlanFault(Fault):
    """In the `plan` alone: all entries are made up for another one than the export's names tell."""

    at: At = field(default=At.FIRST, kw_only=True)


@dataclass(frozen=True)
class RecordsFault(Fault):
    """In every entry, wherever `change` makes a new record."""

    change: Callable[[Record], Record]


@dataclass(frozen=True)
class LinesFault(Fault):
    """In the first file's lines."""

    change: Callable[[Iterator[str]], Iterator[str]]
    line: int | None = field(default=None, kw_only=True)
    """The line that the finding names, where it is known beforehand."""
    at: At = field(default=At.FILE, kw_only=True)
    text_only: bool = field(default=True, kw_only=True)


@dataclass(frozen=True)
class BytesFault(Fault):
    """In the first file's bytes."""

    change: Callable[[Iterator[bytes]], Iterator[bytes]]
    at: At = field(default=At.FILE, kw_only=True)


@dataclass(frozen=True)
class DropFault(Fault):
    """In the finished file that is dropped."""

    change: Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Expected:
    """The finding that must come of a fault that has been made."""

    fault: str
    key: str
    file: str | None
    """Of the export's files; None = the drop as a whole."""
    line: int | None
    voucher: str | None
    account: str | None
    """Known only where the fault lies in one line."""
    value: str | None
    times: int | None
    also: tuple[str, ...]
    """Keys of findings that may come along with it."""
