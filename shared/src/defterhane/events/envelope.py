"""The envelope: CloudEvents 1.0, structured JSON, with tenant, routing and trace."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from defterhane.events.models import EVENTS, Event

ANY_ROUTE = "any"


class Envelope(BaseModel):
    """One event on its way. Serialised once and never changed: attempts are counted by the carrier."""

    model_config = ConfigDict(frozen=True)

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str
    """`/converter`: the service that speaks."""
    type: str
    time: datetime
    subject: str
    datacontenttype: Literal["application/json"] = "application/json"
    tenant: str
    route: str = ANY_ROUTE
    """The name of the signer it is for, or `any`."""
    traceparent: str | None = None
    data: dict[str, Any]

    @property
    def event(self) -> Event:
        """What it says.

        Raises:
            KeyError: an unknown type.
            ValueError: the data are not such an event's.
        """
        return EVENTS[self.type].model_validate(self.data)

    @property
    def routing_key(self) -> str:
        """`document.validated.main`: type and route."""
        return f"{self.type}.{self.route}"


def envelop(
    event: Event,
    *,
    id: UUID,  # noqa: A002 — CloudEvents' own name
    source: str,
    time: datetime,
    route: str = ANY_ROUTE,
    traceparent: str | None = None,
) -> Envelope:
    """Put an event into its envelope."""
    return Envelope(
        id=id,
        source=source,
        type=event.type,
        time=time,
        subject=event.subject,
        tenant=event.tenant_id,
        route=route,
        traceparent=traceparent,
        data=event.model_dump(mode="json"),
    )
