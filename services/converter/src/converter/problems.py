"""Problems as findings: said in both languages, at the place by which an accountant knows them."""

from dataclasses import dataclass
from typing import Final

from converter.kinds import FIELDS, KINDS
from converter.reading.cells import Cells
from defterhane.errors import FixInput
from defterhane.findings import Finding
from defterhane.texts import Text

_SHOWN: Final = 200
"""Characters of a text that are told."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is: file, its line (1 = the first, the header counts), and what an accountant knows it by."""

    file: str
    line: int | None = None
    entry: str | None = None
    voucher: str | None = None
    account: str | None = None


def place_of(file: str, line: int, cells: Cells) -> Place:
    """Where a row's problem is."""
    return Place(
        file,
        line,
        cells.entrynumbercounter or cells.linenumbercounter,
        cells.entrynumber,
        cells.accsubid or cells.accmainid,
    )


def problem(key: str, place: Place, value: str | None = None, where: str | None = None, **values: object) -> Finding:
    """One finding of a known kind. `value` is what was found, `where` a field of `Cells`, or another name."""
    kind = KINDS[key]
    shown = _short(value)
    values = {name: _short(text) if isinstance(text, str) else text for name, text in values.items()}
    field = FIELDS.get(where or "")
    told = Text(tr=f"{field.tr} ({where})", en=f"{field.en} ({where})") if field else Text(tr=f"{where}", en=f"{where}")
    return Finding(
        rule=key,
        severity=kind.severity,
        message=Text(
            tr=kind.text.tr.format(value=shown, where=told.tr, **values),
            en=kind.text.en.format(value=shown, where=told.en, **values),
        ),
        cure=kind.cure.format(**values),
        file=place.file,
        line=place.line,
        entry=_short(place.entry) or None,
        voucher=_short(place.voucher) or None,
        account=_short(place.account) or None,
        value=shown,
        where=where,
    )


def _short(text: str | None) -> str | None:
    return text[:_SHOWN] if text is not None else None


def of_error(error: FixInput, file: str) -> Finding:
    """A whole file's error as a finding; `file` is what it is about where the error does not say."""
    told = error.problem
    line = error.values.get("line")
    return Finding(
        rule=told.key,
        message=told.text,
        cure=told.cure,
        file=str(error.values.get("file", file)),
        line=line if isinstance(line, int) else None,
    )
