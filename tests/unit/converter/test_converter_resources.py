"""Memory that does not grow with the export, and disks that are full: looked at from outside, in child processes."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
GROWTH = 25_000
"""KiB by which 40,000 lines more may make a child larger; as Python objects they would be twice that and more."""

CHILD = """
import resource, sys
from pathlib import Path
from converter.convert import convert_drop
from support.exports import job

source, out = Path(sys.argv[1]), Path(sys.argv[2])
if len(sys.argv) > 3:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
try:
    outcome = convert_drop(source, out, job(name=source.name, part_bytes=8_000_000))
    print("made" if outcome.made else outcome.counts)
except OSError as error:
    print("OSError", *(path.name for path in out.iterdir()))
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(peak.split()[1])
"""

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc")

COLUMNS = (
    "entryref;accmainid;accmainiddesc;accsubid;accsubdesc;amount;debitcreditcode;postingdate;documenttype;"
    "documentnumber;documentdate;detailcomment;enteredby;entereddate;entrynumber;entrycomment;entrynumbercounter\n"
)


def rows(lines: int) -> Iterator[str]:
    """Entries of four lines, each line with an account, a document and a comment of its own."""
    yield COLUMNS
    for line in range(lines):
        entry = line // 4
        day = f"2025-01-{1 + entry * 31 // (lines // 4):02}"
        main, side = ("120", "D") if line % 2 else ("320", "C")
        yield (
            f"R{entry};{main};CARİ;{main}.{line:06};CARİ {line};{entry + 1},50;{side};{day};receipt;M{line};{day};"
            f"Satır {line}: {'açıklama ' * 8};Ö.M.;{day};F{entry};Tahsilat {entry};{entry + 1}\n"
        )


def child(source: Path, out: Path, *limits: int) -> list[str]:
    out.mkdir()
    arguments = [sys.executable, "-c", CHILD, source, out, *map(str, limits)]
    done = subprocess.run(arguments, capture_output=True, text=True, cwd=TESTS, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def export(folder: Path, lines: int) -> Path:
    path = folder / f"{lines}.csv"
    with path.open("w", encoding="utf-8") as file:
        file.writelines(rows(lines))
    return path


def test_memory_does_not_grow_with_the_export(tmp_path: Path) -> None:
    peaks = []
    for lines in (20_000, 60_000):
        said, peak = child(export(tmp_path, lines), tmp_path / f"out-{lines}")
        assert said == "made"
        peaks.append(int(peak))
    assert peaks[1] - peaks[0] < GROWTH, peaks


@pytest.mark.parametrize("most", [3_000, 30_000, 300_000, 900_000])
def test_a_full_disk_is_an_error_and_leaves_nothing(tmp_path: Path, most: int) -> None:
    """The system refuses what goes beyond a file's size: the spool, what is rendered, a document."""
    assert child(export(tmp_path, 1_000), tmp_path / "out", most)[0] == "OSError"
