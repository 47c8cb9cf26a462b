"""Which conversions of a month count, and which documents with them.

A conversion counts until it is withdrawn; GİB's approval of any of its documents is stronger, and makes all of them
count again. Everything follows from the marks alone, in whatever order they came.
"""

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from portal.facts import ConversionFacts, DocumentFacts, FileFacts, Mark, MonthFacts, Said, newer, newest


def overlap(one: str | None, other: str | None) -> bool:
    """Whether two slots have days in common; None = not known yet, which may be any."""
    return one is None or other is None or WHOLE in (one, other) or one == other


def approved_revisions(facts: MonthFacts) -> set[int]:
    """The conversions of which GİB has approved something: they are final."""
    approved = Said.APPROVED, Said.ARCHIVED_APPROVED
    return {document.revision for document in facts.documents if any(said in document.marks for said in approved)}


def withdrawn_revisions(facts: MonthFacts) -> dict[int, Mark]:
    """The conversions that do not count, with what was said of their withdrawal."""
    final = approved_revisions(facts)
    withdrawn: dict[int, Mark] = {}
    for conversion in facts.conversions:
        mark = newest(conversion.mark(Said.WITHDRAWN), withdrawn.get(conversion.revision))
        if mark is not None and conversion.revision not in final:
            withdrawn[conversion.revision] = mark
    return withdrawn


def slots_of(facts: MonthFacts) -> dict[int, str]:
    """Conversion → what of the month it is."""
    return {one.revision: one.slot for one in sorted(facts.conversions, key=lambda one: (one.revision, one.file_id))}


def live_documents(facts: MonthFacts) -> dict[str, dict[DocumentKind, DocumentFacts]]:
    """Part → kind → the document that counts.

    Of two conversions of one part, none of which is known to be withdrawn (yet), the approved one counts, else the
    newer. The report lies under its own part, which is the whole month's.
    """
    gone, final = withdrawn_revisions(facts), approved_revisions(facts)
    best: dict[tuple[str, bool], tuple[bool, int]] = {}
    for document in facts.documents:
        if document.revision not in gone:
            best[_group(document)] = max(best.get(_group(document), (False, 0)), _rank(document, final))
    live: dict[str, dict[DocumentKind, DocumentFacts]] = {}
    for document in facts.documents:
        if document.revision not in gone and best[_group(document)] == _rank(document, final):
            live.setdefault(document.part, {})[document.kind] = document
    return live


def live_report(facts: MonthFacts) -> DocumentFacts | None:
    """The month's report, where there is one that counts."""
    reports = [kinds[DocumentKind.REPORT] for kinds in live_documents(facts).values() if DocumentKind.REPORT in kinds]
    return max(reports, key=lambda report: (report.revision, report.part), default=None)


def awaited(facts: MonthFacts) -> list[ConversionFacts]:
    """The withdrawn conversions in whose place nothing has been made: their days wait for a new one.

    By number; each stands there once, with the file that its withdrawal names.
    """
    gone, slots = withdrawn_revisions(facts), slots_of(facts)
    known = slots.keys() | {document.revision for document in facts.documents}

    def has_successor(conversion: ConversionFacts) -> bool:
        others = known - {conversion.revision}
        rivals = (other for other in others if overlap(slots.get(other), conversion.slot))
        return any(other > conversion.revision or other not in gone for other in rivals)

    lost = (one for one in facts.conversions if gone.get(one.revision) in one.marks.values())
    return sorted((one for one in lost if not has_successor(one)), key=lambda one: one.revision)


def overtaken(file: FileFacts, facts: MonthFacts) -> bool:
    """Whether another file has come in the place of one that waits."""
    since = newest(file.mark(Said.RECEIVED), file.mark(Said.REQUESTED))
    rivals = (other for other in facts.files if other.file_id != file.file_id)
    return any(other.slot in (WHOLE, file.slot) and newer(other.mark(Said.RECEIVED), since) for other in rivals)


def waiting_files(facts: MonthFacts) -> list[FileFacts]:
    """The files that are on their way to a conversion."""
    return [file for file in facts.files if file.pending is not None and not overtaken(file, facts)]


def standing_failures(facts: MonthFacts) -> list[tuple[FileFacts, Mark]]:
    """The files that came to nothing, with why, as far as no later file has been converted in their place."""
    standing = []
    for file in facts.files:
        failure = file.failure
        instead = (other for other in facts.files if overlap(other.slot, file.slot))
        if failure is not None and not any(newer(other.mark(Said.CONVERTED), failure) for other in instead):
            standing.append((file, failure))
    return standing


def _group(document: DocumentFacts) -> tuple[str, bool]:
    return document.part, document.kind is DocumentKind.REPORT


def _rank(document: DocumentFacts, final: set[int]) -> tuple[bool, int]:
    return document.revision in final, document.revision
