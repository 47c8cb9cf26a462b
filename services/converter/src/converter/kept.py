"""What has been worked out once, kept for the next time: no more of it than memory bears."""

from typing import Final, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_LONG: Final = 4_096
"""Characters: what is longer is not kept, so that a bound on the number is one on memory."""


class Kept(dict[K, V]):
    """A dictionary that is emptied when it is full."""

    def __init__(self, most: int) -> None:
        """`most`: so many things are kept."""
        super().__init__()
        self._most = most

    def keep(self, key: K, value: V, size: int) -> V:
        """Keep `value`, whose texts and `key`'s have about `size` characters, if it is small; returns it."""
        if size <= _LONG:
            if len(self) >= self._most:
                self.clear()
            self[key] = value
        return value
