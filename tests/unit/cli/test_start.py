"""How fast a command starts: what one command needs is not loaded for another."""

import subprocess
import sys

import pytest

HEAVY = {
    *("archive", "converter", "gib_gateway", "ingest", "portal", "sandbox", "signer", "validator"),
    *("alembic", "asyncssh", "cryptography", "fastapi", "lxml", "pkcs11", "sqlalchemy", "zeep"),
}


@pytest.mark.parametrize(
    "module",
    [
        "defterhane_cli.commands_exports",
        "defterhane_cli.commands_files",
        "defterhane_cli.commands_validate",
        "defterhane_cli.main",
    ],
)
def test_the_command_starts_without_the_services(module: str) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert module.partition(".")[0] in loaded
    assert not loaded & HEAVY
