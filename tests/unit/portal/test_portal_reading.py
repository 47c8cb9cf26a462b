"""What single events say: every type is understood, long texts are cut, every line reads in both languages."""

import pytest

from defterhane.errors import Problem
from defterhane.events import (
    EVENTS,
    ConversionFailed,
    Envelope,
    FileRefused,
    SignatureMade,
    SignatureRequested,
    ValidationDisagreed,
)
from defterhane.findings import Finding, Severity
from defterhane.texts import Text
from portal.facts import Mark, Said
from portal.reading import month_in_name, read, summary
from portal.rendering import Pages
from portal.timeline import line_of
from portal.words import COLUMN_TITLES, KIND_TITLES, STAGE_WORDS, STATE_WORDS, Column, Stage, State
from support.portal_months import DR, OTHER, TENANT, YB, Story, Y, finding, problem


def everything() -> list[Envelope]:
    story = Story()
    story.whole()
    story.refused_file("f2")
    story.requested()
    story.conversion_failed()
    story.withdrawn()
    story.rejected(Y)
    story.not_signed(Y)
    story.refused(YB)
    story.held("sign")
    story.released("sign")
    story.held(None)
    story.released(None)
    story.approved(DR)
    document = story.document(Y, "000000", 1)
    story.say(
        ValidationDisagreed(
            document=document, object=story.ref("Y"), package="2025-01-01", rules=("Y087",), authority=()
        )
    )
    story.say(SignatureRequested(request_id="r", tenant=TENANT, references=()))
    story.say(SignatureMade(request_id="r", tenant=TENANT, signed_info="", signature_value="", certificates=()))
    return story.envelopes


def test_every_type_of_event_is_read_and_told() -> None:
    envelopes = everything()
    assert {envelope.type for envelope in envelopes} == set(EVENTS)
    for envelope in envelopes:
        news = read(envelope)
        line = line_of(envelope.event)
        if envelope.type in ("signature.requested", "signature.made"):
            assert line is None
            assert news.month is None
        else:
            assert line is not None
            assert line.tr
            assert line.en
            assert line.tr != line.en
            assert news.month is not None
            assert (news.month.tenant, news.month.period) == (TENANT, "2025-01")


def test_what_a_conversion_made_is_told_with_its_figures() -> None:
    story = Story()
    made = story.made(revision=3, part="000002", parts=("000002", "000003"), warnings=2)
    news = read(made)
    conversion = news.conversion
    assert conversion is not None
    assert (conversion.revision, conversion.slot, conversion.file_id) == (3, "000002", "f1")
    assert conversion.parts == ("000002", "000003")
    assert [file.mark(Said.CONVERTED) is not None for file in news.files] == [True]
    assert (len(news.findings), news.counts) == (2, {"text.cleaned": 2})
    line = line_of(made.event)
    assert line is not None
    assert line.tr.endswith("(12 madde, 1.234 satır, 2 parça, 2 uyarı)")
    assert line.en.endswith("(12 entries, 1,234 lines, 2 parts, 2 warnings)")
    assert read(story.written(Y)).files == ()


def test_a_withdrawal_names_the_same_slot_file_and_parts_as_the_conversion() -> None:
    story = Story()
    made = read(story.made(revision=3, part="000002", parts=("000002", "000003"))).conversion
    gone = read(story.withdrawn(revision=3, part="000002", parts=("000002", "000003"))).conversion
    assert made is not None
    assert gone is not None
    for one in (made, gone, made.joined(gone), gone.joined(made)):
        assert (one.revision, one.slot, one.file_id, one.parts) == (3, "000002", "f1", ("000002", "000003"))
    assert made.joined(gone) == gone.joined(made)


def test_a_summary_counts_all_and_quotes_the_first_error_shortly() -> None:
    warning = finding("text.cleaned").model_copy(update={"severity": Severity.WARNING})
    long = Finding(rule="x", message=Text(tr="ü" * 5000, en="u" * 5000), cure=Text(tr="Düzeltin.", en="Mend it."))
    told = summary("conversion.failed", (warning, long), {"text.cleaned": 1, "x": 41})
    assert told.text.tr.startswith("42 bulgu. İlki: üüü")
    assert len(told.text.tr) < 600
    assert told.cure == long.cure
    only_warnings = summary("k", (warning,), {"text.cleaned": 1})
    assert only_warnings.text == Text(tr="1 bulgu.", en="1 finding.")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (f"{TENANT}-202501.zip", ("2025-01", None, None)),
        (f"{TENANT}-0003-202512-000002.csv", ("2025-12", "0003", "000002")),
        (f"{OTHER}-202501.zip", None),
        ("1234567890-202501.zip", None),
        ("fatura.pdf", None),
        ("", None),
    ],
)
def test_a_names_month_counts_only_where_it_is_the_tenants_own(name: str, found: object) -> None:
    assert month_in_name(TENANT, name) == found


def test_a_failed_file_of_which_nothing_else_has_come_is_known_by_its_failure() -> None:
    story = Story()
    failed = read(story.conversion_failed(part="000002")).files[0]
    assert failed.month is not None
    assert failed.object is None
    received = read(story.received(part="000002")).files[0]
    for both in (failed.joined(received), received.joined(failed)):
        assert both.drop is not None
        assert both.drop.part == "000002"
        assert both.object is not None


def test_marks_of_one_event_twice_are_one() -> None:
    story = Story()
    once = read(story.written(Y)).document
    assert once is not None
    assert once.joined(once) == once
    assert isinstance(once.mark(Said.WRITTEN), Mark)


def test_all_words_are_there_in_both_languages() -> None:
    assert set(COLUMN_TITLES) == set(Column)
    assert set(STATE_WORDS) == set(State)
    assert set(STAGE_WORDS) == set(Stage)
    assert len(KIND_TITLES) == 5


def test_all_assets_are_ours() -> None:
    assets = Pages().assets
    assert set(assets) == {"portal.css", "portal.js", "icon.svg"}
    for asset in assets.values():
        assert b"http://" not in asset.data.replace(b"http://www.w3.org/2000/svg", b"")
        assert b"https://" not in asset.data


def test_a_refusal_without_a_known_month_still_says_why() -> None:
    story = Story()
    refusal = FileRefused(tenant=TENANT, file_id="f", name="x.pdf", problem=problem())
    news = read(story.say(refusal))
    assert news.month is None
    failure = news.files[0].failure
    assert failure is not None
    assert isinstance(failure.problem, Problem)


def test_findings_beyond_the_listed_are_counted() -> None:
    story = Story()
    event = ConversionFailed(
        tenant=TENANT, file_id="f", name="n", period="2025-01", findings=(finding(),), counts={"entry.unbalanced": 5000}
    )
    news = read(story.say(event))
    assert len(news.findings) == 1
    assert news.counts == {"entry.unbalanced": 5000}
    problem_of_it = news.files[0].marks[Said.FAILED].problem
    assert problem_of_it is not None
    assert "5000" in problem_of_it.text.tr
