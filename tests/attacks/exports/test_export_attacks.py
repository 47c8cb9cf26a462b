"""Drops made to harm or to mislead; each test is named after what it reproduces. None gets further than a finding."""

import io
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from converter.errors import DropUnusable
from converter.reading.archive import Limits, open_drop
from support.exports import convert, convert_file, entry, errors, written

MIB = 1024 * 1024
CSV = written([*entry(1), *entry(2)]).encode()


def key_of(folder: Path, content: bytes, name: str = "1234567808-202501.zip", limits: Limits | None = None) -> str:
    file = folder / name
    file.write_bytes(content)
    try:
        with open_drop(file, name, limits) as drop:
            for member in drop.members:
                with member.open() as stream:
                    while stream.read(MIB):
                        pass
    except DropUnusable as error:
        return error.problem.key
    return "good"


def archive(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as made:
        for name, data in members:
            made.writestr(name, data)
    return content.getvalue()


def special(name: str, change: Callable[[zipfile.ZipInfo], None], data: bytes = CSV) -> bytes:
    content = io.BytesIO()
    info = zipfile.ZipInfo(name)
    change(info)
    with zipfile.ZipFile(content, "w") as made:
        made.writestr(info, data)
    return content.getvalue()


def test_a_good_drop_is_good(tmp_path: Path) -> None:
    assert key_of(tmp_path, archive(("a.csv", CSV))) == "good"
    assert key_of(tmp_path, archive(("şube/a.csv", CSV), ("b.txt", CSV), method=zipfile.ZIP_STORED)) == "good"
    assert key_of(tmp_path, CSV, "1234567808-202501.csv") == "good"


def test_not_a_zip(tmp_path: Path) -> None:
    assert key_of(tmp_path, CSV) == "drop.not_zip"
    assert key_of(tmp_path, b"MZ" + archive(("a.csv", CSV))) == "drop.not_zip"


def test_cut_zip(tmp_path: Path) -> None:
    whole = archive(("a.csv", CSV))
    assert key_of(tmp_path, whole[: len(whole) // 2]) == "drop.cut"
    assert key_of(tmp_path, whole[:-10]) == "drop.cut"


def test_encrypted_zip(tmp_path: Path) -> None:
    content = bytearray(archive(("a.csv", CSV)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.index(signature) + offset
        content[at] |= 1
    assert key_of(tmp_path, bytes(content)) == "drop.encrypted"


def test_zip_bomb_by_ratio(tmp_path: Path) -> None:
    assert key_of(tmp_path, archive(("a.csv", b"0" * 64 * MIB))) == "drop.ratio"


def test_zip_bomb_by_size(tmp_path: Path) -> None:
    content = archive(("a.csv", CSV), ("b.csv", CSV))
    assert key_of(tmp_path, content, limits=Limits(total_bytes=len(CSV) * 2 - 1)) == "drop.too_large"


def test_zip_bomb_by_count(tmp_path: Path) -> None:
    assert key_of(tmp_path, archive(*((f"{number}.csv", b"x") for number in range(201)))) == "drop.too_many_files"


def test_zip_bomb_by_directory(tmp_path: Path) -> None:
    name = "x" * 60_000
    content = archive(*((f"{number}{name}", b"") for number in range(80)))
    assert key_of(tmp_path, content) == "drop.too_many_files"


def test_zip_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    content = bytearray(archive(("a.csv", b"0" * 20 * MIB)))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", content, content.index(signature) + offset, 100)
    assert key_of(tmp_path, bytes(content)) == "drop.damaged"


def test_zip_in_a_zip(tmp_path: Path) -> None:
    inner = archive(("a.csv", CSV))
    assert key_of(tmp_path, archive(("inner.zip", inner))) == "drop.nested"
    assert key_of(tmp_path, archive(("inner.csv", inner))) == "drop.nested"
    assert key_of(tmp_path, archive(("a.csv", CSV), ("b.rar", b"Rar!"))) == "drop.nested"


@pytest.mark.parametrize(
    "name",
    ["../a.csv", "x/../../a.csv", "/etc/a.csv", "\\a.csv", "..\\a.csv", "C:\\a.csv", "c:a.csv", "a\x00.csv", "a\n.csv"],
)
def test_names_that_lead_elsewhere(tmp_path: Path, name: str) -> None:
    content = archive((name.replace("\x00", "Z"), CSV))  # zipfile itself writes no name with a zero in it
    if "\x00" in name:
        content = content.replace(b"aZ.csv", b"a\x00.csv")
    assert key_of(tmp_path, content) == "drop.unsafe_name"


def test_links_and_devices(tmp_path: Path) -> None:
    for kind in (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR):

        def change(info: zipfile.ZipInfo, kind: int = kind) -> None:
            info.create_system = 3
            info.external_attr = (kind | 0o777) << 16

        assert key_of(tmp_path, special("a.csv", change, b"/etc/passwd")) == "drop.link"


def test_folders_within_folders(tmp_path: Path) -> None:
    assert key_of(tmp_path, archive(("a/" * 20 + "a.csv", CSV))) == "drop.too_deep"
    assert key_of(tmp_path, archive(("only/folders/", b""))) == "drop.no_usable_member"


def test_one_name_twice(tmp_path: Path) -> None:
    content = archive(("a.csv", CSV), ("B.csv", CSV)).replace(b"B.csv", b"A.csv")
    assert key_of(tmp_path, content) == "drop.name_twice"


def test_nothing_usable(tmp_path: Path) -> None:
    assert key_of(tmp_path, archive(("a.pdf", b"%PDF"))) == "drop.no_usable_member"
    assert key_of(tmp_path, archive()) == "drop.no_usable_member"
    assert key_of(tmp_path, archive(("a.csv", b""))) == "drop.empty"
    assert key_of(tmp_path, b"") == "drop.empty"


def test_packed_in_a_way_that_few_know(tmp_path: Path) -> None:
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        assert key_of(tmp_path, archive(("a.csv", CSV), method=method)) == "drop.damaged"


def test_bytes_changed_within(tmp_path: Path) -> None:
    stored = bytearray(archive(("a.csv", CSV), method=zipfile.ZIP_STORED))
    stored[100] ^= 1
    assert key_of(tmp_path, bytes(stored)) == "drop.damaged"
    packed = bytearray(archive(("a.csv", CSV * 50)))
    packed[60:90] = bytes(30)
    assert key_of(tmp_path, bytes(packed)) == "drop.damaged"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.data())
def test_any_damage_to_a_zip_is_an_answer(tmp_path: Path, data: st.DataObject) -> None:
    damaged = bytearray(archive(("a.csv", CSV), ("şube/b.txt", CSV)))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    file = tmp_path / "x.zip"
    file.write_bytes(bytes(damaged))
    outcome = convert_file(tmp_path, file)
    assert outcome.made or outcome.findings


def test_damage_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    whole = bytearray(archive(("a.csv", written([row for n in range(1, 3000) for row in entry(n)]).encode())))
    whole[len(whole) // 2] ^= 0xFF
    file = tmp_path / "x.zip"
    file.write_bytes(bytes(whole))
    outcome = convert_file(tmp_path, file)
    assert errors(outcome)[0][0] == "drop.damaged"
    assert list((tmp_path / "out").iterdir()) == []


def many_lines() -> list[str]:
    return written([row for number in range(1, 2000) for row in entry(number)]).splitlines()


def test_quote_that_never_closes(tmp_path: Path) -> None:
    text = many_lines()
    text[3900] = text[3900].replace("Satış", '"Satış')  # the last cell of its row: all that follows is inside it
    outcome = convert(tmp_path, "\n".join(text))
    assert errors(outcome) == [("row.unreadable", 3901)]


@pytest.mark.parametrize("closing", ['Satış"', '"Satış'])
def test_quotes_that_swallow_rows(tmp_path: Path, closing: str) -> None:
    text = many_lines()
    text[3000] = text[3000].replace("Satış", '"Satış')
    text[3010] = text[3010].replace("Satış", closing)
    outcome = convert(tmp_path, "\n".join(text))
    assert not outcome.made
    assert ("row.unreadable", 3001) in errors(outcome)


def test_markup_in_texts_stays_text(tmp_path: Path) -> None:
    evil = "]]></gl-cor:detailComment><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>&b;<?php ?>"
    outcome = convert(tmp_path, entry(1, detailcomment=evil, enteredby="&lt;Ö&gt;"))
    assert outcome.made
    text = outcome.documents[0].path.read_text()
    assert "<!DOCTYPE" not in text
    assert "&amp;b;" in text
    assert "&amp;lt;Ö&amp;gt;" in text


def test_huge_numbers(tmp_path: Path) -> None:
    for amount in ("9" * 16, "0," + "0" * 5000, "1" * 100_000):
        outcome = convert(tmp_path, entry(1, amount=amount))
        assert not outcome.made
        assert {key for key, _ in errors(outcome)} <= {"amount.unreadable", "amount.too_many_decimals"}
    big = [row for number in range(1, 300) for row in entry(number, amount="999999999999999.99")]
    outcome = convert(tmp_path, big)
    assert outcome.made
    assert outcome.totals.accounts["100"].debit == 299 * 99_999_999_999_999_999
    outcome = convert(tmp_path, entry(1, entrynumbercounter="9" * 30, linenumbercounter=""))
    assert errors(outcome) == [("counter.unreadable", 2)]


def test_as_many_accounts_and_entries_as_lines_need_no_more_memory(tmp_path: Path) -> None:
    rows = []
    for number in range(1, 25_000):
        made = entry(number, entryref=f"{number * 7919 % 104_729:020}" * 3)
        made[0]["accsubid"] = f"100.{number:015}"
        rows += made
    file = tmp_path / "many.csv"
    file.write_text(written(rows))
    del rows
    script = (
        "import re, sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]);"
        "from support.exports import convert_file;"
        "outcome = convert_file(Path(sys.argv[2]), Path(sys.argv[2]) / 'many.csv');"
        "assert outcome.made, outcome.counts;"
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    tests = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", script, tests, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 180 * 1024, "KiB of resident memory"
