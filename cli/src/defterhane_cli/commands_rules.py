"""The command `rule`: what a rule demands, and which rules GİB's rejection means. The rulebook is read when it runs."""

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.markup import escape

from defterhane.texts import Language, Text
from defterhane_cli import terminal
from defterhane_cli.errors import NothingTraced, RuleUnknown
from defterhane_cli.terminal import Json, Lang

if TYPE_CHECKING:  # for its type alone
    from defterhane.rulebook import RuleText

_ID: Final = re.compile(r"[A-Za-z][0-9]{3}|XSD|[A-Za-z_]+\.[A-Za-z0-9_.]+", re.IGNORECASE)
_INPUT: Final = "-"
_DOCUMENTS: Final = {
    "journal": Text(tr="yevmiye", en="journal"),
    "ledger": Text(tr="kebir", en="ledger"),
    "berat": Text(tr="berat", en="berat"),
    "report": Text(tr="defter raporu", en="ledger report"),
}
_APPLIES: Final = {
    "signed": Text(tr="imzadan sonra", en="once signed"),
    "newer": Text(tr="GİB'in yeni dosyasında", en="in the authority's newer file"),
}


def rule(
    words: Annotated[
        list[str], typer.Argument(help="Rules' ids; or a rejection's text, - for standard input.", metavar="ID…|TEXT")
    ],
    json: Json = False,
    lang: Lang = "auto",
) -> None:
    """Show what rules demand, or which rules GİB's rejection means. Exit 0 found, 1 nothing fits, 2 no such rule."""
    with terminal.speaking(lang) as chosen:
        found = _named(words) if all(_ID.fullmatch(word) for word in words) else _traced(words)
    if json:
        terminal.print_json([_as_json(one, chosen) for one in found])
    elif found:
        _print(found, chosen)
    else:
        terminal.say(NothingTraced(), chosen)
    terminal.stop(terminal.VALID if found else terminal.FINDINGS)


def _named(ids: Sequence[str]) -> list["RuleText"]:
    return [_known(word) for word in ids]


def _known(word: str) -> "RuleText":
    from defterhane.rulebook import find  # noqa: PLC0415

    for spelling in (word, word.upper(), word.lower()):
        if (found := find(spelling)) is not None:
            return found
    raise RuleUnknown(rule=word)


def _traced(words: Sequence[str]) -> list["RuleText"]:
    from defterhane.rulebook import LIMIT, RULES, trace  # noqa: PLC0415

    text = sys.stdin.read(LIMIT) if list(words) == [_INPUT] else " ".join(words)
    return [RULES[rule_id] for rule_id in trace(text)]


def _as_json(one: "RuleText", chosen: Language) -> dict[str, str | None]:
    return {
        "rule": one.id,
        "document": one.document,
        "applies": one.applies,
        "where": one.place.to(chosen),
        "demand": one.demand.to(chosen),
        "cure": one.cure.to(chosen),
        "official": one.official,
    }


def _print(rules: Sequence["RuleText"], chosen: Language) -> None:
    """Rules that say the same of several documents are shown as one."""
    alike: dict[tuple[Text, str | None], list[RuleText]] = {}
    for one in rules:
        alike.setdefault((one.demand, one.official), []).append(one)
    for group in alike.values():
        first = group[0]
        documents = dict.fromkeys(_DOCUMENTS[one.document].to(chosen) for one in group if one.document)
        facts = [", ".join(documents), *dict.fromkeys(one.place.to(chosen) for one in group)]
        if first.applies in _APPLIES:
            facts.append(_APPLIES[first.applies].to(chosen))
        ids = ", ".join(one.id for one in group)
        terminal.print_paragraph(f"[bold]{ids}[/]  [dim]{escape(' · '.join(filter(None, facts)))}[/]")
        terminal.print_paragraph(f"  {escape(first.demand.to(chosen))}", 4)
        for cure in dict.fromkeys(one.cure for one in group):
            terminal.print_paragraph(f"  → {escape(cure.to(chosen))}", 4)
        if first.official:
            terminal.print_paragraph(f"  [dim]GİB: {escape(first.official)}[/]", 4)
