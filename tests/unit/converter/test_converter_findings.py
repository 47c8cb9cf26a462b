"""Each thing that users get wrong is found at its line, and said in two languages with a cure."""

import string
from pathlib import Path

import pytest

from converter import errors as converter_errors
from converter.convert import ConversionOutcome
from converter.problems import KINDS
from defterhane.edefter.counters import Counters
from defterhane.errors import DefterhaneError
from defterhane.findings import LISTED, Severity
from defterhane.tenant import Branch
from support.events import FIRM
from support.exports import Row, convert, entry, errors, job, only, written
from support.tenants import tenant


def with_bad_entry(**changes: str) -> list[Row]:
    """Three entries; the second one, on lines 4 and 5, has the changes in its first row."""
    rows = [row for number in range(1, 4) for row in entry(number)]
    rows[2].update(changes)
    return rows


ROW_CASES: dict[str, tuple[dict[str, str], str | None]] = {
    # key: (what the first row of the second entry says instead, the value told)
    "entry.reference_missing": ({"entryref": ""}, None),
    "account.main_missing": ({"accmainid": "", "accmainiddesc": ""}, None),
    "account.main_malformed": ({"accmainid": "10", "accsubid": "10.1"}, "10"),
    "account.main_description_missing": ({"accmainiddesc": ""}, "100"),
    "account.sub_missing": ({"accsubid": ""}, "MERKEZ"),
    "account.sub_description_missing": ({"accsubdesc": ""}, "100.01"),
    "account.sub_not_under_main": ({"accsubid": "600.01"}, "600.01"),
    "amount.missing": ({"amount": ""}, None),
    "amount.unreadable": ({"amount": "yüz"}, "yüz"),
    "amount.too_many_decimals": ({"amount": "100.001"}, "100.001"),
    "amount.damaged": ({"amount": "1,00E+15"}, "1,00E+15"),
    "amount.not_positive": ({"amount": "-100.00"}, "-100.00"),
    "side.unknown": ({"debitcreditcode": "X"}, "X"),
    "date.missing": ({"postingdate": ""}, ""),
    "date.unreadable": ({"postingdate": "2025-13-01"}, "2025-13-01"),
    "date.posting_differs": ({"postingdate": "2025-01-03"}, "2025-01-03"),
    "document.type_unknown": ({"documenttype": "dekont"}, "dekont"),
    "document.type_missing": ({"documentnumber": "A1"}, "A1"),
    "document.number_missing": ({"documenttype": "invoice", "documentdate": "2025-01-02"}, None),
    "document.date_missing": ({"documenttype": "check", "documentnumber": "A1"}, None),
    "document.description_missing": (
        {"documenttype": "other", "documentnumber": "A1", "documentdate": "2025-01-02"},
        None,
    ),
    "document.reference_differs": ({"documentreference": "99"}, "99"),
    "division.mismatch": ({"divisionno": "3"}, "3"),
    "value.damaged": ({"documentnumber": "1,00E+15", "documenttype": "receipt"}, "1,00E+15"),
    "entry.several_vouchers": ({"entrynumber": "77", "documentreference": ""}, None),
    "counter.unreadable": ({"linenumber": "3a"}, "3a"),
}


@pytest.mark.parametrize("key", ROW_CASES)
def test_what_is_wrong_in_a_row_is_told_at_that_row(tmp_path: Path, key: str) -> None:
    changes, value = ROW_CASES[key]
    outcome = convert(tmp_path, with_bad_entry(**changes))
    assert not outcome.made
    found = [finding for finding in outcome.findings if finding.rule == key]
    assert len(found) == 1, errors(outcome)
    finding = found[0]
    assert finding.file == "yevmiye.csv"
    # The head of an entry is its first row: another voucher number is told where it differs from that.
    assert finding.line == (5 if key == "entry.several_vouchers" else 4)
    assert finding.severity is Severity.ERROR
    if value is not None:
        assert finding.value == value
        assert value in finding.message.tr
        assert value in finding.message.en
    if key not in ("entry.several_vouchers", "value.damaged"):
        assert finding.voucher == "00002"
    assert finding.cure is not None


@pytest.mark.parametrize(
    ("changes", "key", "line"),
    [
        ({"enteredby": "Ö"}, "entered_by.too_short", 4),
        ({"enteredby": ""}, "entered_by.too_short", 4),
        ({"entrynumber": "", "documentreference": ""}, "entry.voucher_missing", 4),
        ({"postingdate": "2025-02-01", "entereddate": "2025-02-01"}, "entry.date_outside_period", 4),
        ({"postingdate": "2024-12-31", "entereddate": ""}, "entry.date_outside_period", 4),
    ],
)
def test_what_is_wrong_with_an_entrys_head_is_told_once(
    tmp_path: Path, changes: dict[str, str], key: str, line: int
) -> None:
    rows = [*entry(1), *entry(2, **changes), *entry(3)]
    outcome = convert(tmp_path, rows)
    assert [found for found in errors(outcome) if found[0] == key] == [(key, line)]


def test_an_unbalanced_entry(tmp_path: Path) -> None:
    outcome = convert(tmp_path, with_bad_entry(amount="90.10"))
    finding = only(outcome)
    assert (finding.rule, finding.line, finding.voucher, finding.entry) == ("entry.unbalanced", 4, "00002", "2")
    assert finding.value == "9.90"
    assert "90.10" in finding.message.tr
    assert "100.00" in finding.message.en
    assert "debit" in finding.message.en.lower()


def test_one_line_is_no_entry(tmp_path: Path) -> None:
    outcome = convert(tmp_path, [*entry(1), entry(2)[0]])
    assert errors(outcome) == [("entry.too_few_lines", 4), ("entry.unbalanced", 4)]


def test_a_line_that_cannot_be_read_does_not_make_its_entry_unbalanced_too(tmp_path: Path) -> None:
    outcome = convert(tmp_path, with_bad_entry(amount="x"))
    assert errors(outcome) == [("amount.unreadable", 4)]


@pytest.mark.parametrize(
    ("changes", "key"),
    [({"entrynumbercounter": "9"}, "entry.several_numbers"), ({"entereddate": "2025-01-05"}, "entry.several_dates")],
)
def test_rows_of_one_entry_that_contradict_each_other(tmp_path: Path, changes: dict[str, str], key: str) -> None:
    rows = [row for number in range(1, 4) for row in entry(number)]
    rows[3].update(changes)
    assert (key, 5) in errors(convert(tmp_path, rows))


def test_contradictions_are_found_where_the_rows_stand_apart(tmp_path: Path) -> None:
    first, second = entry(1), entry(2)
    second[1]["entrynumbercounter"] = "7"
    second[1]["linenumbercounter"] = "7"
    outcome = convert(tmp_path, [first[0], second[0], first[1], second[1]])
    assert errors(outcome) == [("entry.several_numbers", 5)]


def test_gaps_and_repeats_in_entry_numbers(tmp_path: Path) -> None:
    rows = [*entry(1), *entry(2), *entry(3, entryref="other", entrynumbercounter="2", linenumbercounter="2"), *entry(5)]
    outcome = convert(tmp_path, rows)
    assert errors(outcome) == [("entry.number_repeated", 6), ("counter.gap", 8)]
    gap = outcome.findings[1]
    assert "2" in gap.message.tr
    assert gap.value == "5"


def test_some_entries_without_a_number(tmp_path: Path) -> None:
    rows = [*entry(1), *entry(2, entrynumbercounter="", linenumbercounter="", day="2025-01-03")]
    assert errors(convert(tmp_path, rows)) == [("counter.missing", 4)]


def test_dates_that_fall(tmp_path: Path) -> None:
    rows = [*entry(1, "2025-01-10"), *entry(2, "2025-01-09"), *entry(3, "2025-01-10"), *entry(4, "2025-01-08")]
    outcome = convert(tmp_path, rows)
    assert errors(outcome) == [("entry.order", 4), ("entry.order", 8)]


def test_the_erps_order_is_that_of_its_numbers_not_of_its_rows(tmp_path: Path) -> None:
    outcome = convert(tmp_path, [*entry(2, "2025-01-03"), *entry(1, "2025-01-02")])
    assert outcome.made


def test_a_subaccount_under_two_main_accounts(tmp_path: Path) -> None:
    rows = [*entry(1), *entry(2, accmainid="1000", accsubid="1000.1"), *entry(3, accmainid="100", accsubid="1000.1")]
    outcome = convert(tmp_path, rows)
    assert errors(outcome) == [("account.sub_under_two_mains", 6)]
    assert outcome.findings[0].value == "1000.1"


def test_rows_of_the_wrong_width(tmp_path: Path) -> None:
    lines = written([row for number in range(1, 4) for row in entry(number)]).splitlines()
    lines[2] += ";;"  # empty cells at the end are nobody's
    lines[3] = lines[3].replace("Satış", "Sa;tış")
    lines[5] = "1;2;3"
    outcome = convert(tmp_path, "\n".join(lines))
    assert [found for found in errors(outcome) if found[0] == "row.columns"] == [("row.columns", 4), ("row.columns", 6)]


def test_the_number_where_a_month_begins(tmp_path: Path) -> None:
    rows = [*entry(8), *entry(9)]
    finding = only(convert(tmp_path, rows))
    assert (finding.rule, finding.severity) == ("counter.start", Severity.WARNING)
    assert convert(tmp_path, rows, start=Counters(entry=7)).findings == ()


def test_acts_are_no_documents(tmp_path: Path) -> None:
    document = {"documenttype": "other", "documentnumber": "1", "documentdate": "2025-01-02"}
    outcome = convert(tmp_path, entry(1, doctypedesc="Havale", **document))
    assert outcome.made
    assert [(finding.rule, finding.line) for finding in outcome.findings] == [
        ("document.description_is_act", 2),
        ("document.description_is_act", 3),
    ]


def test_all_problems_in_one_pass(tmp_path: Path) -> None:
    rows = [
        *entry(1, enteredby="X"),
        *entry(2, accsubid="999"),
        *entry(3, "2025-02-02"),
        *entry(5, amount="0"),
    ]
    rows[2]["amount"] = "1.00"
    outcome = convert(tmp_path, rows)
    assert errors(outcome) == [
        ("entered_by.too_short", 2),
        ("account.sub_not_under_main", 4),
        ("entry.unbalanced", 4),
        ("account.sub_not_under_main", 5),
        ("entry.date_outside_period", 6),
        ("amount.not_positive", 8),
        ("counter.gap", 8),
        ("amount.not_positive", 9),
    ]
    assert outcome.counts["account.sub_not_under_main"] == 2
    assert outcome.end == Counters()


def test_warnings_never_hide_errors(tmp_path: Path) -> None:
    rows = [row for number in range(1, LISTED) for row in entry(number, detailcomment="<br>")]
    rows[-1]["amount"] = "1.00"
    outcome = convert(tmp_path, rows)
    assert len(outcome.findings) == LISTED
    assert outcome.findings[0].rule == "entry.unbalanced"
    assert outcome.counts == {"entry.unbalanced": 1, "text.cleaned": 2 * (LISTED - 1)}


def test_long_values_are_cut(tmp_path: Path) -> None:
    finding = convert(tmp_path, with_bad_entry(amount="9" * 5000)).findings[0]
    assert finding.value == "9" * 200
    assert len(finding.message.en) < 400


def of_branch(tmp_path: Path, **changes: str) -> ConversionOutcome:
    owner = tenant(FIRM, branches=(Branch(number="0003", name="ANKARA ŞUBESİ"),))
    return convert(tmp_path, entry(1, **changes), tenant=owner, filing=job(branch="0003").filing)


def test_divisions_belong_to_their_branch(tmp_path: Path) -> None:
    for own in ("3", "0003", "0", ""):
        assert of_branch(tmp_path, divisionno=own).made, own
    assert errors(of_branch(tmp_path, divisionno="4")) == [("division.mismatch", 2), ("division.mismatch", 3)]


def test_what_is_wrong_with_the_month(tmp_path: Path) -> None:
    rows = entry(1, "2025-03-02")
    assert errors(convert(tmp_path, rows, filing=job("2025-03").filing)) == [("period.not_over", None)]
    assert errors(convert(tmp_path, entry(1), filing=job(branch="0009").filing)) == [("branch.unknown", None)]
    part = job().filing.model_copy(update={"part": "000002"})
    assert errors(convert(tmp_path, entry(1), filing=part)) == [("month.in_parts", None)]


def test_a_ledger_that_is_too_large(tmp_path: Path) -> None:
    rows = [row for number in range(1, 400) for row in entry(number)]
    outcome = convert(tmp_path, rows, size_limit=400_000)
    assert errors(outcome) == [("part.too_large", None)]
    assert not list((tmp_path / "out").glob("*.xml"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", KINDS)
def test_texts_in_both_languages_tell_the_same(key: str) -> None:
    kind = KINDS[key]
    for text in (kind.text, kind.cure):
        assert text.tr
        assert text.en
        assert placeholders(text.tr) == placeholders(text.en)


def test_keys_of_errors_are_all_different() -> None:
    found = [
        kind
        for kind in vars(converter_errors).values()
        if isinstance(kind, type) and issubclass(kind, DefterhaneError) and kind.__module__ == "converter.errors"
    ]
    keys = [kind.key for kind in found]
    assert len(keys) == len(set(keys))
    assert not set(keys) & set(KINDS)
    for kind in found:
        assert placeholders(kind.text.tr) == placeholders(kind.text.en), kind
