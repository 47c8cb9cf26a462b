"""All faults by name."""

from collections.abc import Iterable
from typing import Final

from sandbox.errors import FaultElsewhere, FaultUnknown
from sandbox.faults.accounts_and_amounts import ACCOUNTS, AMOUNTS, CURRENCY, TAXES
from sandbox.faults.drops import DROPS
from sandbox.faults.entries_and_documents import DATES, DOCUMENTS, ENTRIES
from sandbox.faults.files import FILES
from sandbox.faults.kinds import Fault
from sandbox.faults.tables_and_texts import HEADS, LINES, TEXTS

FAULTS: Final[dict[str, Fault]] = {
    fault.name: fault
    for group in (ACCOUNTS, AMOUNTS, CURRENCY, TAXES, ENTRIES, DATES, DOCUMENTS, HEADS, LINES, TEXTS, FILES, DROPS)
    for fault in group
}
"""By name."""


def choose(names: Iterable[str], layout: str, *, workbook: bool) -> tuple[Fault, ...]:
    """Faults by their names, each once.

    Raises:
        FaultUnknown, FaultElsewhere: there is no such fault, or not in this layout.
    """
    chosen = []
    for name in dict.fromkeys(names):
        fault = FAULTS.get(name)
        if fault is None:
            raise FaultUnknown(fault=name)
        if layout not in fault.layouts or (workbook and fault.text_only):
            shown = f"{layout} (xlsx)" if workbook else layout
            raise FaultElsewhere(fault=name, layout=shown, layouts=", ".join(sorted(fault.layouts)))
        chosen.append(fault)
    return tuple(chosen)
