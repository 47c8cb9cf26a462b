"""What people are told of a rejection: what the quoted rules demand, the cure, and GİB's own words."""

import pytest

from defterhane.edefter.kinds import DocumentKind
from defterhane.rulebook import RULES
from defterhane.soap.names import Operation
from gib_gateway.answers import Told
from gib_gateway.decisions import Situation, decide
from gib_gateway.errors import Rejected
from gib_gateway.patience import Patience
from gib_gateway.rejections import rejection
from gib_gateway.settings import Standing
from gib_gateway.states import State

YB, DR = DocumentKind.JOURNAL_BERAT, DocumentKind.REPORT
FRAME = "Paket işlenirken hata oluştu. Hata : "
SHORT_ID = "gl-cor:uniqueID elemanı 15 karakterden oluşmalıdır."
NO_PHONE = "gl-bus:phoneNumber zorunlu bir elemandır ve değeri boşluk olmamalıdır."


def test_a_quoted_rule_is_explained() -> None:
    said = rejection(FRAME + SHORT_ID, YB)
    rule = RULES["B064"]
    assert said.rules == ("B064",)
    assert said.problem.key == "gib.rejected"
    assert said.problem.text.tr == f"GİB paketi reddetti: {rule.demand.tr} (B064) GİB'in sözleri: «{SHORT_ID}»"
    assert said.problem.text.en == f"GİB has rejected the package: {rule.demand.en} (B064) GİB's words: «{SHORT_ID}»"
    assert said.problem.cure == rule.cure


def test_several_rules_with_each_cure_once() -> None:
    said = rejection(f"{FRAME}{SHORT_ID} {NO_PHONE} gl-bus:entityPhoneNumber zorunlu bir elemandır.", YB)
    assert said.rules == ("B064", "B100", "B074")
    assert said.problem.cure is not None
    assert said.problem.cure.en == f"{RULES['B064'].cure.en} {RULES['B100'].cure.en}"
    for rule in said.rules:
        assert RULES[rule].demand.tr in said.problem.text.tr


def test_the_first_are_explained_the_others_counted() -> None:
    quoted = ["B064", "B100", "B074", "B061", "B065"]
    said = rejection(FRAME + "\n".join(RULES[rule].official or "" for rule in quoted), YB)
    assert list(said.rules) == quoted
    assert RULES["B074"].demand.en in said.problem.text.en
    assert RULES["B061"].demand.en not in said.problem.text.en
    assert "… and 2 more." in said.problem.text.en
    assert "… ve 2 kural daha." in said.problem.text.tr


@pytest.mark.parametrize(
    "text", ["Olmadı {0} {boş}", "", f"{FRAME}organizationDescription elemanı hatalı.", "x" * 5000]
)
def test_what_quotes_no_rule_stays_in_gibs_words(text: str) -> None:
    said = rejection(text, YB)
    assert said.rules == ()
    assert said.problem.cure == Rejected.cure
    assert said.problem.text.tr.startswith("GİB paketi reddetti: ")
    assert len(said.problem.text.tr) < 600


def test_braces_in_gibs_words_are_only_words() -> None:
    said = rejection(f"{FRAME}{{tr}} {{0}} {SHORT_ID}", YB)
    assert "«{tr} {0} gl-cor:uniqueID" in said.problem.text.tr


def test_rules_beyond_the_words_that_are_shown_count_too() -> None:
    said = rejection(f"{FRAME}{'x ' * 1000}{SHORT_ID}", YB)
    assert said.rules == ("B064",)
    assert len(said.problem.text.tr) < 900


def test_a_report_is_judged_by_the_berats_messages() -> None:
    assert rejection(FRAME + SHORT_ID, DR).rules == ("B064",)


def test_a_refusal_carries_the_rules() -> None:
    patience = Patience(
        poll_first=30, poll_longest=600, retry_first=10, retry_longest=300, hold=3600, signature_first=120, tell_after=3
    )
    package = "1234567808-202501-YB-000000"
    asked = Situation(Operation.STATUS, YB, package, announced=True)
    decision = decide(asked, Told(package, "3", FRAME + SHORT_ID), {"3": Standing.REJECTED}, patience)
    assert (decision.state, decision.rules) == (State.REFUSED, ("B064",))
    assert decision.refuse == rejection(FRAME + SHORT_ID, YB).problem
    assert decide(asked, Told(package, "3", "hata"), {"3": Standing.REJECTED}, patience).rules == ()
