"""The journal (Y, yevmiye defteri)."""

from converter.writing.book import Book
from defterhane.edefter.entry import Entry
from defterhane.edefter.kinds import DocumentKind


class JournalWriter(Book):
    """The journal: every entry in date order."""

    kind = DocumentKind.JOURNAL

    def add(self, entry: Entry) -> None:
        """Write one entry with its numbers."""
        details = self._details
        self._out.write(
            "<gl-cor:entryHeader>\n"
            + details.text("gl-cor:enteredBy", entry.entered_by)
            + details.text("gl-cor:enteredDate", entry.entered_date.isoformat())
            + details.text("gl-cor:entryNumber", entry.entry_number)
            + details.text("gl-cor:entryComment", entry.entry_comment)
            + details.money("gl-bus:totalDebit", entry.total_debit)
            + details.money("gl-bus:totalCredit", entry.total_credit)
            + details.count("gl-cor:entryNumberCounter", entry.counter)
        )
        for line in entry.lines:
            self._out.write(details.line(line, entry.counter))
        self._out.write("</gl-cor:entryHeader>\n")
