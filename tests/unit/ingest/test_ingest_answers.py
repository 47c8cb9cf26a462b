"""What answers say, to people and to programs."""

import json
from datetime import UTC, datetime

import pytest

from defterhane.edefter.kinds import DocumentKind
from defterhane.errors import Problem
from defterhane.events import (
    BeratRefused,
    ConversionFailed,
    Document,
    FileRefused,
    Filing,
    FilingHeld,
    FilingReleased,
    MonthClosed,
    SignatureRefused,
)
from defterhane.findings import Finding, Severity
from defterhane.texts import Text
from ingest.answers import answer_to
from ingest.errors import DropRefused, Duplicate
from ingest.names import MAX_BYTES
from ingest.wording import HEADLINES, LABELS, SUPERSEDES, Outcome
from support.drop_box import OWN

AT = datetime(2025, 2, 3, 21, 30, tzinfo=UTC)
HELD = Problem(key="gate", text=Text(tr="Onay bekliyor.", en="Waits for a release."))


def text_of(answer: object) -> str:
    return dict(answer.files())[f"{answer.name}.txt"].decode("utf-8-sig")


def test_refusal_in_full() -> None:
    refusal = Duplicate(received="01.02.2025 10:00", name="x.zip")
    event = FileRefused(tenant=OWN, file_id="1", name=f"{OWN}-202501.zip", problem=refusal.problem)
    answer = answer_to(event, AT, None)
    assert answer is not None
    assert text_of(answer).splitlines() == [
        "Dosya kabul edilmedi.",
        "",
        f"Mükellef: {OWN}",
        f"Dosya: {OWN}-202501.zip",
        "Zaman: 04.02.2025 00:30",
        "Neden: Bu dosyanın aynısı 01.02.2025 10:00 tarihinde “x.zip” adıyla zaten alındı; yeniden işlenmedi.",
        "Ne yapmalı: Kayıtlar değiştiyse yeni dışa aktarımı gönderin; değişmediyse yapılacak bir şey yok.",
        "",
        "=" * 72,
        "",
        "The file has not been accepted.",
        "",
        f"Taxpayer: {OWN}",
        f"File: {OWN}-202501.zip",
        "Time: 04.02.2025 00:30",
        "Reason: This very file was already received on 01.02.2025 10:00 as “x.zip”; it was not processed again.",
        "What to do: If the entries have changed, drop the new export; if not, there is nothing to do.",
    ]
    data = json.loads(dict(answer.files())[f"{answer.name}.json"])
    assert data["key"] == "drop.duplicate"
    assert set(data) == {"outcome", "tenant", "at", "file", "key", "reason", "cure"}


def test_findings_are_counted_beyond_those_listed() -> None:
    finding = Finding(
        rule="entry.unbalanced",
        severity=Severity.WARNING,
        message=Text(tr="Eşit değil.", en="Not equal."),
        line=3,
        value="a\r\n\x1b[31mb\u202e",
    )
    event = ConversionFailed(
        tenant=OWN, file_id="1", name="x.zip", period="2025-01", findings=(finding,) * 2, counts={"entry.unbalanced": 7}
    )
    answer = answer_to(event, AT, None)
    assert answer is not None
    lines = text_of(answer).splitlines()
    assert "1. Eşit değil. (uyarı)" in lines
    assert "   satır 3, değer a   [31mb , kural entry.unbalanced" in lines
    assert "… ve 5 bulgu daha" in lines
    assert "… and 5 more" in lines


def test_month_s_name_stands_in_where_no_drop_is_known() -> None:
    filing = Filing(tenant=OWN, period="2025-01", branch="0001", part="000002")
    held = answer_to(FilingHeld(filing=filing, gate="sign", reason=HELD), AT, None)
    assert held is not None
    assert held.name == f"{OWN}-0001-202501.000002.held"
    assert "Ne yapmalı: İmzadan önce" in text_of(held)
    by_itself = answer_to(FilingHeld(filing=filing, gate=None, reason=HELD), AT, "x.zip")
    assert by_itself is not None
    assert by_itself.name == "x.zip.000002.held"
    assert "kendiliğinden" in text_of(by_itself)


def test_documents_of_one_month_have_answers_of_their_own() -> None:
    filing = Filing(tenant=OWN, period="2025-01")
    names = set()
    for kind in (DocumentKind.JOURNAL_BERAT, DocumentKind.LEDGER_BERAT):
        document = Document(filing=filing, kind=kind, unique_id="x")
        answer = answer_to(BeratRefused(document=document, problem=HELD), AT, "x.zip")
        assert answer is not None
        names.add(answer.name)
    assert names == {"x.zip.YB-000000.berat-refused", "x.zip.KB-000000.berat-refused"}


def test_what_is_no_tenant_s_business_gives_no_answer() -> None:
    filing = Filing(tenant=OWN, period="2025-01")
    assert answer_to(SignatureRefused(tenant=OWN, request_id="1", problem=HELD), AT, None) is None
    assert answer_to(FilingReleased(filing=filing, gate=None, by="x"), AT, None) is None


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("x.zip.failed.txt", Outcome.FAILED),
        ("x.zip.converted.csv", Outcome.CONVERTED),
        ("x.zip.KB-000002.berat-refused.json", Outcome.BERAT_REFUSED),
        ("x.zip.000002.held.txt", Outcome.HELD),
        ("x.zip.bak.failed.txt", None),
        ("ax.zip.failed.txt", None),
        ("x-zip.failed.txt", None),
        ("x.zip.failed.exe", None),
        ("x.zip", None),
    ],
)
def test_answers_about_the_same_file_are_known_by_their_names(name: str, outcome: Outcome | None) -> None:
    answer = answer_to(FileRefused(tenant=OWN, file_id="1", name="x.zip", problem=HELD), AT, None)
    assert answer is not None
    assert answer.outcome_in(name) == outcome


def test_no_two_outcomes_undo_each_other_but_by_time() -> None:
    assert Outcome.RECEIVED not in SUPERSEDES
    assert all(outcome not in undone for outcome, undone in SUPERSEDES.items())
    assert all(Outcome.RECEIVED not in undone and Outcome.CLOSED not in undone for undone in SUPERSEDES.values())


def test_same_event_gives_same_bytes() -> None:
    event = MonthClosed(filing=Filing(tenant=OWN, period="2025-01"), documents=("a.xml", "b.xml"))
    first, second = answer_to(event, AT, None), answer_to(event, AT, None)
    assert first is not None
    assert second is not None
    assert list(first.files()) == list(second.files())


@pytest.mark.parametrize(("name", "stem"), [(".in.x.zip", "in.x.zip"), ("...", OWN)])
def test_answers_are_never_hidden(name: str, stem: str) -> None:
    answer = answer_to(FileRefused(tenant=OWN, file_id="1", name=name, problem=HELD), AT, None)
    assert answer is not None
    assert answer.name == f"{stem}.refused"


def test_names_with_answers_fit_file_systems() -> None:
    longest = max(len(f"..KB-000000.{outcome}.json") for outcome in Outcome)
    assert MAX_BYTES + longest < 255


def _subclasses(kind: type[DropRefused]) -> list[type[DropRefused]]:
    return [found for child in kind.__subclasses__() for found in (child, *_subclasses(child))]


@pytest.mark.parametrize("kind", _subclasses(DropRefused))
def test_every_refusal_has_key_text_and_cure_in_both_languages(kind: type[DropRefused]) -> None:
    assert kind.key.startswith(("drop.", "zip."))
    assert kind.cure is not None
    for text in (kind.text, kind.cure):
        assert text.tr
        assert text.en
        assert text.tr != text.en


def test_every_outcome_and_label_reads_in_both_languages() -> None:
    assert set(HEADLINES) == set(Outcome)
    for text in (*HEADLINES.values(), *LABELS.values()):
        assert text.tr
        assert text.en
