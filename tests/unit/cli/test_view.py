"""The readable page of a document: what stands in it, in both languages, and nothing that a browser would run."""

import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

from defterhane.documents.errors import XmlBroken, XmlCut, XmlDoctype
from defterhane.edefter.kinds import DocumentKind
from defterhane.texts import Language
from defterhane_cli.view import write_view
from support.golden_documents import FIRM, Change, changed, golden, signed, text

SCRIPT = "<script>alert(\"x\")</script> & 'tırnak'"


class Page:
    """A page as a reader sees it."""

    def __init__(self, folder: Path, data: bytes, language: Language = "tr") -> None:
        source, self.path = folder / "document.xml", folder / "page.html"
        source.write_bytes(data)
        write_view(source, self.path, language)
        self.root = html.fromstring(self.path.read_bytes())
        self.title = self.root.findtext(".//h1")
        words = [element.text_content() for element in self.root.find(".//dl")]
        self.facts = dict(zip(words[::2], words[1::2], strict=True))
        self.state = self.root.find_class("state")[0].text_content()
        self.headings = [section.find("h2").text_content() for section in self.root.iter("section")]

    def rows(self, section: int) -> list[list[str]]:
        body = list(self.root.iter("section"))[section].find(".//tbody")
        return [[cell.text_content() for cell in row] for row in body]

    def totals(self, section: int) -> list[str]:
        row = list(self.root.iter("section"))[section].find(".//tfoot/tr")
        return [cell.text_content() for cell in row][1:]


def page(folder: Path, kind: DocumentKind, *changes: Change, language: Language = "tr") -> Page:
    return Page(folder, changed(kind, *changes), language)


def test_a_journal_reads_entry_by_entry(tmp_path: Path) -> None:
    shown = page(tmp_path, DocumentKind.JOURNAL)
    assert shown.title == "Yevmiye Defteri"
    assert shown.facts == {
        "Dönem": "2025-03-01 – 2025-03-31",
        "Belge no": "YEV202503000003",
        "Oluşturma tarihi": "2025-04-02",
        "VKN/TCKN": FIRM,
        "Mükellef": "DENEME TEKSTİL A.Ş.",
        "Muhasebeci": "AYŞE DENEME",
    }
    assert shown.headings[0] == "Yevmiye no 11 2025-03-05 · Fiş M-0007 · Alış · A.D."
    assert shown.rows(0)[0] == [
        *("31", "2025-03-05", "153.01 KUMAŞ & İPLİK", "Fatura DNM2025000000123 2025-03-04", "Kumaş alışı"),
        *("1.000,00", ""),
    ]
    assert shown.rows(1)[1][3] == "Z Raporu Z-52 2025-03-20"
    assert [shown.totals(0), shown.totals(1)] == [["1.200,00", "1.200,00"], ["600,00", "600,00"]]
    assert shown.state == "İmzasız · Toplam: Borç 1.800,00, Alacak 1.800,00"


def test_a_journal_reads_in_english(tmp_path: Path) -> None:
    shown = page(tmp_path, DocumentKind.JOURNAL, language="en")
    assert shown.title == "Journal"
    assert shown.facts["Taxpayer"] == "DENEME TEKSTİL A.Ş."
    assert shown.rows(0)[0][3:] == ["Invoice DNM2025000000123 2025-03-04", "Kumaş alışı", "1,000.00", ""]
    assert shown.totals(0) == ["1,200.00", "1,200.00"]
    assert shown.state == "Not signed · Total: Debit 1,800.00, Credit 1,800.00"
    assert shown.root.get("lang") == "en"


def test_a_ledger_reads_account_by_account(tmp_path: Path) -> None:
    shown = page(tmp_path, DocumentKind.LEDGER)
    assert shown.title == "Defter-i Kebir"
    assert shown.headings == [
        *("100 KASA", "153.01 KUMAŞ & İPLİK", "191.20 %20 KDV"),
        *("320.01.004 DENİZ TEKSTİL", "391.20 %20 KDV", "600.01 PERAKENDE"),
    ]
    assert shown.totals(1) == ["1.000,00", "0,00"]
    assert shown.totals(3) == ["0,00", "1.200,00"]
    assert shown.state == "İmzasız · Toplam: Borç 1.800,00, Alacak 1.800,00"


@pytest.mark.parametrize(
    ("kind", "title"),
    [(DocumentKind.JOURNAL_BERAT, "Yevmiye Defteri Beratı"), (DocumentKind.LEDGER_BERAT, "Defter-i Kebir Beratı")],
)
def test_a_berat_shows_its_ten_lines(tmp_path: Path, kind: DocumentKind, title: str) -> None:
    shown = page(tmp_path, kind)
    assert shown.title == title
    lines = [(row[2][:3], row[5] or row[6], "D" if row[5] else "C") for row in shown.rows(0)]
    assert lines == [
        *(("391", "0,00", "D"), ("391", "100,00", "C"), ("191", "200,00", "D"), ("191", "0,00", "C")),
        *(("600", "0,00", "D"), ("600", "500,00", "C"), ("601", "0,00", "D"), ("601", "0,00", "C")),
        *(("602", "0,00", "D"), ("602", "0,00", "C")),
    ]
    assert shown.state == "İmzasız"


def test_a_report_shows_each_account_and_the_totals(tmp_path: Path) -> None:
    shown = page(tmp_path, DocumentKind.REPORT)
    assert shown.title == "Defter Raporu"
    assert shown.rows(0)[0][2:] == ["100 KASA", "", "", "600,00", ""]
    assert shown.totals(0) == ["1.800,00", "1.800,00"]


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_a_signed_document_says_so(tmp_path: Path, kind: DocumentKind) -> None:
    assert page(tmp_path, kind, signed).state.startswith("İmzalı")


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_texts_stay_texts(tmp_path: Path, kind: DocumentKind) -> None:
    texts = [
        text("gl-bus:organizationIdentifier", SCRIPT),
        text("gl-cor:uniqueID", SCRIPT),
        text("xbrli:identifier", SCRIPT),
        text("gl-cor:accountMainDescription", SCRIPT),
        text("gl-bus:accountantName", SCRIPT),
    ]
    if kind.is_ledger:
        names = ("detailComment", "documentNumber", "accountSubDescription", "lineNumber", "postingDate", "amount")
        texts += [text(f"gl-cor:{name}", SCRIPT) for name in names]
    if kind is DocumentKind.JOURNAL:
        texts += [text(f"gl-cor:{name}", SCRIPT) for name in ("entryComment", "entryNumber", "entryNumberCounter")]
    shown = page(tmp_path, kind, *texts)
    assert "<script" not in shown.path.read_text("utf-8")
    assert not list(shown.root.iter("script"))
    assert shown.facts["Mükellef"] == SCRIPT
    if kind.is_ledger:
        assert shown.rows(0)[0][4] == SCRIPT


@pytest.mark.parametrize(
    ("amount", "tr", "en"),
    [
        ("0", "0,00", "0.00"),
        ("0.5", "0,50", "0.50"),
        ("999.99", "999,99", "999.99"),
        ("5000", "5.000,00", "5,000.00"),
        ("1234567.89", "1.234.567,89", "1,234,567.89"),
        ("-1000.01", "-1.000,01", "-1,000.01"),
        ("99999999999999999.99", "99.999.999.999.999.999,99", "99,999,999,999,999,999.99"),
    ],
)
def test_amounts_read_as_people_write_them(tmp_path: Path, amount: str, tr: str, en: str) -> None:
    change = text("gl-cor:amount", amount)
    assert page(tmp_path, DocumentKind.JOURNAL, change).rows(0)[0][5] == tr
    assert page(tmp_path, DocumentKind.JOURNAL, change, language="en").rows(0)[0][5] == en


def test_an_amount_that_is_none_is_shown_as_it_stands_and_makes_no_total(tmp_path: Path) -> None:
    shown = page(tmp_path, DocumentKind.JOURNAL, text("gl-cor:amount", "bin lira"))
    assert shown.rows(0)[0][5] == "bin lira"
    assert shown.totals(0) == ["—", "1.200,00"]
    assert shown.totals(1) == ["600,00", "600,00"]
    assert shown.state == "İmzasız · Toplam: Borç —, Alacak 1.800,00"


def test_the_largest_sums_are_exact(tmp_path: Path) -> None:
    amounts = [text("gl-cor:amount", "9007199254740993.01"), text("gl-cor:amount", "0.01", 1)]
    assert page(tmp_path, DocumentKind.JOURNAL, *amounts).totals(0)[0] == "9.007.199.254.740.993,02"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", XmlBroken),
        (b"PK\x03\x04", XmlBroken),
        (b"<defter/>", ValueError),
        (golden(DocumentKind.JOURNAL).replace(b">journal<", b">trialbalance<"), ValueError),
        (b'<c:entryDetail xmlns:c="http://www.xbrl.org/int/gl/cor/2006-10-25"/>', ValueError),
        (golden(DocumentKind.JOURNAL)[:9000], XmlCut),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', XmlDoctype),
    ],
    ids=["nothing", "a ZIP", "another root", "no such kind", "a line alone", "cut", "a DOCTYPE"],
)
def test_what_is_no_document_gets_no_page(tmp_path: Path, data: bytes, error: type[Exception]) -> None:
    source, target = tmp_path / "document.xml", tmp_path / "page.html"
    source.write_bytes(data)
    target.write_text("an older page")
    with pytest.raises(error):
        write_view(source, target, "tr")
    assert target.read_text() == "an older page"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["document.xml", "page.html"]


PEAK = """
import resource, sys
from pathlib import Path
from defterhane_cli.view import write_view
write_view(Path(sys.argv[1]), Path(sys.argv[2]), "tr")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _peak_kib(source: Path, target: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-c", PEAK, str(source), str(target)], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_memory_does_not_grow_with_the_document(tmp_path: Path) -> None:
    data = golden(DocumentKind.JOURNAL)
    start = data.index(b"<gl-cor:entryHeader>")
    end = data.rindex(b"</gl-cor:entryHeader>") + len(b"</gl-cor:entryHeader>")
    peaks = []
    for repeats in (20, 2_000):
        large = tmp_path / f"large-{repeats}.xml"
        with large.open("wb") as file:
            file.write(data[:start])
            for _ in range(repeats):
                file.write(data[start:end])
            file.write(data[end:])
        peaks.append(_peak_kib(large, tmp_path / "page.html"))
    assert large.stat().st_size > 20_000_000
    assert (tmp_path / "page.html").read_text("utf-8").count("<section>") == 2 * 2_000
    assert peaks[1] - peaks[0] < 6_000


def test_an_account_may_have_very_many_lines(tmp_path: Path) -> None:
    data = golden(DocumentKind.LEDGER).decode()
    start, end = data.index("<gl-cor:entryDetail>"), data.index("</gl-cor:entryDetail>") + len("</gl-cor:entryDetail>")
    many = 15_000
    source = tmp_path / "large.xml"
    source.write_text(data[:start] + data[start:end] * many + data[end:], "utf-8")
    target = tmp_path / "large.html"
    write_view(source, target, "tr")
    assert target.read_text("utf-8").count("<tr><td>") >= many
