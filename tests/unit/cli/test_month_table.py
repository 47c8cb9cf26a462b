"""The table of months on terminals of all widths, and in a file."""

import io
from collections import Counter

import pytest
from rich.console import Console

from defterhane.edefter.kinds import DocumentKind
from defterhane_cli.month_table import print_table
from defterhane_cli.months import UNKNOWN, Row

Y, K, YB, KB, DR = DocumentKind
FIRMS = "6090408038", "1234567808"


def row(firm: str = FIRMS[0], month: str = "2025-01", branch: str = "", **changes: object) -> Row:
    values = {
        "key": (firm, branch, month),
        "documents": Counter({Y: 1, K: 1, YB: 1, KB: 1}),
        "signed": 4,
        "entries": 599_940,
        "lines": 12_338_766,
        "debit": 139_411_787_427,
        "credit": 139_411_787_427,
        "errors": 0,
        "warnings": 0,
    }
    return Row(**{**values, **changes})  # type: ignore[arg-type]


def shown(rows: list[Row], width: int | None = None, lang: str = "tr") -> list[str]:
    out = io.StringIO()
    console = Console(file=out, force_terminal=width is not None, width=width, color_system=None, highlight=False)
    print_table(rows, lang, console)  # type: ignore[arg-type]
    return [line.rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize(
    "rows", [[row()], [row(), row(month="2025-02", debit=1)], [row(), row(FIRMS[1], branch="0001")]]
)
def test_no_line_is_wider_than_the_terminal(rows: list[Row], width: int) -> None:
    lines = shown(rows, width)
    assert max(map(len, lines)) <= width
    assert not any("…" in line for line in lines)
    assert all(any(one.key[2] in line for line in lines) for one in rows)


def test_a_narrow_terminal_goes_without_some_columns() -> None:
    whole, narrow, narrower = (shown([row()], width)[0].split() for width in (120, 80, 70))
    assert whole == shown([row()])[0].split()
    assert [name for name in whole if name not in narrow] == ["Satır"]
    assert [name for name in whole if name not in narrower] == ["Madde", "Satır"]


def test_a_file_gets_all_of_it() -> None:
    rows = [row(), row(FIRMS[1], month="2025-02", branch="0001", debit=5, errors=1234), row(key=UNKNOWN, warnings=1)]
    header, _, first, second, third, _, total = shown(rows, lang="en")
    assert header.split() == [
        *("Taxpayer", "Branch", "Month", "Y", "K", "YB", "KB", "DR", "Signed"),
        *("Entries", "Lines", "Debit", "Credit", "Errors", "Warnings"),
    ]
    assert first.split()[:3] == ["✓", FIRMS[0], "2025-01"]
    assert second.split()[:4] == ["✗", FIRMS[1], "0001", "2025-02"]
    assert third.split()[:3] == ["!", "no", "month"]
    assert total.split()[:2] == ["✗", "Total"]
    assert " 1,234 " in total


def test_a_figure_that_one_month_does_not_tell_is_not_told_for_all() -> None:
    *_, total = shown([row(), row(month="2025-02", entries=None, documents=Counter({K: 2}), signed=1)])
    assert total.split() == [
        "✓",
        "Toplam",
        "1",
        "3",
        "1",
        "1",
        "–",
        "5/6",
        "–",
        "24.677.532",
        "2.788.235.748,54",
        "0",
        "0",
    ]
