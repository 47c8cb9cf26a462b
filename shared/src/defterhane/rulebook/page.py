"""The rulebook as a page to read: a table for each kind of document."""

from collections.abc import Iterable, Iterator
from typing import Final

from defterhane.rulebook.book import OWN_RULES, RULES
from defterhane.rulebook.model import Applies, RuleText

_HEAD: Final = """# The rules

Every document is checked by these before anything is signed. The first three tables are the authority's (GİB's), under
the ids that findings carry; the last is ours: what GİB checks without a rule of its own, what it will trip over later,
and what makes a file unreadable. `defterhane rule ID` shows one of them, `defterhane rule "TEXT"` tells which of them
GİB's rejection means. This page is made from the rulebook: `python -m defterhane.rulebook docs/rules.md`.
"""
_TABLES: Final = (("Journal (Y)", "journal"), ("Ledger (K)", "ledger"), ("Berats (YB, KB)", "berat"))
_OWN: Final = """## Ours

The ledger report (DR) also keeps what a berat must keep around its lines, under ids such as `report.B058`: nothing
official exists for it. Where the authority's own test passes an element over that is wrong all the same, the duty is
kept under an id such as `strict.B053`.
"""
_WHEN: Final[dict[Applies, str]] = {
    "always": "",
    "signed": " (once signed)",
    "newer": " (in the authority's newer file)",
}


def page() -> str:
    """The page, in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield _HEAD
    for title, document in _TABLES:
        yield f"## {title}\n"
        yield from _table([rule for rule in RULES.values() if rule.document == document])
        yield ""
    yield _OWN
    yield from _table(OWN_RULES.values())


def _table(rules: Iterable[RuleText]) -> Iterator[str]:
    yield "| rule | where | what it demands | what to do | GİB's message |"
    yield "|---|---|---|---|---|"
    for rule in rules:
        where = f"{rule.place.en}{_WHEN[rule.applies]}"
        demand = f"{rule.demand.en}<br>*{rule.demand.tr}*"
        cells = (f"`{rule.id}`", where, demand, rule.cure.en, _quoted(rule.official))
        yield f"| {' | '.join(cells)} |"


def _quoted(message: str | None) -> str:
    """As code, in which Markdown changes nothing."""
    return f"`{message.replace('|', chr(92) + '|')}`" if message else ""
