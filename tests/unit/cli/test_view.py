"""The readable page of a document: what stands in it, in both languages, and nothing that a browser would run."""

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from lxml import etree

from defterhane.documents.errors import XmlBroken, XmlCut, XmlDoctype
from defterhane.edefter.kinds import DocumentKind
from defterhane.xades import SignatureIds, countersign, sign_file
from defterhane_cli.view import write_view
from support.golden_documents import (
    FIRM,
    after,
    before,
    changed,
    golden,
    inside,
    name_of,
    signed,
    text,
    twice,
    without,
)
from support.signing import VKN, gib, seal, software_key
from support.view_pages import Page, page

Y, K, YB, KB, DR = DocumentKind
NOW = datetime(2025, 4, 3, 10, tzinfo=UTC)
SCRIPT = "</script><script>alert(\"x\")</script><img src=x onerror=alert(1)> & 'tırnak' {{ 7*7 }} ]]>"


def test_a_journal_reads_entry_by_entry(tmp_path: Path) -> None:
    shown = page(tmp_path, Y)
    assert shown.title == "Yevmiye Defteri"
    assert shown.badges == ["İmzasız", "Denetlenmedi"]
    assert shown.facts("document") == {
        "Belge no": "YEV202503000003",
        "Dönem": "01.03.2025 – 31.03.2025",
        "Parça": "000000 (ayın tamamı)",
        "Oluşturma tarihi": "02.04.2025",
        "Oluşturan": "AYŞE DENEME",
        "Para birimi": "TRY",
        "Hazırlayan yazılım": "4817263504 · DENEME YAZILIM · Defterhane · 1.0",
        "Açıklama": "Mart 2025",
        "Dosya": name_of(Y),
    }
    assert shown.facts("firm") == {
        "Unvan": "DENEME TEKSTİL A.Ş.",
        "VKN/TCKN": FIRM,
        "Hesap dönemi": "01.01.2025 – 31.12.2025",
        "NACE kodu": "139200",
        "Adres": "7, DENEME SOKAK, Bursa, 16000, Türkiye",
        "Telefon": "3120000000",
        "E-posta": "defter@deneme.invalid",
        "İnternet sitesi": "www.deneme.invalid",
    }
    assert shown.facts("accountant") == {"Adı": "AYŞE DENEME", "Sözleşme": "SMMM Sözleşmesi, 02.01.2025, 14"}
    assert shown.headings[0] == "Yevmiye no 11 Tarih 05.03.2025 Fiş M-0007 Açıklama Alış Giren A.D."
    assert shown.rows(0)[0] == [
        *("31", "05.03.2025", "153.01 KUMAŞ & İPLİK 153 TİCARİ MALLAR"),
        *("Fatura DNM2025000000123 04.03.2025 Ödeme: Banka", "Kumaş alışı", "1.000,00", ""),
    ]
    assert shown.rows(1)[1][3] == "Z Raporu Z-52 20.03.2025"
    assert [shown.sums(0), shown.sums(1)] == [["1.200,00", "1.200,00"], ["600,00", "600,00"]]
    assert "Borç ve alacak eşit" in shown.text
    assert "Diğer bilgiler" not in shown.text


def test_a_journal_reads_in_english(tmp_path: Path) -> None:
    shown = page(tmp_path, Y, language="en")
    assert shown.title == "Journal"
    assert shown.root.get("lang") == "en"
    assert shown.facts("firm")["Name"] == "DENEME TEKSTİL A.Ş."
    assert shown.facts("document")["Period"] == "2025-03-01 – 2025-03-31"
    assert shown.rows(0)[0][3:] == ["Invoice DNM2025000000123 2025-03-04 Payment: Banka", "Kumaş alışı", "1,000.00", ""]
    assert shown.sums(0) == ["1,200.00", "1,200.00"]
    assert shown.badges == ["Not signed", "Not checked"]


def test_a_ledger_reads_account_by_account_with_its_running_balance(tmp_path: Path) -> None:
    line = "<gl-cor:entryDetail><gl-cor:lineNumber>99</gl-cor:lineNumber><gl-cor:account><gl-cor:accountMainID>100"
    line += "</gl-cor:accountMainID></gl-cor:account><gl-cor:amount>700.05</gl-cor:amount><gl-cor:debitCreditCode>C"
    line += "</gl-cor:debitCreditCode></gl-cor:entryDetail>"
    shown = page(tmp_path, K, after("gl-cor:entryDetail", line))
    assert shown.title == "Defter-i Kebir"
    assert shown.headings[:2] == [
        "100 KASA Başlıktaki bakiye 600,00 B",
        "153.01 KUMAŞ & İPLİK 153 TİCARİ MALLAR Başlıktaki bakiye 1.000,00 B",
    ]
    assert [row[:3] + row[5:] for row in shown.rows(0)] == [
        ["20.03.2025", "12", "34", "600,00", "", "600,00 B"],
        ["", "", "99", "", "700,05", "100,05 A"],
    ]
    assert shown.sums(0) == ["600,00", "700,05", "100,05 A"]
    summary = [[cell.text_content() for cell in row] for row in shown.root.find_class("accounts")[0].iter("tr")]
    assert summary[1] == ["100", "KASA", "2", "600,00", "700,05", "100,05 A"]
    assert "Borç ile alacak arasında fark var: 700,05 A" in shown.text


@pytest.mark.parametrize(("kind", "title"), [(YB, "Yevmiye Defteri Beratı"), (KB, "Defter-i Kebir Beratı")])
def test_a_berat_shows_its_ten_lines_and_its_segment(tmp_path: Path, kind: DocumentKind, title: str) -> None:
    shown = page(tmp_path, kind, signed)
    assert shown.title == title
    assert shown.rows() == [
        ["1–2", "391", "Hesaplanan KDV", "0,00", "100,00"],
        ["3–4", "191", "İndirilecek KDV", "200,00", "0,00"],
        ["5–6", "600", "Yurt İçi Satışlar", "0,00", "500,00"],
        ["7–8", "601", "Yurt Dışı Satışlar", "0,00", "0,00"],
        ["9–10", "602", "Diğer Gelirler", "0,00", "0,00"],
    ]
    segment = shown.facts("berat")
    assert len(segment.pop("Tekil no (UUID)")) == 36
    assert segment.pop("Yevmiye maddesi sayısı", None) == ("2" if kind is YB else None)
    assert segment == {"Defterin boyutu (MB)": "0,02", "Defterin imza değeri": "QUJDREVGR0g="}


def test_a_berat_without_tax_detail_says_so(tmp_path: Path) -> None:
    code = '<gl-cor:identifierAuthorityCode contextRef="{context}">VERGI_DETAYSIZ</gl-cor:identifierAuthorityCode>'
    shown = page(tmp_path, YB, inside("xbrli:segment", code), without("gl-cor:entryHeader"))
    assert shown.facts("berat")["Vergi ayrıntısı"] == "VERGI_DETAYSIZ: vergi ayrıntısı içermez"
    assert "Bu belgede kayıt yok." in shown.text
    assert not shown.root.find_class("sheet")


def test_a_report_shows_each_account_and_whether_it_balances(tmp_path: Path) -> None:
    shown = page(tmp_path, DR)
    assert shown.title == "Defter Raporu"
    assert shown.rows()[0] == ["1–2", "100", "KASA", "600,00", "1", "0,00", "0", "600,00 B"]
    assert shown.rows()[3] == ["7–8", "320", "SATICILAR", "0,00", "0", "1.200,00", "1", "1.200,00 A"]
    assert shown.sums() == ["1.800,00", "", "1.800,00", "", "0,00"]
    assert "Borç ve alacak eşit" in shown.text
    off = page(tmp_path, DR, text("gl-cor:amount", "600.01"))
    assert "Borç ile alacak arasında fark var: 0,01 B" in off.text


def test_lines_of_a_report_that_are_no_pairs_stand_alone(tmp_path: Path) -> None:
    shown = page(tmp_path, DR, without("gl-cor:entryDetail", 1), twice("gl-cor:entryDetail", 1))
    assert [row[0] for row in shown.rows()[:3]] == ["1", "3", "3–4"]


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_a_signed_document_shows_who_signed_when_and_how(tmp_path: Path, kind: DocumentKind) -> None:
    shown = page(tmp_path, kind, signed)
    assert shown.badges[0] == "İmzalı"
    card = shown.root.get_element_by_id("signature").text_content()
    for wanted in ("CN=DENEME TEKSTİL A.Ş., serialNumber=4817263504", "03.04.2025 10:00 +03:00", "rsa-sha256"):
        assert wanted in card
    assert "doğrulanmaz" in card


def test_an_approved_berat_shows_gibs_signature_too(tmp_path: Path) -> None:
    source, berat = tmp_path / "berat.xml", tmp_path / "signed.xml"
    source.write_bytes(golden(YB))
    sign_file(source, berat, software_key(seal()), signing_time=NOW, new_id=uuid4)
    approved = countersign(berat, software_key(gib()), signing_time=NOW, ids=SignatureIds.new(uuid4))
    shown = Page(tmp_path, approved, name=f"GIB-{name_of(YB)}")
    assert shown.badges[:2] == ["İmzalı", "GİB onaylı"]
    card = shown.root.get_element_by_id("signature")
    own, counter = ({row.findtext("dt"): row.findtext("dd") for row in facts} for facts in card.iterfind("dl"))
    assert VKN in own["Sertifikadaki VKN/TCKN"]
    assert (own["Algoritma"], own["İmza zamanı"]) == ("rsa-sha256", counter["İmza zamanı"])
    assert counter["Sıfat"] == "Tedarikçi"
    assert counter["İmzalayan"] != own["İmzalayan"]
    assert card.findtext("h3") == "Karşı imza (GİB)"


def test_original_currencies_measures_and_attachments_are_shown(tmp_path: Path) -> None:
    items = (
        '<gl-muc:amountOriginalAmount contextRef="{context}">1234.5678</gl-muc:amountOriginalAmount>'
        '<gl-muc:amountOriginalCurrency contextRef="{context}">iso4217:EUR</gl-muc:amountOriginalCurrency>'
        '<gl-muc:amountOriginalExchangeRate contextRef="{context}">36.12</gl-muc:amountOriginalExchangeRate>'
        "<gl-muc:amountOriginalExchangeRateDate>2025-03-04</gl-muc:amountOriginalExchangeRateDate>"
        "<gl-bus:measurable><gl-bus:measurableQuantity>12.50</gl-bus:measurableQuantity></gl-bus:measurable>"
    )
    files = '<extensions><extension><defterek:binaryObject filename="Ek.pdf" mimeCode="application/pdf">QUJD\nREU='
    files += "</defterek:binaryObject></extension></extensions>"
    shown = page(tmp_path, Y, inside("gl-cor:entryDetail", items), inside(".", files))
    assert shown.rows(0)[0][4] == (
        "Kumaş alışıdöviz tutarı 1.234,5678döviz cinsi EURdöviz kuru 36,12kur tarihi 04.03.2025miktar 12,50"
    )
    row = shown.root.get_element_by_id("a1")
    assert [cell.text_content() for cell in row] == ["Ek.pdf", "application/pdf", "5 B"]
    assert "QUJD" not in shown.text


def test_nothing_that_stands_in_it_is_dropped(tmp_path: Path) -> None:
    """Every value that is put anywhere is on the page, with the name of its element."""
    places = {
        "gl-cor:entryDetail": inside,
        "gl-cor:account": inside,
        "gl-cor:entryHeader": inside,
        "gl-cor:documentInfo": inside,
        "gl-cor:entityInformation": inside,
        "gl-bus:organizationAddress": inside,
        "xbrli:context": inside,
        "xbrli:unit": before,
        "gl-cor:accountingEntries": before,
        "gl-cor:enteredBy": before,
        "gl-cor:lineNumber": before,
        "xbrli:xbrl": after,
    }
    changes = [
        change(place, f"<gl-bus:foo>yeni-{number}</gl-bus:foo>")
        for number, (place, change) in enumerate(places.items())
    ]
    changes += [
        after("gl-cor:entryDetail", "<gl-bus:foo>between</gl-bus:foo>"),
        after("gl-cor:entryHeader", "<gl-bus:foo>entries</gl-bus:foo>"),
        after("gl-cor:amount", "<gl-cor:amount>7.25</gl-cor:amount>"),
        before("gl-cor:entryHeader", "<gl-cor:entryDetail><gl-cor:amount>9.75</gl-cor:amount></gl-cor:entryDetail>"),
        inside(".", "<HashValue>karma</HashValue>"),
        text("gl-cor:entriesType", "trialbalance"),
        text("xbrli:instant", "1999-01-01"),
        text("gl-cor:language", "iso639:de"),
    ]
    shown = page(tmp_path, Y, *changes)
    visible = " ".join(shown.root.text_content().split())
    for number in range(len(places)):
        assert f"yeni-{number}" in visible
    assert visible.count("gl-bus:foo") == len(places) + 2
    for wanted in ("between", "entries", "7.25", "9.75", "karma", "trialbalance", "1999-01-01", "iso639:de"):
        assert wanted in visible
    assert [len(shown.rows(block)) for block in (0, 1)] == [3, 3]


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_texts_stay_texts(tmp_path: Path, kind: DocumentKind) -> None:
    """Every text of the document is hostile: none becomes an element, an attribute or a template's expression."""
    root = etree.fromstring(golden(kind))
    kept = {"entriesType", "debitCreditCode"}
    for element in root.iter("*"):
        if not len(element) and etree.QName(element).localname not in kept:
            element.text = SCRIPT
    data = etree.tostring(root.getroottree())
    shown = Page(tmp_path, data, name="<b>'\"&.xml", check=kind is not Y)
    plain = page(tmp_path, kind)
    assert not list(shown.root.iter("script", "img"))
    assert {element.tag for element in shown.root.iter("*")} <= {
        *(element.tag for element in plain.root.iter("*")),
        *("ol", "details", "summary", "i", "br", "b", "a", "h2", "span", "small", "table", "tr", "td", "th"),
    }
    for element in shown.root.iter("*"):
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"]
        assert "alert" not in (element.get("href") or "") + (element.get("id") or "") + (element.get("class") or "")
    assert SCRIPT in shown.root.text_content()
    assert "49" not in shown.facts("firm").get("VKN/TCKN", "")


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_the_page_asks_nobody_for_anything(tmp_path: Path, kind: DocumentKind) -> None:
    shown = page(tmp_path, kind, signed)
    policy = shown.root.find(".//meta[@http-equiv]").get("content")
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]+'; script-src 'none'; base-uri 'none'; form-action 'none'",
        policy,
    )
    assert not [one for one in shown.root.iter("*") if one.get("src") or (one.get("href") or "#")[0] != "#"]
    assert "url(" not in shown.text
    assert "@import" not in shown.text


def test_ids_are_there_once_and_links_lead_to_them(tmp_path: Path) -> None:
    shown = page(tmp_path, Y, text("gl-cor:amount", "x"), text("gl-cor:uniqueID", "y"), check=True)
    ids = [element.get("id") for element in shown.root.iter("*") if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {link.get("href")[1:] for link in shown.root.iter("a")} <= set(ids)


@pytest.mark.parametrize(
    ("amount", "tr", "en"),
    [
        ("0", "0,00", "0.00"),
        ("0.5", "0,50", "0.50"),
        ("5000", "5.000,00", "5,000.00"),
        ("-1000.01", "-1.000,01", "-1,000.01"),
        ("99999999999999999.99", "99.999.999.999.999.999,99", "99,999,999,999,999,999.99"),
    ],
)
def test_amounts_read_as_people_write_them(tmp_path: Path, amount: str, tr: str, en: str) -> None:
    change = text("gl-cor:amount", amount)
    assert page(tmp_path, Y, change).rows(0)[0][5] == tr
    assert page(tmp_path, Y, change, language="en").rows(0)[0][5] == en


def test_an_amount_that_is_none_is_shown_as_it_stands_and_makes_no_total(tmp_path: Path) -> None:
    shown = page(tmp_path, Y, text("gl-cor:amount", "bin lira"))
    assert shown.rows(0)[0][5] == "bin lira"
    assert shown.sums(0) == ["—", "1.200,00"]
    assert shown.sums(1) == ["600,00", "600,00"]
    assert "Okunamayan tutar var; toplam verilemiyor" in shown.text
    nowhere = page(tmp_path, Y, text("gl-cor:debitCreditCode", "X"))
    assert nowhere.rows(0)[0][4:] == ["Kumaş alışıBorç/alacak kodu Xtutar 1000.00", "", ""]
    assert nowhere.sums(0) == ["—", "—"]


def test_the_largest_sums_are_exact(tmp_path: Path) -> None:
    amounts = [text("gl-cor:amount", "9007199254740993.01"), text("gl-cor:amount", "0.01", 1)]
    assert page(tmp_path, Y, *amounts).sums(0)[0] == "9.007.199.254.740.993,02"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", XmlBroken),
        (b"PK\x03\x04", XmlBroken),
        (b"<defter/>", ValueError),
        (b'<c:entryDetail xmlns:c="http://www.xbrl.org/int/gl/cor/2006-10-25"/>', ValueError),
        (golden(Y)[:2000], XmlCut),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', XmlDoctype),
    ],
    ids=["nothing", "a ZIP", "another root", "a line alone", "cut before it says what it is", "a DOCTYPE"],
)
def test_what_is_no_document_gets_no_page(tmp_path: Path, data: bytes, error: type[Exception]) -> None:
    source, target = tmp_path / "document.xml", tmp_path / "page.html"
    source.write_bytes(data)
    target.write_text("an older page")
    with pytest.raises(error):
        write_view(source, target, "tr")
    assert target.read_text() == "an older page"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["document.xml", "page.html"]


@pytest.mark.parametrize("end", [b"", b"<<", b"&yok;", b"\x00", b"</x>"], ids=["cut", "broken", "entity", "nul", "tag"])
def test_a_broken_document_is_shown_as_far_as_it_can_be_read(tmp_path: Path, end: bytes) -> None:
    data = golden(Y)
    at = data.index(b"<gl-cor:lineNumber ", data.index(b">36<") - 200)
    shown = Page(tmp_path, data[:at] + end, check=True)
    assert shown.written.stopped
    assert "Dosya sonuna kadar okunamadı" in shown.badges
    assert "Denetimde bulgu yok" not in shown.badges
    assert [len(shown.rows(block)) for block in (0, 1)] == [3, 2]
    assert "Okunabilen kısmın toplamı" in shown.text
    assert shown.root.get_element_by_id("stopped").findtext("p")


def test_a_deep_or_crowded_document_is_no_trouble(tmp_path: Path) -> None:
    deep = "<extensions>" * 200 + "derin" + "</extensions>" * 200
    many = "<gl-bus:foo>x</gl-bus:foo>" * 5_000
    shown = page(
        tmp_path, Y, inside(".", deep), inside("gl-cor:entityInformation", many), inside("gl-cor:entryDetail", many)
    )
    assert len(shown.text) < 200_000
    assert "tanesi gösterilmiyor" in shown.text


def test_the_same_document_gives_the_same_page(tmp_path: Path) -> None:
    pages = [page(tmp_path, K, signed, check=True).text for _ in range(2)]
    assert pages[0] == pages[1]
    assert changed(K, signed) == changed(K, signed)
