"""Workbooks, XML and texts made to harm or to mislead; each test is named after what it reproduces.

Each is a clear error or a finding, within bounds of time and memory.
"""

import io
import re
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from converter.reading.layouts import COLUMNS23
from converter.reading.shared_texts import SharedTexts
from support.reading import Read, read_file, read_members, read_text, with_shared_texts, workbook

MIB = 1024 * 1024
NAMES = [column.name for column in COLUMNS23.columns]
LINE = [
    "2025-01-02", "", "Ö.M.", "2025-01-02", "F1", "Satış", "", "", "", "", "", "", "", "", "",
    "100", "KASA", "", "", "5,00", "D", "2025-01-02", "",
]  # fmt: skip
BOOK = with_shared_texts(workbook(("Kayıtlar", [NAMES, LINE, LINE])))
SHEET = "xl/worksheets/sheet1.xml"
XML = (
    "<Edefter><MuhasebeKayitlari><MuhasebeKaydi><Girisci>Ö.M.</Girisci><GirisTarihi>2025-01-02</GirisTarihi>"
    "<MuhasebeFisNo>F1</MuhasebeFisNo>{lines}</MuhasebeKaydi></MuhasebeKayitlari></Edefter>"
)
XML_LINE = "<KayitDetayi><Tutar>5,00</Tutar><SatirAciklamasi>{text}</SatirAciklamasi></KayitDetayi>"


def changed(change: Callable[[str, bytes], bytes | None], **added: bytes) -> bytes:
    """The good workbook with its parts changed (None = left out) and others added (`__` for `/`, `_dot_` for `.`)."""
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = change(info.filename, old.read(info))
            if data is not None:
                new.writestr(info.filename, data)
        for name, data in added.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return content.getvalue()


def sheet(change: Callable[[str], str]) -> bytes:
    """The good workbook with its one sheet's XML changed."""
    return changed(lambda name, data: change(data.decode()).encode() if name == SHEET else data)


def read_book(folder: Path, book: bytes) -> Read:
    return read_members(folder, {"defter.xlsx": book})


@contextmanager
def bounded(seconds: float = 10, mib: int = 64) -> Iterator[None]:
    tracemalloc.start()
    started = time.monotonic()
    try:
        yield
    finally:
        taken = time.monotonic() - started
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert taken < seconds
    assert peak < mib * MIB


def test_the_good_ones_are_good(tmp_path: Path) -> None:
    assert read_book(tmp_path, BOOK).amounts == [500, 500]
    assert read_book(tmp_path, changed(lambda name, data: data)).amounts == [500, 500]
    assert read_members(tmp_path, {"a.xml": XML.format(lines=XML_LINE.format(text="x"))}).amounts == [500]


# ---- workbooks -------------------------------------------------------------------------------------------------------

DOCTYPE = '<!DOCTYPE x [<!ENTITY a "1"><!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "part", ["[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", SHEET,
             "xl/sharedStrings.xml"],
)  # fmt: skip
def test_entities_in_any_part(tmp_path: Path, part: str) -> None:
    def change(name: str, data: bytes) -> bytes:
        if name != part:
            return data
        body = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", data)
        return DOCTYPE.encode() + body

    read = read_book(tmp_path, changed(change))
    assert (read.error, part.rpartition("/")[2] in read.message) == ("workbook.broken", True)
    assert read.rows == []


def test_billion_laughs_in_shared_strings(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "' + "ha" * 1000 + '">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 100}">' for before, name in zip("abcde", "bcdef", strict=True)
    ) + "]>"  # fmt: skip
    text = f"{laughs}<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><si><t>&f;</t></si></sst>"
    with bounded():
        read = read_book(tmp_path, changed(lambda name, data: text.encode() if "sharedStr" in name else data))
    assert read.error == "workbook.broken"


def test_zip_bomb_in_a_workbook(tmp_path: Path) -> None:
    bomb = b"<worksheet>" + b" " * 40 * MIB + b"</worksheet>"
    with bounded():
        read = read_book(tmp_path, changed(lambda name, data: bomb if name == SHEET else data))
    assert read.error == "workbook.too_large"


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml"])
def test_huge_parts_that_are_loaded_whole(tmp_path: Path, part: str) -> None:
    with bounded():
        read = read_book(tmp_path, changed(lambda name, data: data + b" " * 9 * MIB if name == part else data))
    assert read.error == "workbook.too_large"


def test_huge_text_in_a_cell(tmp_path: Path) -> None:
    book = sheet(lambda text: text.replace("<v>", "<v>" + "1" * 9 * MIB, 1))
    with bounded(mib=96):
        assert read_book(tmp_path, book).error == "workbook.broken"


def test_deep_nesting(tmp_path: Path) -> None:
    deep = "<a>" * 100_000 + "</a>" * 100_000
    assert (
        read_book(tmp_path, sheet(lambda text: text.replace("<sheetData>", "<sheetData>" + deep))).error
        == "workbook.broken"
    )
    assert read_members(tmp_path, {"a.xml": XML.format(lines=deep)}).error == "xml.unreadable"


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('<row r="3"', '<row r="2"', "workbook.broken"),
        ('<row r="3"', '<row r="4000000000"', "workbook.broken"),
        ('<row r="3"', '<row r="' + "9" * 5000 + '"', None),
        ('r="A2"', 'r="XFD2"', "workbook.too_large"),
        ('r="A2"', 'r="ZZZZZ2"', "workbook.broken"),
        ('r="A2"', 'r="../2"', "workbook.broken"),
        ('r="B2"', 'r="A2"', None),
        ('r="C2"', 'r="A2"', "workbook.broken"),
        ("<v>0</v>", "<v>999999</v>", "workbook.broken"),
        ("<v>0</v>", "<v>-1</v>", "workbook.broken"),
        ("<v>0</v>", "<v>x</v>", "workbook.broken"),
        ("<v>0</v>", "<v>" + "9" * 6000 + "</v>", "workbook.broken"),
        ('t="s"', 't="n"', None),
        ('t="s"', 't="n" s="99999999999"', None),
        ('t="s"', 't="n" s="x"', "workbook.broken"),
    ],
)
def test_cells_that_contradict_themselves(tmp_path: Path, old: str, new: str, error: str | None) -> None:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    with bounded():
        read = read_book(tmp_path, sheet(change))
    assert read.error in ((error,) if error else (None, "layout.unknown", "layout.columns_missing"))


def test_formulas_without_values_and_cells_in_error(tmp_path: Path) -> None:
    def change(text: str) -> str:
        text = re.sub(r'<c r="T2"[^>]*>.*?</c>', '<c r="T2"><f>HYPERLINK("http://x")</f></c>', text)
        return re.sub(r'<c r="T3"[^>]*>.*?</c>', '<c r="T3" t="e"><f>[1]x!A1</f><v>#REF!</v></c>', text)

    read = read_book(tmp_path, sheet(change))
    assert (read.told, read.column("amount")) == ([("formula.without_value", 2), ("cell.error", 3)], ["", ""])
    assert read.findings.items[0].where == "T2"
    assert "#REF!" in read.findings.items[1].message.tr


def test_macros(tmp_path: Path) -> None:
    assert read_book(tmp_path, changed(lambda name, data: data, xl__vbaProject_dot_bin=b"x")).error == "workbook.kind"
    for main in (
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        b"application/vnd.ms-excel.sheet.binary.main",
    ):
        book = changed(
            lambda name, data, main=main: data.replace(
                b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", main
            )
        )
        assert read_book(tmp_path, book).error == "workbook.kind"


@pytest.mark.parametrize("name", ["defter.xlsm", "defter.xls", "defter.xlsb", "defter.ods"])
def test_spreadsheets_of_other_kinds_are_not_passed_over(tmp_path: Path, name: str) -> None:
    assert read_members(tmp_path, {"a.csv": "x", name: b"x"}).error == "workbook.kind"


def test_old_workbook_under_a_new_name(tmp_path: Path) -> None:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)
    assert read_members(tmp_path, {"defter.xlsx": old}).error == "workbook.kind"
    file = tmp_path / "1234567808-202501.xlsx"
    file.write_bytes(old)
    assert read_file(tmp_path, file).error == "workbook.kind"


def test_sheet_outside_the_workbook(tmp_path: Path) -> None:
    for target in ("../../../etc/passwd", "/etc/passwd", "http://example.org/x", "worksheets/none.xml"):
        book = changed(
            lambda name, data, target=target: data.replace(b"/xl/worksheets/sheet1.xml", target.encode())
            if name.endswith(".rels") else data
        )  # fmt: skip
        assert read_book(tmp_path, book).error == "workbook.broken"


def test_external_sheet_and_names_that_lead_elsewhere(tmp_path: Path) -> None:
    book = changed(
        lambda name, data: (
            data.replace(b'Type="', b'TargetMode="External" Type="') if "workbook.xml.rels" in name else data
        )
    )
    assert read_book(tmp_path, book).error == "workbook.broken"
    assert read_book(tmp_path, changed(lambda name, data: data, **{"..__x": b"x"})).error == "workbook.broken"


def test_parts_that_are_not_there(tmp_path: Path) -> None:
    for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET):
        book = changed(lambda name, data, part=part: None if name == part else data)
        assert read_book(tmp_path, book).error == "workbook.broken"
    assert read_members(tmp_path, {"a.xlsx": zipped_csv()}).error == "workbook.broken"
    assert read_members(tmp_path, {"a.csv": BOOK}).error == "drop.nested"


def zipped_csv() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("a.csv", b"x;y")
    return content.getvalue()


def test_wrong_content_types(tmp_path: Path) -> None:
    book = changed(lambda name, data: b"<Types/>" if name == "[Content_Types].xml" else data)
    assert read_book(tmp_path, book).error == "workbook.broken"


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.95])
def test_truncated_workbook(tmp_path: Path, keep: float) -> None:
    assert read_book(tmp_path, BOOK[: int(len(BOOK) * keep)]).error == "workbook.broken"


def test_as_many_different_texts_as_cells_need_no_more_memory(tmp_path: Path) -> None:
    count = 120_000
    with bounded(mib=48), SharedTexts(tmp_path) as texts:
        for number in range(count):
            texts.add(f"Açıklama {number} {'x' * 500}")
        for number in (0, 49_999, 50_000, count - 1):
            assert texts[number].startswith(f"Açıklama {number} ")
        for wrong in (-1, count):
            with pytest.raises(IndexError):
                texts[wrong]
    assert list(tmp_path.iterdir()) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(st.data())
def test_any_damage_to_a_workbook_is_an_answer(tmp_path: Path, data: st.DataObject) -> None:
    damaged = bytearray(BOOK)
    for _ in range(data.draw(st.integers(1, 6))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    file = tmp_path / "1234567808-202501.xlsx"
    file.write_bytes(bytes(damaged))
    read = read_file(tmp_path, file)
    assert read.error is not None or len(read.rows) <= 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(st.data())
def test_any_damage_to_a_sheet_is_an_answer(tmp_path: Path, data: st.DataObject) -> None:
    def change(name: str, content: bytes) -> bytes:
        if not name.startswith("xl/") or not data.draw(st.booleans()):
            return content
        damaged = bytearray(content)
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
        return bytes(damaged)

    read = read_book(tmp_path, changed(change))
    assert read.error is not None or len(read.rows) <= 2


# ---- XML -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "start",
    [
        "<!DOCTYPE Edefter>",
        DOCTYPE,
        '<!DOCTYPE x SYSTEM "http://example.org/x.dtd">',
        '<?xml version="1.0"?><!-- a --><!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
    ],
)
def test_document_types_and_entities(tmp_path: Path, start: str) -> None:
    read = read_members(tmp_path, {"a.xml": start + XML.format(lines=XML_LINE.format(text="&a;&b;"))})
    assert (read.error, read.rows) == ("xml.unreadable", [])


@pytest.mark.parametrize("encoding", ["cp1254", "utf-16"])
def test_document_types_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    declared = '<?xml version="1.0" encoding="windows-1254"?>' if encoding == "cp1254" else ""
    text = declared + DOCTYPE + XML.format(lines=XML_LINE.format(text="&b;"))
    read = read_members(tmp_path, {"a.xml": text.encode(encoding)})
    assert (read.error, read.rows) == ("xml.unreadable", [])


def test_entities_that_nobody_declared(tmp_path: Path) -> None:
    assert read_members(tmp_path, {"a.xml": XML.format(lines=XML_LINE.format(text="&nbsp;"))}).error == "xml.unreadable"


def test_huge_text_and_huge_line(tmp_path: Path) -> None:
    with bounded(mib=96):
        read = read_members(tmp_path, {"a.xml": XML.format(lines=XML_LINE.format(text="x" * 9 * MIB))})
    assert read.error == "xml.unreadable"
    many = XML_LINE.format(text="x").replace("<Tutar>", "<y/>" * 300_000 + "<Tutar>")
    assert read_members(tmp_path, {"a.xml": XML.format(lines=many)}).error == "xml.unreadable"


def test_an_entry_of_any_size_needs_no_more_memory(tmp_path: Path) -> None:
    file = tmp_path / "1234567808-202501.xml"
    file.write_text(XML.format(lines=XML_LINE.format(text="x" * 500) * 20_000))
    with bounded(seconds=60, mib=48):
        read = read_file(tmp_path, file)
        assert len(read.rows) == 20_000
        read.rows.clear()


@pytest.mark.parametrize("keep", [0.2, 0.6, 0.99])
def test_truncated_xml(tmp_path: Path, keep: float) -> None:
    text = XML.format(lines=XML_LINE.format(text="x") * 20)
    assert read_members(tmp_path, {"a.xml": text[: int(len(text) * keep)]}).error == "xml.unreadable"


def test_encoding_that_nobody_reads(tmp_path: Path) -> None:
    for name in ("utf-7", "idna", "rot13", "x" * 39, "cp037"):
        text = f'<?xml version="1.0" encoding="{name}"?>' + XML.format(lines="")
        assert read_members(tmp_path, {"a.xml": text}).error == "xml.unreadable"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.data())
def test_any_damage_to_xml_is_an_answer(tmp_path: Path, data: st.DataObject) -> None:
    damaged = bytearray(XML.format(lines=XML_LINE.format(text="Şişli") * 2).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=4))
    read = read_members(tmp_path, {"a.xml": bytes(damaged)})
    assert read.error is not None or len(read.rows) <= 2


# ---- texts that cost time --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<Edefter>" + "\n" * MIB,
        "<!--" * 100_000,
        "<?x " * 100_000 + "<Edefter>",
        "<Edefter>" + "<" * MIB,
        "-" * 200_000 + "\n" + "HESAP KODU;HESAP ADI;BORÇ;ALACAK\n",
        ("-" * 299 + ";x\n") * 100 + "HESAP KODU;HESAP ADI;BORÇ;ALACAK\n",
        "FİŞ AÇIKLAMA" + " " * 200_000 + ";\n" + "1---2---3---01/04/2025\nHESAP KODU;HESAP ADI;BORÇ;ALACAK\n",
        "1---2---3---01/04/2025\nHESAP KODU;HESAP ADI;BORÇ;ALACAK\n" + ("TOPLAM;" + "1" * 1000 + "\n") * 300,
    ],
)
def test_texts_that_cost_time(tmp_path: Path, text: str) -> None:
    with bounded(seconds=15):
        read_text(tmp_path, text)


@pytest.mark.parametrize("piece", ["<a>", "</a><a>", "<a ", "<br ", "<a></b>"])
def test_markup_that_costs_time(tmp_path: Path, piece: str) -> None:
    names = ";".join(NAMES)
    line = ";".join([*LINE[:-1], piece * (100_000 // len(piece))])
    with bounded(seconds=15):
        assert len(read_text(tmp_path, f"{names}\n{line}\n" * 1).rows) == 1


def test_heads_that_never_end(tmp_path: Path) -> None:
    head = "Yevmiye_Madde_Numarası;Fiş_Numarası;Yevmiye_Tarihi;Fişi_Kaydeden;Kayıt_Açıklaması;Toplam_Borç\n"
    detail = "Fiş_Numarası;Ana_Hesap_Kodu;Ana_Hesap_Açıklaması;Borç;Alacak;Kaynak_Referansı\n"
    members = {
        "a.csv": head + "".join(f"{n};F1;02.01.2025;Ö.M.;x;{'9' * 16}\n" for n in range(2000)),
        "b.csv": detail + f"F1;100;KASA;{'9' * 16};;\n" * 2000,
    }
    with bounded(seconds=30):
        read = read_members(tmp_path, members)
    assert read.error is None
    assert read.findings.counts["head.twice"] == 1999


@pytest.mark.parametrize("line", ['";"', 'a";"', '"', 'a;"', '""";"'])
def test_a_row_that_never_ends(tmp_path: Path, line: str) -> None:
    start = f"{';'.join(NAMES)}\n{';'.join(LINE)}\n"
    with bounded(seconds=30):
        read = read_text(tmp_path, f'{start}"x\n' + f"{line}\n" * 10_000)
    assert len(read.findings) > 0


def test_comments_of_a_report_that_never_end(tmp_path: Path) -> None:
    columns = "HESAP KODU;HESAP ADI;AÇIKLAMA;DETAY;BORÇ;ALACAK"
    start = f"1-----1-----MAHSUP-----01/04/2025;;;;;\n{columns}\n100;KASA;x;;1,00;\n"
    with bounded(seconds=30):
        assert read_text(tmp_path, start + ";;goes on;;;\n" * 4_000).error is None
        assert read_text(tmp_path, start + f"FİŞ AÇIKLAMA;{'x' * 1000};;;;\n" * 1_000).error is None
