"""The berat's rules: B001 to B102, for journals' and ledgers' berats alike.

GİB's file tests a berat's first line by B034 alone, the other lines of a `standard` entry by B047 alone, and only
lines of other entries by B048 to B057, since a node is tested by the first rule that fits. A line without an amount is
wrong wherever it stands: where GİB's own test is passed over, the duty is kept under an id such as `strict.B053`.
"""

import re
from collections import Counter
from dataclasses import replace
from itertools import product
from typing import Final

from defterhane.edefter.vocabulary import TAX_ACCOUNTS
from validator import entry_texts, texts
from validator.amounts import is_not_below_zero, number, number_or_nan, some_number
from validator.facts import Facts
from validator.node import Node, Undecidable
from validator.rules import info, lines
from validator.rules.model import Check, Place, Rule, Test, required, rules_for
from validator.rules.ruleset import Reporter, RuleSet, Watch, in_order, shared_rules, spot_of
from validator.rules.sequence import PlusOne, SomeLaterFollows
from validator.texts import MAKER, MISSING, SIGN_LEDGER, UNDECIDABLE, Said

_UUID = re.compile(r"[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}")
_ENTRIES = "xbrli:segment/gl-bus:numberOfEntries"
_SEGMENT_ID = "xbrli:segment/gl-cor:uniqueID"
_QUALIFIER, _INCLUDE = "gl-cor:qualifierEntry", "gl-cor:xbrlInfo/gl-cor:xbrlInclude"
_LINE, _AMOUNT = "gl-cor:lineNumber", "gl-cor:amount"
_MAIN_ID = "gl-cor:account/gl-cor:accountMainID"
_LINES = 10
TAX_LINES: Final = {
    f"B{number:03}": (account, side)
    for number, (account, side) in enumerate(product(TAX_ACCOUNTS, ("D", "C")), start=37)
}
"""B037 to B046: the account and side that each wants a line of."""


def _entries_in_journals_alone(entity: Node, facts: Facts) -> bool:
    return "journal" in facts.globals.entries_types or not entity.has(_ENTRIES)


def _journals_have_entries(entity: Node, facts: Facts) -> bool:
    return "journal" not in facts.globals.entries_types or entity.has(_ENTRIES)


def has_uuid(entity: Node, _: Facts) -> bool:
    """A uniqueID in the segment, if there is one, is a UUID."""
    return not entity.has(_SEGMENT_ID) or _UUID.fullmatch(entity.only(_SEGMENT_ID)) is not None


def _prefix_for(kind: str, prefix: str) -> Check:
    return _where_type_is(kind, info.unique_id_begins(prefix))


def _type_for(kind: str) -> Check:
    return _where_type_is(kind, info.entries_type_is(kind))


def _where_type_is(kind: str, check: Check) -> Check:
    """`not($beratTipi = kind) or …`"""
    return replace(check, test=lambda node, facts: kind not in facts.globals.entries_types or check.test(node, facts))


def period_change(line: Node, _: Facts) -> bool:
    """xbrlInclude = 'period_change'"""
    return "period_change" in line.strings(_INCLUDE)


def not_negative(line: Node, _: Facts) -> bool:
    """amount >= 0; what is missing is not."""
    return some_number(line.strings(_AMOUNT), is_not_below_zero)


def entries(_: Node, facts: Facts) -> str:
    """How many entries there are."""
    return str(facts.entries)


def is_standard(header: Node, _: Facts) -> bool:
    """qualifierEntry = 'standard'"""
    return "standard" in header.strings(_QUALIFIER)


def _is_first(_: Node, facts: Facts) -> bool:
    """Context entryHeader/entryDetail[1]: B034."""
    return facts.tally.details == 1


def _is_standard_line(line: Node, facts: Facts) -> bool:
    """Context entryHeader[qualifierEntry = 'standard']/entryDetail, but for the first line: B047."""
    return not _is_first(line, facts) and "standard" in facts.of_header(_QUALIFIER)


def _is_other_line(line: Node, facts: Facts) -> bool:
    """Context entryHeader/entryDetail, where no other one fits: B048 to B057."""
    return not _is_first(line, facts) and "standard" not in facts.of_header(_QUALIFIER)


def _only(reached: Test, rule: Rule) -> Rule:
    """A rule as GİB has it: for the lines that it reaches."""
    check = rule.check
    return Rule(rule.id, replace(check, test=lambda line, facts: not reached(line, facts) or check.test(line, facts)))


def _beyond(reached: Test, rule: Rule, lines_meant: Test = lambda _line, _facts: True) -> Rule:
    """The same rule for the lines that are meant, and that GİB's does not reach."""
    return _only(
        lambda line, facts: lines_meant(line, facts) and not reached(line, facts),
        Rule(f"strict.{rule.id}", rule.check),
    )


_ROOT: Final = (
    Rule(
        "B007",
        Check(
            lambda _, facts: not facts.signed or facts.has_bare_signature_value,
            Said(MISSING, SIGN_LEDGER),
            "ds:SignatureValue",
        ),
    ),
)
_CONTEXT: Final = (
    Rule("B003", Check(_entries_in_journals_alone, texts.NUMBER_OF_ENTRIES_FORBIDDEN, _ENTRIES)),
    Rule("B004", Check(_journals_have_entries, Said(MISSING, MAKER), _ENTRIES)),
    Rule("B005", required(_SEGMENT_ID, MAKER)),
    Rule("B006", Check(has_uuid, texts.SEGMENT_ID_UUID, _SEGMENT_ID)),
)
_SIGNATURE: Final = (
    Rule(
        "B009",
        Check(
            lambda signature, _: any(value.get("Id") is not None for value in signature.all("ds:SignatureValue")),
            texts.SIGNATURE_VALUE_ID,
        ),
    ),
)
_INFO: Final = (
    Rule("B059", _type_for("journal")),
    Rule("B060", _type_for("ledger")),
    Rule("B062", _prefix_for("journal", "YEV")),
    Rule("B063", _prefix_for("ledger", "KEB")),
)
_ACCOUNTING: Final = (
    Rule(
        "B031",
        Check(lambda _, facts: facts.no_tax_detail or facts.entries == 1, entry_texts.ONE_HEADER, value=entries),
    ),
    Rule(
        "B032",
        Check(lambda _, facts: not facts.no_tax_detail or facts.entries == 0, entry_texts.NO_HEADER, value=entries),
    ),
)
_HEADER: Final = (
    Rule("B033", required(_QUALIFIER, MAKER)),
    Rule("B035", Check(is_standard, entry_texts.QUALIFIER, _QUALIFIER)),
    Rule("B036", Check(lambda _, facts: facts.tally.details == _LINES, entry_texts.TEN_LINES, value=lines.count)),
)
_FIRST_LINE: Final = Rule(
    "B034",
    Check(
        lambda line, _: some_number(line.strings(_LINE), lambda number: number == 1), entry_texts.FIRST_LINE_ONE, _LINE
    ),
)
_STANDARD_LINE: Final = Rule("B047", Check(period_change, entry_texts.PERIOD_CHANGE, _INCLUDE))
_OTHER_LINE: Final = in_order(
    rules_for("berat", lines.DETAIL),
    (
        Rule("B055", required(_INCLUDE, MAKER)),
        Rule("B056", Check(not_negative, entry_texts.AMOUNT_NEGATIVE, _AMOUNT)),
    ),
)
_DETAIL: Final = (
    _only(_is_first, _FIRST_LINE),
    _only(_is_standard_line, _STANDARD_LINE),
    _beyond(_is_standard_line, _STANDARD_LINE, lambda _, facts: "standard" in facts.of_header(_QUALIFIER)),
    *(_only(_is_other_line, rule) for rule in _OTHER_LINE),
    *(_beyond(_is_other_line, rule) for rule in _OTHER_LINE),
)


class _BeratWatch(Watch):
    """B037 to B046: each tax account once a side; B049 as GİB has it, and counter.line_gap strictly."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self._lines, self._line_gap = SomeLaterFollows(), PlusOne(first=1)
        self._sides: Counter[str] = Counter()
        self._stopped: set[str] = set()

    def item(self, item: Node, facts: Facts) -> None:
        self._number_passes(item.strings(_LINE))

    def detail(self, detail: Node, facts: Facts, reporter: Reporter) -> None:
        accounts = detail.strings(_MAIN_ID)
        codes = detail.strings("gl-cor:debitCreditCode")
        for rule_id, (account, side) in TAX_LINES.items():
            if side in codes:
                self._count(rule_id, accounts, float(account))
        texts = detail.strings(_LINE)
        self._number_passes(texts)
        if texts:
            found, spot = number(texts[0]), spot_of(detail, _LINE, facts)
            if _is_other_line(detail, facts):
                self._lines.wait(found if len(texts) == 1 else None, spot)
            if (expected := self._line_gap.expected(found)) is not None:
                reporter.at("counter.line_gap", entry_texts.LINE_GAP, spot, _LINE, expected)

    def header(self, facts: Facts, reporter: Reporter) -> None:
        for spot in self._lines.unanswered():
            reporter.at("B049", entry_texts.LINE_NUMBER_SEQUENCE, spot, _LINE)
        for rule_id, (account, side) in TAX_LINES.items():
            if facts.header is None or (self._sides[rule_id] == 1 and rule_id not in self._stopped):
                continue
            spot = spot_of(facts.header, "", facts)
            if rule_id in self._stopped:
                reporter.at(rule_id, UNDECIDABLE, spot, f"gl-cor:entryDetail/{_MAIN_ID}")
            else:
                line = entry_texts.DEBIT_LINE if side == "D" else entry_texts.CREDIT_LINE
                found = spot.with_value(str(self._sides[rule_id]))
                reporter.at(rule_id, entry_texts.TAX_LINE, found, "gl-cor:entryDetail", line.format(account=account))
        self._reset()

    def _count(self, rule_id: str, accounts: list[str], account: float) -> None:
        try:
            self._sides[rule_id] += some_number(accounts, lambda number: number == account)
        except Undecidable:
            self._stopped.add(rule_id)

    def _number_passes(self, texts: list[str]) -> None:
        """B049 takes number() of the lineNumber of each element beside the line: two in one stop it."""
        if len(texts) > 1:
            self._lines.stop()
        elif texts:
            self._lines.answer(number_or_nan(texts[0]))


_shared = shared_rules("berat")

BERAT: Final = RuleSet(
    "berat",
    {
        **_shared,
        Place.ROOT: in_order(_ROOT, _shared[Place.ROOT]),
        Place.CONTEXT_ENTITY: _CONTEXT,
        Place.SIGNATURE: in_order(_shared[Place.SIGNATURE], _SIGNATURE),
        Place.ACCOUNTING_ENTRIES: in_order(_shared[Place.ACCOUNTING_ENTRIES], _ACCOUNTING),
        Place.DOCUMENT_INFO: in_order(rules_for("berat", info.DOCUMENT_INFO), _INFO),
        Place.HEADER: _HEADER,
        Place.DETAIL: _DETAIL,
    },
    _BeratWatch,
    ("B049", *TAX_LINES, "counter.line_gap"),
)
