"""Documents of a firm are held against each other: each disagreement is found, and what only nears one is not."""

import random
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.money import mebibytes
from defterhane.edefter.names import DocumentName
from defterhane.edefter.period import Period
from defterhane.events import Document, Filing
from defterhane.findings import Finding, Severity
from support.events import FIRM, OTHER_FIRM
from support.summaries import DR, KB, YB, K, Planned, Y, Year
from validator.agreement import against, disagreements, identity
from validator.agreement_texts import SAID
from validator.summary import AccountSum, Summary

JANUARY, FEBRUARY, MARCH, APRIL = (Period(2025, number) for number in range(1, 5))
Change = Callable[[Summary], Summary]


def a_year() -> list[Summary]:
    """January whole; February in three parts, a day of which is split; March whole; April in two, the first empty."""
    made = Year()
    made.month(JANUARY).month(FEBRUARY, Planned(10), Planned(20, start=10), Planned())
    made.month(MARCH).month(APRIL, Planned(10, ()), Planned(30))
    return made.documents


def named(documents: Sequence[Summary], kind: DocumentKind, period: Period, part: str = "000000") -> int:
    wanted = DocumentName.parse(f"{FIRM}-{period.compact}-{kind}-{part}").file("xml")
    return next(place for place, document in enumerate(documents) if document.name == wanted)


def changed(kind: DocumentKind, period: Period, change: Change, part: str = "000000") -> list[Summary]:
    documents = a_year()
    place = named(documents, kind, period, part)
    documents[place] = change(documents[place])
    return documents


def without(*gone: tuple[DocumentKind, Period, str]) -> list[Summary]:
    documents = a_year()
    places = {named(documents, *one) for one in gone}
    return [document for place, document in enumerate(documents) if place not in places]


def found(documents: Sequence[Summary]) -> list[Finding]:
    return [one.finding for one in disagreements(documents)]


def rules(documents: Sequence[Summary]) -> set[str]:
    return {finding.rule for finding in found(documents)}


def the_one(documents: Sequence[Summary]) -> Finding:
    findings = found(documents)
    assert len(findings) == 1, [finding.message.en for finding in findings]
    return findings[0]


def account(main: str, **values: int) -> Change:
    def change(document: Summary) -> Summary:
        accounts = dict(document.accounts or {})
        accounts[main] = replace(accounts.get(main, AccountSum()), **values)
        return replace(document, accounts=accounts)

    return change


def setting(**values: object) -> Change:
    return lambda document: replace(document, **values)  # type: ignore[arg-type]


def test_documents_that_agree_have_no_findings() -> None:
    assert found(a_year()) == []


def test_books_with_a_branch_and_without_tax_detail_agree_too() -> None:
    made = Year(branch="0003", tax_detail=False).month(JANUARY).month(FEBRUARY)
    assert found(made.documents + a_year()) == []


def test_a_fiscal_year_that_begins_in_july_and_the_one_after_it() -> None:
    made = Year(first=Period(2025, 7))
    for month in (5, 6):
        made.month(Period(2025, month))
    made.numbers = type(made.numbers)()
    made.month(Period(2025, 7)).month(Period(2025, 8))
    assert {finding.rule for finding in found(made.documents)} == set()


# One document and another: (what is changed, what is found, about which account)
PAIRS = {
    "the ledger's debit": (K, account("120", debit=12_001), {"agreement.account_total", "agreement.balance"}),
    "the ledger's lines": (K, account("120", debit_lines=2), {"agreement.account_lines"}),
    "another account in the ledger": (
        K,
        account("999", debit=1, credit=1, debit_lines=1, credit_lines=1),
        {"agreement.account_total", "agreement.account_lines"},
    ),
    "number of lines": (K, setting(lines=7), {"agreement.lines"}),
    "line numbers": (K, setting(first_line=2), {"agreement.line_numbers"}),
    "a line's contents": (K, setting(lines_digest=1), {"agreement.line_contents"}),
    "days of the ledger": (K, setting(end="2025-01-30"), {"agreement.days"}),
    "the ledger's unique number, month": (K, setting(unique_id="KEB202502000001"), {"agreement.unique_id"}),
    "tax number": (K, setting(tax_id=OTHER_FIRM), {"agreement.tax_id"}),
    "branch": (K, setting(branch="0001"), {"agreement.branch"}),
    "fiscal year": (K, setting(year_end="2025-11-30"), {"agreement.fiscal_year"}),
    "currency": (K, setting(currency="EUR"), {"agreement.currency"}),
    "entries told": (YB, setting(told_entries=3), {"agreement.entries"}),
    "size told, one hundredth more": (YB, setting(told_size="1.76"), {"agreement.size"}),
    "size told, as no number": (KB, setting(told_size="1,75"), {"agreement.size"}),
    "signature value": (KB, setting(bare_signature_value="OTHER"), {"agreement.signature_value"}),
    "tax line": (YB, account("391", credit=1_999), {"agreement.account_total"}),
    "tax line that should be nought": (KB, account("601", debit=1), {"agreement.account_total"}),
    "the berat's unique number": (YB, setting(unique_id="YEV202501000002"), {"agreement.unique_id"}),
    "the berat's days": (KB, setting(start="2025-01-02"), {"agreement.days"}),
    "the berat's branch": (KB, setting(branch="0002"), {"agreement.branch"}),
    "the report's total": (DR, account("600", credit=10_001), {"agreement.account_total"}),
    "the report's count": (DR, account("600", credit_lines=3), {"agreement.account_lines"}),
    "the report's days": (DR, setting(end="2025-01-30"), {"agreement.days"}),
    "the report's unique number": (DR, setting(unique_id="EDR202502000001"), {"agreement.unique_id"}),
    "the report's branch": (DR, setting(branch="0002"), {"agreement.branch"}),
}


@pytest.mark.parametrize("case", PAIRS)
def test_two_documents_of_a_month_that_differ(case: str) -> None:
    kind, change, wanted = PAIRS[case]
    documents = changed(kind, JANUARY, change)
    findings = found(documents)
    assert {finding.rule for finding in findings} == wanted
    for finding in findings:
        name = documents[named(documents, kind, JANUARY)].name or "-"
        assert finding.severity is Severity.ERROR
        assert name in finding.message.tr
        assert name in finding.message.en
        assert (finding.file or "-") in finding.message.tr


NEAR = {
    "an account that is nought on both sides": (K, account("999", debit=0)),
    "lines' digest unknown": (K, setting(lines_digest=None)),
    "sums unknown": (K, setting(accounts=None)),
    "the report's sums unknown": (DR, setting(accounts=None)),
    "an account of a berat beyond the five": (YB, account("770", debit=5)),
    "size with more noughts": (YB, setting(told_size="1.7500")),
    "a berat without a size": (YB, setting(told_size=None)),
    "the currency of books that are kept in none other": (YB, setting(currency="TRY")),
    "another size of the berat itself": (YB, setting(size=5, sha256="other")),
    "a report of accounts that were not used": (DR, account("770", debit=0, debit_lines=0)),
}


@pytest.mark.parametrize("case", NEAR)
def test_what_only_nears_a_difference(case: str) -> None:
    kind, change = NEAR[case]
    assert found(changed(kind, JANUARY, change)) == []


def test_a_month_in_parts_is_held_against_its_report() -> None:
    assert rules(changed(DR, FEBRUARY, account("600", credit=30_001))) == {"agreement.account_total"}
    assert found(changed(DR, FEBRUARY, account("600", credit=30_000))) == []


def test_both_amounts_are_written_for_their_readers() -> None:
    finding = the_one(changed(DR, JANUARY, account("120", debit=1_234_567_89)))
    assert "1.234.567,89" in finding.message.tr
    assert "120,00" in finding.message.tr
    assert "1,234,567.89" in finding.message.en
    assert "120.00" in finding.message.en
    assert (finding.account, finding.value) == ("120", "1234567.89")
    assert "borç" in finding.message.tr
    assert finding.cure is not None


def test_days_are_written_for_their_readers() -> None:
    finding = the_one(changed(DR, MARCH, setting(end="2025-03-30")))
    assert "01.03.2025 – 30.03.2025" in finding.message.tr
    assert "01.03.2025 – 31.03.2025" in finding.message.tr
    assert "2025-03-01 – 2025-03-30" in finding.message.en
    assert finding.value == "2025-03-01 – 2025-03-30"


def test_what_a_document_says_is_shown_within_bounds() -> None:
    finding = the_one(changed(DR, MARCH, setting(branch="9" * 1_000_000)))
    assert len(finding.message.tr) < 1_000
    assert len(finding.value or "") < 1_000


@pytest.mark.parametrize("size", [0, 5_242, 5_243, 1_832_463, 15_728_640, 199_999_999])
def test_the_size_is_that_of_the_signed_file_to_the_hundredth(size: int) -> None:
    documents = changed(Y, JANUARY, setting(size=size))
    place = named(documents, YB, JANUARY)
    told = mebibytes(size)
    documents[place] = replace(documents[place], told_size=told)
    assert found(documents) == []
    hundredths = int(told.replace(".", ""))
    for other in (hundredths - 1, hundredths + 1):
        if other >= 0:
            documents[place] = replace(documents[place], told_size=f"{other // 100}.{other % 100:02}")
            assert the_one(documents).rule == "agreement.size"


def test_a_signature_is_shown_by_its_beginning() -> None:
    finding = the_one(changed(KB, JANUARY, setting(bare_signature_value="QUJD" * 100)))
    assert f"{'QUJD' * 6}…" in finding.message.tr
    assert "SIGNKKEB202501000001" in finding.message.en
    assert len(finding.message.tr) < 250


def test_warnings_that_stop_nothing() -> None:
    for documents, rule in (
        (changed(YB, JANUARY, setting(created="2025-02-02")), "agreement.created"),
        (changed(Y, JANUARY, setting(signature_value=None)), "agreement.unsigned"),
    ):
        finding = the_one(documents)
        assert (finding.rule, finding.severity) == (rule, Severity.WARNING)


def test_a_firm_that_has_moved_may_have_other_numbers_for_its_ledgers() -> None:
    made = Year()
    made.numbers = replace(made.numbers, journal=7, ledger=5, entry=100, line=300, report=2)
    made.month(FEBRUARY).month(MARCH)
    findings = found(made.documents)
    assert {(finding.rule, finding.severity) for finding in findings} == {
        ("agreement.unique_id_number", Severity.WARNING)
    }


def test_a_fiscal_year_that_does_not_begin_with_one() -> None:
    made = Year()
    made.numbers = replace(made.numbers, journal=1, ledger=1, entry=2, line=6, report=1)
    findings = found(made.month(JANUARY).documents)
    assert {finding.rule for finding in findings} == {"sequence.first_number"}
    assert {finding.severity for finding in findings} == {Severity.WARNING}
    assert len(findings) == 5


def test_numbers_that_run_on_over_new_year() -> None:
    made = Year().month(Period(2025, 12)).month(Period(2026, 1))
    assert rules(made.documents) == {"sequence.first_number"}


# Parts in their order: all changes are made to journal, ledger and berats alike.


def shifted(period: Period, part: str, change: Change, *kinds: DocumentKind) -> list[Summary]:
    documents = a_year()
    for kind in kinds or (Y, K, YB, KB):
        place = named(documents, kind, period, part)
        documents[place] = change(documents[place])
    return documents


def numbered(step: int) -> Change:
    def change(document: Summary) -> Summary:
        return replace(document, unique_id=f"{document.unique_id[:9]}{int(document.unique_id[9:]) + step:06}")

    return change


SEQUENCE = {
    "a number left out": (shifted(MARCH, "000000", numbered(1)), "sequence.unique_id"),
    "a number given twice": (shifted(FEBRUARY, "000002", numbered(-1)), "sequence.unique_id"),
    "a report's number left out": (changed(DR, MARCH, numbered(1)), "sequence.unique_id"),
    "an entry left out": (changed(Y, MARCH, lambda one: replace(one, first_entry=10)), "sequence.entry_number"),
    "a line left out": (
        shifted(MARCH, "000000", lambda one: replace(one, first_line=(one.first_line or 0) + 1), Y, K),
        "sequence.line_number",
    ),
    "a hole between parts": (
        shifted(FEBRUARY, "000003", setting(start="2025-02-22")),
        "sequence.hole",
    ),
    "days in two parts": (shifted(FEBRUARY, "000003", setting(start="2025-02-19")), "sequence.overlap"),
    "a whole month that begins late": (shifted(MARCH, "000000", setting(start="2025-03-02")), "sequence.whole_month"),
    "a whole month that ends early": (shifted(JANUARY, "000000", setting(end="2025-01-30")), "sequence.whole_month"),
    "a last part that ends early": (shifted(FEBRUARY, "000003", setting(end="2025-02-27")), "sequence.hole"),
    "a first part that begins late": (shifted(APRIL, "000001", setting(start="2025-04-02")), "sequence.hole"),
    "another fiscal year": (
        shifted(MARCH, "000000", setting(year_start="2024-07-01", year_end="2025-06-30")),
        "sequence.fiscal_year",
    ),
}


@pytest.mark.parametrize("case", SEQUENCE)
def test_parts_that_do_not_go_on(case: str) -> None:
    documents, rule = SEQUENCE[case]
    errors = {finding.rule for finding in found(documents) if finding.severity is Severity.ERROR}
    assert rule in errors
    beside = {"agreement.days", "agreement.fiscal_year", "sequence.line_number", "sequence.unique_id", rule}
    assert errors <= beside


def renamed(documents: list[Summary], period: Period, part: str, other: str) -> list[Summary]:
    return [
        replace(one, name=one.name.replace(f"-{part}", f"-{other}"))
        if one.name and f"-{period.compact}-" in one.name and one.kind is not DR
        else one
        for one in documents
    ]


def test_part_numbers_have_no_holes_and_begin_with_one() -> None:
    hole = renamed(a_year(), FEBRUARY, "000003", "000004")
    assert {finding.value for finding in found(hole)} == {"000004"}
    assert rules(hole) == {"sequence.part_number"}
    late = renamed(renamed(a_year(), APRIL, "000002", "000003"), APRIL, "000001", "000002")
    assert rules(late) == {"sequence.part_number"}
    first = renamed(Year().month(JANUARY, Planned(20), Planned()).documents, JANUARY, "000001", "000003")
    assert "sequence.part_number" in rules(first)


def test_a_first_day_in_several_parts_is_right_whichever_of_them_are_here() -> None:
    made = Year().month(JANUARY, Planned(1), Planned(1, start=1), Planned(1, start=1), Planned(start=1))
    assert found(made.documents) == []
    for kind in (Y, K):
        books = [one for one in made.documents if one.kind is kind]
        for place, book in enumerate(books):
            for beside in ((-1, 1), (-1,), (1,), ()):
                near = [books[place + step] for step in beside if 0 <= place + step < len(books)]
                assert against(book, near) == []
    late = [one for one in made.documents if "-000001" not in (one.name or "")]
    assert {finding.severity for finding in found(late)} == {Severity.WARNING}


def test_a_whole_month_and_parts_of_it() -> None:
    both = renamed(a_year(), FEBRUARY, "000003", "000000")
    errors = {finding.rule for finding in found(both) if finding.severity is Severity.ERROR}
    assert errors == {"sequence.whole_and_parts", "sequence.whole_month"}


def test_the_first_part_of_all_begins_with_its_month() -> None:
    made = Year().month(FEBRUARY, Planned(10, start=2), Planned())
    errors = [finding for finding in found(made.documents) if finding.severity is Severity.ERROR]
    assert {finding.rule for finding in errors} == {"sequence.first_day"}


def test_a_firm_founded_within_a_month_begins_with_its_fiscal_year() -> None:
    made = Year().month(JANUARY, Planned(20, start=15), Planned())
    documents = [replace(one, year_start="2025-01-15") for one in made.documents]
    documents[-1] = replace(documents[-1], start="2025-01-15")
    assert found(documents) == []


def test_a_fiscal_year_that_is_cut_short_is_a_warning() -> None:
    made = Year()
    made.month(JANUARY).month(FEBRUARY)
    made.numbers = type(made.numbers)()
    made.month(MARCH)
    documents = [
        replace(one, year_start="2025-03-01") if one.start.startswith("2025-03") else one for one in made.documents
    ]
    finding = the_one(documents)
    assert (finding.rule, finding.severity) == ("sequence.fiscal_year", Severity.WARNING)


def test_one_branch_under_two_numbers() -> None:
    first = Year().month(JANUARY)
    later = Year(branch="0001", numbers=first.numbers).month(FEBRUARY)
    finding = the_one(first.documents + later.documents)
    assert (finding.rule, finding.severity) == ("sequence.branch", Severity.WARNING)


# What is not there


def test_documents_that_are_not_there_are_warnings_alone() -> None:
    for gone, rule in (
        ([(K, JANUARY, "000000")], "agreement.missing"),
        ([(Y, FEBRUARY, "000002")], "agreement.missing"),
        ([(YB, MARCH, "000000")], "agreement.missing"),
        ([(DR, MARCH, "000000")], "agreement.missing"),
        ([(kind, FEBRUARY, "000002") for kind in (Y, K, YB, KB)], "sequence.missing"),
        ([(kind, APRIL, "000001") for kind in (Y, K, YB, KB)], "sequence.missing"),
        ([(kind, APRIL, "000002") for kind in (Y, K, YB, KB)], "sequence.missing"),
        ([(kind, MARCH, "000000") for kind in (Y, K, YB, KB, DR)], "sequence.missing"),
    ):
        findings = found(without(*gone))
        assert {finding.rule for finding in findings} == {rule}
        assert {finding.severity for finding in findings} == {Severity.WARNING}


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_what_nobody_has_brought_is_not_missed(kind: DocumentKind) -> None:
    """One file alone, and all files of one kind: berats without their ledgers."""
    of_kind = [document for document in a_year() if document.kind is kind]
    assert found(of_kind) == []
    for document in of_kind:
        assert found([document]) == []


def test_a_signed_file_beside_the_unsigned_and_the_approved_copy() -> None:
    documents = a_year()
    unsigned = replace(documents[0], signature_value=None, size=1, name=f"old/{documents[0].name}")
    copy = documents[named(documents, YB, JANUARY)]
    approved = replace(copy, name=f"GIB-{copy.name}", size=9, sha256="other")
    assert found([unsigned, *documents, approved]) == []
    wrong = replace(approved, bare_signature_value="OTHER")
    assert rules([*documents, wrong]) == {"agreement.signature_value", "agreement.twice"}


def test_names_that_are_none_do_not_part_what_belongs_together() -> None:
    anonymous = [replace(document, name=None) for document in a_year()]
    assert found(anonymous) == []
    anonymous[0] = replace(anonymous[0], lines=1)
    finding = the_one(anonymous)
    assert finding.rule == "agreement.lines"
    assert "KEB202501000001" in finding.message.en


def test_the_order_in_which_files_are_given_does_not_matter() -> None:
    documents = changed(K, FEBRUARY, account("120", debit=1), "000002")
    wanted = disagreements(documents)
    for seed in range(5):
        random.Random(seed).shuffle(documents)
        assert disagreements(documents) == wanted


def test_each_rule_says_what_is_wrong_and_what_to_do() -> None:
    for rule, said in SAID.items():
        assert rule.partition(".")[0] in ("agreement", "sequence", "document")
        assert said.message.tr != said.message.en
        assert "{document}" in said.message.tr
        assert "{document}" in said.message.en
        assert said.cure.tr
        assert said.cure.en


# Bounds


def test_many_accounts_that_differ_are_counted_and_some_told() -> None:
    documents = Year().month(JANUARY).documents
    many = {f"{number:04}": AccountSum(1, 1, 1, 1) for number in range(5_000)}
    documents[-1] = replace(documents[-1], accounts={**(documents[-1].accounts or {}), **many})
    findings = found(documents)
    assert len(findings) == 21
    assert (findings[-1].rule, findings[-1].value) == ("agreement.more_accounts", str(5_000 * 4 - 20))


def test_the_time_grows_with_the_documents_alone() -> None:
    def seconds(years: int) -> float:
        documents = []
        for year in range(years):
            made = Year(branch=f"{year + 1:04}")
            for month in range(1, 13):
                made.month(Period(2025, month), Planned(10), Planned(20), Planned())
            documents += made.documents
        started = perf_counter()
        assert found(documents) == []
        return perf_counter() - started

    once = min(seconds(2) for _ in range(3))
    assert seconds(16) < 8 * once * 3


@pytest.mark.parametrize(
    "change",
    [
        setting(unique_id="", start="", end="", year_start="", year_end=""),
        setting(unique_id="YEV2025", start="9999-12-31", end="9999-12-31"),
        setting(start="0001-01-01", end="0001-01-31", year_start="0001-01-01", year_end="0001-12-31"),
        setting(end="2025-02-30", created="x" * 10_000),
        setting(name="x" * 10_000, start="1850-01-01", end="1850-01-31"),
        setting(name=f"{FIRM}-190001-Y-000000.xml"),
        setting(told_size="9" * 100_000, told_entries=-1),
    ],
)
@pytest.mark.parametrize("kind", list(DocumentKind))
def test_nonsense_in_a_document_stops_nothing(kind: DocumentKind, change: Change) -> None:
    findings = found(changed(kind, JANUARY, change))
    assert all(len(finding.message.tr) < 2_000 for finding in findings)


# In the service: others may be on their way


def test_what_is_not_here_yet_is_not_told_of_one_document() -> None:
    documents = a_year()
    third = documents[named(documents, Y, FEBRUARY, "000003")]
    first = documents[named(documents, Y, FEBRUARY, "000001")]
    second = documents[named(documents, Y, FEBRUARY, "000002")]
    assert against(third, []) == []
    assert against(third, [second]) == []
    assert against(second, [first, third]) == []
    wrong = replace(second, first_entry=1)
    assert {finding.rule for finding in against(third, [wrong])} == set()
    assert {finding.rule for finding in against(wrong, [first])} == {"sequence.entry_number"}
    january = replace(documents[0], unique_id="YEV202501000009")
    assert against(january, []) == []


def test_a_document_is_the_one_that_its_event_names() -> None:
    summary = a_year()[0]
    filing = Filing(tenant=FIRM, period="2025-01")
    document = Document(filing=filing, kind=Y, unique_id=summary.unique_id)
    assert list(identity(document, summary)) == []
    for other in (
        document.model_copy(update={"unique_id": "YEV202501000002"}),
        document.model_copy(update={"kind": K}),
        document.model_copy(update={"filing": Filing(tenant=OTHER_FIRM, period="2025-01")}),
        document.model_copy(update={"filing": Filing(tenant=FIRM, period="2025-02")}),
        document.model_copy(update={"filing": Filing(tenant=FIRM, period="2025-01", branch="0001")}),
    ):
        [finding] = identity(other, summary)
        assert (finding.rule, finding.severity) == ("document.identity", Severity.ERROR)


# Any months: they agree, and one change anywhere is found.

_MAINS = ("100", "120", "153", "191", "320", "391", "600", "601", "602", "7700")


@st.composite
def entries(draw: st.DrawFn) -> list[tuple[str, int]]:
    amounts = draw(st.lists(st.integers(1, 10**12), min_size=1, max_size=3))
    lines = [(draw(st.sampled_from(_MAINS)), amount) for amount in amounts]
    return [*lines, (draw(st.sampled_from(_MAINS)), -sum(amounts))]


@st.composite
def years(draw: st.DrawFn) -> list[Summary]:
    made = Year(branch=draw(st.none() | st.just("0042")))
    for month in range(1, draw(st.integers(1, 3)) + 1):
        ends = draw(st.lists(st.integers(1, 27), unique=True, max_size=3).map(sorted))
        parts, last = [], 0
        for end in ends:
            split = draw(st.booleans()) and last > 0
            content = draw(st.lists(entries(), max_size=3))
            parts.append(Planned(end, content, last if split else last + 1))
            last = end
        made.month(Period(2025, month), *parts, Planned(None, draw(st.lists(entries(), min_size=1, max_size=3))))
    return made.documents


_TOLD = {
    Y: {
        "lines",
        "first_entry",
        "last_line",
        "lines_digest",
        "unique_id",
        "start",
        "end",
        "accounts",
        "signature_value",
    },
    K: {"lines", "first_line", "last_line", "lines_digest", "unique_id", "start", "end", "accounts", "signature_value"},
    YB: {"told_entries", "told_size", "bare_signature_value", "unique_id", "start", "end", "accounts"},
    KB: {"told_size", "bare_signature_value", "unique_id", "start", "end", "accounts"},
    DR: {"unique_id", "start", "end", "accounts"},
}


def spoiled(document: Summary, what: str, chance: random.Random) -> Summary:
    value = getattr(document, what)
    if what == "accounts":
        mains = [main for main in sorted(value) if not document.kind.is_berat or main in ("391", "600", "191")]
        main = chance.choice(mains or ["600"])
        sums = value.get(main, AccountSum())
        return replace(document, accounts={**value, main: replace(sums, debit=sums.debit + 1)})
    if what in ("start", "end"):
        day = int(value[-2:])
        return replace(document, **{what: f"{value[:-2]}{day + 1 if what == 'start' or day == 1 else day - 1:02}"})
    if what == "unique_id":
        return numbered(1)(document)
    if what == "told_size":
        return replace(document, told_size="99.99")
    return replace(document, **{what: f"{value}X" if isinstance(value, str) else (value or 0) + 1})


@settings(max_examples=60, deadline=None)
@given(years(), st.randoms(use_true_random=False))
def test_any_months_agree_until_one_value_changes(documents: list[Summary], chance: random.Random) -> None:
    assert found(documents) == []
    place = chance.randrange(len(documents))
    document = documents[place]
    what = chance.choice(sorted(_TOLD[document.kind] & {one.name for one in fields(Summary)}))
    spoilt = spoiled(document, what, chance)
    if document.kind in (Y, K) and document.lines == 0 and what in ("first_line", "last_line", "first_entry"):
        return  # an empty part has none
    documents[place] = spoilt
    assert found(documents), (document.name, what)
