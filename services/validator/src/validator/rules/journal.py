"""The journal's rules: Y001 to Y128, N001 to N003 of the newer file, and strict duties of ours."""

from typing import Final

from validator import entry_texts, texts
from validator.amounts import decimal
from validator.facts import Facts
from validator.node import Node
from validator.rules import info, lines
from validator.rules.lines import at_most_two_decimals, totals_match
from validator.rules.model import Check, Place, Rule, required, rules_for
from validator.rules.ruleset import Reporter, RuleSet, Watch, in_order, shared_rules, spot_of
from validator.rules.sequence import NeverFalls, PlusOne, SomeLaterFollows, SomeLaterNotBefore
from validator.texts import BLANK, ERP, NUMBERS, Said

_BY, _DATE = "gl-cor:enteredBy", "gl-cor:enteredDate"
_COUNTER, _LINE = "gl-cor:entryNumberCounter", "gl-cor:lineNumber"
_DEBIT, _CREDIT = "gl-bus:totalDebit", "gl-bus:totalCredit"
_PAYMENT = "gl-bus:paymentMethod"
_SHORTEST_NAME = 2
_FEWEST_LINES = 2


def _in_period(header: Node, facts: Facts) -> bool:
    day = header.value(_DATE)
    return day is None or (info.not_before(day, facts.start) and info.not_before(facts.end, day))


def _same_totals(header: Node, _: Facts) -> bool:
    """Two untyped values compare as strings: 5000.00 is not 5000.0."""
    debit = header.value(_DEBIT)
    return debit is not None and debit == header.value(_CREDIT)


def _counter_is_the_entrys(line: Node, facts: Facts) -> bool:
    counter = facts.header.value(_COUNTER) if facts.header is not None else None
    found = line.value("gl-cor:lineNumberCounter")
    return found is None or counter is None or found == counter


def _posted_when_entered(line: Node, facts: Facts) -> bool:
    entered = facts.header.value(_DATE) if facts.header is not None else None
    posted = line.value("gl-cor:postingDate")
    return posted is None or entered is None or posted == entered


def _refers_to_voucher(line: Node, facts: Facts) -> bool:
    voucher = facts.header.value("gl-cor:entryNumber") if facts.header is not None else None
    reference = line.value("gl-cor:documentReference")
    return reference is None or voucher is None or reference == voucher


def _name_has_tax_id(_: Node, facts: Facts) -> bool:
    return facts.name_parts is None or f"{facts.tax_id}-" in (facts.name or "")


def _whole_month_has_entries(_: Node, facts: Facts) -> bool:
    return facts.name_parts is None or "Y-000000" not in (facts.name or "") or facts.headers > 0


def _name_has_month(_: Node, facts: Facts) -> bool:
    return facts.name_parts is None or f"-{facts.month}-" in (facts.name or "")


_CONTEXT: Final = (Rule("N001", Check(_name_has_tax_id, texts.NAME_TAX_ID, "xbrli:identifier")),)
_INFO: Final = (
    Rule("Y029", info.entries_type_is("journal")),
    Rule("Y031", info.unique_id_begins("YEV")),
    Rule("N003", Check(_name_has_month, texts.NAME_MONTH, "gl-cor:periodCoveredStart")),
)
_HEADER: Final = (
    Rule("Y073", required(_BY, ERP)),
    Rule(
        "Y074",
        Check(
            lambda header, _: not header.has(_BY) or len(header.normal(_BY)) >= _SHORTEST_NAME,
            entry_texts.ENTERED_BY_SHORT,
            _BY,
        ),
    ),
    Rule("Y075", required(_DATE, ERP)),
    Rule("Y076", Check(_in_period, entry_texts.ENTERED_DATE_OUTSIDE, _DATE)),
    Rule("Y077", required(_DEBIT, ERP)),
    Rule("Y078", required(_CREDIT, ERP)),
    Rule("Y079", required(_COUNTER, NUMBERS)),
    Rule("Y080", Check(lambda _, facts: facts.tally.details >= _FEWEST_LINES, entry_texts.TWO_LINES)),
    Rule("Y081", Check(_same_totals, entry_texts.UNBALANCED, _DEBIT)),
    Rule(
        "Y082",
        Check(
            lambda header, facts: totals_match(header.value(_DEBIT), facts.tally.debit), entry_texts.DEBIT_SUM, _DEBIT
        ),
    ),
    Rule(
        "Y083",
        Check(
            lambda header, facts: totals_match(header.value(_CREDIT), facts.tally.credit),
            entry_texts.CREDIT_SUM,
            _CREDIT,
        ),
    ),
    Rule("Y084", at_most_two_decimals(_DEBIT)),
    Rule("Y085", at_most_two_decimals(_CREDIT)),
)
_DETAIL: Final = (
    Rule("Y089", Check(_counter_is_the_entrys, entry_texts.LINE_ENTRY_NUMBER, "gl-cor:lineNumberCounter")),
    Rule("Y104", Check(_posted_when_entered, entry_texts.POSTING_DATE, "gl-cor:postingDate")),
    Rule("Y111", Check(_refers_to_voucher, entry_texts.DOCUMENT_REFERENCE, "gl-cor:documentReference")),
    Rule(
        "Y112",
        Check(lambda line, _: not line.has(_PAYMENT) or line.normal(_PAYMENT) != "", Said(BLANK, ERP), _PAYMENT),
    ),
)
_ATTACHMENT: Final = (
    Rule("Y126", Check(lambda file, _: file.get("mimeCode") == "application/pdf", entry_texts.ATTACHMENT_TYPE)),
    Rule("Y127", Check(lambda file, _: (file.get("filename") or "").endswith(".pdf"), entry_texts.ATTACHMENT_NAME)),
    Rule("Y128", Check(lambda file, _: file.text.strip(" \t\r\n") != "", entry_texts.ATTACHMENT_EMPTY)),
)


class _JournalWatch(Watch):
    """Y071, Y072 and Y087 as GİB has them; counter.entry_gap, counter.line_gap and date.falls, strictly."""

    def __init__(self) -> None:
        self._entries, self._dates, self._lines = SomeLaterFollows(), SomeLaterNotBefore(), SomeLaterFollows()
        self._entry_gap, self._line_gap, self._date_falls = PlusOne(), PlusOne(), NeverFalls()

    def detail(self, detail: Node, facts: Facts, reporter: Reporter) -> None:
        text = detail.value(_LINE)
        if text is None:
            return
        number, spot = decimal(text), spot_of(detail, _LINE, facts)
        self._lines.see(number, spot)
        if (expected := self._line_gap.expected(number)) is not None:
            reporter.at("counter.line_gap", entry_texts.LINE_GAP, spot, _LINE, expected)

    def header(self, facts: Facts, reporter: Reporter) -> None:
        header = facts.header
        if header is None:
            return
        if (text := header.value(_COUNTER)) is not None:
            number, spot = decimal(text), spot_of(header, _COUNTER, facts)
            self._entries.see(number, spot)
            if (expected := self._entry_gap.expected(number)) is not None:
                reporter.at("counter.entry_gap", entry_texts.ENTRY_GAP, spot, _COUNTER, expected)
        if (day := header.value(_DATE)) is not None:
            spot = spot_of(header, _DATE, facts)
            self._dates.see(day, spot)
            if (expected := self._date_falls.expected(day)) is not None:
                reporter.at("date.falls", entry_texts.DATE_FALLS, spot, _DATE, expected)

    def end(self, facts: Facts, reporter: Reporter) -> None:
        for spot in self._entries.unanswered():
            reporter.at("Y071", entry_texts.ENTRY_NUMBER_SEQUENCE, spot, _COUNTER)
        for spot in self._dates.unanswered():
            reporter.at("Y072", entry_texts.DATE_SEQUENCE, spot, _DATE)
        for spot in self._lines.unanswered():
            reporter.at("Y087", entry_texts.LINE_NUMBER_SEQUENCE, spot, _LINE)


_shared = shared_rules("journal")

JOURNAL: Final = RuleSet(
    "journal",
    {
        **_shared,
        Place.CONTEXT_ENTITY: (*_shared[Place.CONTEXT_ENTITY], *_CONTEXT),
        Place.ACCOUNTING_ENTRIES: (
            *_shared[Place.ACCOUNTING_ENTRIES],
            Rule("N002", Check(_whole_month_has_entries, texts.WHOLE_MONTH_EMPTY)),
        ),
        Place.DOCUMENT_INFO: in_order(rules_for("journal", info.DOCUMENT_INFO), _INFO),
        Place.HEADER: _HEADER,
        Place.DETAIL: in_order(rules_for("journal", lines.DETAIL), _DETAIL),
        Place.MEASURABLE: rules_for("journal", lines.MEASURABLE),
        Place.ATTACHMENT: _ATTACHMENT,
    },
    _JournalWatch,
    ("Y071", "Y072", "Y087", "counter.entry_gap", "counter.line_gap", "date.falls"),
)
