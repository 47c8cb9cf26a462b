"""What events say of a conversion: the first findings, how many there are of each kind, and where the rest lie."""

from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import TypeAdapter

from converter.convert import ConversionOutcome
from converter.errors import MonthUnusable
from converter.models import Conversion
from converter.problems import of_error
from defterhane.db import Transaction
from defterhane.events import ConversionFailed, ObjectRef
from defterhane.findings import Finding
from defterhane.objects import ObjectStore
from defterhane.texts import Text

TOLD: Final = 100
"""So many findings travel in an event; more are stored beside it, all are counted."""

_FINDINGS: Final = TypeAdapter(tuple[Finding, ...])


@dataclass(frozen=True, slots=True)
class Told:
    """What an event says of a drop."""

    findings: tuple[Finding, ...]
    counts: dict[str, int]
    report: ObjectRef | None = None
    """All listed findings, where they are too many for an event."""
    recognised: tuple[Text, ...] = field(default=())


_TOLD: Final = TypeAdapter(Told)


def told_to_json(told: Told) -> dict[str, Any]:
    """What was said, as it is kept."""
    kept: dict[str, Any] = _TOLD.dump_python(told, mode="json", exclude_none=True)
    return kept


def told_from_json(kept: dict[str, Any] | None) -> Told:
    """What was said, as it was kept; nothing where that was not done yet."""
    return Told((), {}) if kept is None else _TOLD.validate_python(kept)


async def told_of(objects: ObjectStore, tenant: str, outcome: ConversionOutcome) -> Told:
    """What to say of an outcome; findings that are too many for an event are stored."""
    report = None
    if len(outcome.findings) > TOLD:
        report = await objects.put_bytes(tenant, _FINDINGS.dump_json(outcome.findings, exclude_none=True))
    recognised = tuple(one.text for one in outcome.recognised)
    return Told(outcome.findings[:TOLD], outcome.counts, report, recognised)


def told_of_error(error: MonthUnusable, conversion: Conversion) -> Told:
    """What to say where a file cannot be used for its month."""
    finding = of_error(error, conversion.name)
    return Told((finding,), {finding.rule: 1})


async def publish_failure(tx: Transaction, conversion: Conversion, told: Told) -> None:
    """Say that a file has come to nothing, and why."""
    await tx.publish(
        ConversionFailed(
            tenant=conversion.tenant,
            file_id=conversion.file_id,
            name=conversion.name,
            period=conversion.period,
            branch=conversion.branch or None,
            part=conversion.part,
            findings=told.findings,
            counts=told.counts,
            report=told.report,
            recognised=told.recognised,
        )
    )
