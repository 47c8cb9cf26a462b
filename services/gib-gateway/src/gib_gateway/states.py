"""The states of one document on its way to GİB and back."""

from enum import StrEnum
from typing import Final

from defterhane.soap.names import Operation


class State(StrEnum):
    """What is to be done next with a document.

    ```
    waiting → sending → asking → receiving → approved
       ↑         ↑        │ 304                 (a report: asking → approved)
       │         └────────┤
       └──── released ── refused
    ```
    Where its revision is withdrawn, waiting, sending and refused become superseded, and where that counts again,
    superseded becomes waiting (or refused).

    A message that carries a document leaves only after `asking` has been committed: whoever dies between sending and
    remembering asks first, and never sends twice.
    """

    WAITING = "waiting"
    """For the part's other berat, for a person at the gate, for what goes before it."""
    SENDING = "sending"
    """To be sent; GİB does not have it."""
    ASKING = "asking"
    """GİB has it or may have it: its state is to be asked for."""
    RECEIVING = "receiving"
    """The approved berat is to be fetched."""
    APPROVED = "approved"
    """For good. A report: accepted."""
    REFUSED = "refused"
    """Until a person lets it try again, or its revision is withdrawn."""
    SUPERSEDED = "superseded"
    """Its revision has been withdrawn, and GİB does not have it; it counts again if GİB approves another document of
    that revision all the same."""


OPERATIONS: Final[dict[State, Operation]] = {
    State.SENDING: Operation.SEND,
    State.ASKING: Operation.STATUS,
    State.RECEIVING: Operation.RECEIVE,
}
"""What GİB is asked in a state."""

AT_GIB: Final = frozenset({State.ASKING, State.RECEIVING})
"""GİB has the document or may have it."""
