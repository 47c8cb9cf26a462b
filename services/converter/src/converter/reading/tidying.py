"""Cells as a document may hold them."""

from collections.abc import Sequence
from typing import Final

from converter.problems import Place, problem
from converter.reading.clean import clean, is_clean
from defterhane.findings import Findings

NULL: Final = frozenset({"NULL", "null", "Null", "(null)", "<null>", "<NULL>"})
"""What database tools write where there is nothing."""


def tidied(file: str, line: int, targets: Sequence[str], cells: Sequence[str], findings: Findings) -> tuple[str, ...]:
    """Clean texts, empty where there is nothing. What was taken out of them is told; `targets` say what they mean."""
    if is_clean("".join(cells)):
        stripped = [cell.strip(" ") for cell in cells]
        return tuple(["" if cell in NULL else cell for cell in stripped])
    made = []
    changed = []
    for target, cell in zip(targets, cells, strict=True):
        text, was_changed = ("", False) if cell.strip() in NULL else clean(cell)
        made.append(text)
        if was_changed:
            changed.append(target)
    if changed:
        place = place_by(file, line, targets, made)
        for target in changed:
            findings.add(problem("text.cleaned", place, where=target))
    return tuple(made)


def place_by(file: str, line: int, targets: Sequence[str], cells: Sequence[str]) -> Place:
    """Where a row is, by what an accountant knows it by."""
    told = dict(zip(targets, cells, strict=True))
    return Place(
        file,
        line,
        told.get("entrynumbercounter") or told.get("linenumbercounter"),
        told.get("entrynumber"),
        told.get("accsubid") or told.get("accmainid"),
    )
