"""Conversions of a month: which count, what waits for a new one, and how files and parts show it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.board import Month, month_of
from portal.documents import documents_of
from portal.dropped import FileState, file_view
from portal.facts import MonthFacts
from portal.findings import FindingsPage, FindingsView, current_events, page_of
from portal.month import holds_of, parts_of
from portal.words import Column, Stage, State
from support.portal_months import DR, KB, RECOGNISED, TENANT, YB, K, Story, Y, finding, gather, problem, warning
from support.tenants import tenant

ONE, TWO, THREE = "000001", "000002", "000003"
BOOKS = (Column.JOURNAL, Column.LEDGER)


@pytest.fixture
def story() -> Story:
    return Story()


def facts(story: Story) -> MonthFacts:
    return gather(story.envelopes, story)


def board(story: Story) -> Month:
    return month_of(facts(story))


def files(story: Story) -> dict[str, FileState]:
    month = facts(story)
    return {file.file_id: file_view(file, month).state for file in month.files}


def converted(story: Story, file_id: str = "f1", revision: int = 1, part: str = "000000", *parts: str) -> None:
    """A file comes, is converted, and its journals are written."""
    made = parts or (part,)
    story.received(file_id, None if part == "000000" else part)
    story.made(file_id, revision, part, made)
    for one in made:
        story.written(Y, one, revision, file_id)
        story.written(K, one, revision, file_id)


# --- which conversions count


def test_a_correction_takes_the_place_of_what_was_made_before(story: Story) -> None:
    converted(story, "f1")
    story.validated(Y)
    story.received("f2")
    story.withdrawn(1, "f1", reason=problem("month.replaced", "Yeni dosya geldi.", "A new file came."))
    converted(story, "f2", 2)
    month = board(story)
    assert {month.cells[column].stage for column in BOOKS} == {Stage.WRITTEN}
    assert files(story) == {"f1": "replaced", "f2": "converted"}
    old = [view for view in documents_of(facts(story)) if view.replaced]
    assert {view.revision for view in old} == {1}
    assert {view.reason.key for view in old if view.reason} == {"month.replaced"}


def test_late_events_of_a_withdrawn_conversion_change_nothing(story: Story) -> None:
    converted(story, "f1")
    story.withdrawn(1, "f1")
    converted(story, "f2", 2)
    before = board(story)
    story.signed(Y, revision=1)
    story.not_signed(K, revision=1)
    after = board(story)
    assert after.cells == before.cells


def test_a_month_withdrawn_for_another_month_waits_with_the_reason_and_has_not_failed(story: Story) -> None:
    converted(story, "f1")
    story.withdrawn(1, "f1")
    month = board(story)
    for column in BOOKS:
        cell = month.cells[column]
        assert (cell.state, cell.withdrawn, cell.stage) == (State.HELD, True, Stage.WAITING)
        assert cell.problem is not None
        assert cell.problem.key == "month.earlier_changed"
    assert month.state is State.HELD
    assert files(story) == {"f1": "withdrawn"}
    story.made("f1", revision=2)
    story.written(Y, revision=2)
    month = board(story)
    assert month.cells[Column.JOURNAL].stage is Stage.WRITTEN
    assert not month.cells[Column.LEDGER].withdrawn
    assert files(story) == {"f1": "converted"}


def test_a_withdrawn_month_whose_next_file_has_come_just_runs(story: Story) -> None:
    converted(story, "f1")
    story.received("f2")
    story.withdrawn(1, "f1")
    assert board(story).state is State.RUNNING
    story.conversion_failed("f2")
    assert {board(story).cells[column].state for column in BOOKS} == {State.FAILED}


def test_a_failure_of_before_does_not_come_back_with_the_withdrawal(story: Story) -> None:
    story.received("f0")
    story.conversion_failed("f0")
    converted(story, "f1")
    story.received("f2")
    story.conversion_failed("f2")
    assert [notice.file_id for notice in board(story).notices] == ["f2"]
    story.withdrawn(1, "f1")
    month = board(story)
    assert month.cells[Column.JOURNAL].withdrawn
    assert [notice.file_id for notice in month.notices] == ["f2"]


def test_a_hold_says_more_than_the_withdrawal_before_it(story: Story) -> None:
    converted(story, "f1")
    story.withdrawn(1, "f1")
    story.held(None)
    cell = board(story).cells[Column.JOURNAL]
    assert (cell.state, cell.withdrawn) == (State.HELD, False)
    assert cell.problem is not None
    assert cell.problem.key == "filing.previous_month"


def test_a_document_that_is_not_valid_still_says_so_after_its_conversion_is_withdrawn(story: Story) -> None:
    converted(story, "f1", 1, "000000", ONE, TWO)
    story.rejected(K, TWO)
    story.withdrawn(1, "f1", parts=(ONE, TWO))
    month = board(story)
    assert month.cells[Column.LEDGER].state is State.FAILED
    assert month.cells[Column.LEDGER].problem is not None
    assert month.cells[Column.LEDGER].problem.key == "document.rejected"
    shown = [(view.part, view.kind) for view in documents_of(facts(story)) if not view.replaced]
    assert shown == [(TWO, K)]
    converted(story, "f2", 2)
    month = board(story)
    assert month.state is State.RUNNING
    assert month.cells[Column.LEDGER].parts == 1


def test_approval_is_stronger_than_the_withdrawal_whatever_comes_first(story: Story) -> None:
    converted(story, "f1", 1)
    story.withdrawn(1, "f1")
    converted(story, "f2", 2)
    assert files(story) == {"f1": "replaced", "f2": "converted"}
    story.approved(YB, revision=1)
    month = facts(story)
    live = {view.revision for view in documents_of(month) if not view.replaced}
    assert live == {1}, "approved wins over the newer one that is not withdrawn yet"
    story.withdrawn(2, "f2")
    assert files(story) == {"f1": "converted", "f2": "replaced"}
    assert board(story).cells[Column.APPROVED_JOURNAL_BERAT].stage is Stage.APPROVED
    assert not board(story).cells[Column.JOURNAL].withdrawn


def test_parts_of_one_month_may_come_from_different_conversions(story: Story) -> None:
    converted(story, "f1", 1, ONE)
    converted(story, "f2", 2, TWO)
    converted(story, "f3", 3, THREE)
    for number, part in enumerate((ONE, TWO, THREE), 1):
        story.books(part, number, f"f{number}")
        story.at_gib(part, number)
    story.report(revision=3, file_id="f3")
    story.closed()
    month = board(story)
    assert {cell.state for cell in month.cells.values()} == {State.DONE}
    assert month.cells[Column.JOURNAL].parts == 3
    assert set(files(story).values()) == {"converted"}


def test_one_part_withdrawn_leaves_the_others_and_takes_the_report_along(story: Story) -> None:
    converted(story, "f1", 1, ONE)
    converted(story, "f2", 2, TWO)
    story.written(DR, revision=2)
    story.signed(DR, revision=2)
    story.withdrawn(2, "f2", TWO, (TWO,))
    month = board(story)
    journal = month.cells[Column.JOURNAL]
    assert (journal.part, journal.withdrawn, journal.parts) == (TWO, True, 2)
    assert month.cells[Column.REPORT].stage is Stage.WAITING
    converted(story, "f3", 3, TWO)
    story.written(DR, revision=3)
    month = board(story)
    assert month.cells[Column.REPORT].stage is Stage.WRITTEN
    assert not month.cells[Column.JOURNAL].withdrawn


def test_days_whose_number_another_part_has_taken_are_still_shown(story: Story) -> None:
    converted(story, "f1", 1, ONE, ONE, TWO)  # the first stretch was too large for one part
    story.received("f2", TWO)
    story.conversion_failed("f2", part=TWO)
    month = board(story)
    journal = month.cells[Column.JOURNAL]
    assert (journal.state, journal.parts, journal.part) == (State.FAILED, 3, THREE)


def test_a_file_that_waits_is_replaced_by_the_next_for_its_days(story: Story) -> None:
    story.received("f1", ONE)
    story.held("convert", ONE)
    story.received("f2", TWO)
    assert files(story) == {"f1": "waiting", "f2": "waiting"}
    story.received("f3", ONE)
    assert files(story) == {"f1": "replaced", "f2": "waiting", "f3": "waiting"}
    story.requested("f1", ONE)
    assert files(story)["f1"] == "waiting"


# --- holds


def test_a_hold_before_conversion_is_passed_by_the_conversion_of_its_days(story: Story) -> None:
    story.received("f1")
    story.held("convert")
    assert board(story).state is State.HELD
    story.made("f1", parts=(ONE, TWO))
    assert holds_of(facts(story)) == []


def test_what_waited_at_a_gate_and_was_withdrawn_waits_there_no_more(story: Story) -> None:
    converted(story, "f1")
    story.validated(Y)
    story.held("sign")
    assert [hold.gate for hold in holds_of(facts(story))] == ["sign"]
    story.withdrawn(1, "f1")
    converted(story, "f2", 2)
    story.validated(Y, revision=2)
    assert holds_of(facts(story)) == []
    story.held("sign")
    assert [hold.gate for hold in holds_of(facts(story))] == ["sign"]


def test_a_month_without_its_predecessor_can_be_released(story: Story) -> None:
    story.received("f1")
    story.held("convert", reason=problem("month.earlier_missing", "Aralık gelmedi.", "December has not come."))
    (hold,) = holds_of(facts(story))
    assert (hold.gate, hold.reason.key if hold.reason else None) == ("convert", "month.earlier_missing")
    assert board(story).cells[Column.JOURNAL].state is State.HELD
    story.released("convert")
    assert holds_of(facts(story)) == []


# --- files and parts as they are shown


def test_a_file_tells_how_it_was_read_and_all_its_conversions(story: Story) -> None:
    converted(story, "f1")
    story.withdrawn(1, "f1")
    story.made("f1", revision=3, parts=(ONE, TWO), warnings=2)
    month = facts(story)
    (view,) = [file_view(file, month) for file in month.files]
    assert view.recognised == (RECOGNISED,)
    assert view.counts
    assert [(one.revision, one.counts, one.parts) for one in view.conversions] == [
        (3, True, (ONE, TWO)),
        (1, False, ("000000",)),
    ]
    assert (view.conversions[0].entries, view.conversions[0].total, view.conversions[0].warnings) == (12, 123456789, 2)
    failed = Story(salt="failed")
    failed.conversion_failed()
    assert file_view(facts(failed).files[0], facts(failed)).recognised == (RECOGNISED,)


def test_a_file_of_the_same_content_stands_beside_the_one_that_was_converted(story: Story) -> None:
    converted(story, "f1")
    first = story.made("f1", warnings=2)
    story.received("f2")
    story.made("f2")  # told again: nothing new was made
    month = facts(story)
    views = [file_view(file, month) for file in month.files]
    assert [(view.state, view.counts, len(view.conversions)) for view in views] == [("converted", True, 1)] * 2
    assert first.id in current_events(month), "the warnings that came with it still matter"
    story.withdrawn(1, "f1")
    assert files(story) == {"f1": "withdrawn", "f2": "withdrawn"}
    assert len(parts_of(facts(story), None)) == 1
    story.made("f1", revision=2)
    assert files(story) == {"f1": "converted", "f2": "replaced"}


def test_the_days_of_parts_are_those_that_their_conversion_has_told(story: Story) -> None:
    firm = tenant(TENANT, part_ends=(10, 20))

    def days(of: Story) -> list[tuple[str, date | None, date | None]]:
        shown = [part for part in parts_of(facts(of), firm) if part.step.state != "empty"]
        return [(part.part, part.first_day, part.last_day) for part in shown]

    story.made("f1", 1, ONE, (ONE,), spans=((1, 12),))  # the master data have been changed since
    story.written(Y, ONE, 1, "f1")
    story.received("f2", TWO)
    first = (ONE, date(2025, 1, 1), date(2025, 1, 12))
    assert days(story) == [first, (TWO, date(2025, 1, 11), date(2025, 1, 20))]
    story.made("f2", 2, TWO, (TWO, THREE), spans=((13, 15), (15, 20)))
    for part in (TWO, THREE):
        story.written(Y, part, 2, "f2")
    cut = [(TWO, date(2025, 1, 13), date(2025, 1, 15)), (THREE, date(2025, 1, 15), date(2025, 1, 20))]
    assert days(story) == [first, *cut]
    whole = Story(salt="whole")
    converted(whole, "f1")
    assert days(whole) == [("000000", None, None)]


def test_days_of_which_nothing_has_come_are_shown(story: Story) -> None:
    firm = tenant(TENANT, part_ends=(10, 20))
    assert [part.slot for part in parts_of(facts(story), firm)] == []
    story.received("f1", ONE)
    story.received("f2", TWO)
    *_, absent = parts_of(facts(story), firm)
    assert (absent.part, absent.slot, absent.is_made, absent.done, absent.step.state) == (
        THREE,
        THREE,
        False,
        0,
        "empty",
    )
    assert (absent.first_day, absent.last_day) == (date(2025, 1, 21), date(2025, 1, 31))
    converted(story, "f2", 1, TWO, TWO, THREE)
    assert parts_of(facts(story), firm)[-1].part == "000004", "the third part is of the second stretch of days"
    cut = Story(salt="cut")
    converted(cut, "f1", 1, ONE, ONE, TWO, THREE)
    assert [part.part for part in parts_of(facts(cut), firm)] == [ONE, TWO, THREE, "000004", "000005"]
    whole = Story(salt="whole")
    whole.received("f1")
    assert [part.slot for part in parts_of(facts(whole), firm)] == ["000000"]


def group(*severities: str) -> FindingsView:
    made = [finding(line=n) if one == "error" else warning(line=n) for n, one in enumerate(severities, 1)]
    at = Story().now
    values = {"event": "00000000-0000-0000-0000-000000000001", "at": at, "about": RECOGNISED, "current": True}
    return FindingsView(**values, counts={"entry.unbalanced": 5000}, findings=made, report=None)


@pytest.mark.parametrize(
    ("severity", "page", "lines", "last_page"),
    [
        (None, 1, (1, 50), 3),
        (None, 3, (101, 120), 3),
        (None, 99, (101, 120), 3),
        ("error", 2, (51, 60), 2),
        ("warning", 1, (61, 110), 2),
    ],
)
def test_findings_are_shown_by_severity_and_page(severity, page: int, lines: tuple[int, int], last_page: int) -> None:
    shown: FindingsPage = page_of(group(*["error"] * 60, *["warning"] * 60), severity, page)
    assert (shown.findings[0].line, shown.findings[-1].line) == lines
    assert shown.last_page == last_page
    assert shown.by_severity == {"error": 60, "warning": 60}
    assert shown.unlisted == 5000 - 120


def test_a_group_without_findings_of_a_severity_is_an_empty_page() -> None:
    shown = page_of(group("error"), "warning", 1)
    assert (shown.findings, shown.page, shown.last_page) == ([], 1, 1)


# --- any order, any repetition


def eventful() -> Story:
    """Slots, corrections, a withdrawal for another month, an approval of what was withdrawn."""
    story = Story()
    story.received("f1", ONE)
    story.held("convert", ONE, reason=problem("month.earlier_missing"))
    story.released("convert", ONE)
    story.made("f1", 1, ONE, (ONE,))
    story.written(Y, ONE, 1)
    story.received("f2", TWO)
    story.conversion_failed("f2", part=TWO)
    story.received("f3", TWO)
    story.made("f3", 2, TWO, (TWO, THREE), warnings=1)
    story.written(Y, TWO, 2, "f3")
    story.rejected(Y, TWO, 2)
    story.withdrawn(2, "f3", TWO, (TWO, THREE))
    story.signed(Y, ONE, 1)
    story.sent(YB, ONE, 1)
    story.withdrawn(1, "f1", ONE, (ONE,))
    story.made("f1", 3, ONE, (ONE, TWO))
    story.written(Y, ONE, 3)
    story.held("sign", ONE)
    story.approved(YB, ONE, 1)
    story.withdrawn(3, "f1", ONE, (ONE, TWO))
    story.made("f3", 4, TWO, (TWO,))
    story.received("f4", TWO)
    story.made("f4", 4, TWO, (TWO,))
    story.written(Y, TWO, 4, "f3")
    story.written(KB, TWO, 4, "f3")
    story.written(DR, "000000", 4, "f3")
    return story


@given(st.data())
def test_any_order_and_duplication_ends_in_the_same_month(data: st.DataObject) -> None:
    story = eventful()
    length = data.draw(st.integers(1, len(story.envelopes)))
    told = story.envelopes[:length]  # at every moment of the story, not at its end alone
    expected = gather(told, story)
    again = data.draw(st.lists(st.sampled_from(told), max_size=10))
    shuffled = gather(data.draw(st.permutations([*told, *again])), story)
    assert month_of(shuffled) == month_of(expected)
    for month in (shuffled, expected):
        assert len({part.part for part in parts_of(month, None)}) == len(parts_of(month, None))
    views = [sorted((file_view(f, m) for f in m.files), key=lambda v: v.file_id) for m in (shuffled, expected)]
    assert views[0] == views[1]
    assert holds_of(shuffled) == holds_of(expected)
    assert documents_of(shuffled) == documents_of(expected)
