"""Findings about documents that do not agree: what `agreement_texts` says, with the values of both filled in."""

from dataclasses import dataclass

from defterhane.edefter.money import format_kurus
from defterhane.figures import day, grouped, money
from defterhane.findings import Finding, Severity
from defterhane.texts import Language, Text
from validator.agreement_texts import SAID
from validator.shown import shown
from validator.summary import Summary
from validator.texts import Said


@dataclass(frozen=True, slots=True)
class Kurus:
    """An amount, as a value in a text."""

    amount: int


@dataclass(frozen=True, slots=True)
class Days:
    """A day as documents write it (YYYY-MM-DD), or two of them: from one to the other."""

    first: str
    last: str | None = None

    def __str__(self) -> str:
        return self.first if self.last is None else f"{self.first} – {self.last}"


Value = str | int | Kurus | Days | Text
"""What may be filled in: a whole number is grouped, a text taken as it is."""


def title(document: Summary) -> str:
    """What a document is called: its file's name, or its kind and unique number."""
    return document.name or f"{document.kind} {document.unique_id}"


def made(
    rule: str,
    about: Summary,
    other: Summary | Text | None = None,
    *,
    found: Value = "",
    expected: Value = "",
    where: str | None = None,
    account: str | None = None,
    warning: bool = False,
    **more: Value,
) -> Finding:
    """A finding about a document, said in both languages; the second document may be told as words."""
    named: Value = title(other) if isinstance(other, Summary) else other or ""
    values: dict[str, Value] = {"document": title(about), "other": named, "found": found, "expected": expected, **more}
    values["account"] = account or ""
    said = SAID[rule]
    return Finding(
        rule=rule,
        severity=Severity.WARNING if warning else Severity.ERROR,
        message=Text(tr=_filled(said, values, "tr"), en=_filled(said, values, "en")),
        cure=said.cure,
        file=about.name,
        account=account,
        value=_plain(found) or None,
        where=where,
    )


def _filled(said: Said, values: dict[str, Value], language: Language) -> str:
    return said.message.to(language).format(**{name: _in(value, language) for name, value in values.items()})


def _in(value: Value, language: Language) -> str:
    match value:
        case Kurus(amount):
            return money(amount, language)
        case Days(first, last):
            return " – ".join(day(shown(one), language) for one in (first, last) if one is not None)
        case Text():
            return value.to(language)
        case int():
            return grouped(value, language)
    return shown(value)


def _plain(value: Value) -> str:
    match value:
        case Kurus(amount):
            return format_kurus(amount)
        case Text():
            return value.tr
    return shown(str(value))
