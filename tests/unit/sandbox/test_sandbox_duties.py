"""GİB's judgement of one document: what is right passes, each breach has its reason."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from defterhane.edefter.names import DocumentName
from sandbox.gib.duties import check_document
from sandbox.gib.facts import Facts, parse_document
from sandbox.gib.packages import Rejected
from support.gib_client import Paper, paper

NOW = datetime(2025, 4, 14, tzinfo=UTC)
YB, KB, DR = (f"1234567808-202501-{kind}-000000" for kind in ("YB", "KB", "DR"))


def judged(item: Paper | bytes, name: str | None = None) -> Facts:
    data = item.xml() if isinstance(item, Paper) else item
    # duties look at the bare value's neighbour; the signature itself is another's business
    signed = data.replace(b"</ds:SignatureValue></edefter", b"</ds:SignatureValue><ds:Signature/></edefter")
    given = DocumentName.parse(name) if name else item.name  # type: ignore[union-attr]
    return check_document(parse_document(signed, 1_000_000), given)


@pytest.mark.parametrize("name", [YB, KB, DR])
def test_what_is_right_passes(name):
    facts = judged(paper(name, sequence=7))
    assert (facts.kind, facts.period, facts.part, facts.branch, facts.sequence) == (
        DocumentName.parse(name).kind,
        "202501",
        "000000",
        "",
        7,
    )
    assert (facts.start, facts.end, facts.fiscal_year) == ("2025-01-01", "2025-01-31", "2025-01-01")
    assert facts.totals is not None
    assert facts.totals["600C"] == 200042
    assert Facts.from_json(facts.to_json()) == facts


@pytest.mark.official
@pytest.mark.parametrize("kind", ["YB", "KB", "DR"])
def test_the_outside_judges_skeleton_passes(shared_folder, kind):
    name = f"1234567808-202501-{kind}-000000"
    data = (shared_folder / "domain" / "skeleton" / f"{name}.xml").read_bytes().rstrip()
    bare = b"" if kind == "DR" else b"<ds:SignatureValue>" + b"QUJD" * 86 + b"</ds:SignatureValue>"
    data = data.replace(b"</edefter:berat>", bare + b"</edefter:berat>")
    assert judged(data, name).period == "202501"


def test_a_branch_and_a_person_pass():
    assert judged(paper("1234567808-202501-YB-000000-0003")).branch == "0003"
    assert judged(paper("10000000146-202501-YB-000000")).totals


def test_a_berat_without_tax_detail_has_no_lines():
    item = paper(YB)
    code = (
        '<gl-cor:identifierAuthorityCode contextRef="journal_context">VERGI_DETAYSIZ</gl-cor:identifierAuthorityCode>'
    )
    item.change("</xbrli:segment>", f"{code}</xbrli:segment>")
    with pytest.raises(Rejected, match="Vergi detaysız"):
        judged(item)
    text = item.xml().decode()
    start, end = text.index("<gl-cor:entryHeader>"), text.index("</gl-cor:accountingEntries>")
    assert judged((text[:start] + text[end:]).encode(), YB).totals is None


@pytest.mark.parametrize(
    ("kind", "old", "new", "reason"),
    [
        ("YB", "<edefter:berat", "<edefter:defter", "Dosya adındaki tür"),
        ("YB", ">journal</gl-cor:entriesType>", ">ledger</gl-cor:entriesType>", "Dosya adındaki tür"),
        ("KB", ">ledger</gl-cor:entriesType>", ">trialbalance</gl-cor:entriesType>", "Kök eleman ile"),
        ("YB", "1234567808</xbrli:identifier>", "6090408038</xbrli:identifier>", "VKN/TCKN"),
        ("YB", "YEV202501000001", "KEB202501000001", "ön ek ve dönem"),
        ("YB", "YEV202501000001", "YEV202502000001", "ön ek ve dönem"),
        ("YB", "YEV202501000001", "YEV20250100001", "15 karakter"),
        ("DR", "EDR202501000001", "YEV202501000001", "ön ek ve dönem"),
        ("YB", "2025-02-01</gl-cor:creationDate>", "2025-01-30</gl-cor:creationDate>", "creationDate"),
        ("YB", "2025-02-01</xbrli:instant>", "2025-02-02</xbrli:instant>", "xbrli:instant"),
        ("YB", "2025-01-31</gl-cor:periodCoveredEnd>", "2025-02-01</gl-cor:periodCoveredEnd>", "dönem"),
        ("YB", "2025-01-31</gl-cor:periodCoveredEnd>", "2024-12-31</gl-cor:periodCoveredEnd>", "önce olamaz"),
        ("YB", "2025-01-31</gl-cor:periodCoveredEnd>", "31.01.2025</gl-cor:periodCoveredEnd>", "geçerli bir tarih"),
        ("YB", "2025-12-31</gl-bus:fiscalYearEnd>", "2024-12-31</gl-bus:fiscalYearEnd>", "fiscalYearEnd"),
        ("YB", "2025-01-01</gl-bus:fiscalYearStart>", "2025-02-01</gl-bus:fiscalYearStart>", "hesap dönemi"),
        ("YB", "Kurum Unvanı", "Adı Soyadı", "Kurum Unvanı"),
        ("YB", "ÖRNEK TİCARET</", "Ö</", "Kurum Unvanı"),
        ("YB", ">0.02</gl-bus:measurableQuantity>", ">0.00</gl-bus:measurableQuantity>", "boyutunu"),
        ("YB", ">0.02</gl-bus:measurableQuantity>", ">1</gl-bus:measurableQuantity>", "boyutunu"),
        ("YB", ">3</gl-bus:numberOfEntries>", ">0</gl-bus:numberOfEntries>", "en az bir madde"),
        ("YB", ">3</gl-bus:numberOfEntries>", ">-3</gl-bus:numberOfEntries>", "numberOfEntries"),
        ("YB", ">SMMM Sözleşmesi<", "> <", "zorunludur"),
        ("YB", ">620100<", "><", "zorunludur"),
        ("YB", 'decimals="INF" unitRef="try"', 'decimals="2" unitRef="try"', "decimals"),
        ("YB", "iso4217:TRY", "xbrli:pure", "Para birimini"),
        ("YB", ">standard<", ">other<", "qualifierEntry"),
        ("YB", ">400.08<", ">400.085<", "iki ondalık"),
        ("YB", ">400.08<", ">-400.08<", "sıfırdan küçük"),
        ("YB", ">391</gl-cor:accountMainID>", ">392</gl-cor:accountMainID>", "391, 191, 600"),
        ("YB", ">2</gl-cor:lineNumber>", ">3</gl-cor:lineNumber>", "birer artmalıdır"),
        ("YB", ">C</gl-cor:debitCreditCode>", ">D</gl-cor:debitCreditCode>", "391, 191, 600"),
        ("YB", ">period_change<", ">beginning_balance<", "period_change"),
        ("YB", "QUJDQUJDQUJD", "QUJD!!!!", "base64"),
        ("DR", ">100</gl-cor:accountMainID>", ">999</gl-cor:accountMainID>", "hesap sırasında"),
        ("DR", ">2000.42<", ">2000.43<", "eşit olmalıdır"),
        ("DR", ">1</gl-cor:documentApplyToNumber>", ">x</gl-cor:documentApplyToNumber>", "satır sayısını"),
    ],
)
def test_each_breach_has_its_reason(kind, old, new, reason):
    text = paper(f"1234567808-202501-{kind}-000000").xml().decode()
    assert old in text
    changed = text.replace(old, new, 1)
    if "defter" in new:
        changed = changed.replace("</edefter:berat>", "</edefter:defter>")
    with pytest.raises(Rejected, match=reason):
        judged(changed.encode(), f"1234567808-202501-{kind}-000000")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("1234567808-202502-YB-000000", "dönem"),
        ("6090408038-202501-YB-000000", "VKN/TCKN"),
        ("1234567808-202501-KB-000000", "tür"),
        ("1234567808-202501-YB-000000-0001", "şube"),
    ],
)
def test_name_and_content_must_agree(name, reason):
    with pytest.raises(Rejected, match=reason):
        judged(paper(YB).xml(), name)


def test_the_ledgers_signature_must_be_there():
    item = paper(YB)
    bare = f"<ds:SignatureValue>{item.ledger_signature}</ds:SignatureValue>"
    with pytest.raises(Rejected, match="SignatureValue"):
        judged(item.xml().replace(bare.encode(), b"<ds:Signature/>"), YB)
    with pytest.raises(Rejected, match="SignatureValue"):
        judged(item.xml().replace(bare.encode(), 2 * bare.encode() + b"<ds:Signature/>"), YB)
    with pytest.raises(Rejected, match="hemen önce"):
        judged(
            item.xml()
            .replace(bare.encode(), b"<ds:Signature/>" + bare.encode())
            .replace(b"><ds:Signature/></e", b"></e"),
            YB,
        )
    with pytest.raises(Rejected, match="geçerli bir imza"):
        judged(paper(YB, ledger_signature="QUJD"))


@pytest.mark.parametrize(
    "attack",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        "<?xml version='1.0' encoding='UTF-16'?><a/>".encode("utf-16"),
        b"<a>" * 5000,
        b"<a><b></a>",
        b"\0\0\0",
        b"",
        b"<a>" + b"x" * 1_000_001 + b"</a>",
    ],
)
def test_hostile_xml_is_rejected_in_turkish(attack):
    with pytest.raises(Rejected) as caught:
        parse_document(attack, 1_000_000)
    assert any(letter in str(caught.value) for letter in "ışğüöçİ")


def test_nothing_of_the_product_is_imported_but_its_library():
    sources = Path(check_document.__code__.co_filename).parent.glob("*.py")
    text = "\n".join(source.read_text("utf-8") for source in sources)
    for service in ("validator", "converter", "gib_gateway", "signer"):
        assert f"import {service}" not in text
        assert f"from {service}" not in text
