"""Lines (entryDetail), as journal and ledger both hold them."""

from converter.writing.canonical import escape
from defterhane.edefter.entry import Line
from defterhane.edefter.money import format_kurus


class Details:
    """Renders the lines of one document. Only the context's name differs between journal and ledger."""

    def __init__(self, context: str) -> None:
        self._item = f' contextRef="{context}">'
        self._money = f' contextRef="{context}" decimals="INF" unitRef="try">'
        self._count = f' contextRef="{context}" decimals="INF" unitRef="countable">'

    def money(self, name: str, kurus: int) -> str:
        """An amount in lira."""
        return f"<{name}{self._money}{format_kurus(kurus)}</{name}>\n"

    def count(self, name: str, number: int) -> str:
        """A counter."""
        return f"<{name}{self._count}{number}</{name}>\n"

    def text(self, name: str, value: str) -> str:
        """A text."""
        return f"<{name}{self._item}{escape(value)}</{name}>\n"

    def line(self, line: Line, counter: int) -> str:
        """One entryDetail; `counter` is the journal entry's number (lineNumberCounter)."""
        item = self._item
        return (
            "<gl-cor:entryDetail>\n"
            f"<gl-cor:lineNumber{item}{line.number}</gl-cor:lineNumber>\n"
            f"<gl-cor:lineNumberCounter{self._count}{counter}</gl-cor:lineNumberCounter>\n"
            "<gl-cor:account>\n"
            f"<gl-cor:accountMainID{item}{line.account_main_id}</gl-cor:accountMainID>\n"
            f"<gl-cor:accountMainDescription{item}{escape(line.account_main_description)}"
            "</gl-cor:accountMainDescription>\n"
            f"{self._sub_account(line)}"
            "</gl-cor:account>\n"
            f"<gl-cor:amount{self._money}{format_kurus(line.amount)}</gl-cor:amount>\n"
            f"<gl-cor:debitCreditCode{item}{'D' if line.debit else 'C'}</gl-cor:debitCreditCode>\n"
            f"<gl-cor:postingDate{item}{line.posting_date}</gl-cor:postingDate>\n"
            f"{self._document(line)}"
            "</gl-cor:entryDetail>\n"
        )

    def _sub_account(self, line: Line) -> str:
        if line.account_sub_id is None:
            return ""
        item = self._item
        return (
            "<gl-cor:accountSub>\n"
            f"<gl-cor:accountSubDescription{item}{escape(line.account_sub_description or '')}"
            "</gl-cor:accountSubDescription>\n"
            f"<gl-cor:accountSubID{item}{escape(line.account_sub_id)}</gl-cor:accountSubID>\n"
            "</gl-cor:accountSub>\n"
        )

    def _document(self, line: Line) -> str:
        told = ""
        if line.document_type is not None:
            told += self.text("gl-cor:documentType", line.document_type)
            if line.document_type_description:
                told += self.text("gl-cor:documentTypeDescription", line.document_type_description)
            if line.document_number:
                told += self.text("gl-cor:documentNumber", line.document_number)
        if line.document_reference:
            told += self.text("gl-cor:documentReference", line.document_reference)
        if line.document_date is not None:
            told += self.text("gl-cor:documentDate", line.document_date.isoformat())
        if line.payment_method:
            told += self.text("gl-bus:paymentMethod", line.payment_method)
        if line.detail_comment:
            told += self.text("gl-cor:detailComment", line.detail_comment)
        return told
