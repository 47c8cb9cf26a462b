"""A workbook's shared texts: the first in memory, the rest on disk."""

import contextlib
import sqlite3
import tempfile
from pathlib import Path
from typing import Final

_IN_MEMORY: Final = 50_000
"""So many texts stay in memory…"""
_CHARACTERS: Final = 8_000_000
"""…and so many characters."""


class SharedTexts:
    """Texts by their numbers, from 0."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._texts: list[str] = []
        self._characters = 0
        self._count = 0
        self._database: sqlite3.Connection | None = None
        self._path: Path | None = None

    def __enter__(self) -> "SharedTexts":
        return self

    def __exit__(self, *_: object) -> None:
        if self._database is not None and self._path is not None:
            with contextlib.closing(self._database):
                self._path.unlink(missing_ok=True)

    def add(self, text: str) -> None:
        """Keep the next text."""
        if self._database is None and len(self._texts) < _IN_MEMORY and self._characters < _CHARACTERS:
            self._texts.append(text)
            self._characters += len(text)
        else:
            if self._database is None:
                self._database = self._open()
            self._database.execute("INSERT INTO text VALUES (?, ?)", (self._count, text))
        self._count += 1

    def __getitem__(self, number: int) -> str:
        """The text of that number.

        Raises:
            IndexError: there is none.
        """
        if 0 <= number < len(self._texts):
            return self._texts[number]
        found = None
        if self._database is not None and 0 <= number < self._count:
            found = self._database.execute("SELECT said FROM text WHERE number = ?", (number,)).fetchone()
        if found is None:
            raise IndexError(number)
        return str(found[0])

    def _open(self) -> sqlite3.Connection:
        with tempfile.NamedTemporaryFile(dir=self._scratch, suffix=".texts", delete=False) as file:
            self._path = Path(file.name)
        database = sqlite3.connect(self._path, isolation_level=None)
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("CREATE TABLE text (number INTEGER PRIMARY KEY, said TEXT NOT NULL)")
        database.execute("BEGIN")
        return database
