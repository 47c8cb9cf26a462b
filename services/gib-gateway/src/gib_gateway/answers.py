"""What GİB may answer, as the rest of the gateway sees it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Queued:
    """sendDocumentFile: the package is queued, not approved."""

    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """getBatchStatus: the newest attempt's state, as it came."""

    package: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Given:
    """receiveDocumentFile: the approved berat's package."""

    name: str
    package: bytes


@dataclass(frozen=True, slots=True)
class Faulted:
    """A SOAP fault; `code` where a documented one could be found in it."""

    code: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer that can be used: GİB may have acted on the message, or not."""

    why: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """No connection could be made: GİB has not got the message."""

    why: str


Answer = Queued | Told | Given | Faulted | Lost | NotSent
