"""What the schema says, in plain words, with line, entry and account."""

from pathlib import Path

import pytest
from lxml import etree

from defterhane.documents.schema import schema, schema_findings
from defterhane.documents.schema_texts import explain, says_it_again
from defterhane.edefter.kinds import DocumentKind
from defterhane.findings import LISTED, Finding
from support.corpus import sample
from support.golden_documents import after, changed, golden, inside, text, without


def found(data: bytes, folder: Path) -> list[Finding]:
    path = folder / "document.xml"
    path.write_bytes(data)
    return list(schema_findings(path))


CASES = {
    "a word for a number": (
        text("gl-cor:amount", "bin lira", 4),
        "The value of gl-cor:amount ('bin lira') is not a number.",
        "gl-cor:amount elemanının değeri ('bin lira') bir sayı değil.",
        ("12", "M-0008", "600.01", "bin lira", "gl-cor:amount"),
    ),
    "no such day": (
        text("gl-cor:enteredDate", "2025-02-30", 1),
        "The value of gl-cor:enteredDate ('2025-02-30') is not a date (YYYY-MM-DD).",
        "gl-cor:enteredDate elemanının değeri ('2025-02-30') bir tarih (YYYY-AA-GG) değil.",
        ("12", "M-0008", None, "2025-02-30", "gl-cor:enteredDate"),
    ),
    "no such type": (
        text("gl-cor:documentType", "letter"),
        "gl-cor:documentType cannot be 'letter'. It can be: invoice, check, voucher, receipt, shipment, order-vendor,"
        " order-customer, other.",
        "gl-cor:documentType elemanının değeri 'letter' olamaz. Olabilecekler: invoice, check, voucher, receipt,"
        " shipment, order-vendor, order-customer, other.",
        ("11", "M-0007", "153.01", "letter", "gl-cor:documentType"),
    ),
    "an element in the wrong place": (
        after("gl-cor:postingDate", '<gl-cor:amount contextRef="{context}" unitRef="try">1</gl-cor:amount>', 5),
        "gl-cor:amount must not stand here. Expected: gl-bus:amountMemo, gl-bus:allocationCode,"
        " gl-muc:multicurrencyDetail, gl-cor:identifierReference, gl-cor:documentType,"
        " gl-cor:documentTypeDescription ….",
        "gl-cor:amount elemanı burada bulunamaz. Beklenen: gl-bus:amountMemo, gl-bus:allocationCode,"
        " gl-muc:multicurrencyDetail, gl-cor:identifierReference, gl-cor:documentType,"
        " gl-cor:documentTypeDescription ….",
        ("12", "M-0008", "391.20", None, "gl-cor:amount"),
    ),
    "something missing": (
        without("xbrli:period"),
        "Something is missing in xbrli:context. Expected: xbrli:period.",
        "xbrli:context elemanının içi eksik. Beklenen: xbrli:period.",
        (None, None, None, None, "xbrli:context"),
    ),
    "no unit": (
        lambda root: root.xpath("//@unitRef")[0].getparent().attrib.pop("unitRef"),
        "gl-bus:totalDebit lacks the attribute unitRef.",
        "gl-bus:totalDebit elemanında unitRef niteliği eksik.",
        ("11", "M-0007", None, None, "gl-bus:totalDebit"),
    ),
    "an unknown attribute": (
        lambda root: root[0].set("version", "2"),
        "xbrli:xbrl must not have the attribute version.",
        "xbrli:xbrl elemanında version niteliği bulunamaz.",
        (None, None, None, None, "xbrli:xbrl"),
    ),
    "a wrong attribute": (
        lambda root: root.xpath("//@decimals")[0].getparent().set("decimals", "all"),
        "The value of gl-bus:totalDebit's attribute decimals ('all') is not valid.",
        "gl-bus:totalDebit elemanının decimals niteliğinin değeri ('all') geçerli değil.",
        ("11", "M-0007", None, "all", "gl-bus:totalDebit"),
    ),
    "text between elements": (
        lambda root: setattr(root[0], "text", "here"),
        "Text must not stand between the elements in xbrli:xbrl.",
        "xbrli:xbrl elemanının içinde, alt elemanların arasında metin bulunamaz.",
        (None, None, None, None, "xbrli:xbrl"),
    ),
    "an element in a text": (
        inside("gl-bus:businessDescription", "<x/>"),
        "No element must stand inside gl-bus:businessDescription.",
        "gl-bus:businessDescription elemanının içinde başka eleman bulunamaz.",
        (None, None, None, None, "gl-bus:businessDescription"),
    ),
    "a currency without a prefix of ours": (
        text("gl-cor:language", "xx:tr"),
        "The value of gl-cor:language ('xx:tr') is not a name with a known prefix.",
        "gl-cor:language elemanının değeri ('xx:tr') tanımlı bir ön ekle yazılmış bir ad değil.",
        (None, None, None, "xx:tr", "gl-cor:language"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_an_error_is_said_in_plain_words(case: str, tmp_path: Path) -> None:
    change, english, turkish, place = CASES[case]
    data = changed(DocumentKind.JOURNAL, change)
    [finding] = found(data, tmp_path)
    assert (finding.message.en, finding.message.tr) == (english, turkish)
    assert (finding.entry, finding.voucher, finding.account, finding.value, finding.where) == place
    assert finding.rule == "XSD"
    assert finding.cure is not None
    assert finding.line is not None
    assert str(finding.where).encode() in data.splitlines()[finding.line - 1]


def test_errors_far_down_and_on_one_line_keep_their_places(tmp_path: Path) -> None:
    data = changed(DocumentKind.JOURNAL, text("gl-cor:amount", "x", 0), text("gl-cor:amount", "y", 5))
    for spread in (
        data,
        data.replace(b"\n", b" "),
        data.replace(b"<gl-cor:accountingEntries>", b"\n" * 70_000 + b"<gl-cor:accountingEntries>"),
    ):
        first, second = found(spread, tmp_path)
        lines = spread.splitlines()
        assert [first.entry, second.entry, first.account, second.account] == ["11", "12", "153.01", "391.20"]
        for finding in (first, second):
            assert finding.line is not None
            assert f">{finding.value}<".encode() in lines[finding.line - 1]


def test_a_foreign_root_is_one_finding(tmp_path: Path) -> None:
    [finding] = found(b'<?xml version="1.0"?>\n<invoice><a/><b/></invoice>', tmp_path)
    assert finding.message.en == "invoice is not the root of an e-Defter document."


def test_findings_have_a_bound(tmp_path: Path) -> None:
    data = golden(DocumentKind.JOURNAL)
    header = data[data.index(b"<gl-cor:entryHeader>") : data.index(b"</gl-cor:entryHeader>") + 21]
    spoilt = header.replace(b">INF<", b">x<").replace(b">D<", b">X<")
    many = data.replace(header, spoilt * 3000)
    assert len(found(many, tmp_path)) == LISTED


def test_all_that_the_schema_says_of_the_corpus_is_said_in_plain_words() -> None:
    told = set()
    for case in sample(7):
        if not schema().validate(etree.fromstring(case.data)):
            errors = [entry for entry in schema().error_log if not says_it_again(entry)]
            told |= {explain(entry).message.en for entry in errors}
            assert errors, case.name
    assert len(told) > 300
    assert [text for text in told if text.endswith("is not as the e-Defter schema wants it.")] == []
