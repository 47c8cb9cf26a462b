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

from defterhane.errors import DefterhaneError
from defterhane.findings import Finding
from defterhane.texts import Language

VALID: Final = 0
FINDINGS: Final = 1
UNUSABLE: Final = 2

Lang = Annotated[Literal["tr", "en", "auto"], typer.Option("--lang", help="Language of messages: tr or en.")]
Json = Annotated[bool, typer.Option("--json", help="Answer with JSON on standard output.")]
Files = Annotated[list[Path], typer.Argument(help="Files.", metavar="FILE…")]

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def language(choice: str) -> Language:
    """The language that was asked for, else the environment's, else Turkish."""
    if choice in ("tr", "en"):
        return cast("Language", choice)
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if locale.startswith("en") else "tr"


@contextmanager
def speaking(choice: str) -> Iterator[Language]:
    """Errors are said in words, with their cure; the command ends with 2."""
    chosen = language(choice)
    try:
        yield chosen
    except DefterhaneError as error:
        problem = error.problem
        err.print(f"[red]✗[/] {_plain(problem.text.to(chosen))}")
        if problem.cure:
            err.print(f"  {_plain(problem.cure.to(chosen))}")
        raise typer.Exit(UNUSABLE) from None
    except OSError as error:
        err.print(f"[red]✗[/] {_plain(str(error.filename or ''))}: {_plain(error.strerror or repr(error))}")
        raise typer.Exit(UNUSABLE) from None


def print_json(value: Any) -> None:
    """JSON on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def print_findings(findings: Sequence[Finding], chosen: Language, limit: int = 50) -> None:
    """Findings, one a paragraph: where, what, cure."""
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
        colour = "red" if finding.severity == "error" else "yellow"
        out.print(f"  [{colour}]{finding.rule}[/] {_plain(finding.message.to(chosen))}")
        if facts:
            out.print(f"      [dim]{_plain(facts)}[/]")
        if finding.cure:
            out.print(f"      {_plain(finding.cure.to(chosen))}")
    if len(findings) > limit:
        out.print(f"  … +{len(findings) - limit}")


def stop(code: int) -> NoReturn:
    """End the command."""
    raise typer.Exit(code)


def _fact(chosen: Language, tr: str, en: str, value: str | None) -> str:
    return f"{tr if chosen == 'tr' else en} {value}" if value else ""


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
