"""A document's bytes on their way: all of them to the digests, in order; to the parser but what is passed over."""

from validator.clean import Place


class Outlet:
    """Where a document's bytes go."""

    def examine(self, data: bytes) -> None:
        """Bytes for the parser, and so for schema and rules; elements that are complete are examined."""
        raise NotImplementedError

    def keep(self, data: bytes, *, right: bool) -> None:
        """All bytes of the document in their order, for digests; `right` is canonical and not examined."""
        raise NotImplementedError


class Passage:
    """What has been read and not been dealt with, and what the parser has not been told yet.

    Line ends of what has been passed over are fed to the parser in its place, so that its line numbers stay the
    file's. What stands before an entry's lines can be held back until it is known whether it has to be examined.
    """

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet
        self.buffer = b""
        self._kept = 0  # up to there it has been handed to `Outlet.keep`
        self._line = 1  # of the file, at `_kept`
        self._padding = 0  # line ends passed over since the parser was last fed
        self._held: bytes | None = None
        self._held_from: int | None = None  # where that is in the buffer, until it has been kept
        self._outer_padding = 0  # line ends passed over before what is held

    @property
    def place(self) -> Place:
        """A place before all that has not been examined yet."""
        return self.buffer, self._kept, self._line

    @property
    def holds(self) -> bool:
        """Whether something is held back."""
        return self._held is not None

    @property
    def passed_over(self) -> int:
        """Line ends that the parser has not been fed."""
        return self._padding + self._outer_padding

    def extend(self, done: int, data: bytes) -> bytes:
        """Forget what has been dealt with, and take more bytes in; returns what there is now."""
        if self._held_from is not None:
            self._keep_held()
        self._keep_right(done)
        self.buffer = self.buffer[done:] + data
        self._kept = 0
        return self.buffer

    def examine(self, at: int, end: int) -> None:
        """Feed a stretch of the buffer; what stands before it and has not been examined is passed over."""
        self._keep_right(at)
        self._keep(at, end, right=False)
        self.feed(self.buffer[at:end])

    def feed(self, data: bytes) -> None:
        """Feed bytes to the parser, after the line ends that it lacks."""
        if self._padding:
            data = b"\n" * self._padding + data
            self._padding = 0
        self._outlet.examine(data)

    def hold(self, at: int, end: int) -> None:
        """Hold a stretch of the buffer back."""
        self._held, self._held_from = self.buffer[at:end], at

    def let_go(self) -> None:
        """Feed what has been held back."""
        if self._held_from is not None:
            self._keep_held()
        within, self._padding, self._outer_padding = self._padding, self._outer_padding, 0
        held, self._held = self._held, None
        assert held is not None
        self.feed(held)
        self._padding = within

    def pass_over_held(self, at: int, end: int) -> None:
        """Pass over what has been held back; that stretch of the buffer is its element's end."""
        assert self._held is not None
        if self._held_from is None:  # its beginning has been handed over by itself: so is its end
            self._keep_right(at)
            self._padding += self._outer_padding + self._held.count(b"\n") + self._keep(at, end, right=False)
            self._outer_padding = 0
        self._held = self._held_from = None

    def _keep_right(self, to: int) -> None:
        """Hand over what has been passed over, up to there."""
        if self._kept < to:
            self._padding += self._keep(self._kept, to, right=True)

    def _keep(self, at: int, end: int, *, right: bool) -> int:
        """Hand bytes over for digests; returns how many lines end in them."""
        data = self.buffer[at:end]
        self._outlet.keep(data, right=right)
        lines = data.count(b"\n")
        self._line += lines
        self._kept = end
        return lines

    def _keep_held(self) -> None:
        """Hand over what is held back; whether it has to be examined will be seen."""
        assert self._held is not None
        assert self._held_from is not None
        self._keep_right(self._held_from)
        self._outer_padding, self._padding = self._padding, 0
        self._keep(self._held_from, self._held_from + len(self._held), right=False)
        self._held_from = None
