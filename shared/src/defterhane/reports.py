"""The report of a conversion: all its findings, stored as an object where an event carries only the first of them."""

from typing import Final

from pydantic import TypeAdapter

from defterhane.errors import ObjectDamaged
from defterhane.events.models import ObjectRef
from defterhane.findings import LISTED, Finding
from defterhane.objects import ObjectStore

LARGEST: Final = 16 * 1024 * 1024
"""Bytes that are read of a report at most: some 16 kB for each finding."""

_FINDINGS: Final = TypeAdapter(tuple[Finding, ...])


async def read_report(objects: ObjectStore, tenant: str, reference: ObjectRef) -> tuple[Finding, ...]:
    """The findings of a report, at most `LISTED`, in the order in which they were stored.

    Raises:
        ObjectMissing: it is not there.
        ObjectDamaged: its bytes are not those that were stored, or no findings.
        PermissionError: it is another tenant's.
    """
    if reference.size > LARGEST:
        raise ObjectDamaged(uri=reference.uri)
    data = await objects.read(tenant, reference, limit=LARGEST)
    try:
        return _FINDINGS.validate_json(data)[:LISTED]
    except ValueError as error:
        raise ObjectDamaged(uri=reference.uri) from error
