"""What goes wrong with a whole drop, and what an operator has to see to.

FixInput
├── DropUnusable            the dropped file as a whole
│   ├── NotAnArchive · ArchiveCut · ArchiveDamaged · ArchiveEncrypted · ArchiveNested
│   ├── ArchiveTooLarge → TooManyMembers · PackedTooTightly · FoldersTooDeep
│   ├── MemberNameUnsafe · MemberIsLink · MemberTwice · NoUsableMember · NothingInside
│   └── LayoutUnknown · ColumnsMissing · LineTooLong · NoRows
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


class LayoutUnknown(DropUnusable):
    """No known layout fits."""

    key = "layout.unknown"
    text = Text(
        tr="{file}: ilk satır bilinen bir düzene uymuyor ({columns} sütun): {first}",
        en="{file}: the first line fits no known layout ({columns} columns): {first}",
    )
    cure = Text(
        tr="İlk satırda sütun adları olmalı: {expected}.",
        en="The first line must hold the columns' names: {expected}.",
    )


class ColumnsMissing(DropUnusable):
    """The layout is known, but not all that is needed is there."""

    key = "layout.columns_missing"
    text = Text(tr="{file}: eksik sütunlar: {missing}.", en="{file}: columns are missing: {missing}.")
    cure = Text(tr="Dışa aktarıma bu sütunları ekleyin.", en="Add these columns to the export.")


class LineTooLong(DropUnusable):
    """A line without an end."""

    key = "drop.line_too_long"
    text = Text(
        tr="{file}: {line}. satır {limit} karakterden uzun.",
        en="{file}: line {line} is longer than {limit} characters.",
    )
    cure = Text(
        tr="Satır sonlarını ve tırnakları denetleyin: her kayıt bir satırdır.",
        en="Check line ends and quotes: each record is one line.",
    )


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


class MonthInParts(MonthUnusable):
    """A drop whose name says that it is one part of a month."""

    key = "month.in_parts"
    text = Text(
        tr="Dosya adı {period} döneminin yalnızca {part} numaralı parçasını anlatıyor; ay bütün olarak dönüştürülür.",
        en="The file's name speaks of part {part} of {period} alone; a month is converted as a whole.",
    )
    cure = Text(
        tr="Bütün ayı tek dosyada, parça numarası olmadan gönderin.",
        en="Send the whole month in one file, without a part's number.",
    )


class AlreadyConverted(MonthUnusable):
    """The month has its ledgers, made from another file."""

    key = "month.already_converted"
    text = Text(
        tr="{period} dönemi {file} dosyasından oluşturuldu; başka bir dosya onun yerine geçmez.",
        en="The period {period} has been made from {file}; another file does not replace it.",
    )
    cure = Text(
        tr="Defterler değişmeli ise önce eldekilerin geri alınmasını isteyin.",
        en="If the ledgers have to change, have the present ones withdrawn first.",
    )


class LaterMonthConverted(MonthUnusable):
    """A later month of the fiscal year has taken the numbers that would be this month's."""

    key = "month.later_converted"
    text = Text(
        tr="{period} döneminden sonraki {later} dönemi oluşturulmuş; madde numaraları geriye dönemez.",
        en="The later period {later} has been made; entry numbers cannot go back to {period}.",
    )
    cure = Text(
        tr="Aylar sırayla gönderilir. Sonraki dönemin geri alınmasını isteyin.",
        en="Months are sent in order. Have the later period withdrawn.",
    )


class NumbersTaken(MonthUnusable):
    """A rejected month, on whose numbers a later one has been made, would use up others this time."""

    key = "month.numbers_taken"
    text = Text(
        tr="{period} döneminden sonraki {later} dönemi bu dönemin numaralarının ardından oluşturulmuş: düzeltilen "
        "dosyada da {entries} madde ve {lines} satır olmalı; {found_entries} madde ve {found_lines} satır var.",
        en="The later period {later} has been made on top of the numbers of {period}: the corrected file must also "
        "have {entries} entries and {lines} lines; it has {found_entries} entries and {found_lines} lines.",
    )
    cure = Text(
        tr="Madde ve satır sayısını değiştirmeden düzeltin ya da sonraki dönemin geri alınmasını isteyin.",
        en="Correct it without changing how many entries and lines there are, or have the later period withdrawn.",
    )


class EarlierMonthOpen(MonthUnusable):
    """An earlier month of the fiscal year has come, and has no ledgers yet: its numbers come first."""

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


class DocumentUnknown(CallOperator):
    """Somebody speaks of a document that this service has not made."""

    key = "operator.document_unknown"
    text = Text(
        tr="{document} belgesi burada oluşturulmamış (düzeltme {revision}).",
        en="The document {document} was not made here (revision {revision}).",
    )
