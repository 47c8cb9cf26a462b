"""The command that shows a document as a page. What it needs is imported when it runs."""

from pathlib import Path
from typing import Annotated

import typer

from defterhane.figures import grouped
from defterhane_cli import terminal
from defterhane_cli.errors import NotADocument, WouldOverwrite
from defterhane_cli.terminal import Lang


def view(
    file: Annotated[Path, typer.Argument(help="A document, signed or not; GİB's approved berats too.")],
    out: Annotated[Path, typer.Option(help="The HTML page to write.")],
    check: Annotated[
        bool, typer.Option("--check/--no-check", help="Validate it too, and mark each finding where it belongs.")
    ] = True,
    lang: Lang = "auto",
) -> None:
    """Write a readable, printable page of a document, with what is wrong marked in it. Exit 0 once it is written."""
    from defterhane_cli.view import write_view  # noqa: PLC0415

    with terminal.speaking(lang, file) as chosen:
        if out.exists() and out.samefile(file):
            raise WouldOverwrite(path=out)
        verdict = None
        if check:
            from validator.check import check_document  # noqa: PLC0415

            verdict = check_document(file, file.name)
        try:
            written = write_view(file, out, chosen, verdict)
        except ValueError:
            raise NotADocument(path=file) from None
        terminal.print_good(str(out))
        if written.stopped:
            tr, en = "Dosya sonuna kadar okunamadı.", "The file could not be read to its end."
            terminal.out.print(f"  {tr if chosen == 'tr' else en}")
        if written.errors or written.warnings:
            errors, warnings = grouped(written.errors, chosen), grouped(written.warnings, chosen)
            tr, en = f"{errors} hata, {warnings} uyarı", f"Errors: {errors}, warnings: {warnings}"
            terminal.out.print(f"  {tr if chosen == 'tr' else en}")
