"""Where the command begins. What it needs is imported here, not above: child processes import this module too, and
they shall start fast."""


def main() -> None:
    """Run the command."""
    from defterhane_cli.main import app  # noqa: PLC0415

    app()
