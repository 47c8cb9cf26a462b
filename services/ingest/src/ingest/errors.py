"""What can be wrong with a dropped file. What `DropRefused` covers the tenant mends: the file is dropped again.

Their keys are stable; they stand in events and in answer files.
"""

from defterhane.errors import CallOperator, FixInput, TryLater
from defterhane.texts import Text

_AGAIN = Text(tr="Dosyayı düzeltip yeniden gönderin.", en="Correct the file and drop it again.")
_PACK_AGAIN = Text(
    tr="ZIP dosyasını yeniden oluşturup tekrar gönderin.", en="Make the ZIP file anew and drop it again."
)


class DropRefused(FixInput):
    """A dropped file is unusable."""

    key = "drop"
    cure = _AGAIN


class BadName(DropRefused):
    """The name does not say whose and which month's file it is."""

    key = "drop.name"
    text = Text(
        tr="“{name}” adından mükellef ve dönem anlaşılamıyor.",
        en="The name “{name}” does not tell the taxpayer and the month.",
    )
    cure = Text(
        tr="Dosyayı VKN-YYYYAA.zip biçiminde adlandırın, örneğin {example}; şube için VKN-ŞUBE-YYYYAA.zip. "
        "Uzantı zip, csv, txt, xlsx ya da xml olabilir.",
        en="Name the file VKN-YYYYMM.zip, for example {example}; for a branch VKN-BRANCH-YYYYMM.zip. "
        "It may end in zip, csv, txt, xlsx or xml.",
    )


class OtherTenant(DropRefused):
    """The name carries another taxpayer's number."""

    key = "drop.tenant"
    text = Text(
        tr="Dosya adındaki {found} numarası, giriş yapan mükellefin numarası ({tenant}) değil.",
        en="The number {found} in the file's name is not that of the taxpayer who logged in ({tenant}).",
    )
    cure = Text(
        tr="Dosya adını düzeltin ya da dosyayı kendi mükellefinin hesabıyla gönderin.",
        en="Correct the file's name, or drop the file with its own taxpayer's account.",
    )


class BadPeriod(DropRefused):
    """The month lies in the future, or before there was e-Defter."""

    key = "drop.period"
    text = Text(
        tr="{period} dönemi kabul edilemez: en erken {earliest}, en geç {latest} olabilir.",
        en="The month {period} cannot be taken: it may be {earliest} at the earliest and {latest} at the latest.",
    )
    cure = Text(tr="Dosya adındaki dönemi (YYYYAA) düzeltin.", en="Correct the month (YYYYMM) in the file's name.")


class UnknownBranch(DropRefused):
    """The branch in the name is not one of the tenant's."""

    key = "drop.branch"
    text = Text(
        tr="{branch} numaralı şube bu mükellef için tanımlı değil.",
        en="The branch {branch} is not known for this taxpayer.",
    )
    cure = Text(
        tr="Şube numarasını düzeltin ya da şubeyi tanımlatıp dosyayı yeniden gönderin.",
        en="Correct the branch's number, or have the branch added and drop the file again.",
    )


class Empty(DropRefused):
    """The file holds nothing."""

    key = "drop.empty"
    text = Text(tr="Dosya boş.", en="The file is empty.")


class TooLarge(DropRefused):
    """The file is larger than what is taken."""

    key = "drop.size"
    text = Text(
        tr="Dosya {size} bayt; en fazla {limit} bayt olabilir.",
        en="The file has {size} bytes; at most {limit} are taken.",
    )
    cure = Text(
        tr="Dosyayı ZIP olarak sıkıştırın ya da ayı parçalara bölün.",
        en="Compress the file as a ZIP, or cut the month into parts.",
    )


class Duplicate(DropRefused):
    """The same bytes have been received for the same month and stand there."""

    key = "drop.duplicate"
    text = Text(
        tr="Bu dosyanın aynısı {received} tarihinde “{name}” adıyla zaten alındı; yeniden işlenmedi.",
        en="This very file was already received on {received} as “{name}”; it was not processed again.",
    )
    cure = Text(
        tr="Kayıtlar değiştiyse yeni dışa aktarımı gönderin; değişmediyse yapılacak bir şey yok.",
        en="If the entries have changed, drop the new export; if not, there is nothing to do.",
    )


class Unfinished(DropRefused):
    """An upload broke off, or was never renamed to its final name, and nobody came back to it."""

    key = "drop.unfinished"
    text = Text(
        tr="“{name}” dosyasının yüklenmesi tamamlanmadı; yarım dosya silindi.",
        en="The upload of “{name}” was never finished; the partial file was removed.",
    )
    cure = Text(tr="Dosyayı baştan gönderin.", en="Upload the file again from the start.")


class NotAZip(DropRefused):
    """The name says ZIP, the bytes do not."""

    key = "zip.not_a_zip"
    text = Text(
        tr="Dosya bir ZIP arşivi (ya da .xlsx çalışma kitabı) değil.",
        en="The file is not a ZIP archive (or an .xlsx workbook).",
    )
    cure = Text(
        tr="Dosyayı yeniden oluşturun; uzantısını değiştirmek yetmez.",
        en="Make the file anew; to change its ending is not enough.",
    )


class CutZip(DropRefused):
    """The ZIP's end is missing."""

    key = "zip.cut"
    text = Text(
        tr="ZIP arşivinin sonu eksik: dosya yarım kalmış.",
        en="The end of the ZIP archive is missing: the file is cut off.",
    )
    cure = Text(tr="Dosyayı baştan gönderin.", en="Upload the file again from the start.")


class DamagedZip(DropRefused):
    """A member's bytes do not fit its checksum, or the archive contradicts itself."""

    key = "zip.damaged"
    text = Text(tr="ZIP arşivi bozuk: {member} okunamıyor.", en="The ZIP archive is damaged: {member} cannot be read.")
    cure = _PACK_AGAIN


class EncryptedZip(DropRefused):
    """A member needs a password."""

    key = "zip.encrypted"
    text = Text(tr="ZIP arşivi parolalı ({member}).", en="The ZIP archive needs a password ({member}).")
    cure = Text(tr="ZIP dosyasını parolasız oluşturun.", en="Make the ZIP file without a password.")


class ZipMethod(DropRefused):
    """A member is compressed in a way that is not read."""

    key = "zip.method"
    text = Text(
        tr="{member} desteklenmeyen bir yöntemle sıkıştırılmış.",
        en="{member} is compressed by a method that is not supported.",
    )
    cure = Text(
        tr="ZIP dosyasını olağan yöntemle (Deflate) oluşturun.", en="Make the ZIP file with the usual method (Deflate)."
    )


class ZipBomb(DropRefused):
    """The archive would unpack to more than anything real does: too many bytes."""

    key = "zip.bomb"
    text = Text(
        tr="ZIP arşivi açıldığında {limit} bayttan büyük.", en="Unpacked, the ZIP archive has more than {limit} bytes."
    )
    cure = Text(
        tr="ZIP içine yalnızca bu dönemin kayıt dosyalarını koyun.",
        en="Put nothing but this month's files of entries into the ZIP.",
    )


class ZipBombRatio(ZipBomb):
    """Its members are packed more densely than entries ever are, or share the same bytes."""

    text = Text(
        tr="ZIP arşivi olağan dışı: {member} sıkıştırılmış boyutuna göre çok büyük.",
        en="The ZIP archive is not an ordinary one: {member} is far too large for its packed size.",
    )


class ZipBombCount(ZipBomb):
    """It has too many members."""

    text = Text(
        tr="ZIP arşivinde {limit} taneden çok dosya var.", en="There are more than {limit} files in the ZIP archive."
    )


class ZipPath(DropRefused):
    """A member's name leads elsewhere, or it is no plain file."""

    key = "zip.path"
    text = Text(
        tr="ZIP içindeki {member} güvenli bir dosya adı değil ya da bir bağlantı.",
        en="{member} in the ZIP is not a safe file name, or is a link.",
    )
    cure = Text(
        tr="Dosyaları ZIP'e klasör yolu olmadan, yalın adlarıyla ekleyin.",
        en="Add the files to the ZIP under plain names, without folder paths.",
    )


class NestedZip(DropRefused):
    """A member is itself an archive."""

    key = "zip.nested"
    text = Text(tr="ZIP içinde başka bir arşiv var: {member}.", en="There is another archive inside the ZIP: {member}.")
    cure = Text(
        tr="Kayıt dosyalarını doğrudan tek bir ZIP içine koyun.", en="Put the files of entries directly into one ZIP."
    )


class EmptyZip(DropRefused):
    """The archive holds no file, or only empty ones."""

    key = "zip.empty"
    text = Text(tr="ZIP arşivinde dolu bir dosya yok.", en="There is no file with content in the ZIP archive.")
    cure = _PACK_AGAIN


class HostKeyUnreadable(CallOperator):
    """The SFTP server's own key cannot be had."""

    key = "operator.sftp_host_key"
    text = Text(
        tr="SFTP sunucusunun anahtarı {path} dosyasından okunamıyor.",
        en="The SFTP server's key cannot be read from {path}.",
    )
    cure = Text(
        tr="Dosyada parolasız bir özel anahtar (OpenSSH ya da PEM) olmalı; yoksa yazılabilir bir klasör verin.",
        en="The file must hold a private key (OpenSSH or PEM) without a passphrase; or name a writable folder.",
    )


class TooSlow(TryLater):
    """Reading an archive took too long: the machine has too much to do."""

    key = "later.zip"
    text = Text(
        tr="ZIP arşivi ayrılan sürede okunamadı; yeniden denenecek.",
        en="The ZIP archive could not be read in the time given; it will be tried again.",
    )
