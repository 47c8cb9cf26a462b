"""The board's rules: what a month's events mean, whatever their order and however often they come."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.board import Month, month_of
from portal.month import holds_of
from portal.reading import read
from portal.revisions import standing_failures
from portal.words import Column, Stage, State
from support.portal_months import DR, KB, YB, K, Story, Y, gather

BOOKS = (Column.JOURNAL, Column.LEDGER)


def board(story: Story) -> Month:
    return month_of(gather(story.envelopes, story))


def states(month: Month) -> dict[Column, State]:
    return {column: cell.state for column, cell in month.cells.items()}


@pytest.fixture
def story() -> Story:
    return Story()


def test_nothing_known_is_an_empty_month(story: Story) -> None:
    month = board(story)
    assert set(states(month).values()) == {State.EMPTY}
    assert month.state is State.EMPTY


def test_a_received_file_makes_all_seven_wait(story: Story) -> None:
    story.received()
    month = board(story)
    assert {(cell.state, cell.stage) for cell in month.cells.values()} == {(State.RUNNING, Stage.WAITING)}


def test_a_whole_month_ends_with_seven_ticks(story: Story) -> None:
    story.whole()
    month = board(story)
    assert set(states(month).values()) == {State.DONE}
    assert month.state is State.DONE
    assert month.closed
    assert month.notices == ()


def test_stages_show_how_far_each_document_has_come(story: Story) -> None:
    story.received()
    story.written(Y)
    assert board(story).cells[Column.JOURNAL].stage is Stage.WRITTEN
    story.validated(Y)
    assert board(story).cells[Column.JOURNAL].stage is Stage.VALIDATED
    story.signed(Y)
    assert board(story).cells[Column.JOURNAL].stage is Stage.SIGNED
    story.archived(Y)
    month = board(story)
    assert month.cells[Column.JOURNAL].state is State.DONE
    assert month.cells[Column.LEDGER].stage is Stage.WAITING
    assert month.state is State.RUNNING


def test_an_approved_berat_is_done_only_once_gibs_copy_is_archived(story: Story) -> None:
    story.received()
    story.books()
    story.sent(YB)
    month = board(story)
    assert month.cells[Column.JOURNAL_BERAT].state is State.DONE
    assert month.cells[Column.APPROVED_JOURNAL_BERAT].stage is Stage.SENT
    story.approved(YB)
    assert board(story).cells[Column.APPROVED_JOURNAL_BERAT].stage is Stage.APPROVED
    assert board(story).cells[Column.APPROVED_JOURNAL_BERAT].state is State.RUNNING
    story.archived(YB, approved=True)
    assert board(story).cells[Column.APPROVED_JOURNAL_BERAT].state is State.DONE
    assert board(story).cells[Column.APPROVED_LEDGER_BERAT].stage is Stage.WAITING


def test_a_late_event_never_takes_a_stage_back(story: Story) -> None:
    story.received()
    story.signed(Y)
    story.written(Y)
    story.validated(Y)
    assert board(story).cells[Column.JOURNAL].stage is Stage.SIGNED


def test_a_failed_conversion_fails_both_books_with_its_reason(story: Story) -> None:
    story.received()
    story.conversion_failed(lines=3)
    month = board(story)
    for column in BOOKS:
        assert month.cells[column].state is State.FAILED
        problem = month.cells[column].problem
        assert problem is not None
        assert "3 bulgu" in problem.text.tr
        assert "Debit and credit differ" in problem.text.en
    assert month.cells[Column.REPORT].state is State.RUNNING
    assert month.state is State.FAILED


def test_a_newer_file_starts_anew_after_a_failure(story: Story) -> None:
    story.received("f1")
    story.conversion_failed("f1")
    story.received("f2")
    assert board(story).state is State.RUNNING
    story.made("f2")
    story.written(Y, file_id="f2")
    month = board(story)
    assert month.cells[Column.JOURNAL].stage is Stage.WRITTEN
    assert month.notices == ()


def test_asking_again_for_the_same_file_starts_anew(story: Story) -> None:
    story.received()
    story.conversion_failed()
    story.requested()
    assert board(story).state is State.RUNNING
    story.conversion_failed()
    assert board(story).state is State.FAILED


def test_a_file_that_fails_while_older_documents_go_on_is_a_notice(story: Story) -> None:
    story.received("f1")
    story.books()
    story.received("f2")
    story.conversion_failed("f2")
    month = board(story)
    assert month.cells[Column.JOURNAL].state is State.DONE
    assert [notice.file_id for notice in month.notices] == ["f2"]


def test_the_receipt_of_a_file_never_comes_after_its_failure_whatever_the_clocks_say(story: Story) -> None:
    story.conversion_failed()
    story.received()  # the receiver's clock runs a second ahead
    assert board(story).state is State.FAILED


def test_a_refused_file_whose_name_tells_the_month_fails_it(story: Story) -> None:
    story.refused_file()
    month = board(story)
    assert month.cells[Column.JOURNAL].state is State.FAILED
    assert month.cells[Column.JOURNAL].problem is not None
    assert month.cells[Column.JOURNAL].problem.key == "file.damaged"


def test_a_refused_file_of_another_name_belongs_to_no_month(story: Story) -> None:
    news = read(story.refused_file(name="fatura.pdf"))
    assert news.month is None
    assert news.files[0].drop is not None
    assert news.files[0].drop.name == "fatura.pdf"


def test_a_rejected_document_fails_until_a_new_revision_is_written(story: Story) -> None:
    story.received("f1")
    story.written(Y)
    story.rejected(Y)
    story.withdrawn()
    month = board(story)
    assert month.cells[Column.JOURNAL].state is State.FAILED
    assert month.cells[Column.LEDGER].state is State.RUNNING
    story.received("f2")
    assert board(story).cells[Column.JOURNAL].state is State.RUNNING
    assert board(story).cells[Column.JOURNAL].stage is Stage.WAITING
    story.written(Y, revision=2, file_id="f2")
    assert board(story).cells[Column.JOURNAL].stage is Stage.WRITTEN


def test_a_refused_signature_fails_until_it_is_signed_after_all(story: Story) -> None:
    story.received()
    story.written(Y)
    story.validated(Y)
    story.not_signed(Y)
    cell = board(story).cells[Column.JOURNAL]
    assert cell.state is State.FAILED
    assert cell.stage is Stage.VALIDATED
    story.signed(Y)
    assert board(story).cells[Column.JOURNAL].state is State.RUNNING


def test_what_gib_refuses_fails_the_approved_berat_until_it_is_sent_again(story: Story) -> None:
    story.received()
    story.books()
    story.sent(YB)
    story.refused(YB)
    month = board(story)
    assert month.cells[Column.APPROVED_JOURNAL_BERAT].state is State.FAILED
    assert month.cells[Column.JOURNAL_BERAT].state is State.DONE
    story.sent(YB)
    assert board(story).cells[Column.APPROVED_JOURNAL_BERAT].stage is Stage.SENT
    story.approved(YB)
    assert board(story).cells[Column.APPROVED_JOURNAL_BERAT].stage is Stage.APPROVED


def test_a_refused_report_is_not_done_though_it_is_archived(story: Story) -> None:
    story.whole()
    story.envelopes = [e for e in story.envelopes if e.type not in ("report.accepted", "month.closed")]
    assert board(story).state is State.DONE
    story.refused(DR)
    assert board(story).cells[Column.REPORT].state is State.FAILED


@pytest.mark.parametrize(
    ("gate", "before", "held"),
    [
        ("convert", (), {Column.JOURNAL, Column.LEDGER}),
        ("sign", (Y,), {Column.JOURNAL}),
        ("submit", (Y, K, YB, KB), {Column.APPROVED_JOURNAL_BERAT, Column.APPROVED_LEDGER_BERAT}),
    ],
)
def test_a_gate_holds_the_documents_that_wait_at_it(story: Story, gate: str, before: tuple, held: set[Column]) -> None:
    story.received()
    for kind in before:
        story.written(kind)
        story.validated(kind)
        if gate == "submit":
            story.signed(kind)
    story.held(gate)
    month = board(story)
    assert {column for column, state in states(month).items() if state is State.HELD} == held
    assert month.state is State.HELD
    assert {month.cells[column].gate for column in held} == {gate}
    story.released(gate)
    assert State.HELD not in states(board(story)).values()
    story.held(gate)
    assert board(story).state is State.HELD


def test_a_month_that_waits_for_the_one_before_is_held_without_a_gate(story: Story) -> None:
    story.received()
    story.books()
    story.held(None)
    cell = board(story).cells[Column.APPROVED_JOURNAL_BERAT]
    assert cell.state is State.HELD
    assert cell.gate is None
    assert cell.problem is not None
    assert cell.problem.key == "filing.previous_month"
    story.released(None)
    assert board(story).cells[Column.APPROVED_JOURNAL_BERAT].state is State.RUNNING


def test_of_several_parts_the_worst_is_shown(story: Story) -> None:
    story.received()
    story.books("000001")
    story.at_gib("000001")
    story.written(Y, "000002")
    month = board(story)
    journal = month.cells[Column.JOURNAL]
    assert (journal.state, journal.stage, journal.part) == (State.RUNNING, Stage.WRITTEN, "000002")
    assert (journal.parts, journal.parts_done) == (2, 1)
    story.rejected(Y, "000002")
    assert board(story).cells[Column.JOURNAL].state is State.FAILED
    assert board(story).cells[Column.REPORT].parts == 1


def test_a_month_cut_anew_forgets_the_parts_of_before(story: Story) -> None:
    story.received("f1")
    three = ("000001", "000002", "000003")
    story.made("f1", parts=three)
    for part in three:
        story.written(Y, part)
    story.received("f2")
    story.withdrawn(1, "f1", parts=three)
    story.made("f2", revision=2)
    story.written(Y, "000000", revision=2, file_id="f2")
    cell = board(story).cells[Column.JOURNAL]
    assert (cell.parts, cell.part, cell.stage) == (1, "000000", Stage.WRITTEN)


def test_a_file_for_one_part_leaves_the_others_alone(story: Story) -> None:
    story.received("f1", part="000001")
    story.made("f1", part="000001", parts=("000001",))
    story.books("000001", file_id="f1")
    story.received("f2", part="000002")
    month = board(story)
    assert (month.cells[Column.JOURNAL].parts, month.cells[Column.JOURNAL].parts_done) == (2, 1)
    story.conversion_failed("f2", part="000002")
    month = board(story)
    assert month.cells[Column.JOURNAL].state is State.FAILED
    assert month.cells[Column.JOURNAL].part == "000002"
    story.received("f3", part="000002")
    story.made("f3", revision=2, part="000002", parts=("000002",))
    story.written(Y, "000002", revision=2, file_id="f3")
    month = board(story)
    assert (month.cells[Column.JOURNAL].parts, month.cells[Column.JOURNAL].parts_done) == (2, 1)
    assert month.cells[Column.JOURNAL].stage is Stage.WRITTEN


def test_the_report_stands_once_whatever_the_number_of_parts(story: Story) -> None:
    story.whole(parts=("000001", "000002"))
    month = board(story)
    assert set(states(month).values()) == {State.DONE}
    assert month.cells[Column.JOURNAL].parts == 2
    assert month.cells[Column.REPORT].parts == 1


def test_a_release_has_what_was_refused_at_the_gate_tried_again(story: Story) -> None:
    story.received()
    story.written(Y)
    story.validated(Y)
    story.not_signed(Y)
    story.held("sign")
    assert board(story).cells[Column.JOURNAL].state is State.FAILED
    story.released("sign")
    cell = board(story).cells[Column.JOURNAL]
    assert (cell.state, cell.stage) == (State.RUNNING, Stage.VALIDATED)
    story.not_signed(Y)
    assert board(story).cells[Column.JOURNAL].state is State.FAILED
    story.signed(Y)
    story.books()
    story.sent(YB)
    story.refused(YB)
    assert board(story).cells[Column.APPROVED_JOURNAL_BERAT].state is State.FAILED
    assert [(hold.gate, hold.again) for hold in holds_of(gather(story.envelopes, story))] == [("submit", True)]
    story.released("submit")
    assert board(story).cells[Column.APPROVED_JOURNAL_BERAT].state is State.RUNNING
    assert holds_of(gather(story.envelopes, story)) == []


def test_signatures_are_released_by_the_month_submissions_by_the_part(story: Story) -> None:
    story.received()
    for part in ("000001", "000002"):
        story.written(Y, part)
        story.validated(Y, part)
        story.held("sign", part)
    story.released("sign", "000001")
    assert State.HELD not in states(board(story)).values()
    for part in ("000001", "000002"):
        story.books(part)
        story.held("submit", part)
    story.released("submit", "000001")
    cell = board(story).cells[Column.APPROVED_LEDGER_BERAT]
    assert (cell.state, cell.part) == (State.HELD, "000002")


def test_a_hold_that_has_been_passed_holds_no_more(story: Story) -> None:
    story.received()
    story.held(None)
    assert board(story).cells[Column.JOURNAL].state is State.HELD
    story.written(Y)
    assert State.HELD not in states(board(story)).values()
    story.books()
    story.held("submit")
    story.sent(YB)
    story.sent(KB)
    assert State.HELD not in states(board(story)).values()
    assert holds_of(gather(story.envelopes, story)) == []


def test_a_failure_of_one_part_stands_though_another_part_is_converted(story: Story) -> None:
    story.received("f1", part="000001")
    story.conversion_failed("f1", part="000001")
    story.received("f2", part="000002")
    story.made("f2", part="000002", parts=("000002",))
    facts = gather(story.envelopes, story)
    assert [file.file_id for file, _ in standing_failures(facts)] == ["f1"]
    story.received("f3", part="000001")
    story.made("f3", revision=2, part="000001", parts=("000001",))
    assert standing_failures(gather(story.envelopes, story)) == []


def troubled() -> Story:
    """A month in which nearly everything happens."""
    story = Story()
    story.refused_file("f0")
    story.received("f1")
    story.held("convert")
    story.released("convert")
    story.conversion_failed("f1")
    story.received("f2")
    story.made("f2", parts=("000001", "000002"))
    story.written(Y, "000001", file_id="f2")
    story.written(Y, "000002", file_id="f2")
    story.validated(Y, "000001")
    story.rejected(Y, "000002")
    story.withdrawn(1, "f2", parts=("000001", "000002"))
    story.received("f3")
    story.made("f3", revision=2, parts=("000001", "000002"), warnings=2)
    for part in ("000001", "000002"):
        story.books(part, revision=2, file_id="f3")
    story.held(None, "000001")
    story.released(None, "000001")
    for part in ("000001", "000002"):
        story.sent(YB, part, revision=2)
        story.refused(YB, part, revision=2)
        story.sent(YB, part, revision=2)
        story.sent(KB, part, revision=2)
    story.approved(YB, "000001", revision=2)
    story.archived(YB, "000001", revision=2, approved=True)
    story.written(DR, revision=2, file_id="f3")
    story.held("submit", "000002")
    return story


@pytest.mark.parametrize("make", [troubled, lambda: (story := Story(), story.whole())[0]])
def test_any_order_and_duplication_of_a_months_events_ends_in_the_same_board(make) -> None:
    story = make()
    expected = board(story)

    @given(
        st.permutations(story.envelopes),
        st.lists(st.sampled_from(story.envelopes), max_size=20),
        st.randoms(use_true_random=False),
    )
    def shuffled(envelopes, again, random) -> None:
        delivered = [*envelopes, *again]
        random.shuffle(delivered)
        assert month_of(gather(delivered, story)) == expected

    shuffled()


@given(st.data())
def test_whatever_has_come_so_far_no_stage_of_a_revision_falls(data) -> None:
    story = Story()
    story.whole()
    order = data.draw(st.permutations(story.envelopes))
    before = month_of(gather([], story))
    for count in range(1, len(order) + 1):
        now = month_of(gather(order[:count], story))
        for column in Column:
            if before.cells[column].state is not State.EMPTY:
                assert now.cells[column].stage.rank >= before.cells[column].stage.rank
        before = now


def test_two_events_of_the_same_moment_are_settled_alike_in_both_orders(story: Story) -> None:
    held = story.held("sign")
    story.now -= timedelta(seconds=1)
    released = story.released("sign")
    assert held.time == released.time
    one = month_of(gather([held, released], story))
    other = month_of(gather([released, held], story))
    assert one == other
