"""The berat's own rules, in journals' and ledgers' berats."""

from pathlib import Path

import pytest
from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from support.golden_documents import (
    Change,
    after,
    all_texts,
    at,
    changed,
    inside,
    name_of,
    rules_of,
    signed,
    text,
    twice,
    verdict,
    without,
)

YB, KB = DocumentKind.JOURNAL_BERAT, DocumentKind.LEDGER_BERAT
NO_DETAIL = inside(
    "xbrli:segment",
    '<gl-cor:identifierAuthorityCode contextRef="{context}">VERGI_DETAYSIZ</gl-cor:identifierAuthorityCode>',
)
ENTRIES = '<gl-bus:numberOfEntries contextRef="{context}" unitRef="countable">2</gl-bus:numberOfEntries>'
SEGMENT_ID = "xbrli:segment/gl-cor:uniqueID"


OTHER_ENTRY = text("gl-cor:qualifierEntry", "other")


def moved_after(path: str, other: str) -> Change:
    """Put an element after another one."""

    def change(root: etree._Element) -> None:
        at(root, other).addnext(at(root, path))

    return change


def line_of(number: int) -> tuple[Change, ...]:
    """Take one of the ten lines away, and number the rest anew."""
    numbers = [str(index + 1) for index in range(9)]
    return (
        without("gl-cor:entryDetail", number - 1),
        *(text("gl-cor:lineNumber", value, index) for index, value in enumerate(numbers)),
    )


BROKEN: dict[str, tuple[DocumentKind, str, tuple[Change, ...]]] = {
    "entries in a ledger's": (KB, "B003", (inside("xbrli:segment", ENTRIES),)),
    "no entries in a journal's": (YB, "B004", (without("gl-bus:numberOfEntries"),)),
    "no UUID": (YB, "B005", (without(SEGMENT_ID),)),
    "no UUID at all": (KB, "B006", (text(SEGMENT_ID, "KEB202503000003"),)),
    "UUID in braces": (YB, "B006", (text(SEGMENT_ID, "{6f1d2c3b-4a59-4871-9e0f-1a2b3c4d5e6f}"),)),
    "no ledger's signature": (YB, "B007", (signed, without("/*/ds:SignatureValue"))),
    "an attachment": (
        YB,
        "B008",
        (
            after(
                "xbrli:xbrl",
                "<extensions><extension><defterek:binaryObject>JVBERg==</defterek:binaryObject></extension></extensions>",
            ),
        ),
    ),
    "signature value without Id": (
        KB,
        "B009",
        (signed, lambda root: root[-1][1].attrib.pop("Id")),
    ),
    "no units": (KB, "B021 B023 reference.unknown", (without("xbrli:unit"), without("xbrli:unit"))),
    "no accounting entries": (YB, "B022 B003", (without("gl-cor:accountingEntries"),)),
    "no document info": (KB, "B029", (without("gl-cor:documentInfo"),)),
    "no header": (YB, "B031", (without("gl-cor:entryHeader"),)),
    "two headers": (KB, "B031", (twice("gl-cor:entryHeader"),)),
    "header without details": (YB, "B032", (NO_DETAIL,)),
    "no qualifier": (YB, "B033 B035", (without("gl-cor:qualifierEntry"),)),
    "first line is 2": (
        YB,
        "B034 counter.line_gap",
        tuple(text("gl-cor:lineNumber", str(index + 2), index) for index in range(10)),
    ),
    "another qualifier": (KB, "B035", (text("gl-cor:qualifierEntry", "other"),)),
    **{f"no line {number}": (YB, f"B036 B{36 + number:03}", line_of(number)) for number in range(1, 11)},
    "a line twice": (KB, "B036 B046 counter.line_gap", (twice("gl-cor:entryDetail", 9),)),
    "another balance": (YB, "B047", (text("gl-cor:xbrlInclude", "ending_balance", 3),)),
    "no balance": (KB, "B047 strict.B055", (without("gl-cor:xbrlInclude", 3),)),
    "lines' numbers": (YB, "counter.line_gap", (text("gl-cor:lineNumber", "7", 4),)),
    "no account": (YB, "strict.B050 B040", (without("gl-cor:account", 3),)),
    "main account of 2": (YB, "strict.B051 B046", (text("gl-cor:accountMainID", "60", -1),)),
    "no amount": (KB, "strict.B053 strict.B056 strict.B057", (without("gl-cor:amount", 2),)),
    "no side": (YB, "strict.B054 B041", (without("gl-cor:debitCreditCode", 4),)),
    "negative amount": (YB, "strict.B056 strict.B057", (text("gl-cor:amount", "-0.01", 4),)),
    "amount of three decimals": (KB, "strict.B057", (text("gl-cor:amount", "0.001", 4),)),
    # lines of an entry that is not `standard`: B048 to B057 hold for all but the first
    **{
        f"in another entry: {rule}": (YB, f"B035 {rule}", (OTHER_ENTRY, *changes))
        for rule, changes in {
            "B048": (without("gl-cor:lineNumber", -1),),
            "B049 counter.line_gap": (text("gl-cor:lineNumber", "11", -1),),
            "B050 B046": (without("gl-cor:account", -1),),
            "B051 B046": (text("gl-cor:accountMainID", "60", -1),),
            "B052": (without("gl-cor:accountMainDescription", -1),),
            "B053 B056 B057": (without("gl-cor:amount", -1),),
            "B054 B046": (without("gl-cor:debitCreditCode", -1),),
            "B055": (without("gl-cor:xbrlInclude", -1),),
            "B056 B057": (text("gl-cor:amount", "-1", -1),),
            "B057": (text("gl-cor:amount", "0.001", -1),),
        }.items()
    },
    "in another entry: the first line": (
        YB,
        "B035 strict.B053 strict.B056 strict.B057",
        (OTHER_ENTRY, without("gl-cor:amount")),
    ),
    "standard, as its end says": (
        YB,
        "B047 strict.B055",
        (moved_after("gl-cor:qualifierEntry", "gl-cor:entryDetail[10]"), without("gl-cor:xbrlInclude", 3)),
    ),
    "no kind": (YB, "B058 B003", (without("gl-cor:entriesType"),)),
    "a ledger's id": (YB, "B062", (text("gl-cor:documentInfo/gl-cor:uniqueID", "KEB202503000003"),)),
    "a journal's id": (KB, "B063", (text("gl-cor:documentInfo/gl-cor:uniqueID", "YEV202503000003"),)),
    "another month in the id": (
        KB,
        "B073",
        (text("gl-cor:documentInfo/gl-cor:uniqueID", "KEB202503000003".replace("03", "04", 1)),),
    ),
    "no start": (YB, "B066 B068 B071 B072", (without("gl-cor:periodCoveredStart"),)),
    "no end": (KB, "B067 B068 B069 B071 B072", (without("gl-cor:periodCoveredEnd"),)),
    "end before start": (
        YB,
        "B068",
        (text("gl-cor:periodCoveredStart", "2025-03-31"), text("gl-cor:periodCoveredEnd", "2025-03-01")),
    ),
    "two years": (
        YB,
        "B071",
        (text("gl-cor:periodCoveredEnd", "2026-03-31"), text("gl-cor:creationDate", "2026-04-02")),
    ),
    "two months": (KB, "B072", (text("gl-cor:periodCoveredEnd", "2025-04-01"),)),
}

NEAR: dict[str, tuple[DocumentKind, tuple[Change, ...]]] = {
    "no tax details": (YB, (NO_DETAIL, without("gl-cor:entryHeader"))),
    "capital UUID": (KB, (text(SEGMENT_ID, "0A9B8C7D-6E5F-4A3B-8C2D-1E0F9A8B7C6D"),)),
    "nothing but zeros": (YB, (all_texts("gl-cor:amount", "0"),)),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_named(case: str, tmp_path: Path) -> None:
    kind, ids, changes = BROKEN[case]
    assert rules_of(verdict(changed(kind, *changes), tmp_path)) == set(ids.split())


@pytest.mark.parametrize("case", NEAR)
def test_what_is_just_right_is_left_in_peace(case: str, tmp_path: Path) -> None:
    kind, changes = NEAR[case]
    assert rules_of(verdict(changed(kind, *changes), tmp_path), without_schema=False) == set()


def test_a_ledgers_name_on_a_journals_berat(tmp_path: Path) -> None:
    found = verdict(changed(YB), tmp_path, name_of(KB))
    assert found.kind is YB
    assert rules_of(found) == {"name.mismatch"}


def test_a_berats_name_on_a_journal(tmp_path: Path) -> None:
    found = verdict(changed(DocumentKind.JOURNAL), tmp_path, name_of(YB))
    assert rules_of(found) == {"B002", "name.mismatch"}
