"""Files in every form that ERPs give them become the same ledgers."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from converter.convert import ConversionOutcome
from converter.reading.layout import Layout, plain
from converter.reading.layouts import LAYOUTS, XML_ENTRY, XML_LINE
from converter.reading.text import LINE_LIMIT, TextFormat, lines, sniff
from defterhane.findings import Severity
from sandbox.samples import COLUMNS25 as SAMPLE_COLUMNS
from support.exports import convert, convert_file, convert_members, entry, errors, written

ROWS = [row for number in range(1, 4) for row in entry(number, detailcomment="Şişli; İĞÜÖÇ ığüöç")]
PLAIN = written(ROWS)


def digests(outcome: ConversionOutcome) -> list[str]:
    assert outcome.made, [(finding.rule, finding.message.en) for finding in outcome.findings]
    return [document.written.body_sha256 for document in outcome.documents]


@pytest.fixture
def usual(tmp_path: Path) -> list[str]:
    folder = tmp_path / "usual"
    folder.mkdir()
    return digests(convert(folder, PLAIN))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1254", "iso8859-9"])
def test_encodings_and_line_ends(tmp_path: Path, usual: list[str], encoding: str, newline: str) -> None:
    data = PLAIN.replace("\n", newline).encode(encoding)
    assert digests(convert(tmp_path, data)) == usual


@pytest.mark.parametrize("delimiter", [";", "\t", ",", "|"])
@pytest.mark.parametrize("header", [True, False])
def test_separators_with_and_without_header(tmp_path: Path, usual: list[str], delimiter: str, header: bool) -> None:
    text = written(ROWS, delimiter, header=header)
    assert digests(convert(tmp_path, text)) == usual


def test_decimal_commas_and_turkish_codes(tmp_path: Path, usual: list[str]) -> None:
    sides = {"D": "B", "C": "A"}
    rows = [{**row, "amount": "100,00", "debitcreditcode": sides[row["debitcreditcode"]]} for row in ROWS]
    assert digests(convert(tmp_path, rows)) == usual


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("FATURA", "invoice"),
        ("Çek", "check"),
        ("İRSALİYE", "shipment"),
        ("DİĞER", "other"),
        ("ORDER-VENDOR", "order-vendor"),
    ],
)
def test_document_types_by_their_turkish_names(tmp_path: Path, said: str, meant: str) -> None:
    document = {"documentnumber": "A1", "documentdate": "2025-01-02", "doctypedesc": "Dekont"}
    assert digests(convert(tmp_path, entry(1, documenttype=said, **document))) == digests(
        convert(tmp_path, entry(1, documenttype=meant, **document))
    )


def test_dates_of_another_form_and_literal_null(tmp_path: Path, usual: list[str]) -> None:
    rows = [{**row, "postingdate": "02.01.2025", "entereddate": "02/01/2025", "documenttype": "NULL"} for row in ROWS]
    assert digests(convert(tmp_path, written(rows).replace(";;", ";NULL;"))) == usual


def test_columns_in_another_order_under_other_names(tmp_path: Path, usual: list[str]) -> None:
    names = list(reversed(SAMPLE_COLUMNS))
    other = {"accmainid": "Account Main ID", "entryref": "ENTRYREF", "linenumber": "lınenumber", "doctypedesc": "X"}
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow([*(other.get(name, name) for name in names), "unknown"])
    writer.writerows([*(row.get(name, "") for name in names), "?"] for row in ROWS)
    assert digests(convert(tmp_path, text.getvalue())) == usual


def test_several_files_make_one_month(tmp_path: Path, usual: list[str]) -> None:
    members = {"a.csv": written(ROWS[:3]).encode(), "b.TXT": written(ROWS[3:]).encode("cp1254"), "leer.csv": b""}
    assert digests(convert_members(tmp_path, members)) == usual


def test_rows_of_an_entry_may_stand_apart(tmp_path: Path, usual: list[str]) -> None:
    assert digests(convert(tmp_path, ROWS[::2] + ROWS[1::2])) == usual


def test_a_plain_file_needs_no_zip(tmp_path: Path, usual: list[str]) -> None:
    file = tmp_path / "1234567808-202501.csv"
    file.write_bytes(PLAIN.encode())
    assert digests(convert_file(tmp_path, file)) == usual


def test_other_files_in_the_zip_are_told_of(tmp_path: Path, usual: list[str]) -> None:
    members = {"ek/": b"", "ek/yevmiye.csv": PLAIN.encode(), "notlar.docx": b"x", "__MACOSX/._yevmiye.csv": b"\0\5"}
    outcome = convert_members(tmp_path, members)
    assert digests(outcome) == usual
    assert [(finding.rule, finding.value) for finding in outcome.findings] == [("file.ignored", "notlar.docx")]


def test_quotes_as_letters(tmp_path: Path) -> None:
    rows = [{**row, "detailcomment": '5" BORU'} for row in ROWS]
    text = "\n".join(";".join(row.get(name, "") for name in SAMPLE_COLUMNS) for row in rows)
    text = text.replace('5" BORU', '"BORU 5 inç')
    outcome = convert(tmp_path, ";".join(SAMPLE_COLUMNS) + "\n" + text + "\n")
    assert outcome.made
    assert '<gl-cor:detailComment contextRef="journal_context">"BORU 5 inç<' in outcome.documents[0].path.read_text()


def test_quoted_cells_hold_separators_and_line_ends(tmp_path: Path) -> None:
    rows = [{**row, "detailcomment": 'bir; "iki"\r\nüç'} for row in ROWS]
    outcome = convert(tmp_path, rows)
    assert outcome.made
    assert '>bir; "iki" üç<' in outcome.documents[0].path.read_text()
    # The file has six rows of two lines each: the second row begins on the fourth line.
    assert [finding.line for finding in outcome.findings] == [2, 4, 6, 8, 10, 12]
    assert {finding.rule for finding in outcome.findings} == {"text.cleaned"}


def test_tabs_within_quotes_are_no_separators(tmp_path: Path) -> None:
    rows = [{**row, "detailcomment": "bir\tiki"} for row in ROWS]
    outcome = convert(tmp_path, written(rows, "\t"))
    assert outcome.made
    assert ">bir iki<" in outcome.documents[0].path.read_text()
    assert {finding.rule for finding in outcome.findings} == {"text.cleaned"}


def test_one_bad_byte_does_not_make_utf8_something_else(tmp_path: Path) -> None:
    data = PLAIN.encode().replace(b"YURT", b"YURT\xff", 1)
    outcome = convert(tmp_path, data)
    assert outcome.made
    assert [(finding.rule, finding.line, finding.where) for finding in outcome.findings] == [
        ("text.cleaned", 3, "accsubdesc")
    ]
    assert "Şişli; İĞÜÖÇ ığüöç" in outcome.documents[0].path.read_text("utf-8")


def test_a_stray_cr_within_a_line_of_an_lf_file(tmp_path: Path) -> None:
    outcome = convert(tmp_path, PLAIN.replace("MERKEZ", "MER\rKEZ", 1))
    assert outcome.made
    assert [(finding.rule, finding.line) for finding in outcome.findings] == [("text.cleaned", 2)]


def test_blank_lines_and_the_dos_end_of_file(tmp_path: Path, usual: list[str]) -> None:
    assert digests(convert(tmp_path, "\n" + PLAIN.replace("\n", "\n\n") + "\x1a")) == usual


def test_html_and_control_characters_are_warnings(tmp_path: Path) -> None:
    rows = [{**row, "detailcomment": "<b>Satış</b>\x07"} for row in ROWS[:2]]
    outcome = convert(tmp_path, rows)
    assert outcome.made
    assert [(finding.rule, finding.severity, finding.line) for finding in outcome.findings] == [
        ("text.cleaned", Severity.WARNING, 2),
        ("text.cleaned", Severity.WARNING, 3),
    ]
    assert outcome.findings[0].voucher == "00001"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a;b;c\n1;2;3\n", "layout.unknown"),
        ("{}\n", "layout.unknown"),
        ("entryref;accmainid;accmainiddesc;postingdate;enteredby;entrynumber\n1;2;3;4;5;6\n", "layout.columns_missing"),
        (";".join(SAMPLE_COLUMNS) + "\n", "drop.no_rows"),
        ("\n\n \n", "drop.no_rows"),
    ],
)
def test_files_that_cannot_be_understood(tmp_path: Path, text: str, key: str) -> None:
    outcome = convert(tmp_path, text)
    assert not outcome.made
    assert errors(outcome) == [(key, None)]
    finding = outcome.findings[0]
    assert finding.message.tr != finding.message.en
    assert finding.cure is not None


def test_a_line_without_an_end(tmp_path: Path) -> None:
    outcome = convert(tmp_path, PLAIN + "x" * (LINE_LIMIT + 5))
    assert errors(outcome) == [("drop.line_too_long", 8)]
    assert outcome.findings[0].file == "yevmiye.csv"


@pytest.mark.parametrize("layout", [*LAYOUTS, XML_ENTRY, XML_LINE])
def test_every_column_has_one_meaning(layout: Layout) -> None:
    columns = layout.columns + layout.extra
    names = [plain(name) for column in columns for name in (column.name, *column.aliases)]
    assert len(names) == len(set(names))
    meant = [column.target for column in columns if column.target]
    assert len(meant) == len(set(meant))
    assert layout.missing(dict.fromkeys(meant, 0)) == []


TEXTS = st.text(st.characters(codec="cp1254", exclude_categories=("Cc",), exclude_characters='<"\xa0\xad'), max_size=12)


@given(
    st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=20),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1254"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_lines_come_back_whatever_the_form(pairs: list[tuple[str, str]], encoding: str, newline: str) -> None:
    said = ["Şİ;Ğı" * 40, *(";".join(pair) for pair in pairs)]
    data = "".join(line + newline for line in said).encode(encoding)
    form = sniff(io.BytesIO(data))
    assert list(lines(io.BytesIO(data), form, "x")) == [line.strip(" ") + "\n" for line in said]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.binary(max_size=2000))
def test_no_bytes_make_a_stack_trace(tmp_path: Path, data: bytes) -> None:
    for name in ("x.csv", "x.zip"):
        file = tmp_path / name
        file.write_bytes(data)
        outcome = convert_file(tmp_path, file)
        assert not outcome.made
        assert outcome.findings


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.data())
def test_no_damage_to_an_export_makes_a_stack_trace(tmp_path: Path, data: st.DataObject) -> None:
    damaged = bytearray(PLAIN.encode())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    file = tmp_path / "x.csv"
    file.write_bytes(bytes(damaged))
    outcome = convert_file(tmp_path, file)
    assert outcome.made or any(finding.severity is Severity.ERROR for finding in outcome.findings)


def test_windows_1254_has_all_of_iso_8859_9() -> None:
    assert TextFormat("cp1254", "\n") == sniff(io.BytesIO("İĞŞ ığş\n".encode("iso8859-9") * 10))
