"""Made-up exports in every layout: the same entries, read here without any code of the product."""

import csv
import io
import re
import tracemalloc
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from lxml import etree
from openpyxl import load_workbook

from defterhane.edefter.period import Period, Span
from defterhane.edefter.taxid import vkn_from_stem
from sandbox.samples import LAYOUTS, write_sample

FIRM = vkn_from_stem("123456780")
JANUARY = Period(2025, 1)

Line = tuple[str, str, str, str, int]
"""Voucher, day, account, side, kuruş: what every layout can tell."""


def made(folder: Path, **changes: Any) -> dict[str, bytes]:
    """The files of a sample."""
    file = folder / "x.zip"
    write_sample(file, **{"tax_id": FIRM, "period": JANUARY, "lines": 120, "seed": 4, **changes})
    with ZipFile(file) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def table(data: bytes, encoding: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(encoding), newline=""), delimiter=";"))


def sheets(data: bytes) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for sheet in load_workbook(io.BytesIO(data)):
        header, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(header, row, strict=True)) for row in rows]
    return found


def kurus(amount: str | float) -> int:
    return round(float(amount) * 100)


def turkish(amount: str) -> int:
    return int(re.sub(r"[.,]", "", amount))


def columns25(files: dict[str, bytes]) -> Iterator[Line]:
    for row in table(files[f"{FIRM}-202501.csv"], "utf-8"):
        side, amount = row["debitcreditcode"], kurus(row["amount"])
        yield row["entrynumber"], row["postingdate"], row["accsubid"], side, amount


def header_detail(files: dict[str, bytes]) -> Iterator[Line]:
    heads = {row["Kaynak_Referansı"]: row for row in table(files[f"{FIRM}-202501-baslik.csv"], "cp1254")}
    sums = dict.fromkeys(heads, 0)
    for row in table(files[f"{FIRM}-202501-detay.csv"], "cp1254"):
        head = heads[row["Kaynak_Referansı"]]
        day = datetime.strptime(head["Yevmiye_Tarihi"], "%d.%m.%Y").date().isoformat()
        assert bool(row["Borç"]) != bool(row["Alacak"])
        side, amount = ("D", row["Borç"]) if row["Borç"] else ("C", row["Alacak"])
        sums[row["Kaynak_Referansı"]] += turkish(amount) if side == "D" else 0
        yield head["Fiş_Numarası"], day, row["Alt_Hesap_Kodu"], side, turkish(amount)
    for reference, head in heads.items():
        assert turkish(head["Toplam_Borç"]) == turkish(head["Toplam_Alacak"]) == sums[reference]


def columns23(files: dict[str, bytes]) -> Iterator[Line]:
    ((title, rows),) = sheets(files[f"{FIRM}-202501.xlsx"]).items()
    assert title == "Sayfa1"
    detail = "EntryHeader.EntryDetail."
    for row in rows:
        assert len(row) == 23
        assert (row["StartDate"], row["EndDate"]) == (datetime(2025, 1, 1), datetime(2025, 1, 31))
        day = row[f"{detail}PostingDate"]
        assert day == row["EntryHeader.EnteredDate"]
        yield (
            row["EntryHeader.EntryNumber"],
            day.date().isoformat(),
            row[f"{detail}Account.AccountSubID"],
            row[f"{detail}DebitCreditCode"],
            kurus(row[f"{detail}Amount"]),
        )


def xml(files: dict[str, bytes]) -> Iterator[Line]:
    root = etree.fromstring(files[f"{FIRM}-202501.xml"])
    assert root.findtext("MuhasebeKayitlari/DokumanBilgisi/DonemBitisTarihi") == "2025-01-31"
    for entry in root.iterfind("MuhasebeKayitlari/MuhasebeKaydi"):
        for detail in entry.iterfind("KayitDetayi"):
            told = [detail.findtext(name) or "" for name in ("YevmiyeTarihi", "hesap/AltHesap/AltHesapNo")]
            side = {"B": "D", "A": "C"}[detail.findtext("BorcAlacakKodu") or ""]
            yield entry.findtext("MuhasebeFisNo") or "", told[0], told[1], side, kurus(detail.findtext("Tutar") or "")


def report(files: dict[str, bytes]) -> Iterator[Line]:
    data = files[f"{FIRM}-202501.csv"]
    assert data.startswith(b"\xef\xbb\xbf")
    voucher = day = ""
    debit = credit = 0
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"):
        assert len(row) == 6
        if "-----" in row[0]:
            voucher, _, _, printed = row[0].split("-----")
            day = datetime.strptime(printed, "%d/%m/%Y").date().isoformat()
            debit = credit = 0
        elif re.fullmatch(r"\d{3}\..+", row[0]):
            assert all(re.fullmatch(r"(\d{1,3}(\.\d{3})*,\d\d)?", cell) for cell in row[4:])
            side, amount = ("D", turkish(row[4])) if row[4] else ("C", turkish(row[5]))
            debit, credit = (debit + amount, credit) if side == "D" else (debit, credit + amount)
            yield voucher, day, row[0], side, amount
        elif row[0] == "TOPLAM":
            assert (turkish(row[4]), turkish(row[5])) == (debit, credit)


READERS = {
    "columns25": columns25,
    "header-detail": header_detail,
    "columns23": columns23,
    "xml": xml,
    "report": report,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_all_layouts_tell_the_same_entries(tmp_path: Path, layout: str) -> None:
    told = list(READERS[layout](made(tmp_path, layout=layout)))
    assert len(told) == 120
    assert told == list(columns25(made(tmp_path)))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_memory_does_not_grow_with_the_lines(tmp_path: Path, layout: str) -> None:
    peaks = []
    for lines in (50, 500, 2_500):  # the first of them loads what is loaded once
        tracemalloc.start()
        write_sample(tmp_path / "x.zip", tax_id=FIRM, period=JANUARY, lines=lines, layout=layout)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < peaks[1] * 1.3 + 200_000


@pytest.mark.parametrize("layout", ["header-detail", "columns23", "columns25"])
def test_a_workbook_tells_the_month_and_not_the_hour(tmp_path: Path, layout: str) -> None:
    file = tmp_path / "x.xlsx"
    write_sample(file, tax_id=FIRM, period=JANUARY, lines=20, layout=layout, workbook=True)
    data = file.read_bytes()
    with ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(2025, 1, 1, 0, 0, 0)}
    properties = load_workbook(io.BytesIO(data)).properties
    assert properties.created == properties.modified == datetime(2025, 1, 1)
    write_sample(file, tax_id=FIRM, period=JANUARY, lines=20, layout=layout, workbook=True)
    assert file.read_bytes() == data
    assert list(sheets(data)) == (["Başlık", "Detay"] if layout == "header-detail" else ["Sayfa1"])


def test_a_branch_has_its_number_in_names_and_rows(tmp_path: Path) -> None:
    files = made(tmp_path, branch="0012")
    assert list(files) == [f"{FIRM}-0012-202501.csv"]
    assert {row["divisionno"] for row in table(files[f"{FIRM}-0012-202501.csv"], "utf-8")} == {"12"}


def test_part_of_a_month_has_its_days_alone(tmp_path: Path) -> None:
    files = made(tmp_path, days=Span(date(2025, 1, 11), date(2025, 1, 20)))
    days = [line[1] for line in columns25(files)]
    assert (days[0], days[-1]) == ("2025-01-11", "2025-01-20")
    assert days == sorted(days)


def test_numbers_may_be_left_to_the_platform(tmp_path: Path) -> None:
    rows = table(made(tmp_path, numbered=False)[f"{FIRM}-202501.csv"], "utf-8")
    assert {row[name] for row in rows for name in ("linenumber", "linenumbercounter", "entrynumbercounter")} == {""}
    assert len({row["entrynumber"] for row in rows}) > 10


def test_sales_abroad_may_tell_the_buyers_currency(tmp_path: Path) -> None:
    plain = list(columns25(made(tmp_path, lines=600)))
    files = made(tmp_path, lines=600, foreign_currency=True)
    assert list(columns25(files)) == plain
    told = [row for row in table(files[f"{FIRM}-202501.csv"], "utf-8") if row["originalamount"]]
    assert told
    for row in told:
        assert row["originalcurrency"] in ("EUR", "USD")
        assert row["exchangeratedate"] == row["postingdate"]
        product = float(row["originalamount"]) * float(row["exchangerate"])
        assert abs(product - float(row["amount"])) < float(row["exchangerate"]) * 0.01


def test_attachments_are_pdf_files(tmp_path: Path) -> None:
    files = made(tmp_path, attachments=2)
    papers = {name: data for name, data in files.items() if name.endswith(".pdf")}
    assert list(papers) == ["ekler/belge-0001.pdf", "ekler/belge-0002.pdf"]
    for data in papers.values():
        assert data.startswith(b"%PDF-1.4\n")
        start = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", data)[1])  # type: ignore[index]
        places = re.findall(rb"(\d{10}) 00000 n", data[start:])
        assert data[start:].startswith(b"xref\n0 6\n")
        for number, place in enumerate(places, 1):
            assert data[int(place) :].startswith(b"%d 0 obj\n" % number)


@pytest.mark.parametrize("layout", ["columns25", "columns23", "xml", "report"])
def test_records_may_be_cut_in_several_files(tmp_path: Path, layout: str) -> None:
    whole = list(READERS[layout](made(tmp_path, layout=layout)))
    told = []
    files = made(tmp_path, layout=layout, files=3)
    assert len(files) == 3
    for number, (name, data) in enumerate(files.items(), 1):
        stem, suffix = name.split(".")
        assert stem == f"{FIRM}-202501-{number}"
        lines = list(READERS[layout]({f"{FIRM}-202501.{suffix}": data}))
        assert 30 <= len(lines) <= 50
        told += lines
    assert told == whole


@pytest.mark.parametrize(("layout", "suffix"), [("columns25", "csv"), ("columns23", "xlsx"), ("xml", "xml")])
def test_an_export_may_lie_there_unpacked(tmp_path: Path, layout: str, suffix: str) -> None:
    file = tmp_path / f"x.{suffix}"
    write_sample(file, tax_id=FIRM, period=JANUARY, lines=120, seed=4, layout=layout)
    assert made(tmp_path, layout=layout) == {f"{FIRM}-202501.{suffix}": file.read_bytes()}
