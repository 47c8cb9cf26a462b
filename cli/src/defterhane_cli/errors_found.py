"""Why a file or folder that `validate` was given has nothing to check.

FixInput
├── NotAFile              a device, a pipe
├── NoDocuments           a folder without any document
├── CheckLost             the process that checked a document has ended
└── ZipUnusable
    ├── ZipLocked           a password
    ├── ZipUnsafe           a name that leads elsewhere, a link, a name twice
    ├── ZipNested           an archive in the archive
    ├── ZipTooMuch          unpacks to more than a document takes
    └── ZipWithoutDocument  nothing in it is a document
"""

from pathlib import Path
from typing import ClassVar, Final

from defterhane.errors import FixInput
from defterhane.texts import Text
from defterhane.zips import Flaw, ZipFlaw


class NotAFile(FixInput):
    """Neither a file nor a folder."""

    key = "cli.not_a_file"
    text = Text(tr="{path} bir dosya ya da klasör değil.", en="{path} is neither a file nor a folder.")


class NoDocuments(FixInput):
    """There is nothing to check."""

    key = "cli.no_documents"
    text = Text(tr="{path} içinde e-Defter belgesi yok.", en="There is no e-Defter document in {path}.")
    cure = Text(
        tr="Defter, berat ve raporların bulunduğu dosya ya da klasörü verin; adları 6090408038-202501-Y-000000.xml "
        "gibidir.",
        en="Give the file or folder with the ledgers, berats and reports; they are named like "
        "6090408038-202501-Y-000000.xml.",
    )


class CheckLost(FixInput):
    """The process that checked a document has ended twice, most likely for want of memory."""

    key = "cli.check_lost"
    text = Text(
        tr="{path} denetlenemedi: denetleyen süreç iki kez beklenmedik biçimde sona erdi.",
        en="{path} could not be checked: the process that checked it has ended unexpectedly, twice.",
    )
    cure = Text(tr="Boş belleğe bakın; --jobs 1 ile yeniden deneyin.", en="See to free memory; try with --jobs 1.")


class ZipUnusable(FixInput):
    """A ZIP that cannot be read; `member` is where."""

    key = "cli.zip"
    text = Text(
        tr="{path} bozuk ya da yarım kalmış bir ZIP ({member}).", en="{path} is a damaged or cut ZIP ({member})."
    )
    cure: ClassVar[Text | None] = Text(
        tr="Dosyayı yeniden aktarın ya da olağan (deflate) yöntemle yeniden sıkıştırın.",
        en="Transfer the file again, or compress it again in the ordinary way (deflate).",
    )


class ZipLocked(ZipUnusable):
    """It has a password."""

    key = "cli.zip_locked"
    text = Text(tr="{path} parolalı: {member} okunamaz.", en="{path} has a password: {member} cannot be read.")
    cure = Text(tr="Parolasız bir ZIP verin.", en="Give a ZIP without a password.")


class ZipUnsafe(ZipUnusable):
    """A name in it leads elsewhere or is there twice, or is no ordinary file."""

    key = "cli.zip_unsafe"
    text = Text(
        tr="{path} açılmadı: içindeki {member} adı güvenli değil (yol, bağlantı ya da yinelenen ad).",
        en="{path} was not opened: the name {member} in it is not safe (a path, a link, or a name twice).",
    )
    cure = None


class ZipNested(ZipUnusable):
    """An archive in the archive."""

    key = "cli.zip_nested"
    text = Text(tr="{path} içinde yine bir arşiv var: {member}.", en="{path} holds another archive: {member}.")
    cure = Text(tr="İçteki arşivi önce açın.", en="Unpack the inner archive first.")


class ZipTooMuch(ZipUnusable):
    """It unpacks to more than documents take, or is packed as only a ZIP bomb is."""

    key = "cli.zip_too_much"
    text = Text(
        tr="{path} açılmadı: açılınca belgelerin tutabileceğinden büyük ({member}).",
        en="{path} was not opened: it unpacks to more than documents take ({member}).",
    )
    cure = None


class ZipWithoutDocument(ZipUnusable):
    """Nothing in it is a document."""

    key = "cli.zip_without_document"
    text = Text(tr="{path} içinde e-Defter belgesi yok.", en="There is no e-Defter document in {path}.")
    cure = None


_BY_FLAW: Final[dict[Flaw, type[ZipUnusable]]] = {
    Flaw.ENCRYPTED: ZipLocked,
    Flaw.NAME: ZipUnsafe,
    Flaw.LINK: ZipUnsafe,
    Flaw.DEPTH: ZipUnsafe,
    Flaw.TWICE: ZipUnsafe,
    Flaw.NESTED: ZipNested,
    Flaw.COUNT: ZipTooMuch,
    Flaw.SIZE: ZipTooMuch,
    Flaw.RATIO: ZipTooMuch,
    Flaw.SHARED: ZipTooMuch,
}


def of_zip_flaw(path: Path | str, flaw: ZipFlaw) -> ZipUnusable:
    """What is wrong with an archive, in words."""
    return _BY_FLAW.get(flaw.flaw, ZipUnusable)(path=path, member=flaw.member or Path(path).name)
