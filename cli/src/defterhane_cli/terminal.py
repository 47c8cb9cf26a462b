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
from rich.text import Text

from defterhane.errors import DefterhaneError, Problem
from defterhane.figures import grouped
from defterhane.findings import Finding, Severity
from defterhane.texts import Language
from defterhane_cli.errors import of_os_error

VALID: Final = 0
FINDINGS: Final = 1
UNUSABLE: Final = 2

Lang = Annotated[Literal["tr", "en", "auto"], typer.Option("--lang", help="Language of messages: tr or en.")]
Json = Annotated[bool, typer.Option("--json", help="Answer with JSON on standard output.")]
Files = Annotated[list[Path], typer.Argument(help="Files.", metavar="FILE…")]

SHOWN: Final = 50
"""So many findings are printed."""

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
    names_one = isinstance(error, OSError) or "path" in error.values
    say_problem(problem_of(error), chosen, "" if about is None or names_one else f"{about}: ")


def say_problem(problem: Problem, chosen: Language, place: str = "") -> None:
    """Say a problem and its cure on standard error."""
    print_paragraph(f"[red]✗[/] {escape(place + problem.text.to(chosen))}", console=err)
    if problem.cure:
        print_paragraph(f"  {escape(problem.cure.to(chosen))}", console=err)


def print_paragraph(markup: str, indent: int = 2, console: Console = out) -> None:
    """Print a paragraph. A terminal breaks it between words and indents its further lines; a file gets one line."""
    lines: Sequence[Text] = [Text.from_markup(markup, emoji=False)]
    if console.is_terminal:
        first, *further = lines[0].wrap(console, console.width - indent)
        lines = [first, *(Text(" " * indent) + line for line in further)]
    for line in lines:
        console.print(line)


def print_good(text: str) -> None:
    """Say that something is done, or right."""
    out.print(f"[green]✓[/] {escape(text)}")


def print_json(value: Any) -> None:
    """JSON on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def print_findings(findings: Sequence[Finding], chosen: Language, found: int = 0, most: int = SHOWN) -> None:
    """Findings, one a paragraph: what (✗ an error, ! a warning), where, cure. `found`: so many were found, where
    there may be more than are given. `most`: so many are printed."""
    said = None
    for finding in findings[:most]:
        facts = " · ".join(
            part
            for part in (
                _place(finding, chosen),
                _fact(chosen, "fiş", "voucher", finding.voucher),
                _fact(chosen, "yevmiye", "entry", finding.entry),
                _fact(chosen, "hesap", "account", finding.account),
                finding.where,
            )
            if part
        )
        mark, colour = ("✗", "red") if finding.severity is Severity.ERROR else ("!", "yellow")
        print_paragraph(f"  [{colour}]{mark} {finding.rule}[/] {escape(finding.message.to(chosen))}", 4)
        if facts:
            print_paragraph(f"      [dim]{escape(facts)}[/]", 6)
        if finding.cure and finding.cure != said:  # one that was just given is not given again
            print_paragraph(f"      {escape(finding.cure.to(chosen))}", 6)
        said = finding.cure
    more = max(found, len(findings)) - min(len(findings), most)
    if more > 0:
        number = grouped(more, chosen)
        print_paragraph(
            f"  … {number} bulgu daha var; hepsi için --json ya da --findings DOSYA.csv"
            if chosen == "tr"
            else f"  … and {number} more; for all of them --json or --findings FILE.csv",
            4,
        )


def stop(code: int) -> NoReturn:
    """End the command."""
    raise typer.Exit(code)


def _place(finding: Finding, chosen: Language) -> str:
    """`yevmiye.csv:12`; a line of the document itself, `line 12`."""
    if finding.line is None or finding.file is None:
        return finding.file or _fact(chosen, "satır", "line", str(finding.line or ""))
    return f"{finding.file}:{finding.line}"


def _fact(chosen: Language, tr: str, en: str, value: str | None) -> str:
    return f"{tr if chosen == 'tr' else en} {value}" if value else ""
