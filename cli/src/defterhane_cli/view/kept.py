"""The pages that are done, kept until the whole is put together."""

import base64
import zlib
from collections.abc import Iterator
from typing import IO, Final

from markupsafe import Markup

PLAIN: Final = 4
"""A document of so many pages is shown at once."""


class Kept:
    """The pages that are done: the first ones as they are, once there are many the others compressed in a file."""

    def __init__(self, spool: IO[bytes]) -> None:
        self._spool = spool
        self._plain: list[str] = []
        self._sizes: list[int] = []

    @property
    def large(self) -> bool:
        """Whether there are more pages than are shown at once."""
        return bool(self._sizes)

    @property
    def first(self) -> Markup:
        """What is shown at once."""
        return Markup("\n".join(self._plain))  # noqa: S704 - rendered by our templates

    def add(self, sheet: str) -> None:
        """Take in the next page."""
        if len(self._plain) < PLAIN and not self._sizes:
            self._plain.append(sheet)
            return
        for one in (*self._plain[1:], sheet):
            packed = zlib.compress(one.encode(), 6)
            self._sizes.append(len(packed))
            self._spool.write(packed)
        del self._plain[1:]

    def packed(self) -> Iterator[tuple[int, str]]:
        """Number and content of each page that is not shown at once: base64 of its zlib stream."""
        self._spool.seek(0)
        for number, size in enumerate(self._sizes, start=2):
            yield number, base64.b64encode(self._spool.read(size)).decode("ascii")
