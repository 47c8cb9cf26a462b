"""What goes wrong with a whole drop, and what an operator has to see to.

FixInput
├── DropUnusable            the dropped file as a whole
│   ├── NotAnArchive · ArchiveCut · ArchiveDamaged · ArchiveEncrypted · ArchiveNested
│   ├── ArchiveTooLarge → TooManyMembers · PackedTooTightly · FoldersTooDeep
│   ├── MemberNameUnsafe · MemberIsLink · MemberTwice · NoUsableMember · NothingInside
│   └── NoRows · what `converter.reading.errors` adds
└── MonthUnusable           the month that it is for
    ├── PeriodNotOver · BranchUnknown · MonthInParts · AlreadyConverted · LaterMonthConverted · NumbersTaken
    └── EarlierMonthOpen · AtConvertGate      (why it waits)
CallOperator
└── DocumentUnknown

What is wrong with single lines and entries is a finding: see `converter.problems`.
"""

from defterhane.errors import CallOperator, FixInput
from defterhane.texts import Text


class DropUnusable(FixInput):
    """The dropped file cannot be read."""

    key = "drop"


class NotAnArchive(DropUnusable):
    """The name says ZIP, the bytes do not."""

    key = "drop.not_zip"
    text = Text(tr="{file} bir ZIP dosyası değil.", en="{file} is not a ZIP file.")
    cure = Text(
        tr="Dışa aktarımı ZIP olarak sıkıştırıp yeniden gönderin; adını değiştirmek yetmez.",
        en="Compress the export as ZIP and send it again; renaming it is not enough.",
    )


class ArchiveCut(DropUnusable):
    """A ZIP whose end is missing."""

    key = "drop.cut"
    text = Text(tr="{file} yarım kalmış: ZIP dosyasının sonu yok.", en="{file} is cut off: the ZIP's end is missing.")
    cure = Text(tr="Dosyayı sonuna kadar yeniden gönderin.", en="Send the file again, to its end.")


class ArchiveDamaged(DropUnusable):
    """A ZIP whose contents do not fit their checksums, or are packed in a way that few know."""

    key = "drop.damaged"
    text = Text(tr="{file} bozuk: içindeki {member} açılamadı.", en="{file} is damaged: {member} cannot be unpacked.")
    cure = Text(
        tr="Dosyayı olağan (deflate) yöntemle yeniden sıkıştırıp gönderin.",
        en="Compress the file again in the ordinary way (deflate) and send it.",
    )


class ArchiveEncrypted(DropUnusable):
    """A ZIP with a password."""

    key = "drop.encrypted"
    text = Text(
        tr="{file} parolalı: içindeki {member} okunamaz.",
        en="{file} has a password: {member} cannot be read.",
    )
    cure = Text(tr="Parolasız bir ZIP gönderin.", en="Send a ZIP without a password.")


class ArchiveTooLarge(DropUnusable):
    """More than is accepted, once unpacked."""

    key = "drop.too_large"
    text = Text(
        tr="{file} açıldığında {found} bayt; en çok {limit} olabilir.",
        en="{file} unpacks to {found} bytes; at most {limit} are accepted.",
    )
    cure = Text(
        tr="ZIP yalnızca bu ayın CSV dosyasını içermeli.",
        en="The ZIP should hold this month's CSV file and nothing else.",
    )


class TooManyMembers(ArchiveTooLarge):
    """More files than anybody's export has."""

    key = "drop.too_many_files"
    text = Text(
        tr="{file} içinde çok fazla dosya var; en çok {limit} olabilir.",
        en="{file} holds too many files; at most {limit} are accepted.",
    )


class PackedTooTightly(ArchiveTooLarge):
    """Packed as only a ZIP bomb is."""

    key = "drop.ratio"
    text = Text(
        tr="{file} içindeki {member} olağan dışı sıkıştırılmış ({found} kat; en çok {limit}).",
        en="{member} in {file} is packed suspiciously tightly ({found} times; at most {limit}).",
    )


class FoldersTooDeep(ArchiveTooLarge):
    """Folders within folders within folders."""

    key = "drop.too_deep"
    text = Text(
        tr="{file} içindeki {member} çok derin klasörlerde; en çok {limit} olabilir.",
        en="{member} in {file} lies in folders too deep; at most {limit} are accepted.",
    )


class ArchiveNested(DropUnusable):
    """An archive inside the archive."""

    key = "drop.nested"
    text = Text(
        tr="{file} içinde yine bir arşiv var: {member}.",
        en="{file} holds another archive: {member}.",
    )
    cure = Text(tr="CSV dosyasını doğrudan ZIP'in içine koyun.", en="Put the CSV file directly into the ZIP.")


class MemberNameUnsafe(DropUnusable):
    """A name in the ZIP that leads elsewhere."""

    key = "drop.unsafe_name"
    text = Text(
        tr="{file} içinde kabul edilmeyen bir ad var: {member}.",
        en="{file} holds a name that is not accepted: {member}.",
    )
    cure = Text(
        tr="Dosya adlarında yol, '..', sürücü harfi ve denetim karakteri olmamalı.",
        en="Names must hold no path, no '..', no drive letter and no control character.",
    )


class MemberIsLink(DropUnusable):
    """A link or device in the ZIP."""

    key = "drop.link"
    text = Text(
        tr="{file} içindeki {member} olağan bir dosya değil (bağlantı).",
        en="{member} in {file} is no ordinary file (a link).",
    )
    cure = Text(tr="Bağlantıyı değil, dosyanın kendisini koyun.", en="Put the file itself there, not a link.")


class MemberTwice(DropUnusable):
    """Two members of one name."""

    key = "drop.name_twice"
    text = Text(tr="{file} içinde {member} adı iki kez geçiyor.", en="{file} holds the name {member} twice.")
    cure = Text(tr="Her dosya bir kez bulunmalı.", en="Each file must be there once.")


class NoUsableMember(DropUnusable):
    """Neither a CSV nor a text file in the ZIP."""

    key = "drop.no_usable_member"
    text = Text(tr="{file} içinde .csv ya da .txt dosyası yok.", en="There is no .csv or .txt file in {file}.")
    cure = Text(tr="Dışa aktarımı CSV olarak alın.", en="Export as CSV.")


class NothingInside(DropUnusable):
    """A file of no bytes."""

    key = "drop.empty"
    text = Text(tr="{file} boş.", en="{file} is empty.")
    cure = Text(tr="Dışa aktarımı yeniden alıp gönderin.", en="Make the export anew and send it.")


class NoRows(DropUnusable):
    """A header and nothing after it (rule N002: a whole month holds at least one entry)."""

    key = "drop.no_rows"
    text = Text(
        tr="{file}: kayıt yok. Bütün ayı kapsayan bir defterde en az bir madde olmalı.",
        en="{file}: there are no records. A ledger of a whole month must hold at least one entry.",
    )
    cure = Text(tr="Dışa aktarımın dönem süzgecini denetleyin.", en="Check the export's period filter.")


class MonthUnusable(FixInput):
    """The drop cannot become ledgers of that month."""

    key = "month"


class PeriodNotOver(MonthUnusable):
    """Rules Y037, K040: a document is not made before the last day that it covers."""

    key = "period.not_over"
    text = Text(
        tr="{period} dönemi {end} günü biter; bugün {today}. Defter dönem bitmeden oluşturulamaz.",
        en="The period {period} ends on {end}; today is {today}. Ledgers cannot be made before it is over.",
    )
    cure = Text(
        tr="Dönem bitince yeniden gönderin; dosya adındaki dönemi denetleyin.",
        en="Send it again once the period is over; check the period in the file's name.",
    )


class BranchUnknown(MonthUnusable):
    """The name speaks of a branch that the tenant does not have."""

    key = "branch.unknown"
    text = Text(
        tr="{tenant} mükellefinin {branch} numaralı şubesi tanımlı değil.",
        en="The tenant {tenant} has no branch {branch}.",
    )
    cure = Text(
        tr="Dosya adındaki şubeyi düzeltin ya da şubeyi mükellef bilgilerine ekleyin.",
        en="Correct the branch in the file's name, or add the branch to the tenant's data.",
    )


class PartUnknown(MonthUnusable):
    """A drop whose name carries the number of a part that the tenant does not have."""

    key = "month.in_parts"
    text = Text(
        tr="Dosya adı {period} döneminin {part} numaralı parçasını anlatıyor; mükellefin tanımlı parça sayısı {parts}.",
        en="The file's name speaks of part {part} of {period}; {parts} parts are set for the tenant.",
    )
    cure = Text(
        tr="Ayı tek dosyada, parça numarası olmadan gönderin ya da parça günlerini mükellef bilgilerine (part_ends) "
        "ekleyin.",
        en="Send the month in one file without a part's number, or add the days with which parts end (part_ends) to "
        "the tenant's data.",
    )


class MonthIsWhole(MonthUnusable):
    """A drop for one part of a month that has been made as a whole."""

    key = "month.is_whole"
    text = Text(
        tr="{period} dönemi {file} dosyasından bütün olarak oluşturuldu; bir parçası ayrıca gönderilemez.",
        en="The period {period} has been made as a whole from {file}; a part of it cannot be sent by itself.",
    )
    cure = Text(
        tr="Düzeltme için ayın tamamını, parça numarası olmadan yeniden gönderin.",
        en="To correct it, send the whole month again, without a part's number.",
    )


class AlreadyApproved(MonthUnusable):
    """GİB has approved a berat of the month: what is approved is final."""

    key = "month.already_approved"
    text = Text(
        tr="{period} döneminin {file} dosyasından oluşturulan beratı GİB tarafından onaylandı; defterler artık "
        "değiştirilemez.",
        en="GİB has approved a berat of {period}, made from {file}; the ledgers cannot be changed any more.",
    )
    cure = Text(
        tr="Düzeltme kaydını izleyen dönemde yapın; onaylanmış defterin yeniden oluşturulması için GİB'e başvurulur.",
        en="Correct it by an entry in a later period; only GİB can have approved ledgers opened again.",
    )


class BeratAtGib(MonthUnusable):
    """A berat of what would be replaced is with GİB."""

    key = "month.at_gib"
    text = Text(
        tr="{period} döneminin beratı GİB'de, sonucu bekleniyor; düzeltme dosyası bu sonuca göre işlenecek.",
        en="A berat of {period} is with GİB and has not been decided on; the correction waits for that decision.",
    )
    cure = Text(
        tr="Yapmanız gereken bir şey yok: berat reddedilirse düzeltme kendiliğinden sürer, onaylanırsa geri çevrilir.",
        en="Nothing to do: if the berat is refused the correction goes on by itself, if approved it is turned down.",
    )


class LaterMonthConverted(MonthUnusable):
    """A later month is with GİB on numbers that would be this month's."""

    key = "month.later_converted"
    text = Text(
        tr="{period} döneminden sonraki {later} döneminin beratı GİB'e gönderilmiş; madde numaraları geriye dönemez.",
        en="A berat of the later {later} has been sent to GİB; entry numbers cannot go back to {period}.",
    )
    cure = Text(
        tr="Aylar sırayla gönderilir. İşletmeciyle görüşün.",
        en="Months are sent in order. Speak to the operator.",
    )


class BeforeOpening(MonthUnusable):
    """The books begin here with a later month."""

    key = "month.before_opening"
    text = Text(
        tr="Defterler burada {opening} dönemiyle başlıyor; {period} daha önce.",
        en="The books begin here with {opening}; {period} is before that.",
    )
    cure = Text(
        tr="Dosya adındaki dönemi denetleyin ya da mükellef bilgilerindeki başlangıcı (openings) düzeltin.",
        en="Check the period in the file's name, or correct the beginning (openings) in the tenant's data.",
    )


class EarlierMissing(MonthUnusable):
    """The month before has not come, and nothing says that the books begin here."""

    key = "month.earlier_missing"
    text = Text(
        tr="{period} dönemi denetlendi ve bekletiliyor: {earlier} dönemi henüz gelmedi, madde numaraları ondan sürer.",
        en="The period {period} has been checked and is held: {earlier} has not come, and numbers go on from it.",
    )
    cure = Text(
        tr="{earlier} dönemini gönderin; {period} ardından kendiliğinden sürer. Defterler burada {period} ile "
        "başlıyorsa onay verin ya da başlangıcı mükellef bilgilerine (openings) yazın.",
        en="Send {earlier}; {period} then goes on by itself. If the books begin here with {period}, release it, or "
        "write the beginning into the tenant's data (openings).",
    )


class EarlierMonthOpen(MonthUnusable):
    """An earlier month or part of the fiscal year has no ledgers yet: its numbers come first."""

    key = "month.earlier_open"
    text = Text(
        tr="{period} dönemi, {earlier} döneminin dönüştürülmesini bekliyor.",
        en="The period {period} waits until {earlier} has been converted.",
    )
    cure = Text(
        tr="{earlier} dönemini düzeltip gönderin; {period} ardından kendiliğinden sürer.",
        en="Correct and send {earlier}; {period} then goes on by itself.",
    )


class AtConvertGate(MonthUnusable):
    """The tenant wants a person to look before a month is converted."""

    key = "month.at_gate"
    text = Text(
        tr="{period} dönemi dönüştürülmeden önce onay bekliyor.",
        en="The period {period} waits to be released before it is converted.",
    )


class EarlierChanged(MonthUnusable):
    """Why documents count no longer: what stands before them in the fiscal year has changed."""

    key = "month.earlier_changed"
    text = Text(
        tr="{earlier} değiştiği için {period} yeniden oluşturuluyor.",
        en="{period} is being made anew, as {earlier} has changed.",
    )


class Corrected(MonthUnusable):
    """Why documents count no longer: another file has come."""

    key = "month.corrected"
    text = Text(
        tr="{period} dönemi için {file} dosyası geldi; önceki belgelerin yerine yenileri oluşturuldu.",
        en="{file} has come for {period}; new documents take the place of the earlier ones.",
    )


class DocumentInvalid(MonthUnusable):
    """Why documents count no longer: one of them is not valid."""

    key = "month.document_invalid"
    text = Text(
        tr="{document} denetimden geçmedi; {period} döneminin bu belgeleri geçersiz.",
        en="{document} did not pass the checks; these documents of {period} do not count.",
    )
    cure = Text(
        tr="Bulguları düzeltip ayı yeniden gönderin.",
        en="Correct what was found and send the month again.",
    )


class DocumentUnknown(CallOperator):
    """Somebody speaks of a document that this service has not made."""

    key = "operator.document_unknown"
    text = Text(
        tr="{document} belgesi burada oluşturulmamış (düzeltme {revision}).",
        en="The document {document} was not made here (revision {revision}).",
    )
