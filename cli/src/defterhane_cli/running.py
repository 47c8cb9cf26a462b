"""What `demo` and `up` do: start the house, use it or leave it to its users, stop it."""

import asyncio
import logging
import secrets
import signal
from pathlib import Path

from defterhane.log import configure_logging
from defterhane.passwords import hash_password
from defterhane.settings import Settings
from defterhane.telemetry import configure_telemetry
from defterhane.tenant import Tenant
from defterhane.texts import Language
from defterhane_cli import demo as the_demo
from defterhane_cli import terminal
from defterhane_cli.errors import AlreadyRunning
from defterhane_cli.one_machine import Doors, OneMachine, Pace, is_running


def run_demo(folder: Path, keep: bool, chosen: Language) -> None:
    """File two firms' months in a folder, which is emptied first.

    Raises:
        AlreadyRunning: a house runs there.
        MonthStuck: a month did not get through.
    """
    if is_running(folder / "house"):
        raise AlreadyRunning(folder=folder, process="?")
    the_demo.clean(folder)
    folder.mkdir(parents=True)
    _log_to(folder / "log.jsonl")
    asyncio.run(_demo(folder, keep, chosen == "tr", chosen))


def run_up(folder: Path, tenants: list[Tenant], sftp_port: int, portal_port: int, chosen: Language) -> None:
    """Run the house in a folder until it is interrupted; ports may be 0 = any free one.

    Raises:
        AlreadyRunning: a house runs there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _log_to(folder / "log.jsonl")
    asyncio.run(_up(folder, tenants, Doors(sftp_port, portal_port), chosen == "tr"))


async def _demo(folder: Path, keep: bool, turkish: bool, chosen: Language) -> None:
    terminal.out.print("Defterhane başlatılıyor…" if turkish else "Starting Defterhane…")
    machine = OneMachine(folder / "house", Pace())
    try:
        await machine.start()
        await _say_portal(machine, turkish)
        await the_demo.run_demo(machine, folder, chosen)
        if keep:
            await _until_interrupted(turkish)
    finally:
        await machine.stop()


async def _up(folder: Path, tenants: list[Tenant], doors: Doors, turkish: bool) -> None:
    machine = OneMachine(folder, Pace(), doors)
    try:
        await machine.start()
        for tenant in tenants:
            await machine.add_tenant(_with_way_in(tenant))
        await _say_portal(machine, turkish)
        terminal.out.print(f"SFTP: 127.0.0.1:{machine.sftp_port}")
        await _until_interrupted(turkish)
    finally:
        await machine.stop()


def _with_way_in(tenant: Tenant) -> Tenant:
    """A tenant without key and password gets a password, shown once."""
    if tenant.sftp_keys or tenant.sftp_password_hash:
        return tenant
    password = secrets.token_urlsafe(12)
    terminal.out.print(f"SFTP {tenant.tax_id}: {password}")
    return tenant.model_copy(update={"sftp_password_hash": hash_password(password)})


async def _say_portal(machine: OneMachine, turkish: bool) -> None:
    once = "bağlantı bir kez açılır" if turkish else "the link opens once"
    token = machine.folder / "operator-token"
    terminal.out.print(f"Portal: {await machine.login_link()}  ({once})")
    terminal.out.print(f"        {'sonra' if turkish else 'later'}: http://127.0.0.1:{machine.portal_port}/  {token}")


async def _until_interrupted(turkish: bool) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    terminal.out.print("Durdurmak için Ctrl-C." if turkish else "Ctrl-C stops it.")
    await stop.wait()


def _log_to(path: Path) -> None:
    """Logs go to a file; the terminal is for people."""
    configure_logging(Settings.model_construct(log_format="json", log_level="INFO"))
    root = logging.getLogger()
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(root.handlers[0].formatter)
    root.handlers[:] = [handler]
    configure_telemetry(Settings.model_construct(otlp_endpoint=None), "defterhane")
