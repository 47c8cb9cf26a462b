"""Which document may go to GİB now, and what no longer counts."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defterhane.edefter.kinds import DocumentKind
from gib_gateway.order import Filed, Month, Wait, becomes, what_it_waits_for
from gib_gateway.states import State

YB, KB, DR = DocumentKind.JOURNAL_BERAT, DocumentKind.LEDGER_BERAT, DocumentKind.REPORT
WAITING, ASKING, APPROVED, REFUSED = State.WAITING, State.ASKING, State.APPROVED, State.REFUSED
UNKNOWN = Month()
WHOLE, P1, P2, P3 = "000000", "000001", "000002", "000003"


def at(
    kind: DocumentKind, state: State = WAITING, part: str = WHOLE, revision: int = 1, resume: State | None = None
) -> Filed:
    announced = state in (ASKING, State.RECEIVING, APPROVED)
    return Filed(kind, part, revision, state, announced, resume)


def both(state: State = WAITING, part: str = WHOLE, revision: int = 1) -> tuple[Filed, Filed]:
    return at(YB, state, part, revision), at(KB, state, part, revision)


def waits(
    one: Filed,
    *others: Filed,
    withdrawn: tuple[int, ...] = (),
    ledgers: tuple[tuple[int, str], ...] = (),
    before: Month = UNKNOWN,
) -> Wait | None:
    return what_it_waits_for(one, Month((one, *others), frozenset(ledgers), frozenset(withdrawn)), before)


def test_a_berat_waits_for_its_sibling() -> None:
    assert waits(at(YB)) is Wait.SIBLING
    assert waits(at(YB), at(KB, part=P1)) is Wait.SIBLING
    assert waits(at(YB, revision=2), at(KB)) is Wait.SIBLING
    assert waits(at(YB), at(KB)) is None


def test_the_journals_berat_goes_first() -> None:
    assert waits(at(KB), at(YB)) is Wait.BEFORE
    assert waits(at(KB), at(YB, State.SENDING)) is Wait.BEFORE
    assert waits(at(KB), at(YB, ASKING)) is None
    assert waits(at(KB), at(YB, REFUSED)) is Wait.BEFORE


def test_what_may_have_been_sent_is_not_known_to_be_sent() -> None:
    in_doubt = Filed(YB, WHOLE, 1, ASKING, announced=False)
    assert waits(at(KB), in_doubt) is Wait.BEFORE


def test_parts_go_in_order_and_the_report_last() -> None:
    first = (at(YB, ASKING, P1), at(KB, State.SENDING, P1))
    assert waits(at(YB, part=P2), at(KB, part=P2), *first) is Wait.BEFORE
    done = (*both(APPROVED, P1), *both(APPROVED, P2))
    assert waits(at(DR), *done) is None
    assert waits(at(DR), *done[:3]) is Wait.BEFORE
    assert waits(at(DR), *done[:3], at(KB, WAITING, P2)) is Wait.BEFORE
    assert waits(at(DR)) is Wait.BEFORE


def test_a_part_whose_predecessor_is_unknown_waits() -> None:
    assert waits(at(YB, part=P2), at(KB, part=P2)) is Wait.BEFORE
    assert waits(at(DR), *both(ASKING, P1), *both(ASKING, P3)) is Wait.BEFORE


def test_parts_of_one_month_may_be_of_different_revisions() -> None:
    first, second, third = both(ASKING, P1), both(ASKING, P2, revision=2), both(WAITING, P3, revision=3)
    assert waits(at(YB, part=P2, revision=2), at(KB, part=P2, revision=2), *first) is None
    assert waits(*third, *first, *second) is None
    assert waits(*third, *first) is Wait.BEFORE
    report = at(DR, revision=3)
    assert waits(report, *first, *second, *third) is Wait.BEFORE
    sent = both(ASKING, P3, revision=3)
    assert waits(report, *first, *second, *sent) is None
    assert waits(report, *first, *second) is Wait.BEFORE, "no part of its own conversion is known"
    assert waits(report, *first, *second, *sent, ledgers=((3, "000004"),)) is Wait.BEFORE, "it made one more"


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ((P1,), (P1,)),
        ((WHOLE,), (P1,)),
        ((P1,), (WHOLE,)),
        ((P1, P2, P3), (P1,)),
        ((P1,), (P1, P2)),
    ],
)
@pytest.mark.parametrize("state", [WAITING, ASKING, REFUSED, APPROVED])
def test_two_revisions_that_cannot_both_count_wait_for_the_news_which_one_does(
    older: tuple[str, ...], newer: tuple[str, ...], state: State
) -> None:
    old = [one for part in older for one in both(state, part)]
    new = [one for part in newer for one in both(WAITING, part, revision=2)]
    for one in new:
        others = [other for other in new if other is not one]
        assert waits(one, *others, *old) is Wait.RIVAL
    if state is WAITING:
        assert waits(old[0], *old[1:], *new) is Wait.RIVAL


def test_what_is_approved_of_two_rivals_goes_on() -> None:
    """Also where the news of the older one's signatures comes late."""
    older, newer = (at(YB, APPROVED), at(KB)), both(revision=2)
    assert waits(older[1], older[0], *newer) is None
    assert waits(newer[0], newer[1], *older) is Wait.RIVAL
    older, newer = both(), (at(YB, APPROVED, revision=2), at(KB, revision=2))
    assert waits(older[0], older[1], *newer) is Wait.RIVAL
    assert waits(newer[1], newer[0], *older) is None
    second = both(WAITING, P2, 2)
    assert waits(*second, *both(APPROVED, P1, 1), *both(WAITING, P1, 3)) is None
    assert waits(*second, *both(ASKING, P1, 1), *both(WAITING, P1, 3)) is Wait.RIVAL


def test_a_newer_revision_waits_for_the_fate_of_a_withdrawn_one_that_is_with_gib() -> None:
    new = both(revision=2)
    gone = at(KB, State.SUPERSEDED)
    for state, resume in ((ASKING, None), (State.RECEIVING, None), (REFUSED, ASKING), (REFUSED, State.RECEIVING)):
        assert waits(*new, at(YB, state, resume=resume), gone, withdrawn=(1,)) is Wait.OLDER
    assert waits(*new, at(YB, State.SUPERSEDED), gone, withdrawn=(1,)) is None
    assert waits(*new, at(YB, APPROVED), gone, withdrawn=(1,)) is Wait.RIVAL, "approved: the older one counts again"


def test_all_of_a_newer_revision_waits_for_any_part_of_the_withdrawn_one() -> None:
    old = (at(YB, State.SUPERSEDED, P1), at(KB, State.SUPERSEDED, P1), at(YB, ASKING, P2), at(KB, ASKING, P2))
    assert waits(*both(WAITING, WHOLE, revision=2), *old, withdrawn=(1,)) is Wait.OLDER


def test_what_stands_on_a_contested_revision_waits_with_it() -> None:
    """Part 1 was made anew as parts 1 and 2, the rest as part 3; GİB approved the first part 1 all the same."""
    first, remade, rest = both(APPROVED, P1), both(WAITING, P1, 3) + both(WAITING, P2, 3), both(WAITING, P3, 4)
    assert waits(*rest, *first, *remade, withdrawn=(1, 2)) is Wait.RIVAL
    again = both(WAITING, P2, 5)
    superseded = [replace(one, state=State.SUPERSEDED) for one in (*remade, *rest)]
    assert waits(*again, *first, *superseded, withdrawn=(1, 2, 3, 4)) is None


def test_a_report_that_does_not_tell_of_the_newest_revision_waits() -> None:
    done = (*both(ASKING, P1, revision=1), *both(ASKING, P2, revision=2))
    assert waits(at(DR, revision=1), *done) is Wait.RIVAL
    assert waits(at(DR, revision=2), *done) is None


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (at(YB), State.SUPERSEDED),
        (at(YB, State.SENDING), State.SUPERSEDED),
        (at(YB, REFUSED, resume=State.SENDING), State.SUPERSEDED),
        (at(DR), State.SUPERSEDED),
        (at(YB, ASKING), None),
        (Filed(YB, WHOLE, 1, ASKING, announced=False), None),
        (at(YB, State.RECEIVING), None),
        (at(YB, REFUSED, resume=ASKING), None),
        (at(YB, REFUSED, resume=State.RECEIVING), None),
        (at(YB, APPROVED), None),
        (at(YB, State.SUPERSEDED), None),
        (at(YB, revision=2), None),
    ],
)
def test_what_gib_does_not_have_of_a_withdrawn_revision_is_taken_out(one: Filed, expected: State | None) -> None:
    assert becomes(one, Month((one,), told=frozenset({1}))) is expected


@pytest.mark.parametrize("told", [frozenset[int](), frozenset({1})])
def test_an_approval_brings_its_revision_back(told: frozenset[int]) -> None:
    gone = at(KB, State.SUPERSEDED)
    refused = at(DR, State.SUPERSEDED, resume=State.SENDING)
    month = Month((at(YB, APPROVED), gone, refused, at(YB, revision=2)), told=told)
    assert becomes(gone, month) is WAITING
    assert becomes(refused, month) is REFUSED
    assert [becomes(one, month) for one in month.filed if one.state is not State.SUPERSEDED] == [None, None]


CLOSED = (*both(APPROVED), at(DR, ASKING))


@pytest.mark.parametrize(
    ("before", "may_go"),
    [
        pytest.param(Month(), True, id="nothing known"),
        pytest.param(Month(told=frozenset({1})), False, id="withdrawn before anything came"),
        pytest.param(Month(ledgers=frozenset({(1, WHOLE)})), False, id="ledgers only"),
        pytest.param(Month((*both(APPROVED),)), False, id="no report: parts may follow"),
        pytest.param(Month((at(YB, APPROVED), at(KB, ASKING), at(DR))), False, id="one not approved"),
        pytest.param(Month(CLOSED), True, id="whole"),
        pytest.param(
            Month(tuple(at(kind, State.SUPERSEDED) for kind in (YB, KB, DR)), frozenset({(1, WHOLE)}), frozenset({1})),
            False,
            id="all withdrawn",
        ),
        pytest.param(
            Month((at(YB, ASKING), at(KB, State.SUPERSEDED)), told=frozenset({1})), False, id="withdrawn, with GİB"
        ),
        pytest.param(Month(CLOSED, told=frozenset({1})), True, id="withdrawn, approved all the same"),
        pytest.param(
            Month((at(YB, APPROVED), at(KB), at(DR)), told=frozenset({1})), False, id="counts again, not yet approved"
        ),
        pytest.param(
            Month(
                (at(YB, State.SUPERSEDED), at(DR, State.SUPERSEDED), *both(APPROVED, revision=2), at(DR, revision=2)),
                told=frozenset({1}),
            ),
            True,
            id="made anew",
        ),
        pytest.param(
            Month(
                (at(DR, State.SUPERSEDED), *both(State.SUPERSEDED, P2), *both(APPROVED, P1, 2), at(DR, revision=2)),
                frozenset({(1, P1), (1, P2), (2, P1)}),
                told=frozenset({1}),
            ),
            True,
            id="made anew in fewer parts",
        ),
        pytest.param(
            Month((*both(APPROVED, P1), *both(APPROVED, P2, 2), at(DR, revision=2))), True, id="parts of two revisions"
        ),
        pytest.param(
            Month((*both(APPROVED, P2, 2), at(DR, revision=2))), False, id="the first part has not come, or is gone"
        ),
        pytest.param(
            Month((*both(APPROVED, P1), at(DR, revision=2))), False, id="nothing known of the report's own part"
        ),
        pytest.param(
            Month((*both(APPROVED), at(DR), *both(WAITING, P1, 2))), False, id="which revision counts is not said yet"
        ),
    ],
)
def test_a_month_goes_when_the_one_before_is_approved(before: Month, may_go: bool) -> None:
    assert before.is_approved is may_go
    assert waits(at(YB), at(KB), before=before) is (None if may_go else Wait.MONTH_BEFORE)


@given(st.permutations(range(5)), st.integers(0, 5), st.booleans())
def test_there_is_always_exactly_one_that_may_go_next(order: list[int], sent: int, two_drops: bool) -> None:
    """However documents come in, a whole month of two parts goes out in the one right order."""
    last = 2 if two_drops else 1
    names = [(YB, P1, 1), (KB, P1, 1), (YB, P2, last), (KB, P2, last), (DR, WHOLE, last)]
    documents = [
        at(kind, ASKING if place < sent else WAITING, part, revision)
        for place, (kind, part, revision) in enumerate(names)
    ]
    month = Month(tuple(documents[place] for place in order))
    free = [one for one in month.filed if one.state is WAITING and what_it_waits_for(one, month, UNKNOWN) is None]
    assert free == documents[sent : sent + 1]


def test_every_order_of_arrival_ends_with_everything_sent() -> None:
    names = [(YB, WHOLE), (KB, WHOLE), (DR, WHOLE)]
    for arrival in permutations(names):
        filed: list[Filed] = []
        sent: list[tuple[DocumentKind, str]] = []
        for kind, part in arrival:
            filed.append(at(kind, part=part))
            while free := [
                one
                for one in filed
                if one.state is WAITING and what_it_waits_for(one, Month(tuple(filed)), UNKNOWN) is None
            ]:
                (one,) = free
                filed[filed.index(one)] = at(one.kind, ASKING, one.part)
                sent.append((one.kind, one.part))
        assert sent == names


_NEWS = [(kind, revision) for revision in (1, 2, 3) for kind in (YB, KB, DR)] + [(None, 1), (None, 2)]
"""What is signed of a month that is made three times, and that a revision is withdrawn (None)."""


@given(st.data())
def test_one_revision_gets_to_gib_whole_in_whatever_order_news_come(data: st.DataObject) -> None:
    """GİB refuses and approves as it likes; what it has approved is final, and the newer ones are withdrawn."""
    month = Month()
    for kind, revision in data.draw(st.permutations(_NEWS)):
        if kind is None:
            month = _settled(replace(month, told=month.told | {revision}))
        else:
            month = _settled(replace(month, filed=(*month.filed, at(kind, revision=revision))))
        for answer in data.draw(st.lists(st.sampled_from([ASKING, REFUSED, APPROVED]), max_size=2)):
            month = _step(month, answer)
    while any(one.is_at_gib for one in month.filed):
        month = _step(month, REFUSED)
    final = {one.revision for one in month.filed if one.state is APPROVED}
    assert len(final) <= 1
    month = _settled(replace(month, told=month.told | {one for one in (2, 3) if final and one > min(final)}))
    month = replace(month, filed=tuple(_released(one) for one in month.filed))
    for _ in range(12):
        month = _step(month, APPROVED)
    assert {(one.kind, one.revision) for one in month.filed if one.state is APPROVED} == {
        (kind, min(final, default=3)) for kind in (YB, KB, DR)
    }


def _settled(month: Month) -> Month:
    return replace(month, filed=tuple(replace(one, state=becomes(one, month) or one.state) for one in month.filed))


def _released(one: Filed) -> Filed:
    return replace(one, state=WAITING, resume=None) if one.state is REFUSED else one


def _step(month: Month, answer: State) -> Month:
    """GİB answers for the first document that it has; or else one that may go is sent."""
    filed = list(month.filed)
    at_gib = [one for one in filed if one.state is ASKING]
    for kind in {one.kind for one in at_gib}:
        assert len({one.revision for one in at_gib if one.kind is kind}) == 1
    free = [one for one in filed if one.state is WAITING and what_it_waits_for(one, month, UNKNOWN) is None]
    if at_gib:
        one = min(at_gib, key=lambda item: [YB, KB, DR].index(item.kind))
        resume = State.SENDING if answer is REFUSED else None
        filed[filed.index(one)] = replace(one, state=answer, announced=answer is not REFUSED, resume=resume)
    elif free:
        filed[filed.index(free[0])] = replace(free[0], state=ASKING, announced=True)
    return _settled(replace(month, filed=tuple(filed)))
