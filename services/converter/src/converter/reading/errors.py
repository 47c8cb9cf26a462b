"""Why a file of a drop is not read.

DropUnusable
├── LineTooLong
├── LayoutUnknown · ColumnsMissing · ProfileMismatch
├── HeadsMissing · DetailsMissing     (two tables that belong together)
├── XmlUnreadable · XmlRootUnknown · XmlOrder
├── WorkbookKind · WorkbookBroken · WorkbookTooLarge
└── CellInError · VoucherCurrency · ReportRow · ReportTotal     (of one cell, voucher or row: told as findings)

What is wrong with single rows is a finding: see `converter.problems`.
"""

from converter.errors import DropUnusable
from defterhane.texts import Text


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


class LayoutUnknown(DropUnusable):
    """No known layout fits."""

    key = "layout.unknown"
    text = Text(
        tr="{file}: ilk satır bilinen bir düzene uymuyor ({columns} sütun): {first}",
        en="{file}: the first line fits no known layout ({columns} columns): {first}",
    )
    cure = Text(
        tr="Bilinen düzenlerden biriyle dışa aktarın; sütun adları ilk satırda olmalı. Bilinenler: {known_tr}.",
        en="Export in one of the known layouts, with the columns' names in the first line. Known are: {known_en}.",
    )


class ColumnsMissing(DropUnusable):
    """The layout is known, but not all that is needed is there."""

    key = "layout.columns_missing"
    text = Text(
        tr="{file}: {layout_tr} tanındı ama eksik sütunlar var: {missing}.",
        en="{file}: taken for {layout_en}, but columns are missing: {missing}.",
    )
    cure = Text(tr="Dışa aktarıma bu sütunları ekleyin.", en="Add these columns to the export.")


class ProfileMismatch(DropUnusable):
    """The file is not as the tenant's layout profile says. `what` is the profile's field."""

    key = "layout.profile_mismatch"
    text = Text(
        tr="{file}: düzen profiline uymuyor. Profilde {what} = {said}, dosyada bulunan: {found}.",
        en="{file}: it does not fit the layout profile. The profile says {what} = {said}; found in the file: {found}.",
    )
    cure = Text(
        tr="Dışa aktarımı profildeki gibi alın ya da profili değiştirtin.",
        en="Export it as the profile says, or have the profile changed.",
    )


class HeadsMissing(DropUnusable):
    """There are details, but no table with their heads."""

    key = "layout.heads_missing"
    text = Text(
        tr="{file}: fiş detayları var ama başlık tablosu (Fişi_Kaydeden, Yevmiye_Tarihi…) gönderilmemiş.",
        en="{file}: there are details, but the table with their heads (Fişi_Kaydeden, Yevmiye_Tarihi…) was not sent.",
    )
    cure = Text(
        tr="Başlık ve detay tablolarını aynı ZIP içinde ya da aynı çalışma kitabında gönderin.",
        en="Send heads and details in one ZIP, or as two sheets of one workbook.",
    )


class DetailsMissing(DropUnusable):
    """There are heads, but no table with their details."""

    key = "layout.details_missing"
    text = Text(
        tr="{file}: fiş başlıkları var ama detay tablosu (Ana_Hesap_Kodu, Borç, Alacak…) gönderilmemiş.",
        en="{file}: there are heads, but the table with their details (Ana_Hesap_Kodu, Borç, Alacak…) was not sent.",
    )
    cure = HeadsMissing.cure


class XmlUnreadable(DropUnusable):
    """An XML file that is broken, or holds what no export holds (DTD, entities); `reason` says which."""

    key = "xml.unreadable"
    text = Text(tr="{file} okunamadı: {reason_tr}", en="{file} cannot be read: {reason_en}")
    cure = Text(
        tr="Dosyayı kaynak programdan yeniden alın; elle değiştirmeyin.",
        en="Export the file anew from the source program; do not change it by hand.",
    )


class XmlRootUnknown(DropUnusable):
    """XML, but not of entries: a ledger, an invoice."""

    key = "xml.root_unknown"
    text = Text(
        tr="{file}: kök elemanı {root} olan XML bir kayıt aktarımı değil.",
        en="{file}: XML whose root is {root} is no export of entries.",
    )
    cure = Text(
        tr="Kök eleman Edefter, içinde MuhasebeKayitlari/MuhasebeKaydi/KayitDetayi olmalı.",
        en="The root must be Edefter, with MuhasebeKayitlari/MuhasebeKaydi/KayitDetayi in it.",
    )


class XmlOrder(DropUnusable):
    """An entry's own values stand behind its lines."""

    key = "xml.order"
    text = Text(
        tr="{file}: {line}. satırdaki {element}, KayitDetayi elemanlarından sonra geliyor.",
        en="{file}: {element} on line {line} comes after the KayitDetayi elements.",
    )
    cure = Text(
        tr="MuhasebeKaydi içinde önce Girisci, GirisTarihi, MuhasebeFisNo…, sonra KayitDetayi gelmeli.",
        en="In MuhasebeKaydi put Girisci, GirisTarihi, MuhasebeFisNo… first, then KayitDetayi.",
    )


class WorkbookKind(DropUnusable):
    """A spreadsheet of another kind: with macros, of old programs, or with a password."""

    key = "workbook.kind"
    text = Text(
        tr="{file}: bu türde bir çalışma kitabı okunmaz (makrolu, eski .xls, .ods ya da parolalı).",
        en="{file}: workbooks of this kind are not read (with macros, old .xls, .ods, or with a password).",
    )
    cure = Text(
        tr="Excel'de 'Farklı Kaydet' ile makrosuz ve parolasız .xlsx olarak kaydedip gönderin.",
        en="Save it in Excel by 'Save As' as .xlsx, without macros and password, and send that.",
    )


class WorkbookBroken(DropUnusable):
    """Not a workbook, or a damaged one; `part` is what of it cannot be read."""

    key = "workbook.broken"
    text = Text(
        tr="{file} bir Excel çalışma kitabı (.xlsx) olarak okunamadı: {part}.",
        en="{file} cannot be read as an Excel workbook (.xlsx): {part}.",
    )
    cure = Text(
        tr="Çalışma kitabını Excel'de açıp yeniden .xlsx olarak kaydedin ya da CSV gönderin.",
        en="Open the workbook in Excel and save it as .xlsx again, or send CSV.",
    )


class WorkbookTooLarge(DropUnusable):
    """More than a workbook may hold: `part` of it has more than `limit`."""

    key = "workbook.too_large"
    text = Text(
        tr="{file} çalışma kitabı çok büyük: {part} en çok {limit} olabilir.",
        en="The workbook {file} is too large: {part} may be {limit} at most.",
    )
    cure = Text(
        tr="Bu kadar kaydı CSV olarak gönderin; fazla biçim ve sayfaları silin.",
        en="Send so many records as CSV; remove superfluous formats and sheets.",
    )


class CellInError(DropUnusable):
    """A cell that shows an error such as `#REF!`."""

    key = "cell.error"
    text = Text(tr="{cell} hücresinde hata var: {value}.", en="Cell {cell} is in error: {value}.")
    cure = Text(tr="Hücredeki hatayı giderin.", en="Correct what is wrong in the cell.")


class VoucherCurrency(DropUnusable):
    """A voucher of a report whose amounts are not in lira."""

    key = "report.currency"
    text = Text(
        tr="Fişin para birimi {currency}; raporda yalnızca TL tutarlar okunur.",
        en="The voucher is in {currency}; a report is read in lira only.",
    )
    cure = Text(tr="Raporu yerel para birimiyle (TL) alın.", en="Make the report in the local currency (TL).")


class ReportRow(DropUnusable):
    """A row among a voucher's lines that is none of them, or a line that belongs to no voucher."""

    key = "report.row_unknown"
    text = Text(
        tr="Rapordaki bu satırın hangi fişe ait ya da ne olduğu anlaşılmadı: {row}",
        en="It is not understood to which voucher this row of the report belongs, or what it is: {row}",
    )
    cure = Text(
        tr="Her fiş kendi satırıyla (numara-----numara-----tür-----tarih) başlamalı, hesap satırlarında hesap kodu ve "
        "tutar bulunmalı. Raporu kaynak programdan yeniden alın.",
        en="Each voucher begins with a row of its own (number-----number-----kind-----date), and its lines have an "
        "account and an amount. Make the report anew in the source program.",
    )


class ReportTotal(DropUnusable):
    """A report's total over all vouchers that is not what they sum up to."""

    key = "report.total_differs"
    text = Text(
        tr="Rapordaki genel toplam ({side}) {expected}; fişlerin toplamı {value}.",
        en="The report gives a total over all vouchers ({side}) of {expected}; they add up to {value}.",
    )
    cure = Text(
        tr="Raporun bütün sayfaları gönderilmemiş olabilir: raporu kaynak programdan yeniden alın.",
        en="Perhaps not all pages were sent: make the report anew in the source program.",
    )
