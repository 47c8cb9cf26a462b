"""The report's rules. Nothing official exists for it, so all ids are ours.

What frame, documentInfo and entityInformation must keep is as in a berat, under ids such as `report.B058`. The
entry is one, `standard`, with two lines for each main account in order, debit then credit; debits equal credits.
"""

from typing import Final

from validator import entry_texts, texts
from validator.amounts import ZERO, decimal, number, plus
from validator.facts import Facts
from validator.node import Node
from validator.rules import info, lines
from validator.rules.berat import entries, has_uuid, is_standard, not_negative, period_change
from validator.rules.model import Check, Place, Rule, required, rules_for
from validator.rules.ruleset import Reporter, RuleSet, Watch, shared_rules, spot_of
from validator.rules.sequence import PlusOne, Spot
from validator.shown import amount_text
from validator.texts import MAKER

_SEGMENT_ID = "xbrli:segment/gl-cor:uniqueID"
_QUALIFIER, _INCLUDE = "gl-cor:qualifierEntry", "gl-cor:xbrlInfo/gl-cor:xbrlInclude"
_LINE, _AMOUNT, _COUNT = "gl-cor:lineNumber", "gl-cor:amount", "gl-cor:documentApplyToNumber"
_MAIN_ID, _SIDE = "gl-cor:account/gl-cor:accountMainID", "gl-cor:debitCreditCode"


def _count_is_number(line: Node, _: Facts) -> bool:
    text = line.normal(_COUNT)
    return text.isascii() and text.isdigit()


_CONTEXT: Final = (
    Rule("report.uuid_missing", required(_SEGMENT_ID, MAKER)),
    Rule("report.uuid", Check(has_uuid, texts.SEGMENT_ID_UUID, _SEGMENT_ID)),
)
_INFO: Final = (
    Rule("report.entries_type", info.entries_type_is("trialbalance")),
    Rule("report.unique_id", info.unique_id_begins("EDR")),
)
_ACCOUNTING: Final = (
    Rule("report.header", Check(lambda _, facts: facts.entries == 1, entry_texts.ONE_HEADER, value=entries)),
)
_HEADER: Final = (Rule("report.qualifier", Check(is_standard, entry_texts.QUALIFIER, _QUALIFIER)),)
_DETAIL: Final = (
    Rule("report.line_count", Check(_count_is_number, entry_texts.REPORT_COUNT, _COUNT)),
    Rule("report.period_change", Check(period_change, entry_texts.PERIOD_CHANGE, _INCLUDE)),
    Rule("report.amount", Check(not_negative, entry_texts.AMOUNT_NEGATIVE, _AMOUNT)),
)


class _ReportWatch(Watch):
    """Pairs of lines, order of accounts, line numbers from 1, and the balance."""

    def __init__(self) -> None:
        self._line_gap = PlusOne(first=1)
        self._open: str | None = None  # the account whose debit line has come, its credit line not yet
        self._last: str | None = None
        self._debit, self._credit = ZERO, ZERO

    def detail(self, detail: Node, facts: Facts, reporter: Reporter) -> None:
        self._number(detail, facts, reporter)
        account, side = detail.normal(_MAIN_ID), detail.normal(_SIDE)
        amount = decimal(detail.value(_AMOUNT)) or ZERO
        if side == "D":
            self._debit = plus(self._debit, amount)
            if self._open is not None:
                self._pair_broken(detail, facts, reporter)
            if self._last is not None and account <= self._last:
                spot = spot_of(detail, _MAIN_ID, facts)
                reporter.at("report.order", entry_texts.REPORT_ORDER, spot, _MAIN_ID, self._last)
            self._open = self._last = account
            return
        self._credit = plus(self._credit, amount)
        if self._open != account:
            self._pair_broken(detail, facts, reporter)
        self._open = None

    def header(self, facts: Facts, reporter: Reporter) -> None:
        if self._open is not None and facts.header is not None:
            self._pair_broken(facts.header, facts, reporter)
            self._open = None

    def end(self, facts: Facts, reporter: Reporter) -> None:
        if self._debit != self._credit:
            spot = Spot(None, amount_text(self._debit))
            reporter.at("report.unbalanced", entry_texts.REPORT_UNBALANCED, spot, _AMOUNT, amount_text(self._credit))

    def _number(self, detail: Node, facts: Facts, reporter: Reporter) -> None:
        text = detail.value(_LINE)
        if text is not None and (expected := self._line_gap.expected(number(text))) is not None:
            reporter.at("counter.line_gap", entry_texts.LINE_GAP, spot_of(detail, _LINE, facts), _LINE, expected)

    def _pair_broken(self, node: Node, facts: Facts, reporter: Reporter) -> None:
        value = self._open if self._open is not None else node.normal(_MAIN_ID)
        reporter.at("report.pair", entry_texts.REPORT_PAIR, spot_of(node, "", facts).with_value(value), _MAIN_ID)


_shared = shared_rules("report")

REPORT: Final = RuleSet(
    "report",
    {
        **_shared,
        Place.CONTEXT_ENTITY: _CONTEXT,
        Place.DOCUMENT_INFO: (*rules_for("report", info.DOCUMENT_INFO), *_INFO),
        Place.ACCOUNTING_ENTRIES: (*_shared[Place.ACCOUNTING_ENTRIES], *_ACCOUNTING),
        Place.HEADER: _HEADER,
        Place.DETAIL: (*rules_for("report", lines.DETAIL), *_DETAIL),
    },
    _ReportWatch,
    ("report.pair", "report.order", "report.unbalanced", "counter.line_gap"),
)
