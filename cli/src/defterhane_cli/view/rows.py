"""The rows of a page's table: one line of a document each, its texts ready to be read."""

from dataclasses import dataclass, field
from typing import Final

from defterhane import figures
from defterhane.edefter.kinds import DocumentKind
from defterhane.findings import Finding
from defterhane.texts import Language
from defterhane_cli.view import words as say
from defterhane_cli.view.fields import Piece
from defterhane_cli.view.marking import element_of

COLUMNS: Final[dict[DocumentKind, tuple[str, ...]]] = {
    DocumentKind.JOURNAL: ("line", "date", "account", "counter_document", "comment", "debit", "credit"),
    DocumentKind.LEDGER: ("date", "entry_short", "line", "counter_document", "comment", "debit", "credit", "balance"),
    DocumentKind.JOURNAL_BERAT: ("line", "account", "account_name", "debit", "credit"),
    DocumentKind.LEDGER_BERAT: ("line", "account", "account_name", "debit", "credit"),
    DocumentKind.REPORT: (
        *("line", "account", "account_name", "debit", "debit_lines", "credit", "credit_lines", "balance"),
    ),
}
"""Each kind's columns, by their words. The sides and what follows them are numbers."""

NUMBERS: Final = frozenset({"debit", "credit", "balance", "debit_lines", "credit_lines"})

_PLACES: Final = {
    "gl-cor:lineNumber": "line",
    "gl-cor:lineNumberCounter": "entry_short",
    "gl-cor:postingDate": "date",
    "gl-cor:account": "account",
    "gl-cor:accountMainID": "account",
    "gl-cor:accountMainDescription": "account_name",
    "gl-cor:accountSub": "account",
    "gl-cor:accountSubID": "account",
    "gl-cor:accountSubDescription": "account",
    "gl-cor:documentType": "counter_document",
    "gl-cor:documentTypeDescription": "counter_document",
    "gl-cor:documentNumber": "counter_document",
    "gl-cor:documentReference": "counter_document",
    "gl-cor:documentDate": "counter_document",
    "gl-bus:paymentMethod": "counter_document",
    "gl-cor:detailComment": "comment",
    "gl-cor:amount": "amount",
    "gl-cor:debitCreditCode": "amount",
    "gl-cor:documentApplyToNumber": "lines",
}
"""The column in which an element is shown; `amount` and `lines` are that of the line's side."""
_SUMMARY: Final = frozenset(
    f"gl-cor:{name}"
    for name in (
        *("lineNumber", "accountMainID", "accountMainDescription", "amount", "debitCreditCode"),
        *("documentApplyToNumber", "xbrlInclude"),
    )
)
"""What a line of a berat or a report has a place for; what else stands there is shown by its name."""
_OF_SUMMARIES: Final = ("gl-cor:documentApplyToNumber", "gl-cor:xbrlInclude")
_BOTH: Final = {"amount": ("debit", "credit"), "lines": ("debit_lines", "credit_lines")}

Part = tuple[str, str]
"""A piece of a cell: its class (`b`, `dim` or none) and its text."""


@dataclass(slots=True)
class Row:
    """One row: its cells by column, and what is said about it."""

    number: str
    """lineNumber, as it stands there."""
    id: str = ""
    cells: dict[str, list[Part]] = field(default_factory=dict)
    pairs: list[Part] = field(default_factory=list)
    """Names and values that have no column."""
    more: int = 0
    """So many pairs are not shown."""
    findings: list[Finding] = field(default_factory=list)
    marked: set[str] = field(default_factory=set)
    """The columns that findings are about."""
    debit: int | None = 0
    """Kuruş; None where the line's amount or side is none."""
    credit: int | None = 0


def side_of(code: str) -> str | None:
    """`debit` or `credit`, by debitCreditCode; None where it is neither."""
    return {"D": "debit", "debit": "debit", "C": "credit", "credit": "credit"}.get(code)


class Rows:
    """Makes the rows of one kind of document."""

    def __init__(self, kind: DocumentKind, language: Language) -> None:
        self._kind = kind
        self._language = language
        self._words = say.words(language)

    def row(self, piece: Piece, voucher: str, entry: str) -> Row:
        """One line's row. What repeats its entry's `voucher` or number (`entry`) is not shown again."""
        get = piece.get
        row = Row(get("gl-cor:lineNumber"), more=piece.more)
        cells = row.cells
        cells["line"] = [("", row.number)]
        cells["date"] = [("", self.day(get("gl-cor:postingDate")))]
        if self._kind.is_ledger:
            self._book_cells(piece, row, voucher, entry)
        else:
            self._summary_cells(piece, row)
        self._amount(piece, row)
        if piece.others:
            row.pairs += self.pairs(piece)
        return row

    def pairs(self, piece: Piece) -> list[Part]:
        """What has no place of its own, with the names that an accountant knows."""
        empty = self._words["empty"]
        language = self._language
        return [(say.name_of(name, language), say.value(name, text, language) or empty) for name, text in piece.others]

    def day(self, text: str) -> str:
        """A day as readers write it."""
        return figures.day(text, self._language)

    def mark(self, row: Row, findings: list[Finding], piece: Piece) -> None:
        """Put findings to a row, and mark the cells that they are about."""
        row.findings += findings
        side = side_of(piece.get("gl-cor:debitCreditCode"))
        for finding in findings:
            column = _PLACES.get(element_of(finding), "")
            debit, credit = _BOTH.get(column, (column, column))
            row.marked.add(credit if side == "credit" else debit)

    def account(self, piece: Piece) -> list[Part]:
        """A line's account: the sub-account, and the main account that it is of."""
        get = piece.get
        main = " ".join(filter(None, (get("gl-cor:accountMainID"), get("gl-cor:accountMainDescription"))))
        sub_id, sub_name = get("gl-cor:accountSubID"), get("gl-cor:accountSubDescription")
        if sub_id or sub_name:
            return [("b", sub_id), ("", sub_name), ("dim", main)]
        return [("b", get("gl-cor:accountMainID")), ("", get("gl-cor:accountMainDescription"))]

    def _book_cells(self, piece: Piece, row: Row, voucher: str, entry: str) -> None:
        get, said = piece.get, self._words
        row.cells["account"] = self.account(piece)
        kind, description = get("gl-cor:documentType"), get("gl-cor:documentTypeDescription")
        known = say.DOCUMENT_TYPES.get(kind)
        name = description or (known.to(self._language) if known else kind)
        if description and kind not in ("", "other"):
            name = f"{known.to(self._language) if known else kind}: {description}"
        document = [("", name), ("b", get("gl-cor:documentNumber")), ("", self.day(get("gl-cor:documentDate")))]
        payment = get("gl-bus:paymentMethod")
        if payment:
            document.append(("dim", f"{said['payment']}: {payment}"))
        reference = get("gl-cor:documentReference")
        if reference and reference != voucher:
            document.append(("dim", f"{said['voucher']}: {reference}"))
        row.cells["counter_document"] = document
        row.cells["comment"] = [("", get("gl-cor:detailComment"))]
        counter = get("gl-cor:lineNumberCounter")
        if self._kind is DocumentKind.LEDGER:
            row.cells["entry_short"] = [("", counter)]
        elif counter != entry:
            row.pairs.append((said["entry"], counter or said["empty"]))
        if not piece.values.keys().isdisjoint(_OF_SUMMARIES):
            self._unshown(piece, row, _OF_SUMMARIES)

    def _summary_cells(self, piece: Piece, row: Row) -> None:
        get = piece.get
        row.cells["account"] = [("b", get("gl-cor:accountMainID"))]
        row.cells["account_name"] = [("", get("gl-cor:accountMainDescription"))]
        count, side = get("gl-cor:documentApplyToNumber"), side_of(get("gl-cor:debitCreditCode"))
        if count and side and self._kind is DocumentKind.REPORT:
            row.cells[f"{side}_lines"] = [("", count)]
        else:
            self._unshown(piece, row, ("gl-cor:documentApplyToNumber",))
        include = () if get("gl-cor:xbrlInclude") == "period_change" else ("gl-cor:xbrlInclude",)
        self._unshown(piece, row, (*include, *(name for name in piece.values if name not in _SUMMARY)))

    def _unshown(self, piece: Piece, row: Row, names: tuple[str, ...]) -> None:
        found = ((name, piece.get(name)) for name in names)
        row.pairs += [(say.name_of(name, self._language), value) for name, value in found if value]

    def _amount(self, piece: Piece, row: Row) -> None:
        text, code = piece.get("gl-cor:amount"), piece.get("gl-cor:debitCreditCode")
        side, found = side_of(code), say.kurus(text)
        shown = [("", say.amount(text, self._language))]
        if side is None:
            row.debit = row.credit = None
            row.pairs += [
                (self._words["side"], code or self._words["empty"]),
                (say.name_of("gl-cor:amount", self._language), text),
            ]
        elif side == "debit":
            row.debit, row.cells["debit"] = found, shown
        else:
            row.credit, row.cells["credit"] = found, shown


def join(first: Row, second: Row) -> Row:
    """One row of an account's debit line and of its credit line."""
    cells = {**second.cells, **first.cells}
    cells["line"] = [("", f"{first.number}–{second.number}")]
    return Row(
        number=first.number,
        id=first.id,
        cells=cells,
        pairs=first.pairs + second.pairs,
        more=first.more + second.more,
        findings=first.findings + second.findings,
        marked=first.marked | second.marked,
        debit=first.debit,
        credit=second.credit,
    )
