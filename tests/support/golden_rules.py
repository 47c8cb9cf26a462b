"""The golden cases of GİB's rules: tests/golden/validator/rules.toml.

Each case names the ids of one rule (journal's, ledger's, berat's), and changes of a good document of which each makes
the rule fire (`fires`) or, as near by as may be, just not (`spares`). A change is a table, or a list of tables that
are done one after the other:

* `{text = PATH, to = VALUE}`, `{texts = PATH, to = VALUE}` (all of them), `{without = PATH}`, `{twice = PATH}`,
  `{empty = PATH}`, `{attribute = PATH, name = NAME, to = VALUE}` (without `to`: taken away),
  `{inside = PATH, xml = XML}`, `{before = …}`, `{after = …}`, `{move = PATH, before = PATH}`, `{name = FILE NAME}`,
  `{root = NAME}`; `nth` counts from 0, `nth = -1` is the last, of what `before` names `other`.

`of` is the month that the changes are made in, by its fields (`corpus_books.Month`). A rule that no document can break
says `never`, and why; one whose tests compare in a way that `spares` cannot come near says so in `about`.
"""

import tomllib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from support import document_changes as documents
from support.corpus_books import BRIEF, FULL, Month, written

FILE: Final = Path(__file__).parents[1] / "golden" / "validator" / "rules.toml"
_MONTHS: Final = {"full": FULL, "brief": BRIEF, "none": ()}


@dataclass(frozen=True)
class RuleCase:
    """One rule's golden case."""

    id: str
    kind: DocumentKind
    month: Month
    fires: tuple[Any, ...]
    """Changes that break the rule."""
    spares: tuple[Any, ...]
    """Changes that just do not."""
    never: str | None = None
    """Why no document can break it."""

    def file_name(self, changes: Any) -> str:
        """The file name under which a changed document goes."""
        names = [told["name"] for told in _listed(changes) if told.keys() == {"name"}]
        return names[0] if names else self.month.file_name(self.kind)

    def made(self, changes: Any) -> bytes:
        """The document with changes."""
        root = deepcopy(_tree(self.month, self.kind))
        for told in _listed(changes):
            _change(told)(root)
        return written(root)


def _listed(changes: Any) -> list[dict[str, Any]]:
    return changes if isinstance(changes, list) else [changes]


@cache
def _tree(month: Month, kind: DocumentKind) -> etree._Element:
    return month.tree(kind)


@cache
def cases() -> tuple[RuleCase, ...]:
    """All cases, in the file's order."""
    told = tomllib.loads(FILE.read_text("utf-8"))
    return tuple(one for table in told["rule"] for one in _cases(table))


def _cases(table: dict[str, Any]) -> Iterator[RuleCase]:
    for rule_id in table["ids"]:
        kind = DocumentKind(table.get("kind", {"Y": "Y", "K": "K", "B": "YB", "N": "Y"}[rule_id[0]]))
        yield RuleCase(
            id=rule_id,
            kind=kind,
            month=_month(dict(table.get("of", {}))),
            fires=tuple(table.get("fires", ())),
            spares=tuple(table.get("spares", ({},))),
            never=table.get("never"),
        )


def _month(of: dict[str, Any]) -> Month:
    return Month(_MONTHS[of.pop("entries", "brief")], **of)


def _change(told: dict[str, Any]) -> documents.Change:
    nth = told.get("nth", 0)
    match told:
        case {"text": path, "to": value}:
            return documents.text(path, value, nth)
        case {"texts": path, "to": value}:
            return documents.all_texts(path, value)
        case {"without": path}:
            return documents.without(path, nth)
        case {"twice": path}:
            return documents.twice(path, nth)
        case {"empty": path}:
            return _emptied(path, nth)
        case {"attribute": path, "name": name}:
            return documents.attribute(path, name, told.get("to"), nth)
        case {"inside": path, "xml": xml}:
            return documents.inside(path, xml, nth)
        case {"before": path, "xml": xml}:
            return documents.before(path, xml, nth)
        case {"after": path, "xml": xml}:
            return documents.after(path, xml, nth)
        case {"move": path, "before": other}:
            return documents.moved_before(path, other, nth, told.get("other", 0))
        case {"root": name}:
            return _root_named(name)
        case {"name": _}:
            return lambda root: None
        case _ if not told:
            return lambda root: None
    raise ValueError(f"no change is told so: {told}")


def _emptied(path: str, nth: int) -> documents.Change:
    def change(root: etree._Element) -> None:
        element = documents.at(root, path, nth)
        del element[:]
        element.text = None

    return change


def _root_named(name: str) -> documents.Change:
    def change(root: etree._Element) -> None:
        root.tag = documents.clark(name)

    return change
