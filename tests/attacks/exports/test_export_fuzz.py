"""Damaged exports of every layout: an answer within bounds, and never accepted with other amounts than they hold.

Each sample is damaged at random places, then read by the product and by Python's own csv, openpyxl and ElementTree.
"""

import csv
import io
import random
import re
import time
import warnings
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from converter.convert import convert_drop
from defterhane.edefter.period import Period
from sandbox.samples import LAYOUTS, write_sample
from support.events import FIRM
from support.exports import job

ROUNDS = 60
"""For each layout and kind of damage; a few seconds in all."""
SEED = 20250131
SECONDS = 10

Sums = tuple[int, int, int]
"""Lines, debit and credit (kuruş)."""


def kurus(text: str) -> int:
    mark = "," if re.search(r",\d{1,2}$", text) else "."
    bare = re.sub(r"[., ']", "", text[: text.rfind(mark)] if mark in text else text)
    return int(Decimal(f"{bare}.{text[text.rfind(mark) + 1 :]}" if mark in text else bare) * 100)


def total(lines: list[tuple[str, str]]) -> Sums:
    """Of sides and amounts."""
    sides = {"D": 0, "C": 0}
    for side, amount in lines:
        sides[{"B": "D", "A": "C"}.get(side, side)] += kurus(amount)
    return len(lines), sides["D"], sides["C"]


def table(data: bytes, encoding: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode(encoding, "replace"), newline=""), delimiter=";"))


def under_sides(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("D", debit) if debit else ("C", credit) for debit, credit in rows]


def other_reading(layout: str, files: dict[str, bytes]) -> Sums:
    """What an independent reader finds."""
    data = next(iter(files.values()))
    if layout == "columns25":
        return total([(row["debitcreditcode"], row["amount"]) for row in table(data, "utf-8")])
    if layout == "header-detail":
        details = next(content for name, content in files.items() if "detay" in name)
        return total(under_sides([(row["Borç"], row["Alacak"]) for row in table(details, "cp1254")]))
    if layout == "xml":
        root = ElementTree.fromstring(data)
        details = list(root.iter("KayitDetayi"))
        return total([(one.findtext("BorcAlacakKodu") or "", one.findtext("Tutar") or "") for one in details])
    if layout == "report":
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig", "replace"), newline=""), delimiter=";")
        return total(under_sides([(row[4], row[5]) for row in rows if row and re.match(r"\d{3}\.", row[0])]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sheet = openpyxl.load_workbook(io.BytesIO(data), data_only=True).worksheets[0]
        names, *lines = sheet.iter_rows(values_only=True)
    at = {str(name).rpartition(".")[2]: position for position, name in enumerate(names)}
    return total([(str(row[at["DebitCreditCode"]]), f"{row[at['Amount']]:.2f}") for row in lines if any(row)])


# ---- kinds of damage -------------------------------------------------------------------------------------------------


def some_bytes(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice([1, 1, 2, 8])):
        changed[dice.randrange(len(changed))] = dice.choice([dice.randrange(256), *b'0123456789;"<>&,.\r\n\0'])
    return bytes(changed)


def some_lines(data: bytes, dice: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    kind = dice.randrange(4)
    if kind == 0:
        del lines[one]
    elif kind == 1:
        lines.insert(other, lines[one])
    elif kind == 2:
        lines[one], lines[other] = lines[other], lines[one]
    else:
        lines[one] = lines[one][: dice.randrange(len(lines[one]) + 1)]
    return b"".join(lines)


def some_cells(data: bytes, dice: random.Random) -> bytes:
    cells = re.split(rb"([;<>\n])", data)
    for _ in range(dice.choice([1, 2])):
        what = [
            b"",
            b"-1",
            b"0",
            b"1e5",
            b"=1+1",
            b"NULL",
            b'"',
            b"9" * 30,
            b"1.000",
            cells[dice.randrange(len(cells))],
        ]
        cells[dice.randrange(len(cells))] = dice.choice(what)
    return b"".join(cells)


DAMAGES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "bytes": some_bytes,
    "lines": some_lines,
    "cells": some_cells,
}


def inside_workbook(book: bytes, damage: Callable[[bytes, random.Random], bytes], dice: random.Random) -> bytes:
    """Most damage to a packed file is damage to its checksums: this goes to the sheet itself."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, damage(content, dice) if "sheet1" in name else content)
    return made.getvalue()


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, bytes]]:
    found = {}
    for layout in LAYOUTS:
        file = tmp_path_factory.mktemp("samples") / f"{FIRM}-202501.zip"
        write_sample(file, tax_id=FIRM, period=Period(2025, 1), lines=30, seed=7, layout=layout)
        with zipfile.ZipFile(file) as archive:
            found[layout] = {name: archive.read(name) for name in archive.namelist()}
    return found


def check(folder: Path, layout: str, whole: dict[str, bytes], files: dict[str, bytes], drop: bytes) -> bool:
    """Whether a drop was accepted; then it must say what the whole sample says, or else what the damaged files do."""
    source, out = folder / "drop.zip", folder / "out"
    source.write_bytes(drop)
    out.mkdir(exist_ok=True)
    began = time.monotonic()
    outcome = convert_drop(source, out, job(name=f"{FIRM}-202501.zip"))
    assert time.monotonic() - began < SECONDS
    assert outcome.made or outcome.findings
    assert outcome.made or not list(out.iterdir())
    for file in out.iterdir():
        file.unlink()
    if outcome.made:
        accounts = outcome.totals.accounts.values()
        made = (outcome.totals.lines, sum(one.debit for one in accounts), sum(one.credit for one in accounts))
        assert made == other_reading(layout, whole) or made == other_reading(layout, files)
    return outcome.made


def zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_damaged_files_are_told_of_or_read_as_they_are(
    tmp_path: Path, samples: dict[str, dict[str, bytes]], layout: str, kind: str
) -> None:
    dice = random.Random(f"{SEED} {layout} {kind}")
    whole = samples[layout]
    assert check(tmp_path, layout, whole, whole, zipped(whole))
    for _ in range(ROUNDS // (3 if layout == "columns23" else 1)):
        files = dict(whole)
        name = dice.choice(list(files))
        if name.endswith(".xlsx"):
            files[name] = inside_workbook(files[name], DAMAGES[kind], dice)
        else:
            files[name] = DAMAGES[kind](files[name], dice)
        check(tmp_path, layout, whole, files, zipped(files))


@pytest.mark.parametrize("layout", LAYOUTS)
def test_damaged_archives_are_told_of(tmp_path: Path, samples: dict[str, dict[str, bytes]], layout: str) -> None:
    dice = random.Random(f"{SEED} {layout}")
    whole = zipped(samples[layout])
    for _ in range(ROUNDS):
        drop = bytearray(some_bytes(whole, dice))
        if dice.random() < 0.3:
            at = dice.randrange(len(drop))
            del drop[at : at + dice.choice([1, 4, 100])]
        if dice.random() < 0.5:  # the directory, which all else hangs on
            at = len(drop) - 1 - dice.randrange(min(200, len(drop)))
            drop[at] = dice.randrange(256)
        check(tmp_path, layout, samples[layout], samples[layout], bytes(drop))
