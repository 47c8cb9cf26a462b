"""Events are a contract with those who read them: a change shows here."""

import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from defterhane.bus.topology import QUEUES, queues_for
from defterhane.edefter.kinds import DocumentKind
from defterhane.events import EVENTS, DocumentWritten, Envelope, FilingReleased, envelop
from defterhane.events.catalogue import catalogue, catalogue_text
from support.events import document, reference

CATALOGUE = Path(__file__).parents[2] / "docs" / "events" / "asyncapi.json"


def _written() -> Envelope:
    event = DocumentWritten(document=document(), object=reference(), body_sha256="0" * 64)
    return envelop(event, id=uuid.UUID(int=1), source="/converter", time=datetime(2025, 2, 3, tzinfo=UTC))


def test_the_catalogue_is_as_kept() -> None:
    hint = (
        "an event has changed: is it still readable by old readers? "
        "then run python -m defterhane.events.catalogue docs/events/asyncapi.json"
    )
    assert catalogue_text() == CATALOGUE.read_text("utf-8"), hint


def test_every_event_is_in_the_catalogue_with_its_meaning() -> None:
    messages = catalogue()["components"]["messages"]
    assert set(messages) == set(EVENTS)
    assert all(message["summary"] for message in messages.values())


def test_an_envelope_is_a_cloud_event() -> None:
    written = _written().model_dump(mode="json")
    assert written["specversion"] == "1.0"
    assert written["type"] == "document.written"
    assert written["source"] == "/converter"
    assert written["subject"] == document().filing.month_key
    assert set(written) >= {"id", "time", "datacontenttype", "data", "tenant", "traceparent"}


def test_an_envelope_survives_the_way_through_text() -> None:
    envelope = _written()
    again = Envelope.model_validate_json(envelope.model_dump_json())
    assert again == envelope
    assert again.event == envelope.event


def test_unknown_fields_are_ignored() -> None:
    raw = _written().model_dump(mode="json")
    raw["data"]["from_a_newer_version"] = 1
    raw["newer"] = True
    assert isinstance(Envelope.model_validate(raw).event, DocumentWritten)


def test_every_event_is_read_by_somebody() -> None:
    wanted = {event.type for queue in QUEUES for event in queue.events}
    assert wanted == set(EVENTS)


def test_a_release_reaches_the_tenants_signer_and_everybody_else() -> None:
    event = FilingReleased(filing=document(DocumentKind.REPORT).filing, gate="sign", by="test")
    envelope = envelop(event, id=uuid.uuid4(), source="/portal", time=datetime.now(UTC), route="main")
    assert "signer.releases.main" in queues_for(envelope)
    assert "converter.releases" in queues_for(envelope)


def test_an_unknown_type_is_not_an_event() -> None:
    with pytest.raises(KeyError):
        _ = _written().model_copy(update={"type": "document.eaten"}).event
