"""A month's documents as users see them: names, digests, where they lie, when what was done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pydantic import BaseModel

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import DocumentName
from defterhane.edefter.period import Period
from defterhane.edefter.taxid import TaxId
from defterhane.errors import Problem
from defterhane.events import ObjectRef
from portal.board import steps_by_part
from portal.facts import DocumentFacts, MonthFacts, MonthKey, Said
from portal.revisions import live_report, withdrawn_revisions
from portal.steps import Step, Steps
from portal.units import units_of
from portal.words import Column, Stage, State


class DocumentView(BaseModel):
    """One document: a file of the month."""

    name: str
    kind: DocumentKind
    approved: bool
    """GİB's counter-signed copy."""
    part: str
    revision: int
    """The number of the conversion that made it."""
    replaced: bool
    """It does not count: its conversion has been withdrawn, or a newer one has taken its place."""
    reason: Problem | None
    """Why it was withdrawn."""
    step: Step
    object: ObjectRef | None
    """Its newest bytes."""
    path: str | None
    """In the archive."""
    times: dict[Stage, datetime]


def documents_of(facts: MonthFacts) -> list[DocumentView]:
    """GİB's own order of columns within each part; those that do not count last, the newest conversion's first."""
    current = current_documents(facts)
    withdrawn = withdrawn_revisions(facts)
    steps = steps_by_part(facts)
    views = []
    for document in facts.documents:
        replaced = document not in current
        gone = withdrawn.get(document.revision)
        for column in Column:
            if column.kind is document.kind and (not column.approved or _has_copy(document)):
                view = _view(facts.key, document, column, steps, replaced)
                views.append(view.model_copy(update={"reason": gone.problem if gone is not None else None}))
    order = list(Column)
    return sorted(
        views,
        key=lambda view: (
            view.replaced,
            -view.revision if view.replaced else 0,
            view.kind is DocumentKind.REPORT,
            view.part,
            next(i for i, c in enumerate(order) if c.kind is view.kind and c.approved == view.approved),
        ),
    )


def current_documents(facts: MonthFacts) -> list[DocumentFacts]:
    """The documents that a month consists of now, those among them that say what has to be mended."""
    report = live_report(facts)
    documents = [document for unit in units_of(facts) for document in unit.documents.values()]
    return [*documents, report] if report is not None else documents


def _has_copy(document: DocumentFacts) -> bool:
    return bool(document.marks.keys() & {Said.APPROVED, Said.ARCHIVED_APPROVED})


_TIMES: Final[Mapping[Said, Stage]] = {
    Said.WRITTEN: Stage.WRITTEN,
    Said.VALIDATED: Stage.VALIDATED,
    Said.SIGNED: Stage.SIGNED,
    Said.SENT: Stage.SENT,
    Said.APPROVED: Stage.APPROVED,
}


def _view(
    key: MonthKey, document: DocumentFacts, column: Column, steps: Mapping[str, Steps], replaced: bool
) -> DocumentView:
    archived = document.mark(Said.ARCHIVED_APPROVED if column.approved else Said.ARCHIVED)
    if column.approved:
        sources = [archived, document.mark(Said.APPROVED)]
        times = {Stage.APPROVED: document.mark(Said.APPROVED)}
    else:
        sources = [archived, *map(document.mark, (Said.SIGNED, Said.VALIDATED, Said.WRITTEN))]
        times = {stage: document.mark(said) for said, stage in _TIMES.items()}
    times[Stage.ARCHIVED] = archived
    name = DocumentName(
        TaxId(key.tenant), Period.parse(key.period), document.kind, document.part, key.branch, column.approved
    )
    of_part = steps.get(document.part) or next(iter(steps.values()))
    return DocumentView(
        name=str(name),
        kind=document.kind,
        approved=column.approved,
        part=document.part,
        revision=document.revision,
        replaced=replaced,
        reason=None,
        step=Step(state=State.EMPTY) if replaced else of_part[column],
        object=next((mark.object for mark in sources if mark is not None and mark.object is not None), None),
        path=archived.note if archived is not None else None,
        times={stage: mark.at for stage, mark in times.items() if mark is not None},
    )
