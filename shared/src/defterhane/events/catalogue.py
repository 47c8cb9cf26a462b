"""The catalogue of events as AsyncAPI 3: generated from the models, so that it cannot say anything else.

`python -m defterhane.events.catalogue docs/events/asyncapi.json` writes it.
"""

import json
import sys
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from defterhane.bus.topology import QUEUES
from defterhane.events.envelope import Envelope
from defterhane.events.models import EVENTS


def catalogue() -> dict[str, Any]:
    """The AsyncAPI document."""
    models = [(Envelope, "serialization"), *((event, "serialization") for event in EVENTS.values())]
    _, schemas = models_json_schema(models, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    messages = {
        name: {
            "name": name,
            "title": event.__name__,
            "summary": (event.__doc__ or "").strip(),
            "contentType": "application/cloudevents+json",
            "headers": {"$ref": "#/components/schemas/Envelope"},
            "payload": {"$ref": f"#/components/schemas/{event.__name__}"},
        }
        for name, event in EVENTS.items()
    }
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for queue in QUEUES:
        channel = queue.name.replace(".", "_")
        channels[channel] = {
            "address": f"{queue.name}.{{route}}" if queue.routed else queue.name,
            "messages": {event.type: {"$ref": f"#/components/messages/{event.type}"} for event in queue.events},
        }
        if queue.routed:
            channels[channel]["parameters"] = {"route": {"description": "The name of a signer."}}
        operations[f"read_{channel}"] = {"action": "receive", "channel": {"$ref": f"#/channels/{channel}"}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Defterhane's events",
            "version": "1",
            "description": "Each message is a CloudEvents 1.0 envelope in structured JSON; its `data` is the payload.",
        },
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas["$defs"]},
    }


def catalogue_text() -> str:
    """The document as it is kept."""
    return json.dumps(catalogue(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(catalogue_text(), "utf-8")
