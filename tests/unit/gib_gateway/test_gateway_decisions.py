"""What follows from GİB's answers: the fault table's behaviour, states, refusals."""

import pytest

from defterhane.edefter.kinds import DocumentKind
from defterhane.soap.faults import FAULTS, Action, find_code
from defterhane.soap.names import Operation
from gib_gateway.answers import Answer, Faulted, Given, Lost, NotSent, Queued, Told
from gib_gateway.decisions import Decision, Situation, decide, not_believed, standing_of
from gib_gateway.errors import Rejected
from gib_gateway.patience import Patience
from gib_gateway.settings import Standing
from gib_gateway.states import State

PACKAGE = "1234567808-202501-YB-000000"
CODES = {"1": Standing.WAITING, "2": Standing.APPROVED, "3": Standing.REJECTED}
PATIENCE = Patience(
    poll_first=30, poll_longest=600, retry_first=10, retry_longest=300, hold=3600, signature_first=120, tell_after=3
)
SEND = Situation(Operation.SEND, DocumentKind.JOURNAL_BERAT, PACKAGE)
ASK = Situation(Operation.STATUS, DocumentKind.JOURNAL_BERAT, PACKAGE, announced=True)
FETCH = Situation(Operation.RECEIVE, DocumentKind.JOURNAL_BERAT, PACKAGE, announced=True)
ASK_REPORT = Situation(Operation.STATUS, DocumentKind.REPORT, PACKAGE, announced=True)
OF = {"1": SEND, "2": FETCH, "3": ASK}


def after(now: Situation, answer: Answer) -> Decision:
    return decide(now, answer, CODES, PATIENCE)


def changed(now: Situation, **changes: object) -> Situation:
    values = {name: getattr(now, name) for name in now.__dataclass_fields__}
    return Situation(**{**values, **changes})  # type: ignore[arg-type]


def test_the_table_says_what_the_guide_says() -> None:
    told = {code: fault.action for code, fault in FAULTS.items()}
    expected = dict.fromkeys(["101", "102", "103", "104", "105", "106", "107", "108", "109", "205", "305"], Action.STOP)
    expected |= dict.fromkeys(["110", "112", "113", "203", "206", "303"], Action.RETRY)
    expected |= {"111": Action.OURS, "114": Action.HOLD, "204": Action.POLL, "304": Action.RESEND}
    assert told == expected


@pytest.mark.parametrize("code", [code for code, fault in FAULTS.items() if fault.action is Action.STOP])
@pytest.mark.parametrize("now", [SEND, ASK, FETCH])
def test_what_never_goes_through_stops_and_is_told(code: str, now: Situation) -> None:
    decision = after(now, Faulted(code, "Yetkiniz yok."))
    assert (decision.state, decision.wait) == (State.REFUSED, None)
    assert decision.code == code
    assert decision.refuse is not None
    assert decision.refuse.key == f"gib.fault.{code}"
    assert "«Yetkiniz yok.»" in decision.refuse.text.tr
    assert decision.resume is now.state


@pytest.mark.parametrize("code", [code for code, fault in FAULTS.items() if fault.action is Action.RETRY])
def test_gibs_own_trouble_is_tried_again_later_and_later(code: str) -> None:
    now = OF[code[0]]
    waits = []
    for failures in range(8):
        decision = after(changed(now, failures=failures), Faulted(code, "hata"))
        assert decision.state is now.state
        assert (decision.refuse, decision.announce) == (None, None)
        assert (decision.tell is not None) == (failures + 1 >= PATIENCE.tell_after)
        waits.append(decision.wait)
    assert waits == [10, 20, 40, 80, 160, 300, 300, 300]


def test_a_taxpayer_who_may_not_upload_now_is_held_and_told_at_once() -> None:
    decision = after(SEND, Faulted("114", ""))
    assert (decision.state, decision.wait) == (State.SENDING, PATIENCE.hold)
    assert decision.tell is not None
    assert decision.tell.key == "gib.fault.114"


def test_what_is_queued_is_announced_once_and_asked_for() -> None:
    decision = after(SEND, Queued(f"{PACKAGE} paketi işleme alındı"))
    assert (decision.state, decision.wait, decision.failures) == (State.ASKING, 30, 0)
    assert decision.announce == f"{PACKAGE} paketi işleme alındı"
    assert after(changed(SEND, announced=True), Queued("…")).announce is None


def test_no_answer_to_a_package_means_asking_first() -> None:
    decision = after(SEND, Lost("no answer in 90 s"))
    assert (decision.state, decision.wait, decision.failures) == (State.ASKING, 10, 1)


def test_no_connection_means_it_has_not_left() -> None:
    assert after(SEND, NotSent("ConnectError")).state is State.SENDING


def test_an_unknown_fault_to_a_package_means_asking_first() -> None:
    assert after(SEND, Faulted(None, "Security")).state is State.ASKING
    assert after(SEND, Faulted("204", "?")).state is State.ASKING


def test_what_never_arrived_is_sent_again_at_once() -> None:
    decision = after(changed(ASK, announced=False, failures=1), Faulted("304", ""))
    assert (decision.state, decision.wait) == (State.SENDING, 0)


def test_what_gib_had_confirmed_and_does_not_know_is_sent_again_only_after_some_patience() -> None:
    states = [after(changed(ASK, failures=failures), Faulted("304", "")).state for failures in range(4)]
    assert states == [State.ASKING, State.ASKING, State.SENDING, State.SENDING]


def test_already_uploaded_is_ours_only_if_we_sent_these_bytes() -> None:
    ours = after(changed(SEND, sent_before=True), Faulted("111", "daha önce yüklenmiş"))
    assert (ours.state, ours.refuse) == (State.ASKING, None)
    assert ours.announce
    other = after(SEND, Faulted("111", "daha önce yüklenmiş"))
    assert other.state is State.REFUSED
    assert other.refuse is not None
    assert other.refuse.key == "gib.fault.111"


def test_nothing_to_fetch_yet_means_asking_again() -> None:
    decision = after(changed(FETCH, polls=2), Faulted("204", ""))
    assert (decision.state, decision.wait, decision.polls) == (State.ASKING, 67.5, 3)


def test_a_waiting_package_is_asked_for_at_growing_intervals() -> None:
    waits = [after(changed(ASK, polls=polls), Told(PACKAGE, "1", "kuyrukta")).wait for polls in range(9)]
    assert waits[:3] == [30, 45, 67.5]
    assert waits[-1] == 600


def test_an_approved_berat_is_fetched_and_an_approved_report_is_done() -> None:
    assert after(ASK, Told(PACKAGE, "2", "işlendi")).state is State.RECEIVING
    report = after(ASK_REPORT, Told(PACKAGE, "2", "işlendi"))
    assert (report.state, report.wait, report.accept) == (State.APPROVED, None, "işlendi")


def test_a_state_that_is_not_configured() -> None:
    """A berat can be asked for; a report has no other sign: people are told."""
    assert after(ASK, Told(PACKAGE, "77", "?")).state is State.RECEIVING
    report = after(ASK_REPORT, Told(PACKAGE, "77", "belirsiz"))
    assert report.state is State.ASKING
    assert report.tell is not None
    assert "77" in report.tell.text.en


@pytest.mark.parametrize("code", ["1", "2", "3", "77", ""])
def test_the_documented_text_of_a_rejection_counts_whatever_the_code(code: str) -> None:
    text = "Paket işlenirken hata oluştu. Hata : organizationDescription elemanı {boş} olamaz."
    decision = after(ASK, Told(PACKAGE, code, text))
    assert (decision.state, decision.resume) == (State.REFUSED, State.SENDING)
    assert decision.refuse is not None
    assert decision.refuse.text.tr == "GİB paketi reddetti: organizationDescription elemanı {boş} olamaz."
    assert decision.code == code


def test_a_rejecting_code_without_the_text() -> None:
    decision = after(ASK, Told(PACKAGE, "3", "Olmadı"))
    assert decision.refuse == Rejected(reason="Olmadı").problem


def test_the_state_of_another_package_is_not_believed() -> None:
    decision = after(ASK, Told("6090408038-202501-YB-000000", "2", "işlendi"))
    assert (decision.state, decision.failures) == (State.ASKING, 1)
    assert after(ASK, Told("", "2", "")).state is State.RECEIVING
    assert after(ASK, Told(f"{PACKAGE}.zip", "2", "")).state is State.RECEIVING


def test_gib_knowing_it_announces_it() -> None:
    assert after(changed(ASK, announced=False), Told(PACKAGE, "1", "kuyrukta")).announce == "kuyrukta"


def test_a_berat_that_was_given() -> None:
    assert after(FETCH, Given("x.zip", b"PK")).state is State.APPROVED
    problem = Rejected(reason="x").problem
    refused = not_believed(FETCH, problem)
    assert (refused.state, refused.resume, refused.refuse) == (State.REFUSED, State.RECEIVING, problem)


def test_standing_by_text_then_code() -> None:
    assert standing_of("2", "Paket işlenirken hata oluştu", CODES) is Standing.REJECTED
    assert standing_of("2", "", CODES) is Standing.APPROVED
    assert standing_of("9", "", CODES) is None


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (("304",), "304"),
        (("edefter:F106", "2025"), "106"),
        ((None, "", "204 - İşlenmiş berat bulunmuyor."), "204"),
        (("hata 999", "111: yüklenmiş"), "111"),
        (("1110", "20301"), None),
        ((), None),
    ],
)
def test_a_code_is_found_where_it_stands(texts: tuple[str | None, ...], code: str | None) -> None:
    assert find_code(*texts) == code
