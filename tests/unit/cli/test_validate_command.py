"""`validate` on whatever users bring: a file, ZIPs, the folders of a year, and what is no document at all."""

import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from lxml import etree
from typer.testing import CliRunner

from defterhane.findings_csv import COLUMNS
from defterhane_cli.main import app
from support.golden_documents import FIRM, golden, name_of
from support.signed_months import write_months
from support.signing import VKN

YEAR = f"{VKN}/01.01.2025-31.12.2025"
FINDING = {"rule", "severity", "message", "entry", "line", "where"}
KEYS = {"file", "document", "valid", "findings", "signed", "unique_id", "entries", "lines", "sha256", "rules", "counts"}
JOURNAL = f"{VKN}-202501-Y-000000.xml"
BERAT = f"{VKN}-202501-YB-000000.xml"


def run(*arguments: object, lang: str = "en") -> Result:
    """The command without a terminal."""
    before = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}
    done = CliRunner().invoke(app, ["validate", *map(str, arguments), "--lang", lang], env=before)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def answers(*arguments: object, code: int) -> list[dict[str, Any]]:
    """Its JSON."""
    done = run(*arguments, "--json")
    assert done.exit_code == code, done.output
    assert done.stderr == ""
    return json.loads(done.stdout)


def rules(answer: dict[str, Any]) -> set[str]:
    return {finding["rule"] for finding in answer["findings"]}


@dataclass(frozen=True)
class Books:
    """Three signed months, the second in two parts, as a firm keeps them."""

    root: Path
    documents: list[Path]

    def copy(self, target: Path) -> "Books":
        """Books that may be spoilt."""
        shutil.copytree(self.root, target)
        return Books(target, [target / path.relative_to(self.root) for path in self.documents])

    def at(self, name: str) -> Path:
        """A document."""
        return next(path for path in self.documents if path.name == name)

    @cached_property
    def answers(self) -> list[dict[str, Any]]:
        return answers(self.root, code=0)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    root = tmp_path_factory.mktemp("books") / "defterler"
    return Books(root, write_months(root, tmp_path_factory.mktemp("made"), cut=(2,)))


@pytest.fixture
def spoilt(books: Books, tmp_path: Path) -> Books:
    return books.copy(tmp_path / "defterler")


def spoil(path: Path, old: bytes, new: bytes) -> None:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new, 1))


def zipped(target: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return target


# A folder of months


def test_a_folder_has_an_answer_for_each_document(books: Books) -> None:
    assert [one["file"] for one in books.answers] == [str(path) for path in books.documents]
    for one in books.answers:
        assert set(one) >= KEYS
        assert (one["valid"], one["signed"], one["findings"], one["counts"]) == (True, True, [], {})
        assert one["member"] is None
    kinds = [one["document"] for one in books.answers]
    assert {kind: kinds.count(kind) for kind in kinds} == {"DR": 3, "K": 4, "KB": 8, "Y": 4, "YB": 8}


def test_an_answer_tells_a_documents_figures(books: Books) -> None:
    journal = next(one for one in books.answers if one["file"].endswith(JOURNAL))
    assert (journal["start"], journal["end"], journal["lines"]) == ("2025-01-01", "2025-01-31", 60)
    assert journal["debit"] == journal["credit"] == "398859.10"
    assert journal["unique_id"] == "YEV202501000001"
    assert journal["rules"].startswith("journal/")
    assert len(journal["sha256"]) == 64
    assert sum(one["lines"] for one in books.answers if one["document"] == "Y") == 180


TABLES = {
    "tr": """\
    Ay       Y  K  YB  KB  DR  İmzalı  Madde  Satır  Borç = alacak  Hata  Uyarı
────────────────────────────────────────────────────────────────────────────────
 ✓  2025-01  1  1   1   1   1     5/5     20     60     398.859,10     0      0
 ✓  2025-02  2  2   2   2   1     9/9     17     60     225.938,17     0      0
 ✓  2025-03  1  1   1   1   1     5/5     19     60     367.197,93     0      0

 ✓  Toplam   4  4   4   4   3   19/19     56    180     991.995,20     0      0

✓ 27 belge denetlendi · bulgu yok
  8 belge bir başkasının kopyası (imzasızı, GİB onaylısı, ZIP'i): toplamlara katılmadı.
  12 dosya e-Defter belgesi değil; atlandı.
""",
    "en": """\
    Month    Y  K  YB  KB  DR  Signed  Entries  Lines  Debit = credit  Errors  Warnings
────────────────────────────────────────────────────────────────────────────────────────
 ✓  2025-01  1  1   1   1   1     5/5       20     60      398,859.10       0         0
 ✓  2025-02  2  2   2   2   1     9/9       17     60      225,938.17       0         0
 ✓  2025-03  1  1   1   1   1     5/5       19     60      367,197.93       0         0

 ✓  Total    4  4   4   4   3   19/19       56    180      991,995.20       0         0

✓ 27 documents checked · no findings
  8 documents are copies of others (unsigned, approved by GİB, or zipped): not in the totals.
  12 files are no e-Defter documents and were passed over.
""",
}


@pytest.mark.parametrize("lang", ["tr", "en"])
def test_a_folder_in_words_is_a_table_of_its_months(books: Books, lang: str) -> None:
    done = run(books.root, lang=lang)
    assert done.exit_code == 0
    assert done.stderr == ""
    assert "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines()) == TABLES[lang]


def test_a_month_in_words_has_a_line_for_each_document(books: Books) -> None:
    folder = books.root / YEAR / "01"
    lines = run(folder, lang="tr").stdout.splitlines()
    assert lines[:9] == [
        str(folder),
        f"✓ {VKN}-202501-DR-000000.xml  DR  geçerli · imzalı",
        f"✓ {VKN}-202501-K-000000.xml  K  geçerli · imzalı · 35 hesap, 60 satır",
        f"✓ {VKN}-202501-KB-000000.xml  KB  geçerli · imzalı",
        f"✓ {JOURNAL}  Y  geçerli · imzalı · 20 madde, 60 satır",
        f"✓ {BERAT}  YB  geçerli · imzalı",
        f"✓ GIB-{VKN}-202501-KB-000000.xml  KB  geçerli · imzalı",
        f"✓ GIB-{BERAT}  YB  geçerli · imzalı",
        "",
    ]
    assert run(folder, "--quiet", lang="tr").stdout.splitlines() == lines[9:]


def test_one_document_needs_no_table(books: Books) -> None:
    path = books.at(JOURNAL)
    done = run(path)
    assert (done.exit_code, done.stdout) == (0, f"✓ {path}  Y  valid · signed · 20 entries, 60 lines\n")


def test_a_mistake_is_told_with_its_document(spoilt: Books) -> None:
    path = spoilt.at(JOURNAL)
    spoil(path, b">D<", b">X<")
    done = run(spoilt.root)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    place = next(
        i for i, line in enumerate(lines) if line.startswith(f"✗ {JOURNAL}  Y  not valid · signed · 20 entries")
    )
    assert lines[place + 1].startswith("  ✗ XSD ")
    assert [line[:12] for line in lines if " 2025-0" in line[:12]] == [" ✗  2025-01 ", " ✓  2025-02 ", " ✓  2025-03 "]
    found = {one["file"]: one for one in answers(spoilt.root, code=1)}
    assert not found[str(path)]["valid"]
    for finding in found[str(path)]["findings"]:
        assert set(finding) >= FINDING


def test_documents_that_do_not_agree_are_found(spoilt: Books) -> None:
    berat = spoilt.at(BERAT)
    value = spoilt.at(f"{VKN}-202501-KB-000000.xml").read_bytes()
    start, end = b"<ds:SignatureValue>", b"</ds:SignatureValue>"
    other = value[value.index(start) : value.index(end)]
    data = berat.read_bytes()
    berat.write_bytes(data[: data.index(start)] + other + data[data.index(end) :])
    found = {one["file"]: one for one in answers(spoilt.root, code=1)}
    assert rules(found[str(berat)]) == {"agreement.signature_value"}
    assert found[str(berat)]["counts"] == {"agreement.signature_value": 1}
    assert [file for file, one in found.items() if not one["valid"]] == [str(berat)]
    assert "  ✗ agreement.signature_value The signature value" in run(spoilt.root).stdout


def test_a_document_that_is_not_there_is_a_warning(spoilt: Books) -> None:
    spoilt.at(f"{VKN}-202503-KB-000000.xml").unlink()
    spoilt.at(f"{VKN}-202503-KB-000000.xml").with_name(f"GIB-{VKN}-202503-KB-000000.xml").unlink()
    done = run(spoilt.root)
    assert done.exit_code == 0
    assert "  ! agreement.missing " in done.stdout
    (row,) = (line for line in done.stdout.splitlines() if "2025-03  " in line and not line.endswith("xml"))
    assert row.split() == ["!", "2025-03", "1", "1", "1", "–", "1", "4/4", "19", "60", "367,197.93", "0", "1"]


def test_books_that_do_not_balance_have_two_columns(spoilt: Books) -> None:
    data = spoilt.at(JOURNAL).read_bytes()
    spoilt.at(JOURNAL).write_bytes(data.replace(b">C</gl-cor:debitCreditCode>", b">D</gl-cor:debitCreditCode>", 1))
    header = run(spoilt.root).stdout
    assert " Debit  " in header
    assert " Credit  " in header


def test_many_findings_are_told_in_part(spoilt: Books) -> None:
    path = spoilt.at(JOURNAL)
    path.write_bytes(path.read_bytes().replace(b'decimals="INF"', b'decimals="2"'))
    (answer,) = answers(path, code=1)
    total = sum(answer["counts"].values())
    assert total > 60
    done = run(path)
    assert done.stdout.count("  ✗ Y001 ") == 5
    assert "more; for all of them --json or --findings FILE.csv\n" in done.stdout
    assert f"Y001 {answer['counts']['Y001']}" in done.stdout


# Findings in a file


def test_findings_go_to_a_table(spoilt: Books, tmp_path: Path) -> None:
    paths = [spoilt.at(f"{VKN}-20250{month}-DR-000000.xml") for month in (1, 3)]
    for path in paths:
        spoil(path, b'decimals="INF"', b'decimals="2"')
    target = tmp_path / "bulgular.csv"
    assert run(spoilt.root, "--findings", target, "--quiet").exit_code == 1
    text = target.read_bytes().decode("utf-8-sig")
    header, *rows = csv.reader(text.splitlines(), delimiter=";")
    assert tuple(header) == COLUMNS
    assert {(row[0], row[6]) for row in rows} >= {(str(path), "report.B001") for path in paths}


def test_findings_go_to_json_too(books: Books, tmp_path: Path) -> None:
    target = tmp_path / "bulgular.json"
    done = run(books.root, "--findings", target, "--json")
    assert target.read_text("utf-8") == done.stdout


def test_findings_take_no_documents_place(books: Books, tmp_path: Path) -> None:
    done = run(books.root, "--findings", tmp_path / "defter.xml")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "must end in .csv or .json" in done.stderr
    assert not list(tmp_path.iterdir())
    nowhere = run(books.root, "--findings", tmp_path / "yok" / "x.csv")
    assert nowhere.exit_code == 2
    assert nowhere.stderr == f"✗ {tmp_path / 'yok' / 'x.csv'} is not there.\n"


# Copies


def test_unsigned_copies_count_once(books: Books, tmp_path: Path) -> None:
    folder = tmp_path / "ay"
    shutil.copytree(books.root / YEAR / "01", folder / "signed")
    unsigned = folder / JOURNAL
    data = books.at(JOURNAL).read_bytes()
    unsigned.write_bytes(data[: data.index(b"<ds:Signature ")] + b"</edefter:defter>")
    done = run(folder)
    assert done.exit_code == 0, done.stdout
    assert "3 documents are copies of others" in done.stdout
    assert " ✓  2025-01  1  1   1   1   1     5/5       20     60 " in done.stdout


def test_what_is_named_twice_is_checked_once(books: Books) -> None:
    path = books.at(JOURNAL)
    link = f"{path.parent}/../01/{path.name}"
    assert [one["file"] for one in answers(path, link, path.parent, code=0)].count(str(path)) == 1


# ZIPs


def test_a_document_in_a_zip(books: Books, tmp_path: Path) -> None:
    path = zipped(tmp_path / f"{BERAT[:-4]}.zip", (BERAT, books.at(BERAT).read_bytes()))
    (answer,) = answers(path, code=0)
    assert (answer["file"], answer["member"], answer["document"]) == (str(path), BERAT, "YB")
    assert run(path).stdout == f"✓ {path}  YB  valid · signed\n"


def test_a_zip_of_another_name_tells_its_members(books: Books, tmp_path: Path) -> None:
    members = [(f"ay/{path.name}", path.read_bytes()) for path in books.documents if path.parent.name == "03"]
    path = zipped(tmp_path / "mart.zip", *members, ("ay/berat.xslt", b"<x/>"), ("oku.txt", b""))
    done = run(path)
    assert done.exit_code == 0
    assert f"✓ {path}:ay/{VKN}-202503-Y-000000.xml  Y  valid" in done.stdout
    assert [one["member"] for one in answers(path, code=0)] == [name for name, _ in members]


def test_zips_in_folders_that_are_none_of_ours_are_passed_over(books: Books, tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(books.at(JOURNAL).read_bytes())
    zipped(tmp_path / f"{VKN}-202501.zip", ("fis.csv", b"a;b\n"))
    (tmp_path / "bozuk.zip").write_bytes(b"PK\x03\x04")
    zipped(tmp_path / "ic.zip", ("ic2.zip", b"PK\x03\x04"))
    done = run(tmp_path)
    assert done.exit_code == 0
    assert "  3 files are no e-Defter documents and were passed over.\n" in done.stdout


def bomb(path: Path) -> None:
    zipped(path, (BERAT, b"\0" * 40_000_000))


def climbing(path: Path) -> None:
    zipped(path, (f"../{BERAT}", b"<x/>"))


def nested(path: Path) -> None:
    zipped(path, ("ic.zip", b"PK\x03\x04"))


def disguised(path: Path) -> None:
    zipped(path, (BERAT, b"PK\x03\x04" + b"x" * 100))


def locked(path: Path) -> None:
    zipped(path, (BERAT, b"<x/>"))
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)


def damaged(path: Path) -> None:
    zipped(path, (BERAT, bytes(range(256)) * 400))
    data = bytearray(path.read_bytes())
    data[100] ^= 0xFF
    path.write_bytes(data)


def cut(path: Path) -> None:
    zipped(path, (BERAT, b"<x/>" * 100))
    path.write_bytes(path.read_bytes()[:-30])


def garbage(path: Path) -> None:
    path.write_bytes(b"no archive")


def empty(path: Path) -> None:
    zipped(path, ("oku.txt", b"x"))


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (bomb, "cli.zip_too_much"),
        (climbing, "cli.zip_unsafe"),
        (nested, "cli.zip_nested"),
        (disguised, "cli.zip_nested"),
        (locked, "cli.zip_locked"),
        (damaged, "cli.zip"),
        (cut, "cli.zip"),
        (garbage, "cli.zip"),
        (empty, "cli.zip_without_document"),
    ],
)
def test_a_zip_that_is_not_to_be_opened_is_said_in_words(make, rule: str, tmp_path: Path) -> None:
    path = tmp_path / f"{BERAT[:-4]}.zip"
    make(path)
    (answer,) = answers(path, code=2)
    assert (answer["document"], answer["valid"], rules(answer)) == (None, False, {rule})
    done = run(path, lang="tr")
    assert (done.exit_code, done.stdout) == (
        2,
        "✗ 0 belge denetlendi · 1 dosya okunamadı · bulgu yok\n",
    ) or not done.stdout
    assert done.stderr.startswith(f"✗ {path} ")
    assert [one["findings"][0]["rule"] for one in answers(tmp_path, code=1)] == [rule]


# What is no document


def test_a_folder_without_documents(tmp_path: Path) -> None:
    (tmp_path / "bos").mkdir()
    (tmp_path / "oku.txt").write_text("x")
    (tmp_path / "baska.xml").write_text("<root/>")
    done = run(tmp_path, lang="tr")
    assert done.exit_code == 2
    assert done.stderr.startswith(f"✗ {tmp_path} içinde e-Defter belgesi yok.\n  Defter, berat ve raporların")
    (answer,) = answers(tmp_path, code=2)
    assert (answer["file"], answer["document"], rules(answer)) == (str(tmp_path), None, {"cli.no_documents"})


def test_viewers_that_a_shell_names_are_passed_over(books: Books) -> None:
    folder = books.root / YEAR / "01"
    done = run(*sorted(folder.iterdir()))
    assert done.exit_code == 0
    assert "  4 files are no e-Defter documents" in done.stdout
    only = run(folder / "berat.xslt")
    assert (only.exit_code, only.stderr.splitlines()[0]) == (
        2,
        f"✗ There is no e-Defter document in {folder / 'berat.xslt'}.",
    )


def test_inventories_are_not_taken_for_journals(books: Books, tmp_path: Path) -> None:
    for name in (JOURNAL, f"{VKN}-202501-E-000000.xml", f"GIB-{VKN}-202501-EB-000000.xml"):
        (tmp_path / name).write_bytes(books.at(JOURNAL).read_bytes())
    done = run(tmp_path)
    assert done.exit_code == 0
    assert "  2 inventory documents (E, EB) were not checked" in done.stdout


def test_a_document_that_is_cut_is_found_in_a_folder(spoilt: Books) -> None:
    path = spoilt.at(JOURNAL)
    end = b"</gl-cor:entryDetail>"
    path.write_bytes(path.read_bytes().partition(end)[0] + end)
    done = run(spoilt.root)
    assert done.exit_code == 1
    assert f"✗ {JOURNAL}  ?  no e-Defter document, or unreadable\n  ✗ xml.cut The file is cut" in done.stdout
    assert run(path).exit_code == 2


def test_files_that_are_not_there_do_not_hide_the_others(books: Books, tmp_path: Path) -> None:
    missing = tmp_path / "yok.xml"
    done = run(missing, books.at(JOURNAL))
    assert done.exit_code == 2
    assert done.stderr == f"✗ {missing} is not there.\n"
    assert f"✓ {books.at(JOURNAL)}  Y  valid" in done.stdout
    assert [one["valid"] for one in answers(missing, books.at(JOURNAL), code=2)] == [False, True]


def test_a_pipe_is_no_file(tmp_path: Path) -> None:
    path = tmp_path / "boru.xml"
    os.mkfifo(path)
    done = run(path)
    assert (done.exit_code, done.stderr) == (2, f"✗ {path} is neither a file nor a folder.\n")
    assert run(tmp_path).exit_code == 2


def test_links_in_a_circle_end(books: Books, tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(books.at(JOURNAL).read_bytes())
    (tmp_path / "yine").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "donen.xml").symlink_to(tmp_path / "donen.xml")
    (answer,) = answers(tmp_path, code=0)
    assert answer["file"] == str(tmp_path / JOURNAL)


def test_folders_deeper_than_a_path_may_be_long_end(tmp_path: Path) -> None:
    script = "import os\nfor _ in range(1100):\n os.mkdir('dddd'); os.chdir('dddd')"
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True)
    try:
        done = run(tmp_path)
        assert done.exit_code == 2
        assert "File name too long" in done.stderr
    finally:
        subprocess.run(["rm", "-rf", str(tmp_path / "dddd")], check=True)  # shutil and pytest give up on such


def test_names_that_are_no_text_are_shown(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff\x1b[31m.xml"
    Path(os.fsdecode(path)).write_bytes(golden("Y"))
    done = run(tmp_path)
    assert done.exit_code == 0
    assert "\x1b" not in done.stdout
    assert "! \ufffd\ufffd[31m.xml  Y  valid" in done.stdout
    (answer,) = answers(tmp_path, code=0)
    assert answer["file"] == f"{tmp_path}/\ufffd\ufffd[31m.xml"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_said(spoilt: Books) -> None:
    path = spoilt.at(JOURNAL)
    path.chmod(0)
    folder = spoilt.root / YEAR / "03"
    folder.chmod(0)
    done = run(spoilt.root)
    folder.chmod(0o700)
    assert done.exit_code == 2
    assert done.stderr.splitlines() == [f"✗ You may not access {path}.", f"✗ You may not access {folder}."]
    assert " ✓  2025-02 " in done.stdout


# Documents from elsewhere


def foreign(data: bytes) -> bytes:
    """The same document with other prefixes, indented, behind a byte order mark."""
    root = etree.fromstring(data)
    etree.indent(root, "\t")
    text = etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)
    other = text.replace(b"gl-cor:", b"a:").replace(b"xmlns:gl-cor", b"xmlns:a").replace(b"\n", b"\r\n")
    return b"\xef\xbb\xbf" + other


def test_another_programs_document_is_read(tmp_path: Path) -> None:
    path = tmp_path / name_of("Y")
    path.write_bytes(foreign(golden("Y")))
    (answer,) = answers(path, code=0)
    assert (answer["document"], answer["entries"], answer["lines"]) == ("Y", 2, 6)


def test_documents_under_one_name_in_two_folders_are_told_apart(tmp_path: Path) -> None:
    for folder, kind in (("a", "Y"), ("b", "K")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "defter.xml").write_bytes(golden(kind))
    found = answers(tmp_path, code=0)
    assert [one["document"] for one in found] == ["Y", "K"]
    assert run(tmp_path).stdout.count(" 2025-03 ") == 1


def test_several_firms_and_branches_are_told_apart(books: Books, tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_bytes(books.at(JOURNAL).read_bytes())
    (tmp_path / name_of("Y")).write_bytes(golden("Y"))
    lines = run(tmp_path).stdout.splitlines()
    (header,) = (line for line in lines if "Taxpayer" in line)
    assert header.split()[:2] == ["Taxpayer", "Month"]
    assert [line.split()[1] for line in lines if " 2025-" in line] == [FIRM, VKN]
