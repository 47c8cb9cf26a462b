"""How the command speaks: language, exit codes, errors in words."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NoReturn, cast

import typer
from rich.console import Console
from rich.markup import escape

from defterhane.errors import DefterhaneError, Problem
from defterhane.findings import Finding, Severity
from defterhane.texts import Language
from defterhane_cli.errors import of_os_error

VALID: Final = 0
FINDINGS: Final = 1
UNUSABLE: Final = 2

Lang = Annotated[Literal["tr", "en", "auto"], typer.Option("--lang", help="Language of messages: tr or en.")]
Json = Annotated[bool, typer.Option("--json", help="Answer with JSON on standard output.")]
Files = Annotated[list[Path], typer.Argument(help="Files.", metavar="FILE…")]

out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)


def language(choice: str) -> Language:
    """The language that was asked for, else the environment's, else Turkish."""
    if choice in ("tr", "en"):
        return cast("Language", choice)
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if locale.startswith("en") else "tr"


@contextmanager
def speaking(choice: str, about: Path | None = None) -> Iterator[Language]:
    """Errors are said in words, with their cure; the command ends with 2. `about` is the file that all is about."""
    chosen = language(choice)
    try:
        yield chosen
    except (DefterhaneError, OSError) as error:
        say(error, chosen, about)
        raise typer.Exit(UNUSABLE) from None


def problem_of(error: DefterhaneError | OSError) -> Problem:
    """An error of ours or the system's, in words."""
    return (error if isinstance(error, DefterhaneError) else of_os_error(error)).problem


def say(error: DefterhaneError | OSError, chosen: Language, about: Path | None = None) -> None:
    """Say on standard error what went wrong, and with which file where the error itself does not name one."""
    problem = problem_of(error)
    text = problem.text.to(chosen)
    names_one = isinstance(error, OSError) or "path" in error.values
    place = "" if about is None or names_one else f"{about}: "
    err.print(f"[red]✗[/] {escape(place + text)}")
    if problem.cure:
        err.print(f"  {escape(problem.cure.to(chosen))}")


def print_good(text: str) -> None:
    """Say that something is done, or right."""
    out.print(f"[green]✓[/] {escape(text)}")


def print_json(value: Any) -> None:
    """JSON on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def print_findings(findings: Sequence[Finding], chosen: Language, limit: int = 50) -> None:
    """Findings, one a paragraph: what (✗ an error, ! a warning), where, cure."""
    for finding in findings[:limit]:
        place = ":".join(str(part) for part in (finding.file, finding.line) if part is not None)
        facts = " · ".join(
            part
            for part in (
                place,
                _fact(chosen, "fiş", "voucher", finding.voucher),
                _fact(chosen, "yevmiye", "entry", finding.entry),
                _fact(chosen, "hesap", "account", finding.account),
                finding.where,
            )
            if part
        )
        mark, colour = ("✗", "red") if finding.severity is Severity.ERROR else ("!", "yellow")
        out.print(f"  [{colour}]{mark} {finding.rule}[/] {escape(finding.message.to(chosen))}")
        if facts:
            out.print(f"      [dim]{escape(facts)}[/]")
        if finding.cure:
            out.print(f"      {escape(finding.cure.to(chosen))}")
    if len(findings) > limit:
        out.print(f"  … +{len(findings) - limit}")


def stop(code: int) -> NoReturn:
    """End the command."""
    raise typer.Exit(code)


def _fact(chosen: Language, tr: str, en: str, value: str | None) -> str:
    return f"{tr if chosen == 'tr' else en} {value}" if value else ""
