"""Lays an answer out as a text that an accountant reads: short lines, one finding after the other."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from defterhane.edefter.names import WHOLE
from defterhane.figures import grouped, money
from defterhane.findings import Finding, Severity
from defterhane.texts import Language
from ingest.intake import local_time
from ingest.wording import HEADLINES, LABELS

if TYPE_CHECKING:
    from ingest.answers import Answer

_BYTE_ORDER_MARK = "\ufeff"
_RULE = "=" * 72


def render(answer: "Answer") -> str:
    """The text: Turkish, then English."""
    lines = [*_part(answer, "tr"), "", _RULE, "", *_part(answer, "en")]
    return _BYTE_ORDER_MARK + "".join(f"{line}\r\n" for line in lines)


def _part(answer: "Answer", language: Language) -> Iterator[str]:
    yield HEADLINES[answer.outcome].to(language)
    yield ""
    facts: dict[str, str | None] = {
        "tenant": answer.tenant,
        "file": answer.file,
        "period": answer.period,
        "branch": answer.branch,
        "document": answer.document,
        "at": f"{local_time(answer.at):%d.%m.%Y %H:%M}",
        "size": str(answer.size) if answer.size is not None else None,
        "sha256": answer.sha256,
        "reason": answer.reason.to(language) if answer.reason else None,
        "code": answer.code,
        "rules": ", ".join(answer.rules),
        "cure": answer.cure.to(language) if answer.cure else None,
        **dict(_figures(answer, language)),
    }
    for name, value in facts.items():
        if value:
            yield f"{LABELS[name].to(language)}: {_line(value)}"
    if answer.recognised:
        yield ""
        yield f"{LABELS['recognised'].to(language)}:"
        for text in answer.recognised:
            yield f"  {_line(text.to(language))}"
    yield from _findings(answer, language)
    if answer.documents:
        yield ""
        yield f"{LABELS['documents'].to(language)}:"
        for document in answer.documents:
            yield f"  {_line(document)}"


def _figures(answer: "Answer", language: Language) -> Iterator[tuple[str, str]]:
    for name, figure in answer.figures.items():
        yield name, money(figure, language) if name == "total" else grouped(figure, language)
    if answer.parts:
        yield "parts", LABELS["one_part"].to(language) if answer.parts == (WHOLE,) else ", ".join(answer.parts)


def _findings(answer: "Answer", language: Language) -> Iterator[str]:
    if not answer.findings:
        return
    only_warnings = all(finding.severity is Severity.WARNING for finding in answer.findings)
    yield ""
    yield f"{LABELS['warnings' if only_warnings else 'findings'].to(language)}:"
    for number, finding in enumerate(answer.findings, 1):
        yield from _finding(number, finding, language)
    unlisted = sum(answer.counts.values()) - len(answer.findings)
    if unlisted > 0:
        yield LABELS["more"].format(count=unlisted).to(language)
        yield f"{LABELS['counts'].to(language)}:"
        for rule, count in sorted(answer.counts.items()):
            yield f"  {_line(rule)}: {count}"


def _finding(number: int, finding: Finding, language: Language) -> Iterator[str]:
    warning = f" ({LABELS['warning'].to(language)})" if finding.severity is Severity.WARNING else ""
    yield f"{number}. {_line(finding.message.to(language))}{warning}"
    places = [finding.file] if finding.file else []
    for name in ("line", "voucher", "entry", "account", "value", "where", "rule"):
        value = getattr(finding, name)
        if value is not None:
            places.append(f"{LABELS[name].to(language)} {value}")
    yield f"   {_line(', '.join(places))}"
    if finding.cure is not None:
        yield f"   → {_line(finding.cure.to(language))}"


def _line(text: str) -> str:
    """A text on one line, without characters that a screen would obey."""
    return "".join(character if character.isprintable() else " " for character in text).strip()
