"""The journal's rules, as two files of GİB's have them, and strict duties of ours.

The older file has Y001 to Y128. The newer one has N001 to N003 beside them, and no longer Y071 and Y087. What each
lacks is kept under ids of ours: `name.mismatch` and `journal.empty` for the N-rules, `counter.entry_gap` and
`counter.line_gap` for the sequences.
"""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

from validator import entry_texts, texts
from validator.facts import Facts
from validator.node import Node
from validator.rules import info, lines
from validator.rules.journal_watch import JournalWatch
from validator.rules.lines import at_most_two_decimals, totals_match
from validator.rules.model import Check, Place, Rule, Test, required, rules_for
from validator.rules.ruleset import RuleSet, in_order, shared_rules
from validator.shown import amount_text
from validator.texts import BLANK, ERP, NUMBERS, Said

_BY, _DATE = "gl-cor:enteredBy", "gl-cor:enteredDate"
_COUNTER = "gl-cor:entryNumberCounter"
_LINE_COUNTER, _POSTED, _REFERENCE = "gl-cor:lineNumberCounter", "gl-cor:postingDate", "gl-cor:documentReference"
_DEBIT, _CREDIT = "gl-bus:totalDebit", "gl-bus:totalCredit"
_PAYMENT = "gl-bus:paymentMethod"
_SHORTEST_NAME = 2
_FEWEST_LINES = 2


def _same_totals(header: Node, _: Facts) -> bool:
    """Untyped values compare as strings: 5000.00 is not 5000.0."""
    return not set(header.strings(_DEBIT)).isdisjoint(header.strings(_CREDIT))


def _as_in_entry(path: str, entrys: str) -> Test:
    """Where a line and its entry have these elements, one of the line's has the text of one of the entry's."""

    def test(line: Node, facts: Facts) -> bool:
        own = line.strings(path)
        if not own:
            return True
        wanted = facts.of_header(entrys)
        return not wanted or not set(own).isdisjoint(wanted)

    return test


def _name_has_tax_id(entity: Node, facts: Facts) -> bool:
    return facts.name_parts is None or f"{entity.only('xbrli:identifier')}-" in (facts.name or "")


def _whole_month_has_entries(_: Node, facts: Facts) -> bool:
    return facts.name_parts is None or "Y-000000" not in (facts.name or "") or facts.entries > 0


def _name_has_month(_: Node, facts: Facts) -> bool:
    return facts.name_parts is None or f"-{facts.globals.month}-" in (facts.name or "")


def _attached_name(file: Node, _: Facts) -> str:
    return file.get("filename") or ""


def _month_in_name(_: Node, facts: Facts) -> str:
    return facts.name_parts.month if facts.name_parts is not None else ""


def _tax_id_in_name(_: Node, facts: Facts) -> str:
    return facts.name_parts.tax_id if facts.name_parts is not None else ""


_INFO: Final = (
    Rule("Y029", info.entries_type_is("journal")),
    Rule("Y031", info.unique_id_begins("YEV")),
)
_HEADER: Final = (
    Rule("Y073", required(_BY, ERP)),
    Rule(
        "Y074",
        Check(
            lambda header, _: not header.has(_BY) or len(header.exact(_BY)) >= _SHORTEST_NAME,
            entry_texts.ENTERED_BY_SHORT,
            _BY,
        ),
    ),
    Rule("Y075", required(_DATE, ERP)),
    Rule("Y076", Check(lines.in_period(_DATE), entry_texts.ENTERED_DATE_OUTSIDE, _DATE)),
    Rule("Y077", required(_DEBIT, ERP)),
    Rule("Y078", required(_CREDIT, ERP)),
    Rule("Y079", required(_COUNTER, NUMBERS)),
    Rule(
        "Y080",
        Check(lambda _, facts: facts.tally.details >= _FEWEST_LINES, entry_texts.TWO_LINES, value=lines.count),
    ),
    Rule(
        "Y081",
        Check(_same_totals, entry_texts.UNBALANCED, _DEBIT, lines.text_of(_DEBIT), lines.text_of(_CREDIT)),
    ),
    Rule(
        "Y082",
        Check(
            lambda header, facts: totals_match(header.strings(_DEBIT), facts.tally.debit),
            entry_texts.DEBIT_SUM,
            _DEBIT,
            expected=lambda _, facts: amount_text(facts.tally.debit),
        ),
    ),
    Rule(
        "Y083",
        Check(
            lambda header, facts: totals_match(header.strings(_CREDIT), facts.tally.credit),
            entry_texts.CREDIT_SUM,
            _CREDIT,
            expected=lambda _, facts: amount_text(facts.tally.credit),
        ),
    ),
    Rule("Y084", at_most_two_decimals(_DEBIT)),
    Rule("Y085", at_most_two_decimals(_CREDIT)),
)
_DETAIL: Final = (
    Rule("Y089", Check(_as_in_entry(_LINE_COUNTER, _COUNTER), entry_texts.LINE_ENTRY_NUMBER, _LINE_COUNTER)),
    Rule("Y104", Check(_as_in_entry(_POSTED, _DATE), entry_texts.POSTING_DATE, _POSTED)),
    Rule("Y111", Check(_as_in_entry(_REFERENCE, "gl-cor:entryNumber"), entry_texts.DOCUMENT_REFERENCE, _REFERENCE)),
    Rule(
        "Y112",
        Check(lambda line, _: not line.has(_PAYMENT) or line.exact(_PAYMENT) != "", Said(BLANK, ERP), _PAYMENT),
    ),
)
_ATTACHMENT: Final = (
    Rule(
        "Y126",
        Check(
            lambda file, _: file.get("mimeCode") == "application/pdf",
            entry_texts.ATTACHMENT_TYPE,
            value=lambda file, _: file.get("mimeCode") or "",
        ),
    ),
    Rule(
        "Y127",
        Check(
            lambda file, facts: _attached_name(file, facts).endswith(".pdf"),
            entry_texts.ATTACHMENT_NAME,
            value=_attached_name,
        ),
    ),
    Rule(
        "Y128",
        Check(lambda file, _: file.string.strip(" \t\r\n") != "", entry_texts.ATTACHMENT_EMPTY, value=_attached_name),
    ),
)


_shared = shared_rules("journal")
_COMMON: Final = {
    **_shared,
    Place.DOCUMENT_INFO: in_order(rules_for("journal", info.DOCUMENT_INFO), _INFO),
    Place.HEADER: _HEADER,
    Place.DETAIL: in_order(rules_for("journal", lines.DETAIL), _DETAIL),
    Place.MEASURABLE: rules_for("journal", lines.MEASURABLE),
    Place.ATTACHMENT: _ATTACHMENT,
}
_STRICT: Final = ("counter.entry_gap", "counter.line_gap", "date.falls")
_whole_month = Check(_whole_month_has_entries, texts.WHOLE_MONTH_EMPTY)

JOURNAL: Final = RuleSet(
    "journal",
    {**_COMMON, Place.ACCOUNTING_ENTRIES: (*_shared[Place.ACCOUNTING_ENTRIES], Rule("journal.empty", _whole_month))},
    JournalWatch,
    ("Y071", "Y072", "Y087", *_STRICT),
)
"""The older file."""

NEWER_JOURNAL: Final = RuleSet(
    "journal",
    {
        **_COMMON,
        Place.CONTEXT_ENTITY: (
            *_COMMON[Place.CONTEXT_ENTITY],
            Rule(
                "N001",
                Check(_name_has_tax_id, texts.NAME_TAX_ID, "xbrli:identifier", expected=_tax_id_in_name),
            ),
        ),
        Place.ACCOUNTING_ENTRIES: (*_shared[Place.ACCOUNTING_ENTRIES], Rule("N002", _whole_month)),
        Place.DOCUMENT_INFO: (
            *_COMMON[Place.DOCUMENT_INFO],
            Rule(
                "N003",
                Check(_name_has_month, texts.NAME_MONTH, "gl-cor:periodCoveredStart", expected=_month_in_name),
            ),
        ),
    },
    partial(JournalWatch, sequences=False),
    ("Y072", *_STRICT),
    tests_names=True,
    since=date(2025, 1, 1),
)
"""The newer file. The day on which it came into force is not published: `validator.kinds.rule_set` takes it."""

EITHER_JOURNAL: Final = replace(
    NEWER_JOURNAL, watch=JournalWatch, watched=JOURNAL.watched, since=JOURNAL.since, note="both"
)
"""The rules of both files, as long as nobody has said from which day the newer one holds.

Whichever holds, the same documents are valid: each file's duties are kept under ids of ours where the other is in
force.
"""
DIFFERING: Final = frozenset(JOURNAL.ids) ^ frozenset(NEWER_JOURNAL.ids)
"""The rules that one file has and the other has not."""
