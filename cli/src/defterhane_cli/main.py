"""The command `defterhane`."""

import typer

from defterhane_cli import (
    commands_exports,
    commands_files,
    commands_house,
    commands_rules,
    commands_validate,
    commands_view,
)

app = typer.Typer(
    name="defterhane",
    help="e-Defter: from an ERP's export to signed ledgers, approved berats and an archived month.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("demo")(commands_house.demo)
app.command("up")(commands_house.up)
app.command("sample")(commands_exports.sample)
app.command("convert")(commands_exports.convert)
app.command("validate")(commands_validate.validate)
app.command("sign")(commands_files.sign)
app.command("verify")(commands_files.verify)
app.command("view")(commands_view.view)
app.command("rule")(commands_rules.rule)
