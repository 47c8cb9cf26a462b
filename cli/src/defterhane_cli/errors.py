"""What can go wrong on the command line."""

from defterhane.errors import CallOperator, FixInput
from defterhane.texts import Text


class TenantUnreadable(FixInput):
    """A tenant's TOML file cannot be used."""

    key = "cli.tenant"
    text = Text(tr="{path} kullanılamıyor: {reason}", en="{path} cannot be used: {reason}")
    cure = Text(
        tr="docs/examples/tenant.toml örneğine bakın.",
        en="docs/examples/tenant.toml is an example.",
    )


class FileUnreadable(FixInput):
    """A file that was named cannot be read or written."""

    key = "cli.file"
    text = Text(tr="{path}: {reason}", en="{path}: {reason}")


class KeyUnknown(FixInput):
    """`--key` names no kind of key."""

    key = "cli.key"
    text = Text(
        tr="{value!r} bir anahtar değil: p12:DOSYA ya da pkcs11:MODÜL?vkn=… yazın.",
        en="{value!r} is no key: write p12:PATH or pkcs11:MODULE?vkn=…",
    )


class NotADocument(FixInput):
    """A file is not one of the five documents."""

    key = "cli.not_a_document"
    text = Text(tr="{path} bir e-Defter belgesi değil.", en="{path} is not an e-Defter document.")


class AlreadyRunning(CallOperator):
    """A house runs in this folder already."""

    key = "cli.already_running"
    text = Text(
        tr="{folder} klasöründe çalışan bir Defterhane var; önce onu durdurun (süreç {process}).",
        en="A Defterhane is running in {folder} already; stop it first (process {process}).",
    )


class MonthStuck(CallOperator):
    """A month of the demo did not get through."""

    key = "cli.month_stuck"
    text = Text(
        tr="Ay tamamlanmadı: {why}. Ayrıntılar: {log}",
        en="A month did not get through: {why}. Details: {log}",
    )
