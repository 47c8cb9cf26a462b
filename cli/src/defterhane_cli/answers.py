"""What the file commands answer: JSON of fixed shapes, and the same in words."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.markup import escape

from defterhane.errors import Problem
from defterhane.findings import Finding
from defterhane.texts import Language
from defterhane_cli import terminal

if TYPE_CHECKING:  # for their types alone: not every command needs them
    from converter.convert import MadeDocument
    from defterhane.xades import Verification
    from validator.check import Verdict


def finding_json(finding: Finding, chosen: Language) -> dict[str, object]:
    """One finding; `rule`, `severity`, `message`, `entry`, `line` and `where` are always there."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message.to(chosen),
        "cure": finding.cure.to(chosen) if finding.cure else None,
        **{name: getattr(finding, name) for name in ("file", "line", "entry", "voucher", "account", "value", "where")},
    }


def verdict_json(file: Path, verdict: "Verdict", chosen: Language) -> dict[str, object]:
    """`validate`'s answer about one file."""
    return {
        "file": str(file),
        "document": verdict.kind.value if verdict.kind else None,
        "valid": verdict.valid,
        "findings": [finding_json(finding, chosen) for finding in verdict.findings],
    }


def unread_json(file: Path, problem: Problem, chosen: Language) -> dict[str, object]:
    """`validate`'s answer about a file that cannot be read."""
    finding = Finding(rule=problem.key, message=problem.text, cure=problem.cure)
    return {"file": str(file), "document": None, "valid": False, "findings": [finding_json(finding, chosen)]}


def made_json(target: Path, made: "MadeDocument") -> dict[str, object]:
    """`convert`'s answer about one document."""
    written = made.written
    return {
        "file": str(target),
        "unique_id": made.unique_id,
        "sha256": written.sha256,
        "size": written.size,
        "body_sha256": written.body_sha256,
    }


def print_verdict(file: Path, verdict: "Verdict", chosen: Language) -> None:
    """`validate`'s answer in words."""
    words = {"tr": ("geçerli", "geçersiz"), "en": ("valid", "not valid")}[chosen]
    word = words[0] if verdict.valid else words[1]
    terminal.out.print(f"{_mark(verdict.valid)} {escape(str(file))}  {verdict.kind or '?'}  {word}")
    terminal.print_findings(list(verdict.findings), chosen)


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
