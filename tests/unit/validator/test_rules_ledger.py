"""The ledger's own rules."""

from pathlib import Path

import pytest

from defterhane.edefter.kinds import DocumentKind
from support.golden_documents import (
    Change,
    after,
    at,
    changed,
    inside,
    moved_before,
    name_of,
    rules_of,
    text,
    twice,
    verdict,
    without,
)

K = DocumentKind.LEDGER
CASH, GOODS, SALES = 0, 1, 5
"""Places of the entryHeaders of 100 (without subs), 153.01 and 600.01."""


def second_line(counter: str) -> Change:
    """153.01 gets a second line of 0.50, from this entry; its total grows by as much."""

    def change(root: object) -> None:
        twice("gl-cor:entryHeader[2]/gl-cor:entryDetail")(root)
        header = at(root, "gl-cor:entryHeader", GOODS)
        at(header, "gl-cor:amount", 1).text = "0.50"
        at(header, "gl-cor:lineNumberCounter", 1).text = counter
        at(header, "gl-bus:totalDebit").text = "1000.50"

    return change


BROKEN: dict[str, tuple[str, tuple[Change, ...]]] = {
    "number of entries": (
        "K003",
        (
            inside(
                "xbrli:entity",
                "<xbrli:segment>"
                '<gl-bus:numberOfEntries contextRef="{context}" unitRef="countable">2</gl-bus:numberOfEntries>'
                "</xbrli:segment>",
            ),
        ),
    ),
    "id in the segment": (
        "K004",
        (
            inside(
                "xbrli:entity",
                '<xbrli:segment><gl-cor:uniqueID contextRef="{context}">x</gl-cor:uniqueID></xbrli:segment>',
            ),
        ),
    ),
    "an attachment": (
        "K006",
        (
            after(
                "xbrli:xbrl",
                "<extensions><extension><defterek:binaryObject>JVBERg==</defterek:binaryObject></extension></extensions>",
            ),
        ),
    ),
    "no units": ("K018 K020 reference.unknown", (without("xbrli:unit"), without("xbrli:unit"))),
    "no accounting entries": ("K019", (without("gl-cor:accountingEntries"),)),
    "no document info": ("K026 K102", (without("gl-cor:documentInfo"),)),
    "another kind": ("K032", (text("gl-cor:entriesType", "journal"),)),
    "no kind": ("K031 K032", (without("gl-cor:entriesType"),)),
    "a journal's id": ("K034", (text("gl-cor:documentInfo/gl-cor:uniqueID", "YEV202503000003"),)),
    "another month in the id": ("K044", (text("gl-cor:documentInfo/gl-cor:uniqueID", "KEB202504000003"),)),
    "no start": ("K037 K039 K042 K043 K102", (without("gl-cor:periodCoveredStart"),)),
    "no end": ("K038 K039 K040 K042 K043 K102", (without("gl-cor:periodCoveredEnd"),)),
    "end before start": (
        "K039 K102",
        (text("gl-cor:periodCoveredStart", "2025-03-31"), text("gl-cor:periodCoveredEnd", "2025-03-01")),
    ),
    "two years": (
        "K042",
        (text("gl-cor:periodCoveredEnd", "2026-03-31"), text("gl-cor:creationDate", "2026-04-02")),
    ),
    "two months": ("K043", (text("gl-cor:periodCoveredEnd", "2025-04-01"),)),
    "main accounts out of order": ("K028", (moved_before("gl-cor:entryHeader", "gl-cor:entryHeader", SALES, 0),)),
    "an account without subs twice": ("K029", (twice("gl-cor:entryHeader", CASH),)),
    "a sub-account twice": ("K030", (twice("gl-cor:entryHeader", GOODS),)),
    "no total debit": ("K074 K077 K080 K083", (without("gl-bus:totalDebit", GOODS),)),
    "no total credit": ("K075 K078 K079 K080 K084", (without("gl-bus:totalCredit", GOODS),)),
    "no line": ("K076 K080 K081", (without("gl-cor:entryDetail", GOODS),)),
    "negative debit": ("K077 K079 K080 K083", (text("gl-bus:totalDebit", "-1.00", SALES),)),
    "negative credit": ("K078 K079 K080 K084", (text("gl-bus:totalCredit", "-1.00", GOODS),)),
    "both totals": (
        "K079",
        (text("gl-bus:totalDebit", "1500.00", GOODS), text("gl-bus:totalCredit", "500.00", GOODS)),
    ),
    "wrong balance": ("K080", (text("gl-bus:totalDebit", "1000.01", GOODS),)),
    "two main accounts": (
        "K081",
        (
            second_line("11"),
            text("gl-cor:accountMainID", "15", 2),
            text("gl-cor:accountMainID", "1530", 2),
            text("gl-cor:accountSubID", "1530", 1),
            text("gl-cor:accountSubID", "1530", 0),
        ),
    ),
    "two sub-accounts": ("K082", (second_line("11"), text("gl-cor:accountSubID", "153.02", 1))),
    "debit of three decimals": ("K083", (text("gl-bus:totalDebit", "1000.000", GOODS),)),
    "credit of three decimals": ("K084", (text("gl-bus:totalCredit", "0.000", GOODS),)),
    "no line's entry number": ("K086", (without("gl-cor:lineNumberCounter"),)),
    "entry numbers fall": ("K087", (second_line("10"),)),
    "no account": ("K088 K081", (without("gl-cor:account"),)),
    "main account of 2": ("K089", (text("gl-cor:accountMainID", "10", 0),)),
    "no sub-account's code": ("K091", (without("gl-cor:accountSubID"),)),
    "no sub-account's name": ("K092", (without("gl-cor:accountSubDescription"),)),
    "sub-account elsewhere": ("K093", (text("gl-cor:accountSubID", "154.01"),)),
    "no amount": ("K094 K110 K080", (without("gl-cor:amount"),)),
    "amount 0": ("K095 K080", (text("gl-cor:amount", "0.00"),)),
    "amount of three decimals": ("K110", (text("gl-cor:amount", "600.000"),)),
    "currency without the books'": (
        "K096",
        (after("gl-cor:amount", '<gl-muc:amountCurrency contextRef="{context}">iso4217:TRY</gl-muc:amountCurrency>'),),
    ),
    "no side": ("K100 K080", (without("gl-cor:debitCreditCode"),)),
    "no posting date": ("K101", (without("gl-cor:postingDate"),)),
    "posted before the period": ("K102", (text("gl-cor:postingDate", "2025-02-28"),)),
    "posted after the period": ("K102", (text("gl-cor:postingDate", "2025-04-01"),)),
    "other without a name": ("K103", (without("gl-cor:documentTypeDescription"),)),
    "other without number": ("K104", (without("gl-cor:documentNumber", CASH),)),
    "invoice without date": ("K105", (without("gl-cor:documentDate", GOODS),)),
    "check without number": ("K106", (text("gl-cor:documentType", "check"), without("gl-cor:documentNumber"))),
    "number without type": ("K107", (without("gl-cor:documentType", GOODS), without("gl-cor:documentDate", GOODS))),
    "date without type": ("K108", (without("gl-cor:documentType", GOODS), without("gl-cor:documentNumber", GOODS))),
    "unknown context": (
        "reference.unknown",
        (
            text("xbrli:identifier", "4817263504"),
            lambda root: at(root, "gl-cor:amount").set("contextRef", "journal_context"),
        ),
    ),
}

NEAR: dict[str, tuple[Change, ...]] = {
    "two lines of one entry": (second_line("11"),),
    "a later entry": (second_line("12"),),
    "another sub-account of a main account": (
        twice("gl-cor:entryHeader", GOODS),
        text("gl-cor:accountSubID", "153.02", 1),
    ),
    "posted on the last day": (text("gl-cor:postingDate", "2025-03-31"),),
    "a main account with and without subs": (
        twice("gl-cor:entryHeader", GOODS),
        without("gl-cor:accountSub", 1),
    ),
    "a blank payment": (text("gl-bus:paymentMethod", " "),),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_named(case: str, tmp_path: Path) -> None:
    ids, changes = BROKEN[case]
    assert rules_of(verdict(changed(K, *changes), tmp_path)) == set(ids.split())


@pytest.mark.parametrize("case", NEAR)
def test_what_is_just_right_is_left_in_peace(case: str, tmp_path: Path) -> None:
    assert rules_of(verdict(changed(K, *NEAR[case]), tmp_path), without_schema=False) == set()


@pytest.mark.parametrize(
    ("old", "new"), [("4817263504", "1234567808"), ("202503", "202504"), ("-K-", "-Y-"), ("000000", "000001-0002")]
)
def test_the_file_name_and_the_document_agree(old: str, new: str, tmp_path: Path) -> None:
    found = verdict(changed(K), tmp_path, name_of(K).replace(old, new))
    assert rules_of(found) == {"name.mismatch"}
    assert found.kind is K


def test_a_finding_names_the_account(tmp_path: Path) -> None:
    found = verdict(changed(K, text("gl-bus:totalDebit", "1000.01", GOODS)), tmp_path)
    (finding,) = found.findings
    assert (finding.rule, finding.entry, finding.account, finding.value) == ("K080", "153.01", "153.01", "1000.01")
