"""`defterhane demo`: two firms' months, from a dropped file to the archive, while you watch."""

import asyncio
import json
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import asyncssh
import httpx
from rich.live import Live
from rich.table import Table

from archive.export import Exported
from defterhane.edefter.names import DocumentName
from defterhane.edefter.period import Period
from defterhane.edefter.taxid import TaxId, vkn_from_stem
from defterhane.figures import grouped
from defterhane.findings import Finding
from defterhane.tenant import Tenant
from defterhane.texts import Language
from defterhane_cli import terminal
from defterhane_cli.errors import MonthStuck
from defterhane_cli.one_machine import OneMachine
from defterhane_cli.sftp_box import Box
from sandbox.samples import write_sample

_COLUMNS: Final = {
    "journal": "Y",
    "ledger": "K",
    "journal_berat": "YB",
    "ledger_berat": "KB",
    "approved_journal_berat": "GİB-YB",
    "approved_ledger_berat": "GİB-KB",
    "report": "DR",
}
_MARKS: Final = {
    "done": "[green]✓[/]",
    "running": "[cyan]…[/]",
    "held": "[yellow]⏸[/]",
    "failed": "[red]✗[/]",
    "empty": "[dim]·[/]",
}
_SECONDS: Final = 300
_FAILED_SECONDS: Final = 60
"""A month that has failed for so long is stuck: nothing that corrects it has come."""
_LOOK_EVERY: Final = 0.5


@dataclass(frozen=True)
class Firm:
    """A made-up firm and its export."""

    tax_id: TaxId
    title: str
    lines: int
    vendor_habits: bool = False
    part_ends: tuple[int, ...] = ()
    fault: str | None = None
    """The mistake in the file that it drops first; a corrected one follows."""

    def tenant(self, public_key: str, first: Period) -> Tenant:
        """Its master data."""
        address = {"building_number": "1", "street": "DENEME MAHALLESİ", "city": "Ankara", "postal_code": "06000"}
        return Tenant.model_validate(
            {
                "tax_id": self.tax_id,
                "title": self.title,
                "phone": "3120000000",
                "email": "muhasebe@deneme.invalid",
                "website": "www.deneme.invalid",
                "address": address,
                "business_description": "464905",
                "creator": "DENEME MALİ MÜŞAVİR",
                "accountant": {"name": "DENEME MALİ MÜŞAVİR", "engagement": "SMMM Sözleşmesi, 01.01.2025, 1"},
                "sftp_keys": [public_key],
                "openings": [{"period": str(first)}],
                "part_ends": self.part_ends,
            }
        )


FIRMS: Final = (
    Firm(
        vkn_from_stem("100200300"), "AKASYA GIDA TİCARET LTD. ŞTİ.", 2_000, vendor_habits=True, fault="entry-unbalanced"
    ),
    Firm(vkn_from_stem("400500600"), "BOĞAZ TEKSTİL SANAYİ A.Ş.", 20_000, part_ends=(10, 20)),
)


async def run_demo(machine: OneMachine, folder: Path, chosen: Language) -> None:
    """Drop the firms' files, show how their months go, and write the export and the summary.

    Raises:
        MonthStuck: a month failed, or took too long.
    """
    period = Period.of(datetime.now(UTC).date()).previous
    key = asyncssh.generate_private_key("ssh-ed25519")
    public_key = key.export_public_key().decode().strip()
    boxes = {firm: Box(machine.sftp_port, firm.tax_id, key) for firm in FIRMS}
    for firm in FIRMS:
        await machine.add_tenant(firm.tenant(public_key, period))
    started = time.monotonic()
    for firm, box in boxes.items():
        await _drop(box, firm, period, folder / "samples", firm.fault, chosen)
    for firm, box in boxes.items():
        if firm.fault is not None:
            await _say_failure(box, chosen)
            await _drop(box, firm, period, folder / "samples" / "corrected", None, chosen)
    board = await _watch(machine, period, started, folder, chosen)
    terminal.out.print(_table(board, chosen, time.monotonic() - started))
    delivered = [name for box in boxes.values() for name in await _answers(box, "closed", 20)]
    exported = {firm.tax_id: await machine.export(firm.tax_id, folder / "export") for firm in FIRMS}
    _write_summary(folder / "summary.json", exported)
    _say_where(folder, exported, delivered, chosen)


async def _drop(box: Box, firm: Firm, period: Period, folder: Path, fault: str | None, chosen: Language) -> None:
    """Make a firm's export, with a mistake in it where one is named, and drop it."""
    file = folder / f"{firm.tax_id}-{period.compact}.zip"
    folder.mkdir(parents=True, exist_ok=True)
    await asyncio.to_thread(
        write_sample,
        file,
        tax_id=firm.tax_id,
        period=period,
        lines=firm.lines,
        seed=1,
        vendor_habits=firm.vendor_habits,
        faults=() if fault is None else (fault,),
    )
    await box.drop(file)
    said = "SFTP ile bırakıldı" if chosen == "tr" else "dropped by SFTP"
    if fault is not None:
        said += ", içinde bilerek bırakılmış bir hatayla" if chosen == "tr" else ", with a mistake in it on purpose"
    terminal.out.print(f"{file.name}  {grouped(file.stat().st_size, chosen)} B  {said}")


async def _say_failure(box: Box, chosen: Language) -> None:
    """Say what the answer in the firm's outbox has found in its file."""
    for name in await _answers(box, "failed", _SECONDS):
        if name.endswith(".failed.json"):
            findings = [Finding.model_validate(one) for one in json.loads(await box.read(name))["findings"]]
            terminal.out.print(f"[red]✗[/] outbox/{name.removesuffix('.json')}.txt")
            terminal.print_findings(findings, chosen)


async def _answers(box: Box, outcome: str, seconds: float) -> list[str]:
    """What lies in a firm's outbox, once an answer of that outcome is there, or so many seconds have passed."""
    end = time.monotonic() + seconds
    while True:
        names = await box.outbox()
        if any(f".{outcome}." in name for name in names) or time.monotonic() > end:
            return names
        await asyncio.sleep(_LOOK_EVERY)


async def _watch(
    machine: OneMachine, period: Period, started: float, folder: Path, chosen: Language
) -> list[dict[str, Any]]:
    headers = {"Authorization": f"Bearer {machine.operator_token.get_secret_value()}"}
    rows: list[dict[str, Any]] = []
    failed_since: float | None = None
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{machine.portal_port}", headers=headers) as client:
        with Live(console=terminal.out, refresh_per_second=4, transient=True) as live:
            while True:
                answer = await client.get("/api/board", params={"period": str(period)})
                answer.raise_for_status()
                rows = answer.json()["rows"]
                seconds = time.monotonic() - started
                live.update(_table(rows, chosen, seconds))
                states = {row["month"]["state"] for row in rows}
                if states == {"done"} and all(row["month"]["closed"] for row in rows):
                    return rows
                failed_since = (failed_since or seconds) if "failed" in states else None
                if seconds > _SECONDS or (failed_since and seconds - failed_since > _FAILED_SECONDS):
                    raise MonthStuck(why=_why(rows, seconds, chosen), log=folder / "log.jsonl")
                await asyncio.sleep(_LOOK_EVERY)


def _why(rows: list[dict[str, Any]], seconds: float, chosen: Language) -> str:
    for row in rows:
        for cell in row["month"]["cells"].values():
            if cell["state"] == "failed" and cell.get("problem"):
                return f"{row['tenant']}: {cell['problem']['text'][chosen]}"
    return f"{seconds:.0f} s"


def _table(rows: list[dict[str, Any]], chosen: Language, seconds: float) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, caption=f"{seconds:.1f} s", caption_justify="left")
    table.add_column("Mükellef" if chosen == "tr" else "Firm", no_wrap=True)
    table.add_column("Parça" if chosen == "tr" else "Parts", justify="center", no_wrap=True)
    for title in _COLUMNS.values():
        table.add_column(title, justify="center", no_wrap=True)
    for row in rows:
        cells = row["month"]["cells"]
        parts = max(cell["parts"] for cell in cells.values())
        marks = (_MARKS[cells[column]["state"]] for column in _COLUMNS)
        table.add_row(f"{row['tenant']} {row['title']}", str(parts), *marks)
    return table


def _write_summary(path: Path, exported: dict[TaxId, list[Exported]]) -> None:
    documents = []
    for tenant, files in exported.items():
        for one in sorted(files, key=lambda file: file.path.name):
            try:
                name = DocumentName.parse(one.path.name)
            except ValueError:
                continue  # a manifest or a viewer
            documents.append(
                {
                    "name": one.path.name,
                    "tenant": tenant,
                    "period": str(name.period),
                    "stage": "archived",
                    "sha256": one.sha256,
                    "size": one.size,
                }
            )
    path.write_text(json.dumps({"documents": documents}, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _say_where(folder: Path, exported: dict[TaxId, list[Exported]], delivered: list[str], chosen: Language) -> None:
    archived = {"tr": "arşivde", "en": "in the archive"}[chosen]
    outbox = {"tr": "outbox'a bırakılanlar", "en": "delivered to the outboxes"}[chosen]
    for tenant, files in exported.items():
        documents = [one for one in files if one.path.suffix == ".xml"]
        size = sum(one.size for one in documents)
        terminal.out.print(f"[green]✓[/] {tenant}: {len(documents)} XML {archived}, {grouped(size, chosen)} B")
    terminal.out.print(f"  {outbox}: {', '.join(name for name in delivered if name.endswith(('.xml', '.closed.txt')))}")
    terminal.out.print(f"  {folder / 'export'}\n  {folder / 'summary.json'}")


def clean(folder: Path) -> None:
    """Begin anew."""
    if folder.exists():
        shutil.rmtree(folder)
