"""A page of entries as HTML. There are hundreds of thousands of rows: a template would take most of the time.

Every text goes through `escape`; what is put together without it is this file's own.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.findings import Finding
from defterhane.texts import Language
from defterhane_cli.view import words as say
from defterhane_cli.view.blocks import Block, Page
from defterhane_cli.view.rows import COLUMNS, NUMBERS, Part, Row

_CLASSES: Final = {
    "line": "ln",
    "date": "dt",
    "entry_short": "en",
    "account": "ac",
    "account_name": "an",
    "counter_document": "do",
    "comment": "co",
    "debit": "n dr",
    "credit": "n cr",
    "balance": "n ba",
    "debit_lines": "n dl",
    "credit_lines": "n cl",
}


def said(findings: Iterable[Finding], language: Language) -> str:
    """Findings where they are marked: rule, message, value, cure."""
    words = say.words(language)
    items = []
    for one in findings:
        message = one.message.to(language)
        shown = one.value if one.value and one.value not in message else ""
        value = f' <span class="dim">{words["value"]}: {escape(shown)}</span>' if shown else ""
        cure = f' <span class="cure">{escape(one.cure.to(language))}</span>' if one.cure else ""
        items.append(
            f'<li class="{one.severity.value}"><b>{words[one.severity.value]} {escape(one.rule)}</b> '
            f"{escape(message)}{value}{cure}</li>"
        )
    return f'<ul class="said">{"".join(items)}</ul>'


class Sheets:
    """Writes the pages of one document."""

    def __init__(self, kind: DocumentKind, language: Language) -> None:
        columns = COLUMNS[kind]
        self._kind = kind
        self._language = language
        self._words = say.words(language)
        self._columns = [(column, f'<td class="{_CLASSES[column]}') for column in columns]
        self._title = "title account" if kind is DocumentKind.LEDGER else "title"
        self._before = columns.index("debit")
        self._all = len(columns)
        self._pairs_in = "comment" if kind.is_ledger else "account_name"
        heads = (
            f'<th scope="col"{" class=n" if column in NUMBERS else ""}>{self._words[column]}</th>' for column in columns
        )
        self._start = f'<table class="{kind.value}"><thead><tr>{"".join(heads)}</tr></thead>\n'

    def sheet(self, page: Page, *, last: bool) -> str:
        """One page; `last`: no other follows."""
        words = self._words
        html = [f'<section class="sheet" aria-label="{words["page"]} {page.number}">{self._start}']
        for block in page.blocks:
            self._block(html, block)
        if not self._kind.is_berat and not (last and page.number == 1):
            html += (
                '<tbody class="all">',
                self._sum(words["page_total"], page.total.texts(self._language), leave="balance"),
                self._sum(words["so_far"], page.so_far, leave="balance"),
                "</tbody>\n",
            )
        html.append("</table></section>\n")
        return "".join(html)

    def _block(self, html: list[str], block: Block) -> None:
        html.append('<tbody class="bad">' if block.findings else "<tbody>")
        if block.title or block.facts or block.findings:
            self._heading(html, block)
        if block.brought:
            html.append(self._sum(self._words["brought_forward"], block.brought))
        for row in block.rows:
            self._row(html, row)
            if row.findings:
                html.append(f'<tr class="f"><td colspan="{self._all}">{said(row.findings, self._language)}</td></tr>\n')
        if not block.rows:
            html.append(f'<tr class="l"><td colspan="{self._all}" class="dim">{self._words["no_lines"]}</td></tr>')
        if block.total and not self._kind.is_berat:
            html.append(self._sum(self._words[block.total_word], block.total))
        html.append("</tbody>\n")

    def _heading(self, html: list[str], block: Block) -> None:
        anchor = f' id="{block.id}"' if block.id else ""
        number = f' data-e="{escape(block.number)}"' if block.number else ""
        html.append(f'<tr class="h"{anchor}{number}><th colspan="{self._all}" scope="rowgroup">')
        html.append(f'<span class="{self._title}">{_parts(block.title)}</span>')
        if not block.id:
            html.append(f" <i>{self._words['continued']}</i>")
        html += (
            f' <span class="fact"><small>{escape(name)}</small> {escape(text)}</span>' for name, text in block.facts
        )
        if block.findings:
            html.append(said(block.findings, self._language))
        html.append("</th></tr>\n")

    def _row(self, html: list[str], row: Row) -> None:
        entry = row.cells["entry_short"][0][1] if self._kind is DocumentKind.LEDGER else ""
        html.append(f'<tr class="{"l bad" if row.findings else "l"}" id="{row.id}" data-n="{escape(row.number)}"')
        html.append(f' data-e="{escape(entry)}">' if entry else ">")
        cells, marked, pairs_in = row.cells, row.marked, self._pairs_in if row.pairs or row.more else ""
        for column, start in self._columns:
            html.append(f'{start} mark">' if column in marked else f'{start}">')
            if column in cells:
                html.append(_parts(cells[column]))
            if column == pairs_in:
                html.append(self._pairs(row))
            html.append("</td>")
        html.append("</tr>\n")

    def _pairs(self, row: Row) -> str:
        pairs = [f"<small>{escape(name)}</small> {escape(value)}" for name, value in row.pairs]
        if row.more:
            pairs.append(self._words["others_more"].format(count=row.more))
        return "".join(f'<span class="pair">{pair}</span>' for pair in pairs)

    def _sum(self, name: str, sums: Mapping[str, str], leave: str = "") -> str:
        """A row of sums below their columns; the column `leave` stays empty."""
        first = self._before
        cells = (
            f'<td class="n">{sums.get(column, "") if column != leave else ""}</td>'
            for column, _ in self._columns[first:]
        )
        return f'<tr class="sum"><td colspan="{first}">{name}</td>{"".join(cells)}</tr>'


def _parts(parts: list[Part]) -> str:
    if len(parts) == 1 and not parts[0][0]:
        return escape(parts[0][1])
    return " ".join(
        f'<span class="{kind}">{escape(text)}</span>' if kind else escape(text) for kind, text in parts if text
    )
