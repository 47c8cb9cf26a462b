"""Which document may go to GİB now."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from defterhane.edefter.kinds import DocumentKind
from gib_gateway.order import Before, Filed, Wait, is_superseded, what_it_waits_for
from gib_gateway.states import State

YB, KB, DR = DocumentKind.JOURNAL_BERAT, DocumentKind.LEDGER_BERAT, DocumentKind.REPORT
UNKNOWN = Before((), has_ledgers=False)


def at(kind: DocumentKind, state: State = State.WAITING, part: str = "000000", revision: int = 1) -> Filed:
    announced = state in (State.ASKING, State.RECEIVING, State.APPROVED)
    return Filed(kind, part, revision, state, announced)


def waits(one: Filed, *others: Filed, before: Before = UNKNOWN) -> Wait | None:
    return what_it_waits_for(one, [one, *others], before)


def test_a_berat_waits_for_its_sibling() -> None:
    assert waits(at(YB)) is Wait.SIBLING
    assert waits(at(YB), at(KB, part="000001")) is Wait.SIBLING
    assert waits(at(YB), at(KB)) is None


def test_the_journals_berat_goes_first() -> None:
    assert waits(at(KB), at(YB)) is Wait.BEFORE
    assert waits(at(KB), at(YB, State.SENDING)) is Wait.BEFORE
    assert waits(at(KB), at(YB, State.ASKING)) is None
    assert waits(at(KB), at(YB, State.REFUSED)) is Wait.BEFORE


def test_what_may_have_been_sent_is_not_known_to_be_sent() -> None:
    in_doubt = Filed(YB, "000000", 1, State.ASKING, announced=False)
    assert waits(at(KB), in_doubt) is Wait.BEFORE


def test_parts_go_in_order_and_the_report_last() -> None:
    first = [at(YB, State.ASKING, "000001"), at(KB, State.SENDING, "000001")]
    second = [at(YB, part="000002"), at(KB, part="000002")]
    assert what_it_waits_for(second[0], [*first, *second], UNKNOWN) is Wait.BEFORE
    done = [at(kind, State.APPROVED, part) for part in ("000001", "000002") for kind in (YB, KB)]
    assert waits(at(DR), *done) is None
    assert waits(at(DR), *done[:3]) is Wait.BEFORE
    assert waits(at(DR), *done[:3], at(KB, State.WAITING, "000002")) is Wait.BEFORE
    assert waits(at(DR)) is Wait.BEFORE


def test_a_part_whose_predecessor_is_unknown_waits() -> None:
    assert waits(at(YB, part="000002"), at(KB, part="000002")) is Wait.BEFORE
    done = [at(kind, State.ASKING, part) for part in ("000001", "000003") for kind in (YB, KB)]
    assert waits(at(DR), *done) is Wait.BEFORE


def test_a_month_cut_otherwise_waits_for_what_is_with_gib() -> None:
    cut = at(YB, part="000001", revision=2), at(KB, part="000001", revision=2)
    assert waits(*cut, at(YB, State.ASKING), at(KB)) is Wait.OLDER
    assert waits(*cut, at(YB, State.APPROVED), at(KB)) is Wait.FINAL


def test_a_month_waits_for_the_one_before_where_that_is_known() -> None:
    pair = at(KB)
    open_month = Before((at(YB, State.APPROVED), at(KB, State.ASKING), at(DR)), has_ledgers=True)
    assert waits(at(YB), pair, before=open_month) is Wait.MONTH_BEFORE
    unfinished = Before((at(YB, State.APPROVED), at(KB, State.APPROVED)), has_ledgers=True)
    assert waits(at(YB), pair, before=unfinished) is Wait.MONTH_BEFORE  # other parts may follow: there is no report
    ledgers_only = Before((), has_ledgers=True)
    assert waits(at(YB), pair, before=ledgers_only) is Wait.MONTH_BEFORE
    whole = Before((at(YB, State.APPROVED), at(KB, State.APPROVED), at(DR, State.ASKING)), has_ledgers=True)
    assert waits(at(YB), pair, before=whole) is None


def test_an_approval_in_any_revision_counts_for_the_month() -> None:
    before = Before(
        (at(YB, State.APPROVED), at(YB, State.REFUSED, revision=2), at(KB, State.APPROVED, revision=2), at(DR)),
        has_ledgers=True,
    )
    assert before.is_approved


def test_what_is_approved_is_final() -> None:
    assert waits(at(YB, revision=2), at(KB, revision=2), at(YB, State.APPROVED)) is Wait.FINAL
    assert waits(at(KB, revision=2), at(YB, revision=2), at(YB, State.APPROVED), at(KB, State.REFUSED)) is None


def test_a_newer_revision_waits_for_the_older_one_that_is_with_gib() -> None:
    assert waits(at(YB, revision=2), at(KB, revision=2), at(YB, State.ASKING)) is Wait.OLDER
    assert waits(at(YB, revision=2), at(KB, revision=2), at(YB, State.REFUSED)) is None


def test_a_newer_revision_takes_the_place_of_what_has_not_been_sent() -> None:
    new = at(YB, revision=2)
    assert is_superseded(at(YB), new)
    assert is_superseded(at(YB, State.REFUSED), new)
    assert not is_superseded(at(YB, State.ASKING), new)
    assert not is_superseded(at(YB, State.APPROVED), new)
    assert not is_superseded(at(YB, revision=2), new)
    assert not is_superseded(at(KB), new)


def test_a_month_cut_otherwise_and_an_old_report_are_superseded() -> None:
    assert is_superseded(at(KB, part="000000"), at(YB, part="000001", revision=2))
    assert is_superseded(at(KB, part="000003"), at(YB, part="000000", revision=2))
    assert not is_superseded(at(KB, part="000001"), at(YB, part="000002", revision=2))
    assert is_superseded(at(DR), at(YB, part="000002", revision=2))
    assert not is_superseded(at(YB), at(DR, revision=2))


@given(st.permutations(range(5)), st.integers(0, 5))
def test_there_is_always_exactly_one_that_may_go_next(order: list[int], sent: int) -> None:
    """However documents come in, a whole month of two parts goes out in the one right order."""
    names = [(YB, "000001"), (KB, "000001"), (YB, "000002"), (KB, "000002"), (DR, "000000")]
    month = [
        at(kind, State.ASKING if place < sent else State.WAITING, part) for place, (kind, part) in enumerate(names)
    ]
    shuffled = [month[place] for place in order]
    free = [one for one in shuffled if one.state is State.WAITING and what_it_waits_for(one, shuffled, UNKNOWN) is None]
    assert free == month[sent : sent + 1]


def test_every_order_of_arrival_ends_with_everything_sent() -> None:
    names = [(YB, "000000"), (KB, "000000"), (DR, "000000")]
    for arrival in permutations(names):
        month: list[Filed] = []
        sent: list[tuple[DocumentKind, str]] = []
        for kind, part in arrival:
            month.append(at(kind, part=part))
            while free := [
                one for one in month if one.state is State.WAITING and what_it_waits_for(one, month, UNKNOWN) is None
            ]:
                (one,) = free
                month[month.index(one)] = at(one.kind, State.ASKING, one.part)
                sent.append((one.kind, one.part))
        assert sent == names
