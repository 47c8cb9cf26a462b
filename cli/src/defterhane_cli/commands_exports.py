"""The commands that work on ERPs' exports: sample makes one up, convert turns one into ledgers. Neither needs a server.

What a command needs is imported when it runs: nobody waits for what another one needs.
"""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal
from zoneinfo import ZoneInfo

import typer

from defterhane.edefter.counters import Counters
from defterhane.edefter.names import WHOLE
from defterhane.events import Filing
from defterhane.figures import grouped
from defterhane.findings_csv import findings_csv
from defterhane.tenant import Tenant
from defterhane_cli import answers, inputs, terminal
from defterhane_cli.errors import FileMissing
from defterhane_cli.terminal import Json, Lang

if TYPE_CHECKING:
    from converter.convert import ConversionJob

ISTANBUL: Final = ZoneInfo("Europe/Istanbul")
EXAMPLE_FIRM: Final = "6090408038"

Layout = Literal["columns25", "header-detail", "columns23", "xml", "report"]


def sample(
    lines: Annotated[int, typer.Option(help="So many journal lines.", min=2)] = 1000,
    out: Annotated[
        Path,
        typer.Option(help="The ZIP to write (.csv, .xlsx and .xml are written unpacked), or a folder for it."),
    ] = Path(),
    tenant: Annotated[str, typer.Option(help="VKN or TCKN.")] = EXAMPLE_FIRM,
    branch: Annotated[str | None, typer.Option(help="Of the branch with this number, such as 0001.")] = None,
    period: Annotated[str, typer.Option(help="Month, such as 2025-01.")] = "2025-01",
    days: Annotated[
        str | None, typer.Option(metavar="FROM-TO", help="Only these days of the month, such as 11-20.")
    ] = None,
    layout: Annotated[Layout, typer.Option(help="Layout of the export.")] = "columns25",
    seed: Annotated[int, typer.Option(help="The same seed makes the same entries.")] = 1,
    vendor_habits: Annotated[
        bool, typer.Option("--vendor-habits", help="CR line ends, Windows-1254, literal NULL (columns25).")
    ] = False,
    attachments: Annotated[int, typer.Option(help="Add so many PDF files.", min=0, max=190)] = 0,
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Put a mistake into it; may be given again. See --list-faults."),
    ] = None,
    list_faults: Annotated[bool, typer.Option("--list-faults", help="Show the faults, and write nothing.")] = False,
    lang: Lang = "auto",
) -> None:
    """Write a realistic made-up ERP export, or one with known mistakes in it."""
    from sandbox.samples import write_sample  # noqa: PLC0415

    with terminal.speaking(lang) as chosen:
        if list_faults:
            answers.print_faults(chosen)
            return
        month, firm, number = inputs.read_period(period), inputs.read_tax_id(tenant), inputs.read_branch(branch)
        if out.is_dir():
            out = out / f"{'-'.join(filter(None, (firm, number, month.compact)))}.zip"
        expected = write_sample(
            out,
            tax_id=firm,
            period=month,
            lines=lines,
            seed=seed,
            vendor_habits=vendor_habits,
            layout=layout,
            workbook=out.suffix.lower() == ".xlsx",
            branch=number,
            days=inputs.read_days(days, month),
            attachments=attachments,
            faults=fault or (),
        )
        terminal.print_good(f"{out}  {grouped(out.stat().st_size, chosen)} B")
        answers.print_expected(expected, chosen)


def convert(
    file: Annotated[Path, typer.Argument(help="The ERP's export, named like 6090408038-202501.zip.")],
    tenant: Annotated[Path, typer.Option(help="The tenant's TOML file.")],
    out: Annotated[Path, typer.Option(help="Folder for the documents.")],
    part_size: Annotated[
        int | None,
        typer.Option(
            help="Cut the month in parts of at most so many bytes a file; else the tenant's size, else 200000000.",
            min=1_000_000,
            max=200_000_000,
            metavar="BYTES",
        ),
    ] = None,
    findings: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the findings to a CSV file too.")] = None,
    json: Json = False,
    lang: Lang = "auto",
) -> None:
    """Turn an export into unsigned journals and ledgers, offline; say what is wrong with it. What an earlier run has
    made of the same days in the folder is replaced. Exit 0 made, 1 findings, 2 file, name or tenant unusable."""
    from converter.convert import convert_drop  # noqa: PLC0415
    from defterhane_cli.placing import place  # noqa: PLC0415

    with terminal.speaking(lang) as chosen:
        master = inputs.read_tenant_file(tenant)
        filing = inputs.filing_of(file, master)
        if not file.exists():
            raise FileMissing(path=file)
        job = _job(file.name, master, filing, part_size)
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".converting-", dir=out) as scratch:
            outcome = convert_drop(file, Path(scratch), job)
            if findings is not None:
                findings.write_text(findings_csv(outcome.findings, outcome.counts), "utf-8", newline="")
            placed = place(outcome, filing, job.span, out)
        if json:
            terminal.print_json(answers.outcome_json(outcome, placed, chosen))
        else:
            answers.print_outcome(outcome, placed, chosen)
    terminal.stop(terminal.VALID if outcome.made else terminal.FINDINGS)


def _job(name: str, tenant: Tenant, filing: Filing, part_size: int | None) -> "ConversionJob":
    """What is to be converted: the whole month, or the stretch of its days whose number the drop's name carries."""
    from converter.convert import SIZE_LIMIT, ConversionJob  # noqa: PLC0415
    from converter.errors import BeforeOpening, PartUnknown  # noqa: PLC0415
    from converter.settings import SOURCE_APPLICATION  # noqa: PLC0415

    spans, number = tenant.spans(filing.month), int(filing.part)
    if filing.part != WHOLE:
        if len(spans) == 1 or number > len(spans):
            raise PartUnknown(period=filing.period, part=filing.part, parts=len(spans) if len(spans) > 1 else 0)
        spans = spans[number - 1 : number]
    opening = tenant.opening(filing.branch, filing.month)
    if opening is not None and filing.period < opening.period:
        raise BeforeOpening(period=filing.period, opening=opening.period)
    return ConversionJob(
        tenant=tenant,
        filing=filing,
        name=name,
        created=datetime.now(ISTANBUL).date(),
        source_application=SOURCE_APPLICATION,
        start=opening.counters if opening is not None else Counters(),
        spans=spans,
        first_part=number,
        part_bytes=part_size or tenant.part_bytes or SIZE_LIMIT,
    )
