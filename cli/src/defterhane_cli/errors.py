"""What can go wrong on the command line."""

import errno
from typing import Final

from defterhane.errors import CallOperator, FixInput
from defterhane.texts import Text


class TenantUnreadable(FixInput):
    """A tenant's TOML file cannot be used; `reason` is the parser's own wording."""

    key = "cli.tenant"
    text = Text(tr="{path} kullanılamıyor: {reason}", en="{path} cannot be used: {reason}")
    cure = Text(
        tr="docs/examples/tenant.toml örneğine bakın.",
        en="docs/examples/tenant.toml is an example.",
    )


class TenantFieldsMissing(TenantUnreadable):
    """It says too little."""

    key = "cli.tenant_fields_missing"
    text = Text(tr="{path} dosyasında eksik alanlar var: {fields}.", en="Fields are missing in {path}: {fields}.")


class TenantFieldsUnknown(TenantUnreadable):
    """It has fields that no tenant has: misspelt ones, mostly."""

    key = "cli.tenant_fields_unknown"
    text = Text(tr="{path} dosyasında bilinmeyen alanlar var: {fields}.", en="{path} has unknown fields: {fields}.")


class TenantFieldWrong(TenantUnreadable):
    """A field's value is not one; `reason` is the checker's own wording."""

    key = "cli.tenant_field"
    text = Text(
        tr="{path} dosyasındaki {field} alanı geçersiz ({reason}).",
        en="The field {field} in {path} is not valid ({reason}).",
    )


class FileUnreadable(FixInput):
    """A file that was named cannot be read or written; `reason` is the system's own wording."""

    key = "cli.file"
    text = Text(tr="{path}: {reason}", en="{path}: {reason}")


class FileMissing(FileUnreadable):
    """There is no such file or folder."""

    key = "cli.file_missing"
    text = Text(tr="{path} bulunamadı.", en="{path} is not there.")


class FileIsFolder(FileUnreadable):
    """A folder where a file is needed."""

    key = "cli.file_is_folder"
    text = Text(tr="{path} bir klasör; dosya olmalı.", en="{path} is a folder; a file is needed.")


class FileInTheWay(FileUnreadable):
    """A file where a folder is needed."""

    key = "cli.file_in_the_way"
    text = Text(tr="{path} bir dosya; klasör olmalı.", en="{path} is a file; a folder is needed.")


class NotPermitted(FileUnreadable):
    """The user may not read or write there."""

    key = "cli.not_permitted"
    text = Text(tr="{path} için erişim izniniz yok.", en="You may not access {path}.")


class DiskFull(FileUnreadable):
    """No room is left."""

    key = "cli.disk_full"
    text = Text(tr="Diskte yer kalmadı ({path}).", en="The disk is full ({path}).")


class NotCertificates(FileUnreadable):
    """No PEM file of certificates."""

    key = "cli.not_certificates"
    text = Text(tr="{path} PEM biçiminde sertifika içermiyor.", en="{path} holds no certificates in PEM form.")


class TaxIdWrong(FixInput):
    """Not a tax number."""

    key = "cli.tax_id"
    text = Text(
        tr="{value!r} bir VKN (10 hane) ya da TCKN (11 hane) değil, ya da denetim hanesi tutmuyor.",
        en="{value!r} is neither a VKN (10 digits) nor a TCKN (11 digits), or its check digits do not fit.",
    )


class PeriodWrong(FixInput):
    """Not a month."""

    key = "cli.period"
    text = Text(tr="{value!r} bir ay değil; 2025-01 gibi yazın.", en="{value!r} is no month: write it like 2025-01.")


class BranchWrong(FixInput):
    """Not a branch's number."""

    key = "cli.branch"
    text = Text(
        tr="{value!r} bir şube numarası değil: 0000 dışında dört rakam olmalı.",
        en="{value!r} is no branch number: four digits, and not 0000.",
    )


class DaysWrong(FixInput):
    """Not days of the month."""

    key = "cli.days"
    text = Text(
        tr="{value!r}, {period} ayının günleri değil; 11-20 gibi yazın.",
        en="{value!r} are no days of {period}: write them like 11-20.",
    )


class DropNameWrong(FixInput):
    """An export whose name does not say whose and of which month it is."""

    key = "cli.drop_name"
    text = Text(
        tr="{path}: dosya adı kimin hangi ayı olduğunu söylemiyor.",
        en="{path}: the file's name does not say whose it is, and of which month.",
    )
    cure = Text(
        tr="Dosyayı 6090408038-202501.zip gibi adlandırın: VKN ya da TCKN, yıl ve ay. Şube: "
        "6090408038-0001-202501.zip; ayın bir parçası: 6090408038-202501-000002.zip. "
        "Uzantı: .zip, .csv, .txt, .xlsx ya da .xml.",
        en="Name it like 6090408038-202501.zip: VKN or TCKN, year and month. A branch: "
        "6090408038-0001-202501.zip; part of a month: 6090408038-202501-000002.zip. "
        "It ends in .zip, .csv, .txt, .xlsx or .xml.",
    )


class DropTaxIdWrong(DropNameWrong):
    """The number in the name is no taxpayer's."""

    key = "cli.drop_tax_id"
    text = Text(
        tr="{path}: dosya adındaki {value} bir VKN ya da TCKN değil; denetim hanesi tutmuyor.",
        en="{path}: {value} in the file's name is neither a VKN nor a TCKN: its check digits do not fit.",
    )


class DropMonthWrong(DropNameWrong):
    """There is no such month."""

    key = "cli.drop_month"
    text = Text(
        tr="{path}: dosya adındaki {value} bir ay değil; yıl ve ay olmalı, 202501 gibi.",
        en="{path}: {value} in the file's name is no month: year and month are needed, such as 202501.",
    )


class DropMonthMissing(DropNameWrong):
    """Nothing but the taxpayer's number."""

    key = "cli.drop_month_missing"
    text = Text(
        tr="{path}: dosya adında ay yok.",
        en="{path}: there is no month in the file's name.",
    )


class DropOfAnother(FixInput):
    """An export of one taxpayer, the master data of another."""

    key = "cli.drop_of_another"
    text = Text(
        tr="{path} {found} numaralı mükellefin; verilen mükellef bilgileri {expected} numaralı mükellefin.",
        en="{path} is of the taxpayer {found}; the tenant's file is of {expected}.",
    )


class DocumentInTheWay(FixInput):
    """A folder holds a document of other days under the name of one that has been made."""

    key = "cli.document_in_the_way"
    text = Text(
        tr="{path} bu dökümün değil, {start:%d.%m.%Y} – {end:%d.%m.%Y} günlerinin belgesi; hiçbir şey yazılmadı.",
        en="{path} is of {start} to {end}, not of this export's days; nothing has been written.",
    )
    cure = Text(tr="Belgeler için başka bir klasör verin.", en="Give another folder for the documents.")


class KeyUnknown(FixInput):
    """`--key` names no kind of key."""

    key = "cli.key"
    text = Text(
        tr="{value!r} bir anahtar değil: p12:DOSYA ya da pkcs11:MODÜL?vkn=… yazın.",
        en="{value!r} is no key: write p12:PATH or pkcs11:MODULE?vkn=…",
    )


class PinMissing(FixInput):
    """No PIN was given, and nobody is there to ask."""

    key = "cli.pin_missing"
    text = Text(
        tr="PIN ya da parola verilmedi: --pin-file ya da DEFTERHANE_PIN ile verin.",
        en="No PIN or password was given: give it by --pin-file or DEFTERHANE_PIN.",
    )


class PinUnreadable(FixInput):
    """The PIN's file is no text."""

    key = "cli.pin_unreadable"
    text = Text(tr="{path} UTF-8 metin değil.", en="{path} is not UTF-8 text.")


class HolderUnknown(FixInput):
    """Nothing says whose certificate on a token is to sign."""

    key = "cli.holder_unknown"
    text = Text(
        tr="{path} adından kimin belgesi olduğu anlaşılmıyor: anahtarı pkcs11:MODÜL?vkn=… olarak yazın.",
        en="The name of {path} does not say whose document it is: write the key as pkcs11:MODULE?vkn=…",
    )


class NotADocument(FixInput):
    """A file is not one of the five documents."""

    key = "cli.not_a_document"
    text = Text(tr="{path} bir e-Defter belgesi değil.", en="{path} is not an e-Defter document.")


class WouldOverwrite(FixInput):
    """The page would take the document's place."""

    key = "cli.would_overwrite"
    text = Text(
        tr="{path} belgenin kendisi; sayfa için başka bir ad verin.",
        en="{path} is the document itself: give the page another name.",
    )


class FindingsNameWrong(FixInput):
    """Findings would be written over something else."""

    key = "cli.findings_name"
    text = Text(
        tr="{path}: bulguların yazılacağı dosyanın adı .csv ya da .json ile bitmeli.",
        en="{path}: the file for the findings must end in .csv or .json.",
    )


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


_BY_ERRNO: Final[dict[int, type[FileUnreadable]]] = {
    errno.ENOENT: FileMissing,
    errno.EISDIR: FileIsFolder,
    errno.ENOTDIR: FileMissing,
    errno.EEXIST: FileInTheWay,
    errno.EACCES: NotPermitted,
    errno.EPERM: NotPermitted,
    errno.EROFS: NotPermitted,
    errno.ENOSPC: DiskFull,
    errno.EDQUOT: DiskFull,
}


class RuleUnknown(FixInput):
    """No rule has this id."""

    key = "cli.rule_unknown"
    text = Text(tr="{rule} diye bir kural yok.", en="There is no rule {rule}.")
    cure = Text(tr="Kurallar: docs/rules.md.", en="The rules: docs/rules.md.")


class NothingTraced(FixInput):
    """A text quotes no rule of the authority's."""

    key = "cli.nothing_traced"
    text = Text(tr="Bu metin bilinen bir GİB kuralına benzemiyor.", en="This text quotes no known rule of GİB's.")
    cure = Text(
        tr="GİB'in yanıtını başından sonuna, olduğu gibi yapıştırın; tırnak içeriyorsa `defterhane rule -` ile verin.",
        en="Paste GİB's answer from beginning to end, as it is; where it holds quotes, give it to `defterhane rule -`.",
    )


def of_os_error(error: OSError) -> FileUnreadable:
    """What the system has against a file, in words."""
    kind = _BY_ERRNO.get(error.errno or 0, FileUnreadable)
    return kind(path=error.filename2 or error.filename or "?", reason=error.strerror or type(error).__name__)
