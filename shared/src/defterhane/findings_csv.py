"""Findings as a table that spreadsheet programs open: one row a finding, then how many more there are of each rule.

UTF-8 with a byte order mark, `;` between cells and CRLF after rows, as Excel in Turkish wants it. What stands in a cell
may come from anybody's export: no cell can become a formula, and none holds a control character.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, TextIO

from defterhane.findings import Finding
from defterhane.texts import Language, Text

COLUMNS: Final = (
    "file",
    "line",
    "voucher",
    "entry",
    "account",
    "severity",
    "rule",
    "where",
    "value",
    "message_tr",
    "cure_tr",
    "message_en",
    "cure_en",
)
"""The header, in order."""

_LANGUAGES: Final[tuple[Language, ...]] = ("tr", "en")
_BYTE_ORDER_MARK: Final = "\ufeff"
_FORMULA_STARTS: Final = frozenset("=+-@＝＋－＠")
"""The full-width ones are taken for the plain ones by some."""
_MORE: Final = Text(
    tr="Bu kuraldan toplam {total} bulgu var; {listed} tanesi yukarıda.",
    en="{total} findings of this rule in all; {listed} of them are above.",
)


def findings_csv(findings: Iterable[Finding], counts: Mapping[str, int]) -> str:
    """The whole text of a `.csv` file, byte order mark included; encode it as UTF-8.

    `counts` tells all findings by rule: each rule of which there are more than are listed gets a row of its own at the
    end, with the total as its value. The same findings always give the same text.
    """
    text = io.StringIO()
    write_findings(findings, counts, text)
    return text.getvalue()


def write_findings(findings: Iterable[Finding], counts: Mapping[str, int], target: TextIO) -> None:
    """As `findings_csv`, but written to a stream that leaves line ends as they are; one finding at a time."""
    target.write(_BYTE_ORDER_MARK)
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    listed: Counter[str] = Counter()
    severities: dict[str, str] = {}
    for finding in findings:
        listed[finding.rule] += 1
        severities[finding.rule] = finding.severity.value
        writer.writerow(map(_cell, _row(finding)))
    for rule, total in sorted(counts.items()):
        if total > listed[rule]:
            writer.writerow(map(_cell, _more(rule, severities.get(rule), total, listed[rule])))


def _row(finding: Finding) -> Iterator[str | None]:
    yield finding.file
    yield str(finding.line) if finding.line is not None else None
    yield from (finding.voucher, finding.entry, finding.account)
    yield from (finding.severity.value, finding.rule, finding.where, finding.value)
    for language in _LANGUAGES:
        yield finding.message.to(language)
        yield finding.cure.to(language) if finding.cure is not None else None


def _more(rule: str, severity: str | None, total: int, listed: int) -> Iterator[str | None]:
    told = _MORE.format(total=total, listed=listed)
    yield from (None, None, None, None, None, severity, rule, None, str(total), told.tr, None, told.en, None)


def _cell(text: str | None) -> str:
    """A cell's text: on one line, of printable characters only, and never read as a formula."""
    shown = "".join(
        character if character.isprintable() else " " if character.isspace() else "" for character in text or ""
    ).strip()
    return f"'{shown}" if shown[:1] in _FORMULA_STARTS else shown
