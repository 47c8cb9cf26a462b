"""What is wrong with entries, their sequence and the month; one mistake, one finding; every rule has its key.

Rows by themselves: test_converter_rows.
"""

import csv
import string
from pathlib import Path

import pytest

from converter import errors as converter_errors
from converter.kinds import FIELDS, KINDS
from converter.reading import errors as reading_errors
from converter.reading.cells import Cells
from defterhane.edefter.counters import LAST_SEQUENCE, Counters
from defterhane.errors import DefterhaneError
from defterhane.findings import LISTED, Severity
from sandbox.faults.catalogue import FAULTS
from support.exports import Row, convert, entry, errors, job, only, written

TESTS = Path(__file__).parents[2]


def with_bad_entry(**changes: str) -> list[Row]:
    """Three entries; the second one, on lines 4 and 5, has the changes in its first row."""
    rows = [row for number in range(1, 4) for row in entry(number)]
    rows[2].update(changes)
    return rows


def test_an_unbalanced_entry(tmp_path: Path) -> None:
    outcome = convert(tmp_path, with_bad_entry(amount="90.10"))
    finding = only(outcome)
    assert (finding.rule, finding.line, finding.voucher, finding.entry) == ("entry.unbalanced", 4, "00002", "2")
    assert finding.value == "9.90"
    assert "90,10" in finding.message.tr
    assert "100.00" in finding.message.en
    assert "debit" in finding.message.en.lower()


def test_one_line_is_no_entry(tmp_path: Path) -> None:
    outcome = convert(tmp_path, [*entry(1), entry(2)[0]])
    assert errors(outcome) == [("entry.too_few_lines", 4)]


def test_a_line_that_cannot_be_read_does_not_make_its_entry_unbalanced_too(tmp_path: Path) -> None:
    outcome = convert(tmp_path, with_bad_entry(amount="x"))
    assert errors(outcome) == [("amount.unreadable", 4)]


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


def test_entries_without_a_number_are_no_gap_and_not_out_of_order(tmp_path: Path) -> None:
    bare = entry(2, "2025-01-03", entrynumbercounter="", linenumbercounter="")
    rows = [*entry(1), *bare, *entry(3, "2025-01-04")]
    assert errors(convert(tmp_path, rows)) == [("counter.missing", 4)]


def test_a_number_that_cannot_be_read_is_not_missing_besides(tmp_path: Path) -> None:
    wrong = entry(2, "2025-01-03", entrynumbercounter="iki", linenumbercounter="")
    assert errors(convert(tmp_path, [*entry(1), *wrong, *entry(3, "2025-01-04")])) == [("counter.unreadable", 4)]
    wrong[1]["entrynumbercounter"] = "2"
    assert errors(convert(tmp_path, [*entry(1), *wrong, *entry(3, "2025-01-04")])) == [("counter.unreadable", 4)]


@pytest.mark.parametrize(("main", "rule"), [("", "account.main_missing"), ("100.01", "account.main_malformed")])
def test_a_wrong_main_account_is_not_a_second_one_of_its_sub_account(tmp_path: Path, main: str, rule: str) -> None:
    wrong = entry(2)
    wrong[0]["accmainid"] = main
    assert errors(convert(tmp_path, [*entry(1), *wrong])) == [(rule, 4)]


@pytest.mark.parametrize("line", [2, 3, 4, 5, 6, 7])
def test_a_row_that_was_left_out_does_not_unbalance_its_entry(tmp_path: Path, line: int) -> None:
    lines = written([row for number in range(1, 4) for row in entry(number)]).splitlines()
    lines[line - 1] += ";;x"
    assert errors(convert(tmp_path, "\n".join(lines))) == [("row.columns", line)]


def test_a_month_that_needs_more_numbers_than_there_are(tmp_path: Path) -> None:
    last = LAST_SEQUENCE - 1
    assert convert(tmp_path, entry(1), start=Counters(journal=last, ledger=last)).made
    for start in (Counters(journal=LAST_SEQUENCE), Counters(ledger=LAST_SEQUENCE)):
        folder = tmp_path / str(start.journal)
        folder.mkdir()
        finding = only(convert(folder, entry(1), start=start))
        assert finding.rule == "counter.used_up"
        assert "999999" in finding.message.tr
        assert not list((folder / "out").iterdir())


def test_a_very_long_text_is_taken_and_never_told_whole(tmp_path: Path) -> None:
    long = "uzun metin " * 10_000
    assert convert(tmp_path, entry(1, detailcomment=long)).made
    rows = entry(1, documentreference="")
    rows[0]["entrynumber"] = long
    outcome = convert(tmp_path, rows)
    (finding,) = [finding for finding in outcome.findings if finding.rule == "entry.several_vouchers"]
    assert len(finding.message.tr) < 1000


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


def test_what_is_wrong_with_the_month(tmp_path: Path) -> None:
    rows = entry(1, "2025-03-02")
    assert errors(convert(tmp_path, rows, filing=job("2025-03").filing)) == [("period.not_over", None)]
    assert errors(convert(tmp_path, entry(1), filing=job(branch="0009").filing)) == [("branch.unknown", None)]


def placeholders(text: str) -> set[str]:
    """Names in a text; what is told in its own language (`layout_tr`, `layout_en`) is one."""
    found = (name for _, name, _, _ in string.Formatter().parse(text) if name)
    return {name.removesuffix("_tr").removesuffix("_en") for name in found}


@pytest.mark.parametrize("key", KINDS)
def test_texts_in_both_languages_tell_the_same(key: str) -> None:
    kind = KINDS[key]
    for text in (kind.text, kind.cure):
        assert text.tr
        assert text.en
        assert placeholders(text.tr) == placeholders(text.en)
    assert not placeholders(kind.cure.tr) & {"value", "where"}, "a cure is told without them"


def test_every_field_has_a_name_for_accountants() -> None:
    assert set(FIELDS) == set(Cells._fields)


@pytest.mark.parametrize("key", KINDS)
def test_every_kind_is_tried_by_a_test(key: str) -> None:
    if key in {fault.key for fault in FAULTS.values()}:  # each of these is tried in each layout: tests/faults
        return
    here = Path(__file__)
    texts = [file.read_text("utf-8") for file in TESTS.glob("**/test_*.py") if file != here]
    texts.append(here.read_text("utf-8").partition("\nRULES:")[0])
    assert any(f'"{key}"' in text for text in texts)


def test_keys_of_errors_are_all_different() -> None:
    found = [
        kind
        for module in (converter_errors, reading_errors)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, DefterhaneError) and kind.__module__ == module.__name__
    ]
    keys = [kind.key for kind in found]
    assert len(keys) == len(set(keys))
    assert not set(keys) & set(KINDS)
    for kind in found:
        assert placeholders(kind.text.tr) == placeholders(kind.text.en), kind


RULES: dict[str, tuple[str, ...]] = {
    # A rule of the authority that an export can break → the keys that tell so beforehand.
    "Y071": ("counter.gap", "counter.missing", "entry.number_repeated", "entry.several_numbers"),
    "Y072": ("entry.order",),
    "Y073": ("entered_by.too_short",),
    "Y074": ("entered_by.too_short",),
    "Y075": ("date.missing", "date.unreadable"),
    "Y076": ("entry.date_outside_period",),
    "Y080": ("entry.too_few_lines",),
    "Y081": ("entry.unbalanced",),
    "Y091": ("account.main_missing", "account.main_malformed"),
    "Y092": ("account.main_description_missing",),
    "Y093": ("account.sub_missing",),
    "Y094": ("account.sub_description_missing",),
    "Y095": ("account.sub_not_under_main",),
    "Y096": ("amount.missing", "amount.unreadable", "amount.ambiguous", "amount.damaged"),
    "Y097": ("amount.not_positive",),
    "Y099": ("currency.incomplete",),
    "Y100": ("currency.incomplete", "currency.unknown"),
    "Y101": ("currency.incomplete", "currency.rate_unreadable"),
    "Y102": ("side.unknown", "amount.both_sides"),
    "Y103": ("date.missing", "date.unreadable"),
    "Y104": ("date.posting_differs", "entry.several_dates"),
    "Y105": ("document.description_missing",),
    "Y106": ("document.number_missing", "document.date_missing"),
    "Y107": ("document.number_missing", "document.date_missing"),
    "Y108": ("document.number_missing", "document.date_missing"),
    "Y109": ("document.type_missing", "document.type_unknown"),
    "Y110": ("document.type_missing", "document.type_unknown"),
    "Y111": ("document.reference_differs", "entry.several_vouchers"),
    "Y114": ("amount.too_many_decimals",),
    "Y126": ("attachment.not_pdf",),
    "Y127": ("file.ignored",),
    "Y128": ("attachment.empty",),
    "K030": ("account.sub_under_two_mains",),
    "K089": ("account.main_missing", "account.main_malformed"),
    "K090": ("account.main_description_missing",),
    "K091": ("account.sub_missing",),
    "K092": ("account.sub_description_missing",),
    "K093": ("account.sub_not_under_main",),
    "K094": ("amount.missing", "amount.unreadable", "amount.ambiguous", "amount.damaged"),
    "K095": ("amount.not_positive",),
    "K097": ("currency.incomplete",),
    "K098": ("currency.incomplete", "currency.unknown"),
    "K099": ("currency.incomplete", "currency.rate_unreadable"),
    "K100": ("side.unknown", "amount.both_sides"),
    "K101": ("date.missing", "date.unreadable"),
    "K102": ("entry.date_outside_period", "date.posting_differs"),
    "K103": ("document.description_missing",),
    "K104": ("document.number_missing", "document.date_missing"),
    "K105": ("document.number_missing", "document.date_missing"),
    "K106": ("document.number_missing", "document.date_missing"),
    "K107": ("document.type_missing", "document.type_unknown"),
    "K108": ("document.type_missing", "document.type_unknown"),
    "K110": ("amount.too_many_decimals",),
    "N002": ("drop.no_rows",),
}

WRITTEN: dict[str, str] = {
    # Rules that hold however an export is: numbers, sums, order and elements are the converter's own.
    "Y": "Y077-Y079 Y082-Y086 Y087-Y090 Y098 Y112 Y113 Y115-Y125",
    "K": "K074-K088 K096 K109 K111-K121",
}
EXPORTED = ("accountingentries", "entryheader", "entrydetail", "measurable", "binaryObject")
"""Parts of a document that are made of the export; the rest is made of the tenant's data, or at signing."""


def written_rules() -> set[str]:
    found = {"K028", "K029"}  # the order of accounts, and one header for each
    for kind, ranges in WRITTEN.items():
        for piece in ranges.split():
            first, _, last = piece.partition("-")
            found |= {f"{kind}{number:03}" for number in range(int(first[1:]), int((last or first)[1:]) + 1)}
    return found


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_an_export_can_break_has_its_key(rule: str) -> None:
    known = set(KINDS) | {"drop.no_rows"}
    assert set(RULES[rule]) <= known
    assert {KINDS[key].severity for key in RULES[rule] if key in KINDS} <= {Severity.ERROR} or rule == "Y127"


@pytest.mark.official
def test_no_rule_of_journal_and_ledger_is_forgotten(shared_folder: Path) -> None:
    with (shared_folder / "domain" / "rules.tsv").open(encoding="utf-8", newline="") as stream:
        rules = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    of_exports = {
        rule["id"] for rule in rules if rule["document"] in ("journal", "ledger") and rule["pattern"] in EXPORTED
    }
    of_exports -= {"Y026", "Y027", "K026", "K027"}  # heads, made of the tenant's data
    assert len(of_exports) > 100
    assert of_exports == set(RULES) | written_rules()
    assert not set(RULES) & written_rules()
