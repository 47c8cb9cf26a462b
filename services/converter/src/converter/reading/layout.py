"""What a layout of columns is: names, what they mean, what cannot be missing. The layouts stand in `layouts`."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final

_NO_NAME: Final = re.compile(r"[^a-z0-9]")
_SHORT: Final = 100
"""Names of so few characters are remembered: the same ones come again and again."""
_NO_LETTER: Final = re.compile(r"[^a-z0-9çğıöşü]")


class Looks(StrEnum):
    """What a column's cells look like: tells files without names apart."""

    TEXT = "text"
    AMOUNT = "amount"
    DATE = "date"
    SIDE = "side"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a layout."""

    name: str
    """As the layout's makers call it."""
    aliases: tuple[str, ...] = ()
    needed: bool = False
    """There is no ledger without it."""
    meaning: str | None = None
    """The field of `Cells` that it fills, or what else is made of it (`layouts`); None = its name says it."""
    looks: Looks = Looks.TEXT

    @property
    def target(self) -> str:
        """What its cells become."""
        return self.name if self.meaning is None else self.meaning


@dataclass(frozen=True, slots=True)
class Layout:
    """A known kind of table. Adding one is adding data."""

    key: str
    """As profiles name it."""
    title: tuple[str, str]
    """What users know it by, in Turkish and English."""
    columns: tuple[Column, ...]
    """In the order in which they stand where the export has no header row."""
    group: tuple[str, ...] = ("entryref",)
    """What rows of one entry have in common."""
    part: str = ""
    """`head` or `detail` where two tables belong together."""
    extra: tuple[Column, ...] = ()
    """Columns that it may have besides, where it has a header row."""
    _known: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for column in self.columns + self.extra:
            for name in (column.name, *column.aliases):
                self._known[plain(name)] = column.target

    def meanings(self, renamed: Mapping[str, str]) -> dict[str, str]:
        """Bare names → what their cells become. `renamed`: our columns' names → theirs in this tenant's exports."""
        known = self._known
        own = {plain(theirs): known[plain(ours)] for ours, theirs in renamed.items() if plain(ours) in known}
        taken = set(own.values())
        return {name: target for name, target in known.items() if target not in taken} | own

    def positions(self, cells: Sequence[str], renamed: Mapping[str, str]) -> dict[str, int]:
        """What stands where, by a header row; the first of two cells with one name counts."""
        known = self.meanings(renamed) if renamed else self._known
        found: dict[str, int] = {}
        for position, cell in enumerate(cells):
            target = known.get(plain(cell))
            if target is not None:
                found.setdefault(target, position)
        return found

    def missing(self, positions: Mapping[str, int]) -> list[str]:
        """Names of needed columns that are not there."""
        return [column.name for column in self.columns if column.needed and column.target not in positions]


def fold(name: str) -> str:
    """A word without case, blanks and punctuation, and with one kind of i."""
    return _NO_LETTER.sub("", name.replace("İ", "i").lower()).replace("ı", "i")


def plain(name: str) -> str:
    """A column's name by its bare letters and digits: `Fiş_Numarası`, `FIS NUMARASI` and `fis_numarasi` are one."""
    return _plain(name) if len(name) < _SHORT else _plain.__wrapped__(name)


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    told = unicodedata.normalize("NFKD", name.replace("İ", "i").lower()).replace("ı", "i")
    return _NO_NAME.sub("", told)
