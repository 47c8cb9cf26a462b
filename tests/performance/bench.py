"""`make bench`: how fast, in how much memory, and against what. Figures are printed and kept, never asserted.

Each is measured in a fresh process, the best of some runs; what stands in one row has been measured in one run on one
machine, so that the ratio means something where the figures themselves depend on the machine.
"""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TENANT = ROOT / "docs" / "examples" / "tenant.toml"
FIRM = "6090408038"
LIBRARIES = ("lxml", "saxonche", "cryptography", "python-pkcs11", "sqlalchemy", "asyncpg", "pydantic")


@dataclass(frozen=True)
class Figures:
    """What one way of doing it took: the best run."""

    name: str
    seconds: float
    cpu: float
    amount: float
    peak_mb: float

    @property
    def rate(self) -> float:
        return self.amount / self.seconds


@dataclass(frozen=True)
class Row:
    """One thing that was measured, and the named alternative where there is one."""

    what: str
    unit: str
    """Of the rate: MB of XML, signatures, events."""
    ours: Figures
    other: Figures | None = None
    missing: str | None = None
    """Why there is nothing beside it."""

    @property
    def ratio(self) -> float | None:
        """How many times as fast we are."""
        return self.ours.rate / self.other.rate if self.other else None


class Bench:
    """Runs tasks in child processes."""

    def __init__(self, folder: Path, lines: int, runs: int, console: Console) -> None:
        self.folder = folder
        self.lines = lines
        self.runs = runs
        self._console = console

    def measure(self, name: str, program: str, task: str, *, runs: int | None = None, **arguments: Any) -> Figures:
        """The best of some runs of a program's task."""
        found = []
        with self._console.status(f"{name}: {task}"):
            for _ in range(runs or self.runs):
                found.append(Figures(name, **self._once(program, task, arguments)))
        return min(found, key=lambda one: one.seconds)

    def _once(self, program: str, task: str, arguments: dict[str, Any]) -> dict[str, Any]:
        path = os.pathsep.join(filter(None, (str(HERE.parent), os.environ.get("PYTHONPATH"))))
        done = subprocess.run(
            [sys.executable, str(HERE / f"{program}.py"), task, json.dumps(arguments)],
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def rows(self) -> Iterator[Row]:
        """Everything, in the order of a document's life."""
        journal = self.folder / f"{FIRM}-202501-Y-000000.xml"
        signed = self.folder / "signed.xml"
        yield from self._conversion()
        yield from self._validation(journal, self.folder / f"{FIRM}-202501-K-000000.xml")
        yield Row(
            "sign Y", "MB", self.measure("defterhane", "measure_documents", "sign", path=str(journal), out=str(signed))
        )
        verify = self.measure("defterhane", "measure_documents", "verify", path=str(signed))
        if shutil.which("xmlsec1"):
            other = self.measure("xmlsec1 --verify", "alternatives", "xmlsec1_verify", path=str(signed))
            yield Row("verify the signed Y", "MB", verify, other)
        else:
            yield Row("verify the signed Y", "MB", verify, missing="xmlsec1 is not here")
        signed.unlink()
        yield from self._tokens()
        yield from self._events()

    def _validation(self, journal: Path, ledger: Path) -> Iterator[Row]:
        has_rules = (ROOT.parent / "shared" / "domain" / "rules.tsv").exists()
        for path, kind in ((journal, "Y"), (ledger, "K")):
            ours = self.measure("defterhane", "measure_documents", "validate", path=str(path))
            if not has_rules:
                yield Row(f"validate {kind}", "MB", ours, missing="GİB's rules are not here")
                continue
            other = self.measure(
                "Saxon, Schematron alone", "alternatives", "schematron", runs=1, path=str(path), kind=kind
            )
            yield Row(f"validate {kind}", "MB", ours, other)
        small = self.folder / "small"
        small.mkdir()
        export = small / f"{FIRM}-202501.zip"
        self._once("measure_documents", "sample", {"lines": self.lines // 10, "out": str(export)})
        self._once("measure_documents", "convert", {"source": str(export), "tenant": str(TENANT), "out": str(small)})
        tenth = self.measure("defterhane", "measure_documents", "validate", path=str(small / journal.name))
        yield Row("validate a tenth of it", "MB", tenth)
        wrong = {"path": str(journal), "out": str(self.folder / "wrong.xml")}
        tree = self.measure("lxml tree, schema alone", "alternatives", "validate_as_tree", path=str(journal))
        yield Row(
            "validate Y once more",
            "MB",
            self.measure("defterhane", "measure_documents", "validate", path=str(journal)),
            tree,
        )
        yield Row(
            "each line wrong", "MB", self.measure("defterhane", "measure_documents", "validate_wrong", runs=1, **wrong)
        )

    def _conversion(self) -> Iterator[Row]:
        small, large = max(self.lines // 10, 2), self.lines * 10
        for lines in (small, large, self.lines):  # the last one's documents are measured further
            export = self.folder / f"{FIRM}-202501.zip"
            self._once("measure_documents", "sample", {"lines": lines, "out": str(export)})
            runs = 1 if lines == large else None
            arguments = {"source": str(export), "tenant": str(TENANT), "out": str(self.folder)}
            yield Row(
                f"convert {lines:,} lines",
                "MB",
                self.measure("defterhane", "measure_documents", "convert", runs=runs, **arguments),
                self.measure(
                    "lxml xmlfile, writing alone",
                    "alternatives",
                    "write_with_xmlfile",
                    runs=runs,
                    lines=lines,
                    out=str(self.folder / "xmlfile.xml"),
                ),
            )
        (self.folder / "xmlfile.xml").unlink()
        yield Row(
            "asked to written, 1,000 lines",
            "months",
            self.measure("defterhane", "measure_conversion", "requested_to_written", months=20, lines=1_000),
        )

    def _tokens(self, signatures: int = 1_000) -> Iterator[Row]:
        for program in ("softhsm2-util", "pkcs11-tool"):
            if shutil.which(program) is None:
                self._console.print(f"[dim]signatures: skipped, {program} is not here[/]")
                return
        bare = self.measure("bare python-pkcs11", "measure_tokens", "bare_pkcs11", signatures=signatures)
        for processes in (1, 2):
            ours = self.measure(
                "defterhane", "measure_tokens", "token_workers", signatures=signatures, processes=processes
            )
            yield Row(f"SoftHSM, {processes} process{'es' if processes > 1 else ''}", "signatures", ours, bare)

    def _events(self, count: int = 2_000) -> Iterator[Row]:
        yield Row(
            "outbox to inbox",
            "events",
            self.measure("defterhane", "measure_events", "events", count=count),
            self.measure("asyncpg, an INSERT each", "measure_events", "bare_inserts", count=count),
        )


def machine() -> dict[str, Any]:
    """What it ran on."""
    models = [line for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = [line for line in _lines("/proc/meminfo") if line.startswith("MemTotal")]
    return {
        "cores": len(os.sched_getaffinity(0)),
        "cpu": models[0].partition(":")[2].strip() if models else platform.processor(),
        "memory_mb": int(memory[0].split()[1]) // 1000 if memory else None,
        "load": os.getloadavg()[0],
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {library: version(library) for library in LIBRARIES},
    }


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text().splitlines() if file.exists() else []


def table_of(rows: list[Row]) -> Table:
    """The figures, ours beside the alternative's."""
    table = Table(title="Best run of each, in a process of its own", title_justify="left")
    for heading in ("", "s", "per s", "peak", "beside it", "s", "per s", "peak", "ratio"):
        table.add_column(heading, justify="left" if heading in ("", "beside it") else "right", no_wrap=True)
    for row in rows:
        beside = _cells(row.other) if row.other else ("", "", "")
        ratio = f"[bold]{row.ratio:.2f} ×[/]" if row.ratio is not None else ""
        name = row.other.name if row.other else row.missing or ""
        table.add_row(f"{row.what} ({row.unit})", *_cells(row.ours), name, *beside, ratio)
    table.caption = "peak: largest resident size in MB. ratio: how many times as fast as what stands beside it."
    table.caption_justify = "left"
    return table


def _cells(figures: Figures) -> tuple[str, str, str]:
    rate = f"{figures.rate:,.0f}" if figures.rate >= 10 else f"{figures.rate:.1f}"
    return f"{figures.seconds:.2f}", rate, f"{figures.peak_mb:,.0f}"


def growth_of(rows: list[Row]) -> Table:
    """What more lines cost, from the smallest export to each larger one."""
    found = sorted((row for row in rows if row.what.startswith("convert")), key=lambda row: row.ours.amount)
    table = Table(title="More lines", title_justify="left")
    for heading in ("", "lines", "time", "peak memory"):
        table.add_column(heading, justify="right" if heading else "left")
    for after in found[1:]:
        for before, now in ((found[0].ours, after.ours), (found[0].other, after.other)):
            if before and now:
                lines = f"{now.amount / before.amount:.0f} ×"
                time_grown, memory_grown = now.seconds / before.seconds, now.peak_mb / before.peak_mb
                table.add_row(now.name, lines, f"{time_grown:.1f} ×", f"{memory_grown:.2f} ×")
    return table


def keep(rows: list[Row], lines: int, runs: int, folder: Path) -> Path:
    """Write everything as JSON."""
    now = datetime.now(UTC)
    found = {
        "date": now.isoformat(timespec="seconds"),
        "lines": lines,
        "runs": runs,
        "machine": machine(),
        "rows": [{**asdict(row), "rate": row.ours.rate, "ratio": row.ratio} for row in rows],
    }
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{now:%Y-%m-%dT%H-%M-%S}.json"
    path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=100_000, help="lines of the export; a tenth and ten times too")
    parser.add_argument("--runs", type=int, default=2, help="runs of each, of which the best counts")
    parser.add_argument("--out", type=Path, default=ROOT / "var" / "bench", help="folder for the JSON")
    options = parser.parse_args()
    console = Console(highlight=False)
    console.width = max(console.width, 128)  # the table is worth a wide window, and a log has no width
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="defterhane-bench-") as folder:
        rows = []
        for row in Bench(Path(folder), options.lines, options.runs, console).rows():
            rows.append(row)
            beside = f"  {row.ratio:.2f} × {row.other.name}" if row.ratio and row.other else ""
            console.print(f"[green]✓[/] {row.what}: {row.ours.rate:,.0f} {row.unit}/s{beside}")
    console.print(table_of(rows), growth_of(rows))
    path = keep(rows, options.lines, options.runs, options.out)
    console.print(f"{path}  ({time.monotonic() - started:.0f} s)")


if __name__ == "__main__":
    main()
