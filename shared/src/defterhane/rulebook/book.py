"""The rulebook, read from the package's data files."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final, cast

from defterhane.rulebook.model import Applies, Document, RuleText
from defterhane.texts import Text

_DATA: Final = files("defterhane.rulebook") / "data"
_TEXTS: Final = ("frame", "company", "entries", "lines", "berat")
_OWN: Final = ("own", "month")
_REPORT: Final = "report"
_STRICT: Final = "strict"


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _text(value: str | dict[str, str], shared: Mapping[str, Text]) -> Text:
    """A text of its own, or the name of one that many rules share."""
    return shared[value] if isinstance(value, str) else Text(**value)


def _shared(words: dict[str, Any], table: str) -> dict[str, Text]:
    return {name: Text(**text) for name, text in words[table].items()}


def _rows(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in _toml(name)["rule"]:
        for rule_id in row["ids"]:
            yield rule_id, row


def _official() -> Mapping[str, RuleText]:
    words = _toml("words")
    places, cures = _shared(words, "places"), _shared(words, "cures")
    ours = {rule_id: row for name in _TEXTS for rule_id, row in _rows(name)}
    book: dict[str, RuleText] = {}
    lines = (_DATA / "official.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines[1:]:
        rule_id, document, applies, place, message = line.split("\t")
        row = ours[rule_id]
        cure = row.get("berat_cure", row["cure"]) if document == "berat" else row["cure"]
        book[rule_id] = RuleText(
            id=rule_id,
            document=cast("Document", document),
            applies=cast("Applies", applies),
            place=places[place],
            demand=Text(tr=row["tr"], en=row["en"]),
            cure=_text(cure, cures),
            official=message,
        )
    return MappingProxyType(book)


def _own() -> Mapping[str, RuleText]:
    words = _toml("words")
    places, cures = _shared(words, "places"), _shared(words, "cures")
    return MappingProxyType(
        {
            rule_id: RuleText(
                id=rule_id,
                document=row.get("document"),
                applies="always",
                place=places[row["place"]],
                demand=Text(tr=row["tr"], en=row["en"]),
                cure=_text(row["cure"], cures),
            )
            for name in _OWN
            for rule_id, row in _rows(name)
        }
    )


RULES: Final = _official()
"""The authority's rules, by id, in their order."""

OWN_RULES: Final = _own()
"""Our own rules, by id."""


def find(rule_id: str) -> RuleText | None:
    """The rule of an id; None where there is none.

    Two sorts of ours are the authority's in other places: nothing official exists for the report, which keeps the
    berat's rules as `report.B058`; and what the authority's own test passes over is kept as `strict.B053`.
    """
    if (found := RULES.get(rule_id) or OWN_RULES.get(rule_id)) is not None:
        return found
    prefix, _, official = rule_id.partition(".")
    like = RULES.get(official)
    if like is None:
        return None
    if prefix == _STRICT:
        return replace(like, id=rule_id, official=None)
    if prefix == _REPORT and like.document == "berat":
        return replace(like, id=rule_id, document="report", official=None)
    return None
