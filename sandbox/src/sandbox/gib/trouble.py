"""Trouble on demand: makes the service answer with faults, fall silent, be slow or be down.

It is remembered in memory only: a restarted sandbox is well again.
"""

import threading
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from defterhane.soap.names import Operation
from sandbox.gib.faults import FaultCode


class Trouble(BaseModel):
    """What befalls the next calls that it fits.

    - `fault`: nothing is done; the answer is fault `code`.
    - `http`: nothing is done; the answer is HTTP status `status`, without a SOAP message.
    - `slow`: the call is done `seconds` later.
    - `lost`: the call is done, its answer never sent: the connection stays open for `seconds`, unless the
      caller gives up, and is then cut.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["fault", "http", "slow", "lost"]
    code: FaultCode | None = None
    status: int = Field(default=503, ge=400, le=599)
    seconds: float = Field(default=60, gt=0, le=3600)
    times: int = Field(default=1, ge=1, le=1_000_000)
    operation: Operation | None = None
    """Only calls of this operation; None = of any."""
    package: str = ""
    """Only calls about packages whose names begin so."""

    @model_validator(mode="after")
    def _fault_has_code(self) -> "Trouble":
        if (self.kind == "fault") != (self.code is not None):
            raise ValueError("a fault needs a code, and nothing else does")
        return self


class Troubles:
    """The troubles that still wait for calls; used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Trouble, int]] = []

    def add(self, trouble: Trouble) -> None:
        """Let a trouble befall the next calls that it fits."""
        with self._lock:
            self._waiting.append((trouble, trouble.times))

    def clear(self) -> None:
        """Be well again."""
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[Trouble]:
        """What still waits, with the number of times that are left."""
        with self._lock:
            return [trouble.model_copy(update={"times": times}) for trouble, times in self._waiting]

    def take(self, operation: Operation, package: str) -> Trouble | None:
        """The first trouble that fits a call; it has one time fewer left."""
        with self._lock:
            for index, (trouble, times) in enumerate(self._waiting):
                if trouble.operation in (None, operation) and package.startswith(trouble.package):
                    self._waiting[index : index + 1] = [(trouble, times - 1)] if times > 1 else []
                    return trouble
        return None
