"""ERP exports for tests, row by row, and converting them."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from converter.convert import ConversionJob, ConversionOutcome, convert_drop
from defterhane.events import Filing
from defterhane.findings import Finding
from sandbox.samples import COLUMNS25
from support.drops import zipped
from support.events import FIRM
from support.tenants import tenant

CREATED = date(2025, 2, 3)
SOURCE_APPLICATION = "1234567808##ÖRNEK YAZILIM A.Ş.##Defterhane##1.0"

Row = dict[str, str]


def entry(number: int = 1, day: str = "2025-01-02", amount: str = "100.00", **changes: str) -> list[Row]:
    """A cash sale of two lines; `changes` go to both."""
    common: Row = {
        "entryref": f"R{number}",
        "linenumbercounter": str(number),
        "entrynumbercounter": str(number),
        "amount": amount,
        "postingdate": day,
        "entereddate": day,
        "enteredby": "Ö.M.",
        "entrynumber": f"{number:05}",
        "entrycomment": "Satış",
        "documentreference": f"{number:05}",
        "divisionno": "0",
        **changes,
    }
    cash = {"accmainid": "100", "accmainiddesc": "KASA", "accsubid": "100.01", "accsubdesc": "MERKEZ"}
    sales = {"accmainid": "600", "accmainiddesc": "SATIŞLAR", "accsubid": "600.01", "accsubdesc": "YURT İÇİ"}
    return [
        {**cash, "debitcreditcode": "D", "linenumber": str(2 * number - 1), **common},
        {**sales, "debitcreditcode": "C", "linenumber": str(2 * number), **common},
    ]


def written(rows: Iterable[Row], delimiter: str = ";", newline: str = "\n", header: bool = True) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS25, restval="", delimiter=delimiter, lineterminator=newline)
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def job(period: str = "2025-01", branch: str | None = None, **changes: Any) -> ConversionJob:
    values: dict[str, Any] = {
        "tenant": tenant(FIRM),
        "filing": Filing(tenant=FIRM, period=period, branch=branch),
        "name": f"{FIRM}-{period.replace('-', '')}.zip",
        "created": CREATED,
        "source_application": SOURCE_APPLICATION,
    }
    return ConversionJob(**{**values, **changes})


def convert_file(folder: Path, file: Path, **changes: Any) -> ConversionOutcome:
    out = folder / "out"
    out.mkdir(exist_ok=True)
    return convert_drop(file, out, job(**{"name": file.name, **changes}))


def convert(folder: Path, data: bytes | str | Iterable[Row], **changes: Any) -> ConversionOutcome:
    """Convert one CSV: bytes, text (UTF-8) or rows."""
    if not isinstance(data, bytes):
        data = (data if isinstance(data, str) else written(data)).encode()
    return convert_members(folder, {"yevmiye.csv": data}, **changes)


def convert_members(folder: Path, members: Mapping[str, bytes], **changes: Any) -> ConversionOutcome:
    """Convert a ZIP of several files."""
    return convert_file(folder, zipped(folder / f"{FIRM}-202501.zip", members), **changes)


def errors(outcome: ConversionOutcome) -> list[tuple[str, int | None]]:
    """What stops the month: (key, line)."""
    return [(finding.rule, finding.line) for finding in outcome.findings if finding.severity == "error"]


def only(outcome: ConversionOutcome) -> Finding:
    """The one finding there should be."""
    assert len(outcome.findings) == 1, [finding.rule for finding in outcome.findings]
    return outcome.findings[0]
