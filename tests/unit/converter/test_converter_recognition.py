"""Files as spreadsheets, databases and people make them: read rightly, or told of where they are wrong."""

import csv
import io
from pathlib import Path

import pytest

from converter.reading.amounts import AmountProblem, Amounts
from support.exports import convert, entry, errors, written
from support.reading import read_members, read_text, workbook

ROWS = [row for number in range(1, 4) for row in entry(number, amount="1575.25", detailcomment="Şişli; bir")]
PLAIN = written(ROWS)
HEADER, DATA = PLAIN.split("\n", 1)
AMOUNTS = [157_525] * 6


def all_quoted(text: str = PLAIN, newline: str = "\r\n") -> str:
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=";", lineterminator=newline, quoting=csv.QUOTE_ALL)
    writer.writerows(csv.reader(io.StringIO(text), delimiter=";"))
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("\ufeff" + all_quoted(), id="CSV UTF-8 of Excel, all quoted"),
        pytest.param("\ufeff" + written(ROWS, "\t", "\r\n"), id="tabs"),
        pytest.param(b"\xff\xfe" + written(ROWS, "\t", "\r\n").encode("utf-16-le"), id="Unicode text of Excel"),
        pytest.param(PLAIN + "\n\n", id="empty lines at the end"),
        pytest.param(PLAIN + ";" * 24 + "\n", id="a line of separators at the end"),
        pytest.param(PLAIN.replace("\n", ";;\n"), id="separators at all ends"),
        pytest.param(HEADER + "\n" + DATA.replace("\n", ";\n"), id="separators at the rows' ends"),
        pytest.param(f"{HEADER};;\n{DATA}", id="separators at the header's end"),
        pytest.param("ÖRNEK A.Ş.\nYevmiye 01/2025\n\n" + PLAIN, id="titles"),
        pytest.param(f"ÖRNEK A.Ş.{';' * 24}\n{';' * 24}\n{PLAIN}", id="titles as wide as the table"),
        pytest.param("sep=;\n" + PLAIN, id="sep"),
        pytest.param("\ufeffsep=;\r\n" + PLAIN.replace("\n", "\r\n"), id="sep behind a byte order mark"),
        pytest.param(
            ";".join(f" {name.upper()}. " for name in HEADER.split(";")) + "\n" + DATA, id="names in capitals"
        ),
        pytest.param(HEADER.replace("id", "İd").replace("entry", "Entry ") + "\n" + DATA, id="names with dotted I"),
    ],
)
def test_what_spreadsheets_make_of_a_table(tmp_path: Path, content: bytes | str) -> None:
    read = read_text(tmp_path, content)
    assert (read.error, read.told, read.amounts) == (None, [], AMOUNTS), read.message
    assert set(read.column("detailcomment")) == {"Şişli; bir"}
    assert read.recognised[0].facts["decimal_mark"] == "."


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_files_put_together_with_their_headers(tmp_path: Path, mark: str) -> None:
    first, second = written(ROWS[:2]), written(ROWS[2:])
    read = read_text(tmp_path, f"{mark}{first}{mark}{second}")
    assert (read.told, read.amounts) == ([], AMOUNTS)


def test_a_table_that_was_sorted_with_its_header(tmp_path: Path) -> None:
    first, second, *others = DATA.splitlines()
    moved = "\n".join([first, second, HEADER, *others])
    read = read_text(tmp_path, moved)
    assert (read.told, read.amounts, [row.line for row in read.rows]) == ([], AMOUNTS, [1, 2, 4, 5, 6, 7])
    rows = [line.split(";") for line in moved.replace("Şişli; bir", "Şişli").splitlines()]
    read = read_members(tmp_path, {"a.xlsx": workbook(("x", rows))})
    assert (read.told, read.amounts) == ([], AMOUNTS)


def test_a_byte_order_mark_in_the_second_file(tmp_path: Path) -> None:
    for header in (True, False):
        second = "\ufeff" + written(ROWS[2:], header=header)
        read = read_members(tmp_path, {"a.csv": written(ROWS[:2]), "b.csv": second})
        assert (read.told, read.amounts) == ([], AMOUNTS)


def amounts(tmp_path: Path, *texts: str) -> list[int | str]:
    rows = [{**row, "amount": texts[number % len(texts)]} for number, row in enumerate(ROWS)]
    return read_text(tmp_path, written(rows)).amounts[: len(texts)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.575,25 TL", 157_525),
        ("₺1.575,25", 157_525),
        ("1.575,25₺", 157_525),
        ("TRY 1,575.25", 157_525),
        ("-1.575,25 TL", -157_525),
        ("1 575,25", 157_525),
        ("1\u00a0575,25", 157_525),
        ("1\u202f575,25", 157_525),
        ("1'575.25", 157_525),
        ("1’575.25", 157_525),
        (",25", 25),
        (".5", 50),
        ("-,50", -50),
        ("$1,575.25", "amount.unreadable"),
        ("1.575,25 USD", "amount.unreadable"),
        ("TL 1.575,25 TL", "amount.unreadable"),
        ("(1.575,25)", "amount.unreadable"),
        ("1.575,25-", "amount.unreadable"),
        ("1575,", "amount.unreadable"),
        ("1.575,000", "amount.too_many_decimals"),
        ("1.575", "amount.ambiguous"),
        ("1,58E+03", "amount.damaged"),
    ],
)
def test_amounts_as_people_see_them(tmp_path: Path, text: str, expected: int | str) -> None:
    assert amounts(tmp_path, text) == [expected]


def test_signs_of_the_lira_are_read_where_the_file_shows_them(tmp_path: Path) -> None:
    assert amounts(tmp_path, "1.575,25 TL", "20,00") == [157_525, 2_000]
    with pytest.raises(AmountProblem):
        Amounts().read("12 TL")


def test_each_file_has_its_own_decimal_mark(tmp_path: Path) -> None:
    turkish = written([{**row, "amount": "1.575,25"} for row in ROWS])
    english = written([{**row, "amount": "1,575.25"} for row in ROWS])
    read = read_members(tmp_path, {"a.csv": turkish, "b.csv": english})
    assert (read.told, read.amounts) == ([], AMOUNTS * 2)


def test_heads_and_details_have_their_own_decimal_marks(tmp_path: Path) -> None:
    heads = (
        "Fiş_Numarası;Yevmiye_Tarihi;Fişi_Kaydeden;Toplam_Borç;Toplam_Alacak;Kaynak_Referansı\n"
        "F1;02.01.2025;Ö.M.;1.575,25;1.575,25;K1\n"
    )
    details = (
        "Fiş_Numarası;Ana_Hesap_Kodu;Ana_Hesap_Açıklaması;Borç;Alacak;Kaynak_Referansı\n"
        "F1;100;KASA;{0};;K1\nF1;600;SATIŞLAR;;{0};K1\n"
    )
    for amount, others in (("1575.25", "1.575,25"), ("1,575.25", "1.575,25"), ("1.575,25", "1575.25")):
        members = {"a.csv": heads.replace("1.575,25", others), "b.csv": details.format(amount)}
        read = read_members(tmp_path, members)
        assert (read.told, read.amounts) == ([], [157_525, 157_525]), (amount, others)
    read = read_members(tmp_path, {"a.csv": heads, "b.csv": details.format("1.575")})
    assert read.amounts == [157_500, 157_500]  # the heads tell what it is, and that it is not the sum
    assert read.told == [("head.total_differs", 2)] * 2


@pytest.mark.parametrize(
    ("debit", "credit"),
    [("d", "c"), ("b", "a"), ("BORÇ", "ALACAK"), ("borc", "alacak"), ("Borç", "Alacak"), ("DEBİT", "CREDİT")],
)
def test_sides_by_their_words(tmp_path: Path, debit: str, credit: str) -> None:
    sides = {"D": debit, "C": credit}
    outcome = convert(tmp_path, [{**row, "debitcreditcode": sides[row["debitcreditcode"]]} for row in ROWS])
    assert outcome.made
    totals = {main: (account.debit, account.credit) for main, account in outcome.totals.accounts.items()}
    assert totals == {"100": (3 * 157_525, 0), "600": (0, 3 * 157_525)}


@pytest.mark.parametrize("day", ["45659", "45659.0", "02.01.25", "2 Ocak 2025", "2025-13-01", "31.02.2025"])
def test_days_that_are_none_are_told(tmp_path: Path, day: str) -> None:
    told = convert(tmp_path, [{**row, "postingdate": day, "entereddate": day} for row in entry(1)])
    assert {rule for rule, _ in errors(told)} <= {"date.unreadable"}
    assert errors(told)


def test_one_open_quote_among_quoted_cells_is_one_finding(tmp_path: Path) -> None:
    lines = all_quoted(written([row for number in range(1, 101) for row in entry(number)])).splitlines()
    spoilt = {
        "in the middle": lines[49].replace('"KASA"', '"KASA').replace('"SATIŞLAR"', '"SATIŞLAR'),
        "at the start": '"' + lines[49][2:],
        "at the end": lines[49][:-1],
    }
    for where, line in spoilt.items():
        read = read_text(tmp_path, "\r\n".join([*lines[:49], line, *lines[50:]]))
        assert (read.told, len(read.rows)) == ([("row.unreadable", 50)], 199), where
        assert read.recognised[0].facts["quoted"] == "true"


def test_an_open_quote_gives_back_the_rows_that_it_swallowed(tmp_path: Path) -> None:
    lines = written([row for number in range(1, 101) for row in entry(number)]).splitlines()
    lines[49] = lines[49].replace("Satış", '"Satış')
    for at in (52, 150):  # the next quote is near, or far away
        quoted = [*lines[:at], lines[at].replace("Satış", '"Satış"'), *lines[at + 1 :]]
        read = read_text(tmp_path, "\n".join(quoted), quoted=True)
        assert (read.told, len(read.rows)) == ([("row.unreadable", 50)], 199)


def test_blanks_at_line_ends_inside_of_quotes(tmp_path: Path) -> None:
    rows = [{**row, "detailcomment": "bir \n iki", "entrycomment": "üç  \ndört"} for row in ROWS]
    read = read_text(tmp_path, written(rows).replace('"\n', '"  \n  '))
    assert (read.error, {rule for rule, _ in read.told}, read.amounts) == (None, {"text.cleaned"}, AMOUNTS)
    assert set(read.column("detailcomment")) == {"bir   iki"}
    assert set(read.column("entrycomment")) == {"üç   dört"}
