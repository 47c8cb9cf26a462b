"""Events for tests, put together with as few words as possible."""

import uuid
from datetime import UTC, datetime

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.taxid import vkn_from_stem
from defterhane.events import Document, Event, Filing, ObjectRef, envelop
from defterhane.service import Received

FIRM = vkn_from_stem("123456780")
OTHER_FIRM = vkn_from_stem("987654321")


def document(kind: DocumentKind = DocumentKind.JOURNAL, tenant: str = FIRM, period: str = "2025-01") -> Document:
    return Document(
        filing=Filing(tenant=tenant, period=period),
        kind=kind,
        unique_id=f"{kind.traits.unique_id_prefix}{period.replace('-', '')}000001",
    )


def reference(tenant: str = FIRM) -> ObjectRef:
    return ObjectRef(uri=f"object:{tenant}/{'0' * 64}", sha256="0" * 64, size=1)


def received(event: Event, route: str = "any", attempt: int = 1) -> Received:
    envelope = envelop(event, id=uuid.uuid4(), source="/test", time=datetime.now(UTC), route=route)
    return Received(envelope, event, attempt)
