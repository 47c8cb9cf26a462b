"""Which documents count: a newer revision takes the place of older ones."""

from defterhane.edefter.kinds import DocumentKind
from portal.facts import DocumentFacts, MonthFacts, Said


def live_documents(facts: MonthFacts) -> dict[str, dict[DocumentKind, DocumentFacts]]:
    """Part → kind → the document that counts; revisions that have been replaced are left out.

    The report lies under its own part, which is the whole month's.
    """
    parts_of_files = {file.file_id: file.drop.part for file in facts.files if file.drop is not None}
    whole: dict[int, bool] = {}
    for document in facts.documents:
        written = document.mark(Said.WRITTEN)
        part = parts_of_files.get(written.file_id or "") if written is not None else None
        whole[document.revision] = whole.get(document.revision, True) and part is None
    floor = max((revision for revision, is_whole in whole.items() if is_whole), default=0)
    newest_of: dict[tuple[str, bool], int] = {}
    for document in facts.documents:
        group = document.part, document.kind is DocumentKind.REPORT
        newest_of[group] = max(newest_of.get(group, floor), document.revision)
    live: dict[str, dict[DocumentKind, DocumentFacts]] = {}
    for document in facts.documents:
        if newest_of[document.part, document.kind is DocumentKind.REPORT] == document.revision:
            live.setdefault(document.part, {})[document.kind] = document
    return live
