"""docs/exports.md tells the columns of every layout, those that must be there in bold, and no others."""

import re

import pytest

from converter.reading.layout import Column
from converter.reading.layouts import COLUMNS23, COLUMNS25, DETAIL, HEAD, XML_ENTRY, XML_LINE
from ingest.wording import Outcome
from sandbox.samples import LAYOUTS
from support.deploying import ROOT

PAGE = (ROOT / "docs" / "exports.md").read_text("utf-8")
ROW = re.compile(r"\| (\**)`([^`]+)`\1 \|[^|\n]*\|[^|\n]*\|(?:([^|\n]*)\|)?")


def tables(layout: str) -> list[list[tuple[str, bool, tuple[str, ...]]]]:
    """A layout's tables: name, whether it must be there, other names."""
    section = PAGE.split(f"### {layout}\n")[1].split("\n##")[0]
    return [
        [(row[2], bool(row[1]), tuple(re.findall("`([^`]+)`", row[3] or ""))) for row in ROW.finditer(block)]
        for block in section.split("\n\n")
        if block.startswith("| column |")
    ]


def told(columns: tuple[Column, ...], *, aliases: bool) -> list[tuple[str, bool, tuple[str, ...]]]:
    return [(column.name, column.needed, column.aliases if aliases else ()) for column in columns]


@pytest.mark.parametrize(
    ("layout", "columns", "aliases"),
    [
        ("columns25", [COLUMNS25.columns, COLUMNS25.extra], True),
        ("columns23", [COLUMNS23.columns], False),
        ("header-detail", [HEAD.columns, DETAIL.columns], True),
        ("xml", [XML_ENTRY.columns, XML_LINE.columns], False),
    ],
)
def test_the_columns_are_those_that_are_read(layout: str, columns: list[tuple[Column, ...]], *, aliases: bool) -> None:
    assert tables(layout) == [told(some, aliases=aliases) for some in columns]


def test_every_layout_has_its_section() -> None:
    assert all(f"### {layout}\n" in PAGE and f"| `{layout}` |" in PAGE for layout in LAYOUTS)


def test_every_answer_is_told() -> None:
    assert set(re.findall(r"`\.([a-z-]+)`", PAGE.split("## Answers")[1])) >= set(Outcome)
