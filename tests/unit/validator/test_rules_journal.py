"""The journal's own rules, and the strict duties beside them."""

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from support.golden_documents import (
    Change,
    after,
    all_texts,
    at,
    attribute,
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
from validator.check import Verdict, check_document

Y = DocumentKind.JOURNAL
FIRST_LINE = "gl-cor:entryDetail[gl-cor:lineNumber='31']"
CREDIT_LINE = "gl-cor:entryDetail[gl-cor:lineNumber='33']"
SECOND = "gl-cor:entryHeader[gl-cor:entryNumberCounter='12']"
UNIT_OF_BOOKS = '<gl-muc:defaultCurrency contextRef="{context}">iso4217:TRY</gl-muc:defaultCurrency>'
ORIGINAL = '<gl-muc:amountOriginal%s contextRef="{context}"%s>%s</gl-muc:amountOriginal%s>'
RATE_DATE = ORIGINAL % ("ExchangeRateDate", "", "2025-03-04", "ExchangeRateDate")
AMOUNT = ORIGINAL % ("Amount", ' decimals="INF" unitRef="try"', "25.00", "Amount")
CURRENCY = ORIGINAL % ("Currency", "", "iso4217:EUR", "Currency")
RATE = ORIGINAL % ("ExchangeRate", ' decimals="INF" unitRef="countable"', "40", "ExchangeRate")
MEASURABLE = """<gl-bus:measurable>
<gl-bus:measurableCode contextRef="{context}">NT</gl-bus:measurableCode>
<gl-bus:measurableCodeDescription contextRef="{context}">Maddi Olmayan Kalemler</gl-bus:measurableCodeDescription>
<gl-bus:measurableQuantity contextRef="{context}" unitRef="countable">4</gl-bus:measurableQuantity>
<gl-bus:measurableQualifier contextRef="{context}">Fon</gl-bus:measurableQualifier>
<gl-bus:measurableUnitOfMeasure contextRef="{context}">Adet</gl-bus:measurableUnitOfMeasure>
<gl-bus:measurableCostPerUnit contextRef="{context}" unitRef="try">250.00</gl-bus:measurableCostPerUnit>
</gl-bus:measurable>"""
MEASURED = inside(FIRST_LINE, MEASURABLE)
ATTACHED = after(
    "xbrli:xbrl",
    '<extensions><extension><defterek:binaryObject mimeCode="application/pdf" filename="fatura.pdf">JVBERg=='
    "</defterek:binaryObject></extension></extensions>",
)
SEGMENT = "<xbrli:segment>%s</xbrli:segment>"


def moved_after(path: str, other: str) -> Change:
    """Put an element after another one."""

    def change(root: etree._Element) -> None:
        at(root, other).addnext(at(root, path))

    return change


def numbered(*numbers: str, path: str = "gl-cor:lineNumber") -> tuple[Change, ...]:
    """Give the elements at a path these texts, in order."""
    return tuple(text(path, number, index) for index, number in enumerate(numbers))


def entries(*numbers: str) -> tuple[Change, ...]:
    """Number the two entries, and their lines to fit."""
    return (
        *(text("gl-cor:entryNumberCounter", number, index) for index, number in enumerate(numbers)),
        *(text("gl-cor:lineNumberCounter", numbers[index // 3], index) for index in range(6)),
    )


def another_entry(counter: str, *lines: str) -> Change:
    """A third entry after the second, with these numbers."""

    def change(root: object) -> None:
        twice("gl-cor:entryHeader", 1)(root)
        third = at(root, "gl-cor:entryHeader", 2)
        at(third, "gl-cor:entryNumberCounter").text = counter
        for index, line in enumerate(lines):
            at(third, "gl-cor:lineNumber", index).text = line
            at(third, "gl-cor:lineNumberCounter", index).text = counter

    return change


BROKEN: dict[str, tuple[str, tuple[Change, ...]]] = {
    "number of entries": (
        "Y003",
        (
            inside(
                "xbrli:entity",
                SEGMENT
                % '<gl-bus:numberOfEntries contextRef="{context}" unitRef="countable">2</gl-bus:numberOfEntries>',
            ),
        ),
    ),
    "id in the segment": (
        "Y004",
        (inside("xbrli:entity", SEGMENT % '<gl-cor:uniqueID contextRef="{context}">x</gl-cor:uniqueID>'),),
    ),
    "no units": ("Y017 Y019 Y020 reference.unknown", (without("xbrli:unit"), without("xbrli:unit"))),
    "no currency": (
        "Y020 reference.unknown",
        (without("xbrli:unit"),),
    ),
    "no entries": ("Y018", (without("gl-cor:accountingEntries"),)),
    "no document info": (
        "Y026 Y076",
        (without("gl-cor:documentInfo"),),
    ),
    "another kind": ("Y029", (text("gl-cor:entriesType", "ledger"),)),
    "no kind": ("Y028 Y029", (without("gl-cor:entriesType"),)),
    "a ledger's id": ("Y031", (text("gl-cor:documentInfo/gl-cor:uniqueID", "KEB202503000003"),)),
    "another month in the id": ("Y041", (text("gl-cor:documentInfo/gl-cor:uniqueID", "YEV202502000003"),)),
    "no start": ("Y034 Y036 Y039 Y040 Y076", (without("gl-cor:periodCoveredStart"),)),
    "no end": ("Y035 Y036 Y037 Y039 Y040 Y076", (without("gl-cor:periodCoveredEnd"),)),
    "end before start": (
        "Y036 Y076",
        (text("gl-cor:periodCoveredStart", "2025-03-31"), text("gl-cor:periodCoveredEnd", "2025-03-01")),
    ),
    "two months": ("Y040", (text("gl-cor:periodCoveredEnd", "2025-04-01"),)),
    "two years": (
        "Y039 Y040",
        (text("gl-cor:periodCoveredEnd", "2026-04-01"), text("gl-cor:creationDate", "2026-04-02")),
    ),
    # entries
    "who is missing": ("Y073", (without("gl-cor:enteredBy"),)),
    "who in one letter": ("Y074", (text("gl-cor:enteredBy", " A "),)),
    "no date": ("Y075", (without("gl-cor:enteredDate"),)),
    "date before the period": (
        "Y076",
        (text("gl-cor:enteredDate", "2025-02-28"), *(text("gl-cor:postingDate", "2025-02-28", i) for i in range(3))),
    ),
    "date after the period": (
        "Y076",
        (
            text("gl-cor:enteredDate", "2025-04-01", 1),
            *(text("gl-cor:postingDate", "2025-04-01", i) for i in range(3, 6)),
        ),
    ),
    "no total debit": ("Y077 Y081 Y082 Y084", (without("gl-bus:totalDebit"),)),
    "no total credit": ("Y078 Y081 Y083 Y085", (without("gl-bus:totalCredit"),)),
    "no entry number": ("Y079", (without("gl-cor:entryNumberCounter"),)),
    "one line": (
        "Y080 Y082 counter.line_gap Y087",
        (
            without(f"{SECOND}/gl-cor:entryDetail[1]"),
            without(f"{SECOND}/gl-cor:entryDetail[1]"),
            text(f"{SECOND}/gl-bus:totalDebit", "100.00"),
            text(f"{SECOND}/gl-bus:totalCredit", "100.00"),
        ),
    ),
    "unbalanced": ("Y081 Y083", (text("gl-bus:totalCredit", "1200.01"),)),
    "totals written differently": ("Y081", (text("gl-bus:totalCredit", "1200.0"),)),
    "a line's amount": ("Y082", (text("gl-cor:amount", "1000.01"),)),
    "a credit line's amount": ("Y083", (text("gl-cor:amount", "1199.99", 2),)),
    "total of three decimals": ("Y084 Y081", (text("gl-bus:totalDebit", "1200.000"),)),
    "total credit with a sign": ("Y085 Y081", (text("gl-bus:totalCredit", "+1200.00"),)),
    # lines
    "no line's entry number": ("Y088", (without("gl-cor:lineNumberCounter"),)),
    "line of another entry": ("Y089", (text("gl-cor:lineNumberCounter", "12"),)),
    "no account": ("Y090", (without("gl-cor:account"),)),
    "main account of 2": ("Y091", (text("gl-cor:accountMainID", "10", 3),)),
    "main account of 5": ("Y091", (text("gl-cor:accountMainID", "10000", 3),)),
    "no sub-account's code": ("Y093", (without("gl-cor:accountSubID"),)),
    "no sub-account's name": ("Y094", (without("gl-cor:accountSubDescription"),)),
    "sub-account elsewhere": ("Y095", (text("gl-cor:accountSubID", "154.01"),)),
    "no amount": ("Y096 Y114 Y082", (without("gl-cor:amount"),)),
    "amount 0": ("Y097 Y082", (text("gl-cor:amount", "0.00"),)),
    "negative amount": ("Y097 Y114 Y082", (text("gl-cor:amount", "-1000.00"),)),
    "entered by two": ("Y074", (twice("gl-cor:enteredBy"),)),
    "amounts that are no numbers": ("Y082 Y097 Y114", (text("gl-cor:amount", "bin"),)),
    "two amounts": ("Y082 Y114", (twice("gl-cor:amount"),)),
    "a price of three times 0.10": (
        "Y125",
        (
            MEASURED,
            text("gl-cor:amount", "0.30"),
            text("gl-bus:measurableQuantity", "3"),
            text("gl-bus:measurableCostPerUnit", "0.10"),
            *(text(f"gl-bus:total{side}", "200.30") for side in ("Debit", "Credit")),
            text("gl-cor:amount", "200.30", 2),
        ),
    ),
    "period after the entries": (
        "Y076",
        (
            moved_after("gl-cor:documentInfo", "gl-cor:entryHeader[2]"),
            text("gl-cor:periodCoveredStart", "2025-03-06"),
        ),
    ),
    "entry's number after its lines": (
        "Y089",
        (
            moved_after("gl-cor:entryNumberCounter", "gl-cor:entryDetail[3]"),
            text("gl-cor:lineNumberCounter", "12"),
        ),
    ),
    "amount of three decimals": ("Y114", (text("gl-cor:amount", "1000.000"),)),
    "currency without the books'": (
        "Y098",
        (after("gl-cor:amount", '<gl-muc:amountCurrency contextRef="{context}">iso4217:TRY</gl-muc:amountCurrency>'),),
    ),
    "no rate's date": ("Y099", (after("gl-cor:amount", AMOUNT + CURRENCY + RATE),)),
    "no original currency": ("Y100", (after("gl-cor:amount", RATE_DATE + AMOUNT),)),
    "no rate": ("Y101", (after("gl-cor:amount", RATE_DATE + AMOUNT + CURRENCY),)),
    "no side": ("Y102 Y082", (without("gl-cor:debitCreditCode"),)),
    "no posting date": ("Y103", (without("gl-cor:postingDate"),)),
    "another posting date": ("Y104", (text("gl-cor:postingDate", "2025-03-06"),)),
    "other without a name": ("Y105", (without("gl-cor:documentTypeDescription"),)),
    "other with a blank name": ("Y105", (text("gl-cor:documentTypeDescription", " "),)),
    "other without number": ("Y106", (without(f"{SECOND}//gl-cor:documentNumber"),)),
    "other without date": ("Y106", (without(f"{SECOND}//gl-cor:documentDate"),)),
    "invoice without number": ("Y107", (without("gl-cor:documentNumber"),)),
    "invoice with a blank number": ("Y107", (text("gl-cor:documentNumber", "  "),)),
    "check without date": ("Y108", (text("gl-cor:documentType", "check"), without("gl-cor:documentDate"))),
    "number without type": ("Y109", (without("gl-cor:documentType"), without("gl-cor:documentDate"))),
    "date without type": ("Y110", (without("gl-cor:documentType"), without("gl-cor:documentNumber"))),
    "another voucher": ("Y111", (text("gl-cor:documentReference", "M-0008"),)),
    "blank payment": ("Y112", (text("gl-bus:paymentMethod", " "),)),
    "two measures": ("Y113", (MEASURED, MEASURED)),
    **{
        f"no {name}": (f"Y{115 + index} {also}", (MEASURED, without(f"gl-bus:{name}")))
        for index, (name, also) in enumerate(
            (
                ("measurableCode", "Y121"),
                ("measurableCodeDescription", "Y122"),
                ("measurableQuantity", "Y125"),
                ("measurableQualifier", "Y123"),
                ("measurableUnitOfMeasure", "Y124"),
                ("measurableCostPerUnit", "Y125"),
            )
        )
    },
    "another code": ("Y121", (MEASURED, text("gl-bus:measurableCode", "FA"))),
    "another description": ("Y122", (MEASURED, text("gl-bus:measurableCodeDescription", "Kalem"))),
    "another qualifier": ("Y123", (MEASURED, text("gl-bus:measurableQualifier", "Hisse"))),
    "another unit of measure": ("Y124", (MEASURED, text("gl-bus:measurableUnitOfMeasure", "Kg"))),
    "price and amount": ("Y125", (MEASURED, text("gl-bus:measurableQuantity", "5"))),
    "attached picture": ("Y126", (ATTACHED, attribute("defterek:binaryObject", "mimeCode", "image/png"))),
    "attached without a name": ("Y127", (ATTACHED, attribute("defterek:binaryObject", "filename", None))),
    "attached with another name": ("Y127", (ATTACHED, attribute("defterek:binaryObject", "filename", "fatura.PDF"))),
    "attached, empty": ("Y128", (ATTACHED, text("defterek:binaryObject", " \n"))),
    # sequences
    "entry left out": ("counter.entry_gap Y071", entries("11", "13")),
    "entry twice": ("counter.entry_gap Y071", entries("11", "11")),
    "1, 2, 2, 3 as GİB lets it pass": (
        "counter.entry_gap counter.line_gap",
        (another_entry("13", "37", "38", "39"), twice("gl-cor:entryHeader", 1)),
    ),
    "line left out": ("counter.line_gap Y087", numbered("31", "32", "33", "35", "36", "37")),
    "line that is no number": ("counter.line_gap Y087", (text("gl-cor:lineNumber", "A"),)),
    "a line's number twice": ("counter.line_gap", numbered("31", "32", "32", "33", "34", "35")),
    "dates fall": (
        "date.falls Y072",
        (
            text("gl-cor:enteredDate", "2025-03-21"),
            *(text("gl-cor:postingDate", "2025-03-21", index) for index in range(3)),
        ),
    ),
    # duties of ours
    "unknown context": ("reference.unknown", (attribute("gl-cor:amount", "contextRef", "now"),)),
    "unknown unit": ("reference.unknown", (attribute("gl-cor:amount", "unitRef", "usd"),)),
    "id twice": (
        "id.repeated",
        (
            attribute("xbrli:unit", "id", "try", 1),
            lambda root: [e.set("unitRef", "try") for e in root.iter() if e.get("unitRef")],
        ),
    ),
    "control character": ("text.control_character", (text("gl-cor:detailComment", "Kumaş\x85alışı"),)),
    "tax number's digits": ("taxid.check_digits", (text("xbrli:identifier", "4817263505"),)),
}

NEAR: dict[str, tuple[Change, ...]] = {
    "an attachment": (ATTACHED,),
    "a measure": (MEASURED,),
    "another currency": (
        inside("gl-cor:documentInfo", UNIT_OF_BOOKS),
        after("gl-cor:amount", RATE_DATE + AMOUNT + CURRENCY + RATE),
    ),
    "who in two letters": (text("gl-cor:enteredBy", " AD "),),
    "main account of 4": (text("gl-cor:accountMainID", "1000", 3),),
    "the period's last day": (
        text("gl-cor:enteredDate", "2025-03-31", 1),
        *(text("gl-cor:postingDate", "2025-03-31", index) for index in range(3, 6)),
    ),
    "the same day twice": (
        *(text("gl-cor:enteredDate", "2025-03-05", index) for index in range(2)),
        all_texts("gl-cor:postingDate", "2025-03-05"),
    ),
    "a third entry": (another_entry("13", "37", "38", "39"),),
    "a receipt needs no number": (
        text("gl-cor:documentType", "receipt"),
        without("gl-cor:documentNumber"),
        without("gl-cor:documentDate"),
    ),
    "no document at all": (
        *(without(f"{FIRST_LINE}/gl-cor:document{name}") for name in ("Type", "Number", "Date", "Reference")),
    ),
    "debit and credit in words": (
        text("gl-cor:debitCreditCode", "debit"),
        text("gl-cor:debitCreditCode", "credit", 2),
    ),
    "an amount without decimals": (text("gl-cor:amount", "1000"),),
    "white space around a total": (
        text("gl-bus:totalDebit", " 1200.00 "),
        text("gl-bus:totalCredit", " 1200.00 "),
    ),
}

NAMES: dict[str, tuple[str, str, tuple[Change, ...]]] = {
    "another firm": ("N001", name_of(Y).replace("4817263504", "1234567808"), ()),
    "another month": ("N003", name_of(Y).replace("202503", "202504"), ()),
    "a whole month without entries": (
        "N002",
        name_of(Y),
        (without("gl-cor:entryHeader"), without("gl-cor:entryHeader")),
    ),
    "a part without entries": (
        "",
        name_of(Y).replace("000000", "000002"),
        (without("gl-cor:entryHeader"), without("gl-cor:entryHeader")),
    ),
    "a branch in the name": ("name.mismatch", name_of(Y).replace("000000", "000000-0003"), ()),
}
_OLDER_NAMES = {"N001": "name.mismatch", "N002": "journal.empty", "N003": "name.mismatch"}
"""What the older file lacks is a duty of ours."""


def by_older_file(data: bytes, folder: Path, name: str | None = None, *, newer_since: date = date.max) -> Verdict:
    """Check bytes by the rules that held before the newer file."""
    path = folder / "document.xml"
    path.write_bytes(data)
    return check_document(path, name, newer_journal_since=newer_since)


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_named(case: str, tmp_path: Path) -> None:
    ids, changes = BROKEN[case]
    assert rules_of(by_older_file(changed(Y, *changes), tmp_path)) == set(ids.split())


@pytest.mark.parametrize("case", BROKEN)
def test_the_newer_file_differs_in_the_sequences_alone(case: str, tmp_path: Path) -> None:
    ids, changes = BROKEN[case]
    data = changed(Y, *changes)
    assert rules_of(by_older_file(data, tmp_path, newer_since=date.min)) == set(ids.split()) - {"Y071", "Y087"}
    assert rules_of(verdict(data, tmp_path)) == set(ids.split())


@pytest.mark.parametrize("case", NEAR)
def test_what_is_just_right_is_left_in_peace(case: str, tmp_path: Path) -> None:
    assert rules_of(verdict(changed(Y, *NEAR[case]), tmp_path), without_schema=False) == set()


@pytest.mark.parametrize("case", NAMES)
def test_the_file_name_and_the_document_agree(case: str, tmp_path: Path) -> None:
    ids, name, changes = NAMES[case]
    assert rules_of(verdict(changed(Y, *changes), tmp_path, name)) == set(ids.split())
    older = {_OLDER_NAMES.get(rule, rule) for rule in ids.split()}
    assert rules_of(by_older_file(changed(Y, *changes), tmp_path, name)) == older


def test_a_journal_under_a_ledgers_name_is_no_ledger(tmp_path: Path) -> None:
    found = verdict(changed(Y), tmp_path, name_of(Y).replace("-Y-", "-K-"))
    assert found.kind is Y
    assert rules_of(found) == {"name.mismatch"}


def test_a_name_of_another_shape_is_a_warning(tmp_path: Path) -> None:
    found = verdict(changed(Y), tmp_path, "yevmiye.xml")
    assert found.valid
    assert rules_of(found) == {"name.unknown"}


def test_a_finding_tells_where_and_how_to_mend(tmp_path: Path) -> None:
    data = changed(Y, text(f"{CREDIT_LINE}/gl-cor:documentNumber", " "), moved_before(CREDIT_LINE, FIRST_LINE))
    found = verdict(data, tmp_path)
    finding = next(finding for finding in found.findings if finding.rule == "Y107")
    lines = data.decode().splitlines()
    assert finding.line is not None
    assert "<gl-cor:documentType " in lines[finding.line - 1]
    assert (finding.entry, finding.voucher, finding.account) == ("11", "M-0007", "320.01.004")
    assert (finding.value, finding.where) == ("invoice", "gl-cor:entryDetail/gl-cor:documentType")
    assert finding.message.tr == "Belge türü 'invoice' olan satırda belge numarası eksik."
    assert finding.cure is not None
    assert finding.cure.en.startswith("Correct the entry in the ERP")
