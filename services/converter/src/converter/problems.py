"""Problems as findings: said in both languages, at the place by which an accountant knows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from converter.kinds import FIELDS, KINDS
from converter.reading.cells import Cells
from defterhane.edefter.money import format_kurus
from defterhane.errors import FixInput
from defterhane.figures import money
from defterhane.findings import Finding
from defterhane.texts import Language, Text

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


class Kurus(int):
    """An amount in kuruş: texts show it as each language writes it, a finding's value as a plain number."""


def place_of(file: str, line: int, cells: Cells) -> Place:
    """Where a row's problem is."""
    return Place(
        file,
        line,
        cells.entrynumbercounter or cells.linenumbercounter,
        cells.entrynumber,
        cells.accsubid or cells.accmainid,
    )


def problem(
    key: str, place: Place, value: str | Kurus | None = None, where: str | None = None, **values: object
) -> Finding:
    """One finding of a known kind. `value` is what was found, `where` a field of `Cells`, or another name."""
    kind = KINDS[key]
    found = {"value": value, **values}
    return Finding(
        rule=key,
        severity=kind.severity,
        message=Text(tr=_told(kind.text, "tr", found, where), en=_told(kind.text, "en", found, where)),
        cure=Text(tr=_told(kind.cure, "tr", found, where), en=_told(kind.cure, "en", found, where)),
        file=place.file,
        line=place.line,
        entry=_short(place.entry) or None,
        voucher=_short(place.voucher) or None,
        account=_short(place.account) or None,
        value=format_kurus(value) if isinstance(value, Kurus) else _short(value),
        where=where,
    )


def _told(text: Text, language: Language, values: Mapping[str, object], where: str | None) -> str:
    field = FIELDS.get(where or "")
    name = f"{field.to(language)} ({where})" if field else where
    shown = {key: _shown(value, language) for key, value in values.items()}
    return text.to(language).format(where=name, **shown)


def _shown(value: object, language: Language) -> object:
    if isinstance(value, Kurus):
        return money(value, language)
    return _short(value) if isinstance(value, str) else value


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
