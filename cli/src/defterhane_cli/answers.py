"""What the file commands answer: JSON of fixed shapes, and the same in words."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from defterhane.edefter.money import format_kurus
from defterhane.figures import grouped, money
from defterhane.findings import Finding
from defterhane.texts import Language
from defterhane_cli import terminal

if TYPE_CHECKING:  # for their types alone: not every command needs them
    from converter.convert import ConversionOutcome
    from defterhane.edefter.period import Span
    from defterhane.edefter.totals import Totals
    from defterhane.xades import Verification
    from defterhane_cli.placing import Placed
    from sandbox.faults.kinds import Expected


def finding_json(finding: Finding, chosen: Language) -> dict[str, object]:
    """One finding; `rule`, `severity`, `message`, `entry`, `line` and `where` are always there."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message.to(chosen),
        "cure": finding.cure.to(chosen) if finding.cure else None,
        **{name: getattr(finding, name) for name in ("file", "line", "entry", "voucher", "account", "value", "where")},
    }


def outcome_json(outcome: "ConversionOutcome", placed: "Placed", chosen: Language) -> dict[str, object]:
    """`convert`'s answer; amounts as they stand in documents, `1000.50`."""
    return {
        "documents": [
            {
                "file": str(file),
                "part": made.part,
                "unique_id": made.unique_id,
                "sha256": _sha256(file),
                "size": made.written.size,
                "body_sha256": made.written.body_sha256,
            }
            for file, made in zip(placed.files, outcome.documents, strict=True)
        ],
        "removed": [str(path) for path in placed.removed],
        "parts": [
            {
                "part": part.part,
                "start": part.span.start.isoformat(),
                "end": part.span.end.isoformat(),
                "entries": part.totals.entries,
                "lines": part.totals.lines,
                **{side: format_kurus(kurus) for side, kurus in _sums(part.totals).items()},
            }
            for part in outcome.parts
        ],
        "recognised": [
            {"file": one.file, "layout": one.layout, "text": one.text.to(chosen), **one.facts}
            for one in outcome.recognised
        ],
        "findings": [finding_json(finding, chosen) for finding in outcome.findings],
        "counts": outcome.counts,
    }


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def print_outcome(outcome: "ConversionOutcome", placed: "Placed", chosen: Language) -> None:
    """`convert`'s answer in words: what the files were taken for, what was made and removed, what was found."""
    for one in outcome.recognised:
        terminal.print_paragraph(f"[bold]{escape(one.file)}[/]  {escape(one.text.to(chosen))}")
    files = iter(placed.files)
    for part in outcome.parts:
        for made in (part.journal, part.ledger):
            terminal.print_good(f"{next(files)}  {grouped(made.written.size, chosen)} B")
        terminal.print_paragraph(f"  {_days(part.span, chosen)}: {_totals(part.totals, chosen)}", 4)
    if len(outcome.parts) > 1:
        terminal.print_paragraph(f"  {'Toplam' if chosen == 'tr' else 'Total'}: {_totals(outcome.totals, chosen)}", 4)
    for path in placed.removed:
        why = "önceki dönüştürmeden kalmıştı, silindi" if chosen == "tr" else "was left of an earlier run, removed"
        terminal.out.print(f"[yellow]![/] {escape(str(path))}  {why}")
    terminal.print_findings(outcome.findings, chosen, sum(outcome.counts.values()))
    if outcome.counts:
        counts = ", ".join(f"{key} {count}" for key, count in sorted(outcome.counts.items()))
        terminal.print_paragraph(f"{'Bulgular' if chosen == 'tr' else 'Findings'}: {escape(counts)}")
    if not outcome.made:
        nothing = "Belge oluşturulmadı." if chosen == "tr" else "No documents were made."
        terminal.out.print(f"[red]✗[/] {nothing}")


def print_faults(chosen: Language) -> None:
    """All faults that `sample` can put into an export: name, what is wrong, which finding comes of it, where."""
    from sandbox.exports.layouts import LAYOUTS  # noqa: PLC0415
    from sandbox.faults.catalogue import FAULTS  # noqa: PLC0415

    for fault in FAULTS.values():
        layouts = "" if len(fault.layouts) == len(LAYOUTS) else " · " + ", ".join(sorted(fault.layouts))
        terminal.print_paragraph(f"[bold]{fault.name}[/]  {escape(fault.text.to(chosen))}")
        terminal.out.print(f"    [dim]{fault.key}{layouts}[/]")


def print_expected(expected: "Sequence[Expected]", chosen: Language) -> None:
    """Which findings must come of the faults in a sample, and where."""
    for one in expected:
        place = ":".join(str(part) for part in (one.file, one.line) if part is not None)
        voucher = f"{'fiş' if chosen == 'tr' else 'voucher'} {one.voucher}" if one.voucher else ""
        facts = " · ".join(filter(None, (place, voucher)))
        terminal.out.print(f"  {one.fault} → [red]{one.key}[/]  [dim]{escape(facts)}[/]")


def _sums(totals: "Totals") -> dict[str, int]:
    """Both sides, in kuruş."""
    accounts = totals.accounts.values()
    return {"debit": sum(account.debit for account in accounts), "credit": sum(account.credit for account in accounts)}


def _totals(totals: "Totals", chosen: Language) -> str:
    entries, lines = grouped(totals.entries, chosen), grouped(totals.lines, chosen)
    sums = {side: money(kurus, chosen) for side, kurus in _sums(totals).items()}
    if chosen == "tr":
        return f"{entries} madde, {lines} satır, borç {sums['debit']}, alacak {sums['credit']}"
    return f"{entries} entries, {lines} lines, debit {sums['debit']}, credit {sums['credit']}"


def _days(span: "Span", chosen: Language) -> str:
    return f"{span.start:%d.%m.%Y} – {span.end:%d.%m.%Y}" if chosen == "tr" else f"{span.start} – {span.end}"


def print_verification(file: Path, verification: "Verification", chosen: Language) -> None:
    """`verify`'s answer in words: the document's signature check by check, of GİB's only what does not hold."""
    terminal.out.print(f"{_mark(verification.ok)} {escape(str(file))}")
    for name, signer in (("", verification), ("GİB: ", verification.counter_signature)):
        if signer is None:
            continue
        terminal.out.print(f"    {name}{escape(signer.signer_subject or '?')}  {signer.signing_time or ''}")
        for check in signer.checks:
            if not check.ok or not name:
                terminal.out.print(f"    {_mark(check.ok)} {escape(check.detail.to(chosen))}")


def _mark(good: bool) -> str:
    return "[green]✓[/]" if good else "[red]✗[/]"
