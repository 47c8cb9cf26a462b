"""The command that checks documents: files, ZIPs, and whole folders of years. It needs no server.

What a command needs is imported when it runs: nobody waits for what another one needs.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defterhane.texts import Language
from defterhane_cli import terminal
from defterhane_cli.errors import FindingsNameWrong
from defterhane_cli.terminal import Json, Lang

if TYPE_CHECKING:  # for their types alone: not every command needs them
    from defterhane_cli.checking import Checked
    from defterhane_cli.documents_found import Candidate, Found


def validate(
    paths: Annotated[
        list[Path], typer.Argument(help="Documents, ZIPs of them, or folders of any nesting.", metavar="FILE|FOLDER…")
    ],
    json: Json = False,
    findings: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write all listed findings to a file: .csv, or .json as --json says."),
    ] = None,
    package: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Try the authority's own files too; they lie in this folder.")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, max=64, help="So many at a time; else one a core.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the summary.")] = False,
    lang: Lang = "auto",
) -> None:
    """Check documents against schema and rules, and against each other: signed or not, a file or a firm's years.

    Whether signatures are true is `verify`'s to say. Exit 0 valid, 1 findings, 2 a file cannot be read or is no
    document at all.
    """
    from defterhane_cli.checking import check_all  # noqa: PLC0415
    from defterhane_cli.documents_found import find_documents  # noqa: PLC0415
    from defterhane_cli.together import hold_together  # noqa: PLC0415
    from defterhane_cli.validate_data import save_findings, write_json  # noqa: PLC0415

    with terminal.speaking(lang) as chosen, tempfile.TemporaryDirectory(prefix="defterhane-") as scratch:
        if findings is not None and findings.suffix.lower() not in (".csv", ".json"):
            raise FindingsNameWrong(path=findings)  # it might be a document
        found = find_documents(paths)
        with _progress(found.candidates, chosen) as done:
            checked = check_all(found.candidates, Path(scratch), package=package, jobs=jobs, done=done)
        checked = hold_together(checked)
        with _reader_may_leave():
            if json:
                write_json(checked, sys.stdout, chosen)
            else:
                _print(checked, found, chosen, quiet=quiet)
            sys.stdout.flush()
        if findings is not None:
            save_findings(checked, findings, chosen)
    terminal.stop(_code(checked))


def _print(checked: "Sequence[Checked]", found: "Found", chosen: Language, *, quiet: bool) -> None:
    from defterhane_cli.month_table import print_table  # noqa: PLC0415
    from defterhane_cli.months import rows_of  # noqa: PLC0415
    from defterhane_cli.together import copies_of  # noqa: PLC0415
    from defterhane_cli.validate_words import print_documents, print_end  # noqa: PLC0415

    print_documents(checked, chosen, quiet=quiet)
    several = len(checked) > 1
    copies = copies_of(checked)
    rows = rows_of(checked, copies)
    if several and rows:
        print_table(rows, chosen, terminal.out)
        terminal.out.print()
    print_end(checked, found, len(copies), chosen, told=not several and not quiet)


def _code(checked: "Sequence[Checked]") -> int:
    if not checked or any(one.unusable for one in checked):
        return terminal.UNUSABLE
    return terminal.VALID if all(one.valid for one in checked) else terminal.FINDINGS


@contextmanager
def _progress(candidates: "Sequence[Candidate]", chosen: Language) -> "Iterator[Callable[[Candidate], None]]":
    """A bar on a terminal's standard error, gone when all is done; nothing elsewhere."""
    if not terminal.err.is_terminal:
        yield lambda _: None
        return
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        DownloadColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn()
    with Progress(*columns, console=terminal.err, transient=True) as progress:
        words = "Denetleniyor" if chosen == "tr" else "Checking"
        task = progress.add_task(words, total=sum(candidate.size for candidate in candidates))
        yield lambda candidate: progress.advance(task, candidate.size)


@contextmanager
def _reader_may_leave() -> Iterator[None]:
    """Who reads our output may close it, as `head` does: then nobody is left to tell."""
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter complains as it ends
