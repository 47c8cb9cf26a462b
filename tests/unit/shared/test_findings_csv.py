"""Findings as a table: what a spreadsheet program makes of it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defterhane.findings import Finding, Severity
from defterhane.findings_csv import COLUMNS, findings_csv
from defterhane.texts import Text

SAID = Text(tr='Borç; alacak "eşit" değil.', en="Debit; credit differ.")
FINDING = Finding(rule="entry.unbalanced", message=SAID, cure=Text(tr="Düzeltin.", en="Mend."), file="a.csv", line=3)


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def test_a_row_in_full() -> None:
    whole = FINDING.model_copy(
        update={"entry": "12", "voucher": "F-1", "account": "100.01", "value": "10,00", "where": "borç"}
    )
    assert findings_csv([whole], {"entry.unbalanced": 1}) == (
        "\ufefffile;line;voucher;entry;account;severity;rule;where;value;message_tr;cure_tr;message_en;cure_en\r\n"
        'a.csv;3;F-1;12;100.01;error;entry.unbalanced;borç;10,00;"Borç; alacak ""eşit"" değil.";Düzeltin.;'
        '"Debit; credit differ.";Mend.\r\n'
    )


def test_what_is_only_counted_has_rows_at_the_end_by_rule() -> None:
    counts = {"z.more": 7, "entry.unbalanced": 2, "a.more": 3}
    found = rows(findings_csv([FINDING, FINDING], counts))
    assert [(row["rule"], row["value"], row["severity"]) for row in found[2:]] == [
        ("a.more", "3", ""),
        ("z.more", "7", ""),
    ]
    assert found[3]["message_tr"] == "Bu kuraldan toplam 7 bulgu var; 0 tanesi yukarıda."
    more = rows(findings_csv([FINDING], {"entry.unbalanced": 5000}))
    assert (more[1]["severity"], more[1]["value"]) == ("error", "5000")
    assert more[1]["message_en"] == "5000 findings of this rule in all; 1 of them are above."


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+905551112233", "'+905551112233"),
        ("-5,00", "'-5,00"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("\r\n=1+1", "'=1+1"),
        ("\x00\x1b=1+1", "'=1+1"),
        ("\u200b=1+1", "'=1+1"),
        ("＝1+1", "'＝1+1"),
        ("a=1", "a=1"),
        ("a\r\nb\tc\x07d\u202ee", "a  b cde"),
        ("\ud800", ""),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula_or_holds_a_control_character(value: str, shown: str) -> None:
    evil = FINDING.model_copy(update={"value": value, "file": value, "account": value})
    (row,) = rows(findings_csv([evil], {}))
    assert (row["value"], row["file"], row["account"]) == (shown, shown, shown)


@given(st.lists(st.text(), min_size=1, max_size=5), st.dictionaries(st.text(min_size=1), st.integers(1, 9)))
def test_any_texts_keep_the_table_s_shape(texts: list[str], counts: dict[str, int]) -> None:
    found = [
        FINDING.model_copy(update={"value": text, "message": Text(tr=text, en=text), "severity": Severity.WARNING})
        for text in texts
    ]
    table = findings_csv(found, counts)
    assert table == findings_csv(found, dict(reversed(counts.items())))
    table.encode("utf-8")
    parsed = rows(table)
    assert len(parsed) >= len(texts)
    assert table.count("\r\n") == len(parsed) + 1
    for row in parsed:
        assert tuple(row) == COLUMNS
        assert all(cell[:1] not in ("=", "+", "-", "@", "\t", "\r") for cell in row.values())
