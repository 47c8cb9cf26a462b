"""The commands that run the house on one machine: demo and up.

All services are imported when one of them runs: nobody else waits for them.
"""

from pathlib import Path
from typing import Annotated

import typer

from defterhane_cli import terminal
from defterhane_cli.inputs import read_tenant_file
from defterhane_cli.terminal import Lang

DEMO_FOLDER = Path("var/demo")
HOUSE_FOLDER = Path("var/house")


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave it running, to look at the portal.")] = False,
    folder: Annotated[Path, typer.Option(help="Folder to work in; it is emptied first.")] = DEMO_FOLDER,
    lang: Lang = "auto",
) -> None:
    """File two firms' months end to end on this machine, with the sandbox as GİB."""
    from defterhane_cli.running import run_demo  # noqa: PLC0415

    with terminal.speaking(lang) as chosen:
        run_demo(folder, keep, chosen)


def up(
    folder: Annotated[Path, typer.Option(help="Folder for all that is kept.")] = HOUSE_FOLDER,
    tenant: Annotated[list[Path] | None, typer.Option(help="A tenant's TOML file; may be given again.")] = None,
    sftp_port: Annotated[int, typer.Option(help="Port for SFTP; 0 = any free one.")] = 2222,
    portal_port: Annotated[int, typer.Option(help="Port for the portal; 0 = any free one.")] = 8080,
    lang: Lang = "auto",
) -> None:
    """Run the whole house on this machine, with the sandbox as the outside world."""
    from defterhane_cli.running import run_up  # noqa: PLC0415

    with terminal.speaking(lang) as chosen:
        run_up(folder, [read_tenant_file(path) for path in tenant or []], sftp_port, portal_port, chosen)
