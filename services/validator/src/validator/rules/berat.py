"""The berat's rules: B001 to B102, for journals' and ledgers' berats alike.

GİB's file tests a berat's first line by B034 alone and the other lines of a `standard` entry by B047 alone, since a
node is tested by the first rule that fits. Here every line keeps B047 to B057 as well: a line without an amount is
wrong wherever it stands.
"""

import re
from collections import Counter
from decimal import Decimal
from itertools import product
from typing import Final

from defterhane.edefter.vocabulary import TAX_ACCOUNTS
from validator import entry_texts, texts
from validator.amounts import ZERO, decimal
from validator.facts import Facts
from validator.node import Node
from validator.rules import info, lines
from validator.rules.model import Check, Place, Rule, required, rules_for
from validator.rules.ruleset import Reporter, RuleSet, Watch, in_order, shared_rules, spot_of
from validator.rules.sequence import PlusOne, SomeLaterFollows
from validator.texts import MAKER, MISSING, SIGN, Said

_UUID = re.compile(r"[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}")
_ENTRIES = "xbrli:segment/gl-bus:numberOfEntries"
_SEGMENT_ID = "xbrli:segment/gl-cor:uniqueID"
_QUALIFIER, _INCLUDE = "gl-cor:qualifierEntry", "gl-cor:xbrlInfo/gl-cor:xbrlInclude"
_LINE, _AMOUNT = "gl-cor:lineNumber", "gl-cor:amount"
_LINES = 10
TAX_LINES: Final = {
    f"B{number:03}": (account, side)
    for number, (account, side) in enumerate(product(TAX_ACCOUNTS, ("D", "C")), start=37)
}
"""B037 to B046: the account and side that each wants a line of."""
_TAX_SIDES = frozenset((Decimal(account), side) for account, side in TAX_LINES.values())


def _entries_in_journals_alone(entity: Node, facts: Facts) -> bool:
    return facts.entries_type == "journal" or not entity.has(_ENTRIES)


def _journals_have_entries(entity: Node, facts: Facts) -> bool:
    return facts.entries_type != "journal" or entity.has(_ENTRIES)


def has_uuid(entity: Node, _: Facts) -> bool:
    """A uniqueID in the segment, if there is one, is a UUID."""
    found = entity.value(_SEGMENT_ID)
    return found is None or _UUID.fullmatch(found) is not None


def _prefix_for(kind: str, prefix: str) -> Check:
    check = info.unique_id_begins(prefix)
    return Check(lambda node, facts: facts.entries_type != kind or check.test(node, facts), check.said, check.at)


def _type_for(kind: str) -> Check:
    check = info.entries_type_is(kind)
    return Check(lambda node, facts: facts.entries_type != kind or check.test(node, facts), check.said, check.at)


def period_change(line: Node, _: Facts) -> bool:
    """xbrlInclude = 'period_change'"""
    return any(node.text == "period_change" for node in line.all(_INCLUDE))


def not_negative(line: Node, _: Facts) -> bool:
    """amount >= 0; what is missing or no number is not."""
    amount = decimal(line.value(_AMOUNT))
    return amount is not None and amount >= ZERO


def is_standard(header: Node, _: Facts) -> bool:
    """qualifierEntry = 'standard'"""
    return header.value(_QUALIFIER) == "standard"


_ROOT: Final = (
    Rule(
        "B007",
        Check(
            lambda _, facts: not facts.signed or facts.has_bare_signature_value,
            Said(MISSING, SIGN),
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
    Rule("B031", Check(lambda _, facts: facts.no_tax_detail or facts.headers == 1, entry_texts.ONE_HEADER)),
    Rule("B032", Check(lambda _, facts: not facts.no_tax_detail or facts.headers == 0, entry_texts.NO_HEADER)),
)
_HEADER: Final = (
    Rule("B033", required(_QUALIFIER, MAKER)),
    Rule("B035", Check(is_standard, entry_texts.QUALIFIER, _QUALIFIER)),
    Rule("B036", Check(lambda _, facts: facts.tally.details == _LINES, entry_texts.TEN_LINES)),
)
_DETAIL: Final = (
    Rule(
        "B034",
        Check(
            lambda line, facts: facts.tally.details != 1 or decimal(line.value(_LINE)) == Decimal(1),
            entry_texts.FIRST_LINE_ONE,
            _LINE,
        ),
    ),
    Rule(
        "B047",
        Check(
            lambda line, facts: (
                facts.header is None or not is_standard(facts.header, facts) or period_change(line, facts)
            ),
            entry_texts.PERIOD_CHANGE,
            _INCLUDE,
        ),
    ),
    Rule("B055", required(_INCLUDE, MAKER)),
    Rule("B056", Check(not_negative, entry_texts.AMOUNT_NEGATIVE, _AMOUNT)),
)


class _BeratWatch(Watch):
    """B037 to B046: each tax account once a side; B049 as GİB has it, and counter.line_gap strictly."""

    def __init__(self) -> None:
        self._lines, self._line_gap = SomeLaterFollows(), PlusOne(first=1)
        self._sides: Counter[tuple[Decimal, str]] = Counter()

    def detail(self, detail: Node, facts: Facts, reporter: Reporter) -> None:
        account = decimal(detail.value("gl-cor:account/gl-cor:accountMainID"))
        side = detail.value("gl-cor:debitCreditCode")
        if account is not None and side is not None and (account, side) in _TAX_SIDES:
            self._sides[account, side] += 1
        if (text := detail.value(_LINE)) is not None:
            number, spot = decimal(text), spot_of(detail, _LINE, facts)
            self._lines.see(number, spot)
            if (expected := self._line_gap.expected(number)) is not None:
                reporter.at("counter.line_gap", entry_texts.LINE_GAP, spot, _LINE, expected)

    def header(self, facts: Facts, reporter: Reporter) -> None:
        for spot in self._lines.unanswered():
            reporter.at("B049", entry_texts.LINE_NUMBER_SEQUENCE, spot, _LINE)
        for rule_id, (account, side) in TAX_LINES.items():
            if self._sides[Decimal(account), side] != 1 and facts.header is not None:
                spot = spot_of(facts.header, "", facts)
                reporter.at(rule_id, entry_texts.TAX_LINE, spot, "gl-cor:entryDetail", f"{account} {side}")
        self._lines, self._line_gap = SomeLaterFollows(), PlusOne(first=1)
        self._sides.clear()

    def end(self, facts: Facts, reporter: Reporter) -> None:
        """Nothing waits for the end."""


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
        Place.DETAIL: in_order(rules_for("berat", lines.DETAIL), _DETAIL),
    },
    _BeratWatch,
    ("B049", *TAX_LINES, "counter.line_gap"),
)
