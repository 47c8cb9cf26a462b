"""The converter's golden cases: a folder each, with what is dropped, how, and what comes of it.

`case.toml` says how the drop is converted (`Told`), `drop/` holds the files, `made/` what comes out: of a good drop
all documents under their names and `outcome.json`, of a bad one `outcome.json` with its findings. One file in `drop/`
is dropped as it is; several are zipped, in the order of their names.
"""

import json
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from converter.convert import SIZE_LIMIT, ConversionJob, ConversionOutcome, convert_drop
from defterhane.edefter.counters import Counters
from defterhane.edefter.names import WHOLE
from defterhane.events import Filing
from support.books import write_documents
from support.events import FIRM
from support.exports import CREATED, SOURCE_APPLICATION
from support.tenants import tenant

GOLDEN: Final = Path(__file__).parents[1] / "golden" / "converter"
_KEYS: Final = {"period", "branch", "part", "first_part", "tenant", "created", "part_bytes", "start"}
_ZIPPED_AT: Final = (2025, 1, 31, 0, 0, 0)


@dataclass(frozen=True)
class Case:
    """One golden case."""

    folder: Path

    @property
    def made(self) -> Path:
        """Where the expected files are."""
        return self.folder / "made"

    def job(self, name: str) -> ConversionJob:
        """How the drop is converted.

        `part = "000002"` drops the second stretch of the tenant's days by itself; its first part then has that number
        unless `first_part` says another.
        """
        told = tomllib.loads((self.folder / "case.toml").read_text("utf-8"))
        assert told.keys() <= _KEYS, told.keys() - _KEYS
        changes: dict[str, Any] = {"tax_id": FIRM, **told.get("tenant", {})}
        firm = tenant(**changes)
        part = told.get("part", WHOLE)
        filing = Filing(tenant=firm.tax_id, period=told.get("period", "2025-01"), branch=told.get("branch"), part=part)
        spans = firm.spans(filing.month)
        return ConversionJob(
            tenant=firm,
            filing=filing,
            name=name,
            created=told.get("created", CREATED),
            source_application=SOURCE_APPLICATION,
            start=Counters(**told.get("start", {})),
            spans=spans if part == WHOLE else (spans[int(part) - 1],),
            first_part=told.get("first_part", int(part)),
            part_bytes=told.get("part_bytes", SIZE_LIMIT),
        )

    def dropped(self, folder: Path) -> Path:
        """The file that is dropped, put together in `folder` where it is a ZIP."""
        files = sorted((self.folder / "drop").iterdir())
        if len(files) == 1:
            return files[0]
        target = folder / "drop.zip"
        with ZipFile(target, "w") as archive:
            for file in files:
                info = ZipInfo(file.name, _ZIPPED_AT)
                info.compress_type = ZIP_DEFLATED
                archive.writestr(info, file.read_bytes())
        return target


@dataclass(frozen=True)
class Result:
    """What came of a case."""

    outcome: ConversionOutcome
    documents: list[Path]
    described: bytes
    """`outcome.json`."""


def cases() -> list[Case]:
    """All cases, by name."""
    return [Case(path.parent) for path in sorted(GOLDEN.glob("*/case.toml"))]


def run(case: Case, folder: Path) -> Result:
    """Convert a case's drop; documents lie in `folder`."""
    source = case.dropped(folder)
    job = case.job(source.name)
    out = folder / "out"
    out.mkdir()
    outcome = convert_drop(source, out, job)
    documents = write_documents(outcome, job, folder) if outcome.made else []
    return Result(outcome, documents, _described(outcome))


def _described(outcome: ConversionOutcome) -> bytes:
    told: dict[str, Any] = {
        "counts": outcome.counts,
        "findings": [finding.model_dump(mode="json", exclude_none=True) for finding in outcome.findings],
        "recognised": [
            {"file": one.file, "layout": one.layout, **one.text.model_dump(), "facts": one.facts}
            for one in outcome.recognised
        ],
    }
    if outcome.made:
        end = outcome.end
        told["end"] = {"entry": end.entry, "line": end.line, "journal": end.journal, "ledger": end.ledger}
        told["parts"] = [
            {
                "part": part.part,
                "start": _day(part.span.start),
                "end": _day(part.span.end),
                "entries": part.totals.entries,
                "lines": part.totals.lines,
                "journal": part.journal.unique_id,
                "ledger": part.ledger.unique_id,
            }
            for part in outcome.parts
        ]
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _day(day: date) -> str:
    return day.isoformat()
