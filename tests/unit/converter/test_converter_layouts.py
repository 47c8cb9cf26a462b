"""Every layout, in every form that it comes in, says the same: rows, lines, amounts and days."""

import csv
import io
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from converter.reading.cells import BOTH_SIDES, Cells
from converter.reading.chart import CHART
from converter.reading.clean import is_clean
from converter.reading.layouts import COLUMNS23, COLUMNS25, DETAIL, HEAD
from converter.reading.sheet_values import column_of, day_text, number_text
from converter.reading.tidying import NULL
from support.exports import entry, written
from support.reading import read_file, read_members, read_text, workbook

ROWS = [row for number in (1, 2) for row in entry(number, amount="1000.50", detailcomment="Şişli; İĞÜÖÇ ığüöç")]


def csv_text(rows: Sequence[Sequence[str]], delimiter: str = ";", newline: str = "\n") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return text.getvalue()


# ---- header and detail -----------------------------------------------------------------------------------------------

HEAD_NAMES = [column.name for column in HEAD.columns]
DETAIL_NAMES = [column.name for column in DETAIL.columns]


def head(number: int, total: str = "1.000,50", **changes: str) -> list[str]:
    said = {
        "Yevmiye_Madde_Numarası": str(number), "Fiş_Numarası": f"F{number}", "Yevmiye_Tarihi": "02.01.2025",
        "Fişi_Kaydeden": "Ö.M.", "Kayıt_Açıklaması": "Satış", "Toplam_Borç": total, "Toplam_Alacak": total,
        "Firma_No": "1", "Şube_No": "0", "Kaynak_Referansı": f"K{number}", **changes,
    }  # fmt: skip
    return [said.get(name, "") for name in HEAD_NAMES]


def detail(number: int, main: str, debit: str = "", credit: str = "", **changes: str) -> list[str]:
    said = {
        "Satır_Madde_No": str(number), "Fiş_Numarası": f"F{number}", "Ana_Hesap_Kodu": main,
        "Ana_Hesap_Açıklaması": f"HESAP {main}", "Alt_Hesap_Kodu": f"{main}.01", "Alt_Hesap_Açıklaması": "ALT",
        "Borç": debit, "Alacak": credit, "Fiş_Satır_No": "1", "Doküman_No": "A1", "Doküman_Tipi": "invoice",
        "Doküman_Tarihi": "02.01.2025", "Ödeme_Yöntemi": "Nakit", "Fiş_Detay_Açıklaması": "Şişli", "Firma_No": "1",
        "Şube_No": "0", "Kaynak_Referansı": f"K{number}", **changes,
    }  # fmt: skip
    return [said.get(name, "") for name in DETAIL_NAMES]


def pair(number: int) -> list[list[str]]:
    return [detail(number, "100", debit="1.000,50"), detail(number, "600", credit="1.000,50")]


HEADS = [HEAD_NAMES, head(1), head(2)]
DETAILS = [DETAIL_NAMES, *pair(1), *pair(2)]


@pytest.mark.parametrize("names", [("a_baslik.csv", "b_detay.csv"), ("z_baslik.csv", "b_detay.csv")])
def test_heads_and_details_are_joined_whichever_comes_first(tmp_path: Path, names: tuple[str, str]) -> None:
    read = read_members(tmp_path, dict(sorted(zip(names, (csv_text(HEADS), csv_text(DETAILS)), strict=True))))
    assert read.told == []
    assert [row.line for row in read.rows] == [2, 3, 4, 5]
    assert read.amounts == [100_050] * 4
    assert read.column("debitcreditcode") == ["D", "C", "D", "C"]
    assert len(set(read.column("entryref"))) == 2
    first = read.rows[0].cells
    assert (first.entrynumber, first.entrynumbercounter, first.linenumbercounter) == ("F1", "1", "1")
    assert (first.enteredby, first.entrycomment, first.detailcomment) == ("Ö.M.", "Satış", "Şişli")
    assert (first.accmainid, first.accsubid, first.documenttype) == ("100", "100.01", "invoice")
    assert set(read.days) == {"2025-01-02"}
    assert {one.layout for one in read.recognised} == {"header-detail"}


def test_heads_and_details_as_sheets_of_one_workbook(tmp_path: Path) -> None:
    book = workbook(("Detay", DETAILS), ("Başlık", HEADS))
    read = read_members(tmp_path, {"defter.xlsx": book})
    assert read.told == []
    assert read.amounts == [100_050] * 4
    assert [one.file for one in read.recognised] == ["defter.xlsx [Detay]", "defter.xlsx [Başlık]"]


def test_names_without_turkish_letters_and_tables_without_names(tmp_path: Path) -> None:
    table = str.maketrans("ışŞöüğç", "isSougc")
    bare = [[name.translate(table) for name in names] for names in (HEAD_NAMES, DETAIL_NAMES)]
    usual = read_members(tmp_path, {"a.csv": csv_text(HEADS), "b.csv": csv_text(DETAILS)})
    for heads, details in (([bare[0]], [bare[1]]), ([], [])):
        members = {"a.csv": csv_text(heads + HEADS[1:]), "b.csv": csv_text(details + DETAILS[1:])}
        read = read_members(tmp_path, members)
        assert (read.told, [row.cells for row in read.rows]) == ([], [row.cells for row in usual.rows])


def test_joined_by_voucher_where_there_is_no_source_reference(tmp_path: Path) -> None:
    heads = [HEAD_NAMES, head(1, **{"Kaynak_Referansı": ""}), head(2, **{"Kaynak_Referansı": ""})]
    read = read_members(tmp_path, {"a.csv": csv_text(heads), "b.csv": csv_text(DETAILS)})
    assert (read.told, len(read.rows)) == ([], 4)


def test_one_voucher_number_under_two_sources(tmp_path: Path) -> None:
    heads = [HEAD_NAMES, head(1), head(2, **{"Fiş_Numarası": "F1"})]
    details = [DETAIL_NAMES, *pair(1), *([*row[:1], "F1", *row[2:]] for row in pair(2))]
    read = read_members(tmp_path, {"a.csv": csv_text(heads), "b.csv": csv_text(details)})
    assert (read.told, len(set(read.column("entryref")))) == ([], 2)


def test_what_does_not_join_is_told(tmp_path: Path) -> None:
    heads = [HEAD_NAMES, head(1, total="1.000,51"), head(2), head(3), head(2)]
    details = [*DETAILS, *pair(9)]
    read = read_members(tmp_path, {"başlık.csv": csv_text(heads), "detay.csv": csv_text(details)})
    assert read.told == [
        ("head.twice", 5),
        ("head.missing", 6),
        ("head.total_differs", 2),
        ("head.total_differs", 2),
        ("head.without_lines", 4),
    ]
    differs = [finding for finding in read.findings if finding.rule == "head.total_differs"]
    assert {finding.value for finding in differs} == {"1000.50"}
    assert {finding.file for finding in differs} == {"başlık.csv"}
    assert "1.000,51" in differs[0].message.tr
    assert len(read.rows) == 4


def test_one_of_two_tables_is_not_there(tmp_path: Path) -> None:
    assert read_members(tmp_path, {"a.csv": csv_text(HEADS)}).error == "layout.details_missing"
    assert read_members(tmp_path, {"a.csv": csv_text(DETAILS)}).error == "layout.heads_missing"


@pytest.mark.parametrize(
    ("debit", "credit", "amount", "side"),
    [
        ("5,00", "", "5,00", "D"),
        ("5,00", "0,00", "5,00", "D"),
        ("0", "5,00", "5,00", "C"),
        ("-", "5,00", "5,00", "C"),
        ("0,00", "0,00", "0,00", "D"),
        ("", "", "", "D"),
        ("5,00", "6,00", "5,00/6,00", BOTH_SIDES),
        ("-5,00", "", "-5,00", "D"),
    ],
)
def test_amounts_under_their_sides(tmp_path: Path, debit: str, credit: str, amount: str, side: str) -> None:
    details = [DETAIL_NAMES, detail(1, "100", debit, credit)]
    read = read_members(tmp_path, {"a.csv": csv_text([HEAD_NAMES, head(1, total="")]), "b.csv": csv_text(details)})
    assert [(row.cells.amount, row.cells.debitcreditcode) for row in read.rows] == [(amount, side)]


def test_a_head_is_found_however_many_there_are(tmp_path: Path) -> None:
    count = 3000
    heads = [HEAD_NAMES, *(head(number, total="1,00") for number in range(count, 0, -1))]
    lines = [detail(number, main, *sides) for main, sides in (("100", ("1,00", "")), ("600", ("", "1,00")))
             for number in range(1, count + 1)]  # fmt: skip
    read = read_members(tmp_path, {"a.csv": csv_text([DETAIL_NAMES, *lines]), "b.csv": csv_text(heads)})
    assert (read.told, len(read.rows), len(set(read.column("entryref")))) == ([], 2 * count, count)


# ---- 23 columns ------------------------------------------------------------------------------------------------------

DAY = date(2025, 1, 2)
NAMES23 = [column.name for column in COLUMNS23.columns]


COLUMNS23_AT = {column.target: position for position, column in enumerate(COLUMNS23.columns)}


def line23(voucher: str, main: int, amount: Any, side: str, day: Any = DAY) -> list[Any]:
    return [
        day, day, "Ö.M.", day, voucher, "Satış", "P1", "Parti bir", amount, amount, "invoice", "", "00163", day,
        "Nakit", main, f"HESAP {main}", "ALT", f"{main}.01", amount, side, day, "Şişli",
    ]  # fmt: skip


LINES23 = [NAMES23, line23("F1", 100, 1180.15, "D"), line23("F1", 600, 1180.15, "C"), line23("F2", 100, 0.3, "D")]


def test_23_columns_of_typed_cells(tmp_path: Path) -> None:
    read = read_members(tmp_path, {"defter.xlsx": workbook(("Sheet1", LINES23))})
    assert read.told == []
    assert [one.layout for one in read.recognised] == ["columns23"]
    assert [row.line for row in read.rows] == [2, 3, 4]
    assert read.amounts == [118_015, 118_015, 30]
    assert read.column("entryref")[0] == read.column("entryref")[1] != read.column("entryref")[2]
    first = read.rows[0].cells
    assert first.accmainid == "100"
    assert (first.postingdate, first.documentdate, first.documentnumber) == ("2025-01-02", "2025-01-02", "00163")
    assert (first.batchid, first.batchdescription, first.linenumber) == ("P1", "Parti bir", "")


def test_23_columns_as_csv_under_short_names(tmp_path: Path) -> None:
    rows = [[str(cell) for cell in row] for row in LINES23]
    usual = read_members(tmp_path, {"defter.xlsx": workbook(("Sheet1", LINES23))})
    short = [name.rpartition(".")[2] for name in NAMES23]
    for names in ([NAMES23], [short], []):
        read = read_text(tmp_path, csv_text([*names, *rows[1:]]))
        assert (read.told, read.amounts) == ([], usual.amounts), read.message
        assert [row.cells for row in read.rows] == [row.cells for row in usual.rows]


def test_texts_and_numbers_may_stand_in_one_column(tmp_path: Path) -> None:
    lines = [NAMES23, line23("F1", 100, 1180.15, "D"), line23("F1", 600, "1.180,15", "C", "02.01.2025")]
    read = read_members(tmp_path, {"defter.xlsx": workbook(("Sheet1", lines))})
    assert (read.told, read.amounts, read.days) == ([], [118_015] * 2, ["2025-01-02"] * 2)
    assert read.recognised[0].facts["decimal_mark"] == ","


def test_too_many_decimals_and_damaged_numbers_show(tmp_path: Path) -> None:
    lines = [NAMES23, *(line23("F1", 100, amount, "D") for amount in (1.005, 1180.155, 123456789012345678, 1000))]
    lines[1][12] = 1234567890123456789
    read = read_members(tmp_path, {"defter.xlsx": workbook(("Sheet1", lines))})
    assert read.amounts == ["amount.too_many_decimals", "amount.too_many_decimals", "amount.damaged", 100_000]
    assert read.column("documentnumber")[0] == "1.23456789012346E+18"


def test_title_rows_hidden_sheets_and_notes(tmp_path: Path) -> None:
    book = workbook(
        ("Gizli", LINES23), ("Kayıtlar", [[], ["ÖRNEK A.Ş."], [], *LINES23]), ("Notlar", [["not"]]), ("Boş", []),
        hidden=["Gizli"],
    )  # fmt: skip
    read = read_members(tmp_path, {"defter.xlsx": book})
    assert [row.line for row in read.rows] == [5, 6, 7]
    assert [(finding.rule, finding.value) for finding in read.findings] == [("file.ignored", "defter.xlsx [Notlar]")]
    assert read.recognised[0].facts["sheets_unread"] == "Gizli"
    assert "Gizli" in read.recognised[0].text.tr


def test_25_columns_as_a_workbook_dropped_as_it_is(tmp_path: Path) -> None:
    names = [column.name for column in COLUMNS25.columns]
    table = [names, *([row.get(name, "") for name in names] for row in ROWS)]
    for name in ("1234567808-202501.xlsx", "1234567808-202501.zip"):
        file = tmp_path / name
        file.write_bytes(workbook(("Sheet1", table)))
        read = read_file(tmp_path, file)
        assert (read.told, read.amounts) == ([], [100_050] * 4)


def test_cells_that_say_nothing_are_told_with_voucher_and_account(tmp_path: Path) -> None:
    changed = [list(row) for row in LINES23]
    changed[2][COLUMNS23_AT["amount"]] = "#REF!"
    changed[3][COLUMNS23_AT["amount"]] = "=1+1"
    read = read_members(tmp_path, {"a.xlsx": workbook(("x", [["=1+1"], *changed]))})
    assert read.told == [("cell.error", 4), ("formula.without_value", 5)]
    for finding, row in zip(read.findings, read.rows[1:], strict=True):
        assert (finding.voucher, finding.account) == (row.cells.entrynumber, row.cells.accsubid)
    assert [row.told for row in read.rows] == [(), ("amount",), ("amount",)]


def test_rows_know_where_their_head_stands(tmp_path: Path) -> None:
    read = read_members(tmp_path, {"a.csv": csv_text(HEADS), "b.csv": csv_text(DETAILS)})
    assert {row.head for row in read.rows} == {("a.csv", number) for number in range(2, len(HEADS) + 1)}


def test_numbers_shown_with_zeros_keep_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in LINES23:
        sheet.append(list(row))
    sheet["E2"] = 163
    sheet["E2"].number_format = "00000000"
    content = io.BytesIO()
    book.save(content)
    assert read_members(tmp_path, {"a.xlsx": content.getvalue()}).column("entrynumber")[0] == "00000163"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("1180.1500000000001", "1180.15"),
        ("0.30000000000000004", "0.3"),
        ("1E3", "1000"),
        ("1.5E-2", "0.015"),
        ("-0", "0"),
        ("100", "100"),
        ("999999999999999", "999999999999999"),
        ("1000000000000000", "1E+15"),
        ("1234567890123456", "1.23456789012346E+15"),
    ],
)
def test_binary_numbers_become_the_digits_they_hold(raw: str, text: str) -> None:
    assert number_text(raw) == text


@given(st.integers(-(10**13), 10**13))
def test_every_amount_survives_a_spreadsheet(kurus: int) -> None:
    text = number_text(repr(kurus / 100))  # what a spreadsheet stores
    assert Decimal(text) == Decimal(kurus) / 100


@given(st.dates(date(1900, 3, 1), date(9999, 12, 31)))
def test_every_day_survives_a_spreadsheet(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert day_text(f"{serial}.75", counts_from_1904=False) == day.isoformat()
    if day > date(1904, 1, 1):
        assert day_text(str((day - date(1904, 1, 1)).days), counts_from_1904=True) == day.isoformat()


def test_columns_of_a_sheet() -> None:
    assert [column_of(reference) for reference in ("A1", "Z9", "AA1", "XFD1048576")] == [0, 25, 26, 16383]
    assert [column_of(reference) for reference in ("1", "A", "a1", "AAAA1", "Ä1", "")] == [None] * 6


# ---- XML -------------------------------------------------------------------------------------------------------------

LINE_XML = """<KayitDetayi><SatirYevmiyeMaddeNo>1</SatirYevmiyeMaddeNo>
<hesap><AnaHesapNo>{main}</AnaHesapNo><AnaHesapAdi>HESAP</AnaHesapAdi><AltHesap><AltHesapNo>{main}.01</AltHesapNo>
<AltHesapAdi>ALT</AltHesapAdi></AltHesap></hesap><Tutar>{amount}</Tutar><BorcAlacakKodu>{side}</BorcAlacakKodu>
<YevmiyeTarihi>2025-01-02</YevmiyeTarihi><BelgeReferansi>F1</BelgeReferansi><BelgeTipi>invoice</BelgeTipi>
<BelgeNo>A1</BelgeNo><BelgeTarihi>2025-01-02</BelgeTarihi><BelgeTipiTanimi/><OdemeTipi>Nakit</OdemeTipi>
<SatirAciklamasi>Şişli &amp; İĞÜÖÇ</SatirAciklamasi></KayitDetayi>"""
ENTRY_XML = """<MuhasebeKaydi>
<Girisci>Ö.M.</Girisci><GirisTarihi>2025-01-02</GirisTarihi><MuhasebeFisNo>F1</MuhasebeFisNo>
<KayitAciklamasi>Satış</KayitAciklamasi><YevmiyeMaddeNo>1</YevmiyeMaddeNo>
{lines}</MuhasebeKaydi>
"""
XML = """<Edefter{attributes}>
<DokumanBilgisi><DonemBaslangicTarihi>2025-01-01</DonemBaslangicTarihi></DokumanBilgisi>
<MuhasebeKayitlari>
{entries}</MuhasebeKayitlari></Edefter>
"""


def entry_xml(amount: str = "1.000,50") -> str:
    lines = LINE_XML.format(main="100", amount=amount, side="B") + LINE_XML.format(main="600", amount=amount, side="A")
    return ENTRY_XML.format(lines=lines)


def xml(entries: str, attributes: str = "") -> str:
    return XML.format(entries=entries, attributes=attributes)


@pytest.mark.parametrize("declared", ["UTF-8", "windows-1254", "ISO-8859-9", "utf-16", ""])
@pytest.mark.parametrize("attributes", ["", ' xmlns="urn:x"'])
def test_xml_in_its_encodings(tmp_path: Path, declared: str, attributes: str) -> None:
    text = xml(entry_xml() * 2, attributes)
    if declared:
        text = f'<?xml version="1.0" encoding="{declared}"?>\n{text}'
    data = text.encode({"windows-1254": "cp1254", "ISO-8859-9": "iso8859-9", "": "utf-8-sig"}.get(declared, declared))
    read = read_members(tmp_path, {"defter.xml": data})
    assert (read.told, read.error) == ([], None)
    assert [row.line for row in read.rows] == [line + bool(declared) for line in (7, 12, 21, 26)]
    assert read.amounts == [100_050] * 4
    assert len(set(read.column("entryref"))) == 2
    first = read.rows[0].cells
    assert first == Cells(
        entryref=first.entryref, linenumber="", linenumbercounter="1", accmainid="100", accmainiddesc="HESAP",
        accsubid="100.01", accsubdesc="ALT", amount="1.000,50", debitcreditcode="B", postingdate="2025-01-02",
        documenttype="invoice", documenttypedesc="", documentnumber="A1", documentreference="F1",
        entrynumbercounter="1", documentdate="2025-01-02", paymentmethod="Nakit", detailcomment="Şişli & İĞÜÖÇ",
        divisionno="", enteredby="Ö.M.", entereddate="2025-01-02", entrynumber="F1", entrycomment="Satış",
    )  # fmt: skip


@pytest.mark.parametrize("compact", [True, False])
def test_lines_of_xml_are_right_beyond_what_the_parser_counts(tmp_path: Path, compact: bool) -> None:
    one = entry_xml("5")
    text = xml(("\n" * 70_000 if compact else "") + (one.replace("\n", "") + "\n" if compact else one) * 6000)
    expected = [number for number, line in enumerate(text.split("\n"), 1) for _ in range(line.count("<KayitDetayi>"))]
    read = read_members(tmp_path, {"defter.xml": text})
    assert read.told == []
    assert expected[-1] > 70_000
    assert [row.line for row in read.rows] == expected


def test_xml_entries_without_lines_and_values_behind_lines(tmp_path: Path) -> None:
    read = read_members(tmp_path, {"a.xml": xml(entry_xml() + ENTRY_XML.format(lines=""))})
    assert (read.told, len(read.rows)) == ([("head.without_lines", 18)], 2)
    late = entry_xml().replace("</MuhasebeKaydi>", "<Girisci>X</Girisci></MuhasebeKaydi>")
    assert read_members(tmp_path, {"a.xml": xml(late)}).error == "xml.order"
    assert (
        read_members(tmp_path, {"a.xml": xml(LINE_XML.format(main="100", amount="1", side="B"))}).error == "xml.order"
    )


def test_xml_of_another_kind(tmp_path: Path) -> None:
    read = read_members(tmp_path, {"a.xml": "<Invoice><ID>1</ID></Invoice>"})
    assert (read.error, "Invoice" in read.message) == ("xml.root_unknown", True)


# ---- report ----------------------------------------------------------------------------------------------------------

COLUMN_ROW = "HESAP KODU;HESAP ADI;AÇIKLAMA;DETAY;BORÇ;ALACAK\n"
REPORT = (
    "ÖRNEK TİCARET A.Ş.;;;;;\nFİŞ DÖKÜMÜ 04/2025;;;;;\n;;;;;\n"
    "04050-----04050-----MAHSUP-----01/04/2025;;;TL;;\n" + COLUMN_ROW + "100.01;MERKEZ KASA;Tahsilat;;1.575,00;\n"
    "120.01.001;ÖRNEK LTD.;Tahsilat;;;1.575,00\nFİŞ AÇIKLAMA;Nisan tahsilatı;;;;\nTOPLAM;;;;1.575,00;1.575,00\n;;;;;\n"
    "04051-----04051-----TAHSİL-----02/04/2025;;;TL;;\n" + COLUMN_ROW + "100;KASA HESABI;;;20,00;\n"
    "100.01;MERKEZ KASA;bir;15,00;;\n100.02;ŞUBE KASA;iki;5,00;;\n600;SATIŞLAR;üç;;;20,00\n"
    "TOPLAM;;;;20,00;20,00\nFİŞ AÇIKLAMA: Perakende;;;;;\nGENEL TOPLAM;;;;1.595,00;1.595,00\n"
)


def test_report_of_vouchers(tmp_path: Path) -> None:
    read = read_text(tmp_path, "\ufeff" + REPORT)
    assert read.told == []
    assert [one.layout for one in read.recognised] == ["report"]
    assert [row.line for row in read.rows] == [6, 7, 14, 15, 16]
    assert read.amounts == [157_500, 157_500, 1_500, 500, 2_000]
    assert read.column("debitcreditcode") == ["D", "C", "D", "D", "C"]
    assert read.column("accmainid") == ["100", "120", "100", "100", "600"]
    assert read.column("accmainiddesc") == ["KASA HESABI", "ALICILAR", "KASA HESABI", "KASA HESABI", "SATIŞLAR"]
    assert read.column("accsubid") == ["100.01", "120.01.001", "100.01", "100.02", ""]
    assert read.column("entrycomment") == ["Nisan tahsilatı"] * 2 + ["Perakende"] * 3
    assert read.days == ["2025-04-01"] * 2 + ["2025-04-02"] * 3
    assert read.column("entrynumber") == ["04050"] * 2 + ["04051"] * 3
    assert set(read.column("enteredby")) == {"Ö.M."}
    assert set(read.column("entrynumbercounter")) == {""}
    assert "Ö.M." in read.recognised[0].text.tr


def test_report_as_a_sheet_and_with_the_erps_numbers(tmp_path: Path) -> None:
    rows = [line.split(";") for line in REPORT.splitlines()]
    read = read_members(tmp_path, {"a.xlsx": workbook(("Sayfa1", rows))})
    assert (read.told, read.amounts) == ([], [157_500, 157_500, 1_500, 500, 2_000])
    read = read_text(tmp_path, REPORT, numbering="erp")
    assert read.column("entrynumbercounter") == ["04050"] * 2 + ["04051"] * 3


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("TOPLAM;;;;1.575,00;1.575,00", "TOPLAM;;;;1.575,00;1.570,00", [("head.total_differs", 9)]),
        ("100.02;ŞUBE KASA;iki;5,00;;", "100.02;ŞUBE KASA;iki;4,00;;",
         [("head.total_differs", 13), ("head.total_differs", 17)]),
        ("02/04/2025;;;TL;;", "02/04/2025;;;USD;;", [("report.currency", 11)]),
        ("100.01;MERKEZ KASA;Tahsilat;;1.575,00;\n120.01.001;ÖRNEK LTD.;Tahsilat;;;1.575,00\n", "",
         [("head.total_differs", 7), ("head.total_differs", 7), ("head.without_lines", 4)]),
    ],
)  # fmt: skip
def test_reports_that_do_not_add_up(tmp_path: Path, old: str, new: str, told: list[tuple[str, int]]) -> None:
    assert old in REPORT
    assert read_text(tmp_path, REPORT.replace(old, new)).told == told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("\n120.01.001", "\nNOT: aranacak;;;;;\n;;;;;?\n;;;;;x\n120.01.001", [("report.row_unknown", 7)]),
        ("GENEL TOPLAM;;;;1.595,00;1.595,00", "GENEL TOPLAM;;;;1.595,00;1.600,00", [("report.total_differs", 19)]),
        ("GENEL TOPLAM;;;;1.595,00", "RAPOR TOPLAMI;;;;1.600,00", [("report.total_differs", 19)]),
        ("120.01.001;ÖRNEK LTD.;Tahsilat;;;1.575,00", "120.01.001;ÖRNEK LTD.;Tahsilat;;;1.570,00",
         [("head.total_differs", 9)]),
        ("04051-----04051-----TAHSİL-----02/04/2025;;;TL;;\n", "", [("report.row_unknown", 12)]),
        ("04050-----04050-----MAHSUP-----01/04/2025;;;TL;;\n", "", [("report.row_unknown", 5)]),
        ("04051-----04051-----TAHSİL-----02/04/2025", "04051-----TAHSİL-----02/04/2025", []),
    ],
)  # fmt: skip
def test_rows_of_a_report_that_nobody_can_account_for(
    tmp_path: Path, old: str, new: str, told: list[tuple[str, int]]
) -> None:
    assert old in REPORT
    read = read_text(tmp_path, REPORT.replace(old, new))
    assert read.told == told
    # A voucher's row that is damaged begins a voucher all the same: its lines go to no other one.
    assert "2025-04-01" not in [day for day, row in zip(read.days, read.rows, strict=True) if row.line > 12]


def test_texts_that_go_on_and_pages_that_begin_in_a_voucher(tmp_path: Path) -> None:
    line = "100.01;MERKEZ KASA;Tahsilat;;1.575,00;\n"
    title = "FİŞ DÖKÜMÜ 04/2025;;;{};;\n"
    report = REPORT.replace(title.format(""), title.format("1/2"))
    longer = report.replace(line, f"{line};;devamı 2025;;;\n;VE KASASI;sonu;;;\n")
    read = read_text(tmp_path, longer.replace("Nisan tahsilatı;;;;\n", "Nisan tahsilatı;;;;\n;ikinci satır;;;;\n"))
    assert (read.told, read.amounts) == ([], [157_500, 157_500, 1_500, 500, 2_000])
    assert read.rows[0].cells.detailcomment == "Tahsilat devamı 2025 sonu"
    assert read.rows[0].cells.accsubdesc == "MERKEZ KASA VE KASASI"
    assert read.rows[0].cells.entrycomment == "Nisan tahsilatı ikinci satır"
    page = f"ÖRNEK TİCARET A.Ş.;;;;;\n{title.format('2/2')};;;;;\n{COLUMN_ROW}"
    read = read_text(tmp_path, report.replace(line, line + page))
    assert (read.told, read.amounts) == ([], [157_500, 157_500, 1_500, 500, 2_000])


def test_chart_of_accounts() -> None:
    assert all(len(code) == 3 and code.isdecimal() and name.strip() == name for code, name in CHART.items())
    assert list(CHART) == sorted(CHART)
    assert (CHART["100"], CHART["391"]) == ("KASA", "HESAPLANAN KATMA DEĞER VERGİSİ")


# ---- profiles, several layouts at once -------------------------------------------------------------------------------


def test_files_of_several_layouts_in_one_drop(tmp_path: Path) -> None:
    members = {
        "1.csv": written(ROWS),
        "2.xlsx": workbook(("x", LINES23)),
        "3.csv": csv_text(HEADS),
        "4.xml": xml(entry_xml()),
        "5.csv": csv_text(DETAILS),
        "6.txt": REPORT,
        "7.csv": "",
    }
    read = read_members(tmp_path, members)
    assert (read.told, read.error) == ([], None)
    assert [one.file for one in read.recognised] == ["1.csv", "2.xlsx", "3.csv", "4.xml", "5.csv", "6.txt"]
    assert len(read.rows) == 4 + 3 + 2 + 4 + 5


@pytest.mark.parametrize(
    ("profile", "what"),
    [
        ({"layout": "report"}, "layout"),
        ({"layout": "xml"}, "layout"),
        ({"encoding": "utf-16"}, "encoding"),
        ({"encoding": "windows-1254"}, "encoding"),
        ({"delimiter": ","}, "delimiter"),
        ({"header": False}, "header"),
        ({"decimal_mark": ","}, "decimal_mark"),
        ({"date_order": "month-day-year"}, "date_order"),
    ],
)
def test_a_profile_that_does_not_fit_is_an_error(tmp_path: Path, profile: dict[str, Any], what: str) -> None:
    rows = [{**row, "postingdate": "25.01.2025", "entereddate": "25.01.2025"} for row in ROWS]
    read = read_text(tmp_path, written(rows), **profile)
    assert (read.error, f"{what} =" in read.message) == ("layout.profile_mismatch", True), read.message


def test_a_profile_that_fits_is_followed(tmp_path: Path) -> None:
    text = written([{**row, "postingdate": "01/02/2025", "amount": "1.000"} for row in ROWS])
    plain = read_text(tmp_path, text)
    assert (plain.days[0], plain.amounts[0]) == ("2025-02-01", "amount.ambiguous")
    told = {"layout": "columns25", "encoding": "utf-8", "delimiter": ";", "quoted": True, "header": True,
            "decimal_mark": ",", "date_order": "month-day-year"}  # fmt: skip
    read = read_text(tmp_path, text, **told)
    assert (read.days[0], read.amounts[0]) == ("2025-01-02", 100_000)


def test_a_tenants_own_column_names_and_numbering(tmp_path: Path) -> None:
    text = written(ROWS).replace("entrynumber;", "FIS NO;").replace("amount;", "MEBLAĞ;")
    assert read_text(tmp_path, text).error == "layout.columns_missing"
    read = read_text(tmp_path, text, columns={"entrynumber": "Fiş No", "amount": "meblağ"}, numbering="platform")
    assert (read.told, read.amounts[0], read.rows[0].cells.entrynumber) == ([], 100_050, "00001")
    assert {*read.column("linenumber"), *read.column("entrynumbercounter"), *read.column("linenumbercounter")} == {""}


def test_what_fits_nothing_is_told_with_what_would(tmp_path: Path) -> None:
    read = read_text(tmp_path, "a;b;c\n1;2;3\n")
    assert (read.error, "3 columns" in read.message, "a | b | c" in read.message) == ("layout.unknown", True, True)


# ---- properties ------------------------------------------------------------------------------------------------------

WORDS = st.text(
    st.characters(codec="cp1254", exclude_categories=("Cc", "Cf", "Zs"), exclude_characters="<\ufffd"), max_size=9
)
TEXTS = (
    st.lists(WORDS, max_size=3).map(" ".join).map(str.strip).filter(lambda text: is_clean(text) and text not in NULL)
)
FREE = ("accsubdesc", "documentnumber", "paymentmethod", "detailcomment", "entrycomment", "entrynumber")
DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([";", "\t", ",", "|"]),
        "newline": st.sampled_from(["\n", "\r\n", "\r"]),
        "encoding": st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1254", "iso8859-9"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        "header": st.booleans(),
        "mark": st.sampled_from([".", ","]),
        "order": st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"]),
        "null": st.sampled_from(["", "NULL"]),
        "pad": st.sampled_from(["", " "]),
    }
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=120)
@given(
    st.lists(
        st.tuples(st.integers(1, 10**11), st.integers(0, 27), st.tuples(*[TEXTS] * len(FREE))), min_size=1, max_size=6
    ),
    DIALECTS,
)
def test_a_table_reads_back_the_same_in_every_dialect(
    tmp_path: Path, lines: list[tuple[int, int, tuple[str, ...]]], dialect: dict[str, Any]
) -> None:
    names = [column.name for column in COLUMNS25.columns]
    said = []
    for number, (kurus, day, texts) in enumerate(lines, 1):
        when = date(2025, 1, 1) + timedelta(day)
        amount = f"{kurus // 100}{dialect['mark']}{kurus % 100:02}"
        said.append(
            {
                "entryref": f"R{number}",
                "accmainid": "100",
                "accmainiddesc": "KASA",
                "amount": amount,
                "debitcreditcode": "D",
                "postingdate": when.strftime(dialect["order"]),
                "enteredby": "Ö.M.",
                **dict(zip(FREE, texts, strict=True)),
            }
        )
    text = io.StringIO(newline="")
    quoting = dialect["quoting"]
    writer = csv.writer(text, delimiter=dialect["delimiter"], lineterminator=dialect["newline"], quoting=quoting)
    pad = dialect["pad"] if quoting == csv.QUOTE_ALL else ""
    if dialect["header"]:
        writer.writerow(names)
    writer.writerows([f"{pad}{row.get(name) or dialect['null']}{pad}" for name in names] for row in said)
    encoding = dialect["encoding"]
    read = read_text(tmp_path, text.getvalue().encode(encoding, "ignore"))
    assert (read.error, read.told) == (None, []), read.message
    assert read.amounts == [kurus for kurus, _, _ in lines]
    assert read.days == [str(date(2025, 1, 1) + timedelta(day)) for _, day, _ in lines]
    for row, expected in zip(read.rows, said, strict=True):
        for name, value in expected.items():
            kept = value.encode(encoding, "ignore").decode(encoding)
            assert getattr(row.cells, name) == kept.strip(), name
