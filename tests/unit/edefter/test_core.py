"""The domain core: numbers, names, periods, money, counters."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defterhane.edefter.counters import Counters, unique_id
from defterhane.edefter.kinds import DocumentKind, kind_of
from defterhane.edefter.money import format_kurus, mebibytes, parse_kurus
from defterhane.edefter.names import DocumentName, DropName
from defterhane.edefter.period import FiscalYear, Period, Span
from defterhane.edefter.taxid import is_person, tax_id, vkn_from_stem
from defterhane.edefter.totals import Totals

PERIODS = st.builds(Period, st.integers(2011, 2060), st.integers(1, 12))
STEMS = st.from_regex(r"[0-9]{9}", fullmatch=True)


@pytest.mark.parametrize("number", ["6090408038", "1234567808", "3900383669", "10000000146"])
def test_real_looking_tax_numbers_are_taken(number: str) -> None:
    assert tax_id(number) == number


@pytest.mark.parametrize(
    "text", ["6090408039", "609040803", "60904080388", "00000000000", "abcdefghij", "", "٦٠٩٠٤٠٨٠٣٨", "10000000145"]
)
def test_wrong_tax_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a tax number"):
        tax_id(text)


@given(STEMS, st.integers(1, 9))
def test_any_other_check_digit_is_wrong(stem: str, change: int) -> None:
    right = vkn_from_stem(stem)
    assert tax_id(right) == right
    assert not is_person(right)
    with pytest.raises(ValueError, match="check digits"):
        tax_id(stem + str((int(right[-1]) + change) % 10))


@given(PERIODS)
def test_a_month_has_a_neighbour_on_each_side(period: Period) -> None:
    assert period.next.previous == period
    assert period.first in period
    assert period.last in period
    assert period.next.first not in period
    assert Period.parse(str(period)) == Period.parse(period.compact) == period


@pytest.mark.parametrize("text", ["2025-13", "2025-00", "202", "2025/01", "0000-01", ""])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Period.parse(text)


@given(PERIODS, st.integers(1, 12))
def test_a_fiscal_year_has_twelve_months_and_holds_its_own(period: Period, first_month: int) -> None:
    year = FiscalYear.containing(period, first_month)
    assert period in year
    assert year.start.month == first_month
    assert Period.of(year.start) in year
    assert Period.of(year.start).previous not in year


def test_the_folder_is_named_as_the_viewer_wants_it() -> None:
    name = DocumentName.parse("1234567808-202501-Y-000000")
    assert name.folder(FiscalYear.containing(name.period)) == "1234567808/01.01.2025-31.12.2025/01"


def test_a_part_lies_in_one_month() -> None:
    with pytest.raises(ValueError, match="one month"):
        Span(date(2025, 1, 31), date(2025, 2, 1))


@given(
    STEMS,
    PERIODS,
    st.sampled_from(DocumentKind),
    st.integers(0, 999_999),
    st.none() | st.integers(1, 9999),
    st.booleans(),
    st.sampled_from(["xml", "zip"]),
)
def test_document_names_go_both_ways(
    stem: str, period: Period, kind: DocumentKind, part: int, branch: int | None, approved: bool, suffix: str
) -> None:
    name = DocumentName(vkn_from_stem(stem), period, kind, f"{part:06}", f"{branch:04}" if branch else None, approved)
    assert DocumentName.parse(str(name)) == name
    assert DocumentName.parse(name.file(suffix)) == name
    assert name.as_approved.approved


@pytest.mark.parametrize(
    "text",
    [
        "1234567808-202501-Y-00000.xml",
        "1234567808-202501-Z-000000.xml",
        "1234567808-202513-Y-000000.xml",
        "1234567809-202501-Y-000000.xml",
        "1234567808-202501-Y-000000-0000.xml",
        "../1234567808-202501-Y-000000.xml",
        "1234567808-202501-Y-000000.xml\n",
        "",
    ],
)
def test_what_is_no_document_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        DocumentName.parse(text)


def test_drop_names() -> None:
    assert DropName.parse("6090408038-201301.zip").period == Period(2013, 1)
    with_branch = DropName.parse("6090408038-0003-202501-000002.ZIP")
    assert (with_branch.branch, with_branch.part, with_branch.suffix) == ("0003", "000002", "zip")
    assert [DropName.parse(f"6090408038-202501.{kind}").suffix for kind in ("xlsx", "XML")] == ["xlsx", "xml"]
    for wrong in ("6090408038.zip", "6090408038-201313.zip", "6090408037-201301.zip", "x.zip", "6090408038-201301.exe"):
        with pytest.raises(ValueError, match=r"."):
            DropName.parse(wrong)


@given(st.integers(-(10**17), 10**17))
def test_money_goes_both_ways(kurus: int) -> None:
    assert parse_kurus(format_kurus(kurus)) == kurus


@pytest.mark.parametrize("text", ["1.000", "1,00", "1.", ".5", "1e3", "NaN", "--1", "", " 1", "१"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an amount"):
        parse_kurus(text)


def test_a_size_is_told_in_mebibytes() -> None:
    assert mebibytes(1_832_463) == "1.75"
    assert mebibytes(0) == "0.00"
    assert mebibytes(200_000_000) == "190.73"


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 5000)), max_size=30))
def test_counters_run_on_over_parts(parts: list[tuple[int, int]]) -> None:
    counters = Counters()
    for entries, lines in parts:
        counters = counters.after_part(entries, lines)
    assert counters.entry == sum(entries for entries, _ in parts)
    assert counters.line == sum(lines for _, lines in parts)
    assert counters.journal == counters.ledger == len(parts)


def test_unique_ids() -> None:
    assert unique_id(DocumentKind.JOURNAL, Period(2022, 2), 2) == "YEV202202000002"
    assert unique_id(DocumentKind.LEDGER_BERAT, Period(2022, 2), 2) == "KEB202202000002"
    with pytest.raises(ValueError, match="999999"):
        unique_id(DocumentKind.REPORT, Period(2022, 2), 1_000_000)


def test_a_documents_kind_is_known_by_root_and_entries_type() -> None:
    for kind in DocumentKind:
        assert kind_of(kind.traits.root, kind.traits.entries_type) is kind
    with pytest.raises(ValueError, match="no e-Defter document"):
        kind_of("defter", "trialbalance")


@given(st.lists(st.tuples(st.sampled_from(["100", "391", "600", "191"]), st.integers(1, 10**9), st.booleans())))
def test_totals_are_the_sums_of_lines_however_they_are_cut(lines: list[tuple[str, int, bool]]) -> None:
    whole, first, second = Totals(), Totals(), Totals()
    for number, (account, kurus, debit) in enumerate(lines):
        for totals in (whole, first if number % 2 else second):
            totals.account(account, account).add(kurus, debit=debit)
            totals.lines += 1
    first.merge(second)
    assert first == whole
    assert len(whole.tax_lines()) == 10
    assert sum(kurus for *_, kurus in whole.tax_lines()) == sum(
        kurus for account, kurus, _ in lines if account in {"391", "191", "600", "601", "602"}
    )
