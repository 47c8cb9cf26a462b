"""Every kind of problem in drops, rows and entries: its key, severity, text and cure. Keys are never renamed."""

from dataclasses import dataclass
from typing import Final

from defterhane.findings import Severity
from defterhane.texts import Text


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem; `{names}` in its texts are filled per case."""

    text: Text
    cure: Text
    severity: Severity = Severity.ERROR


def _kind(tr: str, en: str, cure_tr: str, cure_en: str, severity: Severity = Severity.ERROR) -> Kind:
    return Kind(Text(tr=tr, en=en), Text(tr=cure_tr, en=cure_en), severity)


FIELDS: Final = {
    name: Text(tr=tr, en=en)
    for name, tr, en in (
        ("entryref", "kayıt referansı", "the entry's reference"),
        ("linenumber", "satır numarası", "the line number"),
        ("linenumbercounter", "satırdaki madde numarası", "the line's entry number"),
        ("accmainid", "ana hesap kodu", "the main account"),
        ("accmainiddesc", "ana hesap adı", "the main account's name"),
        ("accsubid", "alt hesap kodu", "the sub-account"),
        ("accsubdesc", "alt hesap adı", "the sub-account's name"),
        ("amount", "tutar", "the amount"),
        ("debitcreditcode", "borç/alacak kodu", "the debit or credit code"),
        ("postingdate", "yevmiye tarihi", "the posting date"),
        ("documenttype", "belge türü", "the document type"),
        ("documenttypedesc", "belge adı", "the document's description"),
        ("documentnumber", "belge numarası", "the document number"),
        ("documentreference", "belge referansı", "the document reference"),
        ("entrynumbercounter", "yevmiye madde numarası", "the entry number"),
        ("documentdate", "belge tarihi", "the document date"),
        ("paymentmethod", "ödeme yöntemi", "the payment method"),
        ("detailcomment", "satır açıklaması", "the line's comment"),
        ("divisionno", "şube numarası", "the division"),
        ("enteredby", "kaydeden", "who entered it"),
        ("entereddate", "kayıt tarihi", "the entry's date"),
        ("entrynumber", "fiş numarası", "the voucher number"),
        ("entrycomment", "fiş açıklaması", "the voucher's comment"),
        ("batchid", "parti numarası", "the batch"),
        ("batchdescription", "parti açıklaması", "the batch's description"),
        ("originalamount", "döviz tutarı", "the amount in foreign currency"),
        ("originalcurrency", "döviz kodu", "the foreign currency"),
        ("exchangerate", "döviz kuru", "the exchange rate"),
        ("exchangeratedate", "kur tarihi", "the exchange rate's date"),
    )
}
"""What accountants call the fields of `Cells`."""

KINDS: Final[dict[str, Kind]] = {
    "row.columns": _kind(
        "Satırda {found} sütun var, {expected} olmalı.",
        "The row has {found} columns; it should have {expected}.",
        "Metinlerin içindeki ayraçları tırnak içine alın; satırın ortadan bölünmediğini denetleyin.",
        "Put separators inside texts between quotes; check that the row is not broken in two.",
    ),
    "row.unreadable": _kind(
        "Satır okunamadı: tırnaklar birbirini tutmuyor.",
        "The row cannot be read: its quotes do not match.",
        "Tırnakları denetleyin: açılan her tırnak kapanmalı.",
        "Check the quotes: each one that opens must close.",
    ),
    "row.repeated": _kind(
        "Bu satır aynı fişte bir kez daha geçiyor: satır numarası {value}, yinelendiği yer bu dosyanın ya da "
        "gönderideki başka bir dosyanın {line}. satırı. Böyle {count} satır var.",
        "This row stands in its voucher once more: line number {value}, repeated in line {line} of this file or of "
        "another one in the drop. There are {count} such rows.",
        "Aynı kayıtlar iki kez gönderilmiş: yinelenen satırları ya da ZIP içindeki fazla dosyayı çıkarın.",
        "The same records were sent twice: take out the repeated rows, or the surplus file in the ZIP.",
    ),
    "text.cleaned": _kind(
        "Belgede bulunamayacak karakterler çıkarıldı: {where}.",
        "Characters that no document may hold were taken out of {where}.",
        "Metni kaynak programda düzeltin (denetim karakterleri, HTML, bozuk harfler).",
        "Correct the text in the source program (control characters, HTML, broken letters).",
        Severity.WARNING,
    ),
    "value.damaged": _kind(
        "Bir tablolama programı '{value}' değerini bozmuş: {where}.",
        "A spreadsheet program has damaged '{value}': {where}.",
        "Dosyayı tablolama programında açıp kaydetmeden, kaynak programdan yeniden alın.",
        "Export it anew from the source program, without opening and saving it in a spreadsheet.",
    ),
    "value.zeros_cut": _kind(
        "'{value}' eksik görünüyor; {where} dosyanın başka yerlerinde '{other}' gibi, sıfırlarıyla yazılmış.",
        "'{value}' looks cut; elsewhere in the file, {where} is written with its zeros, as '{other}' is.",
        "Dosya bir tablolama programında açılıp kaydedildiyse sıfırlar silinmiştir: kaynak programdan yeniden alın.",
        "If the file was opened and saved in a spreadsheet, zeros were cut: export it anew from the source program.",
        Severity.WARNING,
    ),
    "formula.without_value": _kind(
        "{where} hücresindeki formülün sonucu dosyada yok.",
        "The cell {where} holds a formula without its result.",
        "Dosyayı tablolama programında açıp hesaplatın ve kaydedin ya da formüllerin yerine değerlerini yapıştırın.",
        "Open the file in the spreadsheet program, let it calculate and save it, or paste values over the formulas.",
    ),
    "file.ignored": _kind(
        "{value} okunmadı: kayıtlar .csv, .txt, .xlsx ve .xml dosyalarından, ekler .pdf dosyalarından alınır.",
        "{value} was not read: records are taken from .csv, .txt, .xlsx and .xml files, attachments from .pdf files.",
        "Bu dosya defter kaydı içeriyorsa bu türlerden biriyle gönderin.",
        "If this file holds records of the books, send it as one of these.",
        Severity.WARNING,
    ),
    "attachment.not_pdf": _kind(
        "{value} eki bir PDF dosyası değil.",
        "The attachment {value} is not a PDF file.",
        "Yalnızca PDF ekleyin; dosyanın adını .pdf yapmak yetmez.",
        "Attach PDF files only; renaming a file to .pdf is not enough.",
    ),
    "attachment.empty": _kind(
        "{value} eki boş.",
        "The attachment {value} is empty.",
        "Eki yeniden oluşturup gönderin ya da ZIP dosyasından çıkarın.",
        "Make the attachment anew and send it, or take it out of the ZIP.",
    ),
    "attachment.too_large": _kind(
        "{value} eki çok büyük; ekler deftere sığmıyor (en çok {limit} bayt).",
        "The attachment {value} is too large; attachments do not fit into the ledger (at most {limit} bytes).",
        "PDF dosyasını küçültün (daha düşük çözünürlükle tarayın) ya da ekten çıkarın.",
        "Make the PDF smaller (scan it at a lower resolution), or leave it out.",
    ),
    "head.missing": _kind(
        "'{value}' fişinin satırları var ama başlığı yok.",
        "There are lines of the voucher '{value}', but no header.",
        "Başlık dosyasının (fiş listesinin) aynı döneme ait ve tam olduğunu denetleyin.",
        "Check that the header file (the list of vouchers) is of the same period, and complete.",
    ),
    "head.without_lines": _kind(
        "'{value}' fişinin başlığı var ama satırı yok.",
        "There is a header of the voucher '{value}', but no line.",
        "Satır dosyasının aynı döneme ait ve tam olduğunu denetleyin; iptal edilen fişi başlıklardan çıkarın.",
        "Check that the file of lines is of the same period, and complete; take cancelled vouchers out of the headers.",
    ),
    "head.total_differs": _kind(
        "Fişin başlığındaki toplam ({side}) {expected}; satırlarının toplamı {value}.",
        "The voucher's header gives a total ({side}) of {expected}; its lines add up to {value}.",
        "Fişin bütün satırları dışa aktarılmamış olabilir: fişi kaynak programda denetleyip yeniden gönderin.",
        "Perhaps not all lines were exported: check the voucher in the source program and send it again.",
    ),
    "head.twice": _kind(
        "'{value}' fişinin başlığı birden çok kez geçiyor.",
        "The voucher '{value}' has more than one header.",
        "Her fişin bir başlığı olmalı; fiş numarası yineleniyorsa kaynak programda düzeltin.",
        "Each voucher has one header; if its number is used twice, correct that in the source program.",
    ),
    "entry.reference_missing": _kind(
        "Satırın hangi fişe ait olduğu belli değil: kayıt referansı (entryref) boş.",
        "It is not known which voucher the row belongs to: the entry's reference (entryref) is empty.",
        "Kayıt referansını her satırda doldurun; bir fişin bütün satırlarında aynı olmalı.",
        "Fill the entry's reference in every row; it is the same in all rows of a voucher.",
    ),
    "account.main_missing": _kind(
        "Ana hesap kodu boş.",
        "The main account is empty.",
        "Ana hesap kodunu (accmainid) yazın.",
        "Write the main account (accmainid).",
    ),
    "account.main_malformed": _kind(
        "Ana hesap kodu '{value}' üç ya da dört rakam olmalı.",
        "The main account '{value}' must be three or four digits.",
        "Hesap planındaki ana hesabı yazın (100, 320…); alt hesap kendi alanına (accsubid) yazılır.",
        "Write the main account of the chart of accounts (100, 320…); the sub-account goes to accsubid.",
    ),
    "account.main_description_missing": _kind(
        "{value} hesabının adı boş.",
        "The account {value} has no name.",
        "Ana hesabın adını (accmainiddesc) yazın.",
        "Write the main account's name (accmainiddesc).",
    ),
    "account.sub_missing": _kind(
        "Alt hesap adı '{value}' var ama kodu yok.",
        "There is a sub-account's name, '{value}', but no code.",
        "Alt hesap kodunu (accsubid) yazın ya da adını da boş bırakın.",
        "Write the sub-account (accsubid), or leave its name empty too.",
    ),
    "account.sub_description_missing": _kind(
        "{value} alt hesabının adı boş.",
        "The sub-account {value} has no name.",
        "Alt hesabın adını (accsubdesc) yazın.",
        "Write the sub-account's name (accsubdesc).",
    ),
    "account.sub_not_under_main": _kind(
        "{value} alt hesabı {main} ana hesabının altında değil.",
        "The sub-account {value} is not under the main account {main}.",
        "Alt hesap kodu ana hesabın koduyla başlamalı: hesabı kaynak programda düzeltin.",
        "A sub-account begins with its main account: correct it in the source program.",
    ),
    "account.sub_under_two_mains": _kind(
        "{value} alt hesabı birden çok ana hesabın altında kullanılmış: {mains}.",
        "The sub-account {value} is used under several main accounts: {mains}.",
        "Her alt hesap tek bir ana hesaba bağlı olmalı.",
        "Each sub-account must belong to one main account.",
    ),
    "amount.missing": _kind(
        "Tutar boş.",
        "The amount is empty.",
        "Tutarı yazın ya da satırı çıkarın.",
        "Write it, or drop the row.",
    ),
    "amount.unreadable": _kind(
        "Tutar '{value}' okunamadı.",
        "The amount '{value}' cannot be read.",
        "Tutarları dosyanın her yerinde aynı biçimde yazın: 1000.50 ya da 1000,50.",
        "Write amounts in one way throughout the file: 1000.50 or 1000,50.",
    ),
    "amount.ambiguous": _kind(
        "Tutar '{value}' bin mi bir mi, belli değil.",
        "The amount '{value}' may be a thousand or one.",
        "Tutarları iki ondalıkla yazın: 1000.00 ya da 1000,00.",
        "Write amounts with two decimals: 1000.00 or 1000,00.",
    ),
    "amount.too_many_decimals": _kind(
        "Tutar '{value}' ikiden çok ondalık içeriyor.",
        "The amount '{value}' has more than two decimals.",
        "Kuruşa yuvarlanmış tutarı yazın; maddenin borç ve alacağı eşit kalmalı.",
        "Write it rounded to kuruş; the entry's debit and credit must stay equal.",
    ),
    "amount.damaged": _kind(
        "Tutar '{value}' bir tablolama programında bozulmuş.",
        "The amount '{value}' was damaged by a spreadsheet program.",
        "Dosyayı tablolama programında açıp kaydetmeden, kaynak programdan yeniden alın.",
        "Export it anew from the source program, without opening and saving it in a spreadsheet.",
    ),
    "amount.not_positive": _kind(
        "Tutar {value} sıfırdan büyük olmalı.",
        "The amount {value} must be greater than zero.",
        "Eksi tutarı karşı tarafa (borç/alacak) artı olarak yazın; sıfır tutarlı satırı çıkarın.",
        "Write a negative amount as a positive one on the other side; drop rows of zero.",
    ),
    "amount.both_sides": _kind(
        "Satırda hem borç hem alacak tutarı var: {value}.",
        "The row has an amount both under debit and under credit: {value}.",
        "Borç ve alacağı ayrı satırlara yazın; öbür sütunu boş bırakın.",
        "Write debit and credit in rows of their own; leave the other column empty.",
    ),
    "currency.unknown": _kind(
        "Döviz kodu '{value}' bilinmiyor.",
        "The currency '{value}' is not known.",
        "ISO 4217 kodunu yazın: USD, EUR, GBP…",
        "Write its ISO 4217 code: USD, EUR, GBP…",
    ),
    "currency.incomplete": _kind(
        "Döviz tutarı {value} için şunlar eksik: {missing_tr}.",
        "The amount in foreign currency, {value}, lacks: {missing_en}.",
        "Döviz tutarıyla birlikte döviz kodunu, kuru ve kur tarihini de yazın ya da hepsini boş bırakın.",
        "Give its currency, exchange rate and the rate's date along with it, or leave all of them empty.",
    ),
    "currency.rate_unreadable": _kind(
        "Kur '{value}' sıfırdan büyük bir sayı değil.",
        "The exchange rate '{value}' is not a number greater than zero.",
        "Kuru 35.2803 ya da 35,2803 biçiminde, binlik ayracı koymadan yazın.",
        "Write the rate as 35.2803 or 35,2803, without separating thousands.",
    ),
    "currency.rate_unlikely": _kind(
        "{original} {currency} tutarının {value} kuruyla karşılığı {product}; satırın tutarı {amount}.",
        "{original} {currency} at the rate {value} is {product}; the row's amount is {amount}.",
        "Kuru, döviz tutarını ve ondalık işaretini denetleyin.",
        "Check the rate, the amount in foreign currency, and the decimal mark.",
        Severity.WARNING,
    ),
    "side.unknown": _kind(
        "Borç/alacak kodu '{value}' bilinmiyor.",
        "The debit or credit code '{value}' is not known.",
        "Borç için D ya da B, alacak için C ya da A yazın.",
        "Write D (or B, borç) for debit, C (or A, alacak) for credit.",
    ),
    "date.missing": _kind(
        "Tarih boş: {where}.",
        "There is no date: {where}.",
        "Tarihi 31.01.2025 ya da 2025-01-31 biçiminde yazın.",
        "Write it as 2025-01-31 or 31.01.2025.",
    ),
    "date.unreadable": _kind(
        "'{value}' bir tarih değil: {where}.",
        "'{value}' is not a date: {where}.",
        "Tarihi 31.01.2025 ya da 2025-01-31 biçiminde yazın.",
        "Write dates as 2025-01-31 or 31.01.2025.",
    ),
    "date.posting_differs": _kind(
        "Satırın tarihi {value}, fişin tarihi {date}; aynı olmalı.",
        "The row's date is {value}, the voucher's is {date}; they must be the same.",
        "Yevmiye tarihi (postingdate) ile kayıt tarihi (entereddate) aynı gün olmalı.",
        "Posting date (postingdate) and the entry's date (entereddate) must be the same day.",
    ),
    "document.type_unknown": _kind(
        "Belge türü '{value}' bilinmiyor.",
        "The document type '{value}' is not known.",
        "Şunlardan birini yazın: {known}; belge yoksa boş bırakın. Dekont, bordro gibi belgelerin türü 'other' olur, "
        "adları ayrıca yazılır.",
        "Write one of {known}; leave it empty where there is no document. A dekont, a bordro and the like are of the "
        "type 'other', and its name is written besides.",
    ),
    "document.type_missing": _kind(
        "Belge numarası ya da tarihi ('{value}') var ama belge türü yok.",
        "There is a document's number or date, '{value}', but no document type.",
        "Belge türünü (documenttype) yazın; belge yoksa numarayı ve tarihi de boş bırakın.",
        "Write the document type (documenttype); where there is no document, leave number and date empty too.",
    ),
    "document.description_missing": _kind(
        "Belge türü 'other' (diğer) ama belgenin adı yazılmamış.",
        "The document type is 'other', but the document's description is empty.",
        "Belgenin adını (documenttypedesc) yazın: dekont, Z raporu, gider pusulası…",
        "Write the document's name (documenttypedesc): dekont, Z raporu, gider pusulası…",
    ),
    "document.description_is_act": _kind(
        "Belge adı '{value}' bir belgeyi değil, bir işlemi anlatıyor.",
        "The description '{value}' names an act, not a document.",
        "Belgenin adını yazın: dekont, makbuz, bordro…",
        "Write the document's name: dekont, makbuz, bordro…",
        Severity.WARNING,
    ),
    "document.number_missing": _kind(
        "Belgenin numarası yok; '{type}' türünde zorunludur.",
        "The document has no number; the type '{type}' needs one.",
        "Belge numarasını (documentnumber) yazın.",
        "Write the document number (documentnumber).",
    ),
    "document.date_missing": _kind(
        "Belgenin tarihi yok; '{type}' türünde zorunludur.",
        "The document has no date; the type '{type}' needs one.",
        "Belge tarihini (documentdate) yazın.",
        "Write the document date (documentdate).",
    ),
    "document.number_zero": _kind(
        "Belge numarası '{value}' yalnızca sıfırdan oluşuyor; '{type}' türünde belgenin kendi numarası gerekir.",
        "The document number '{value}' is nothing but zeros; the type '{type}' needs the document's own number.",
        "Belgenin kendi numarasını yazın.",
        "Write the document's own number.",
        Severity.WARNING,
    ),
    "document.date_unlikely": _kind(
        "Belge tarihi {value}, {date} tarihli fiş için olağan değil.",
        "The document's date {value} is unusual for a voucher of {date}.",
        "Belge tarihini denetleyin: fatura fişinden sonraki bir tarihi taşımaz, on yıldan eski belge kaydedilmez.",
        "Check it: an invoice is not of a later day than its voucher, nor is a document older than ten years booked.",
        Severity.WARNING,
    ),
    "document.repeated": _kind(
        "'{value}' numaralı belge aynı hesap ve tutarla ({amount}) başka bir fişte de var: '{voucher}' ({file}, satır "
        "{line}).",
        "The document '{value}' stands with the same account and amount ({amount}) in another voucher too: '{voucher}' "
        "({file}, line {line}).",
        "Belgenin iki kez kaydedilmediğini denetleyin.",
        "Check that the document was not booked twice.",
        Severity.WARNING,
    ),
    "document.reference_differs": _kind(
        "Belge referansı '{value}' fiş numarasından ('{voucher}') farklı.",
        "The document reference '{value}' is not the voucher number '{voucher}'.",
        "Belge referansına (documentreference) fiş numarasını yazın ya da boş bırakın.",
        "Write the voucher number as document reference (documentreference), or leave it empty.",
    ),
    "division.mismatch": _kind(
        "Satır '{value}' numaralı şubeye ait; dosya {branch} içindir (0000 = merkez).",
        "The row belongs to the branch '{value}'; the file is for {branch} (0000 = the head office).",
        "Her şubenin kayıtlarını kendi dosyasında gönderin; dosya adındaki şubeyi de denetleyin.",
        "Send each branch's records in a file of its own; also check the branch in the file's name.",
    ),
    "division.unknown": _kind(
        "'{value}' numaralı şube mükellef bilgilerinde yok: programın kendi numarası sayıldı, dikkate alınmadı.",
        "The tenant has no branch '{value}': it was taken for the program's own number, and ignored.",
        "Bu bir şubeyse mükellef bilgilerine ekleyin ve kayıtlarını kendi dosyasında gönderin.",
        "If it is a branch, add it to the tenant's data and send its records in a file of its own.",
        Severity.WARNING,
    ),
    "entered_by.too_short": _kind(
        "Fişi kaydeden '{value}' en az iki karakterle yazılmalı.",
        "Who entered the voucher, '{value}', must be at least two characters.",
        "Kaydedenin adını (enteredby) yazın.",
        "Write the person's name (enteredby).",
    ),
    "entry.voucher_missing": _kind(
        "Fiş numarası boş.",
        "The voucher number is empty.",
        "Fiş numarasını (entrynumber) yazın.",
        "Write the voucher number (entrynumber).",
    ),
    "entry.several_vouchers": _kind(
        "Aynı maddede birden çok fiş numarası var: '{first}' ve '{value}'.",
        "One entry has several voucher numbers: '{first}' and '{value}'.",
        "Bir maddenin bütün satırları aynı fişe ait olmalı.",
        "All rows of an entry must belong to one voucher.",
    ),
    "entry.several_dates": _kind(
        "Aynı fişin satırlarında ayrı tarihler var: {first} ve {value}.",
        "The rows of one voucher have several dates: {first} and {value}.",
        "Fişin bütün satırları aynı günü göstermeli; ayrı günlerin kayıtlarını ayrı fişlere bölün.",
        "All rows of a voucher must have one date; split records of several days into vouchers of their own.",
    ),
    "entry.several_numbers": _kind(
        "Aynı fişte birden çok yevmiye madde numarası var: {first} ve {value}.",
        "One voucher has several entry numbers: {first} and {value}.",
        "Fişin bütün satırlarında aynı madde numarası olmalı; ya da bütün dosyada madde numaralarını boş bırakın.",
        "All rows of a voucher must have one entry number; or leave entry numbers empty throughout the file.",
    ),
    "entry.date_outside_period": _kind(
        "Fiş tarihi {value} dönemin ({start} – {end}) dışında.",
        "The voucher's date {value} is outside the period {start} to {end}.",
        "Dönem dışındaki fişi çıkarın; fişlerin çoğu başka bir aydansa dosya adındaki dönemi düzeltin.",
        "Take it out; if most vouchers are of another month, correct the period in the file's name.",
    ),
    "entry.too_few_lines": _kind(
        "Fişte {value} satır var; en az iki olmalı.",
        "The voucher has {value} line; it needs at least two.",
        "Eksik satırları ekleyin: her fişte borç ve alacak bulunur.",
        "Add the lines that are missing: each voucher has a debit and a credit.",
    ),
    "entry.unbalanced": _kind(
        "Borç {debit} ile alacak {credit} eşit değil; fark {value}.",
        "Debit {debit} and credit {credit} are not equal; the difference is {value}.",
        "Fişi kaynak programda denkleştirin ve yeniden gönderin.",
        "Balance the voucher in the source program and send it again.",
    ),
    "entry.order": _kind(
        "Fiş tarihi {value}, bir önceki maddenin tarihinden ({previous}) önce.",
        "The voucher's date {value} is before the previous entry's, {previous}.",
        "Yevmiye maddelerini tarih sırasıyla numaralandırın ya da numaraları boş bırakın: burada verilir.",
        "Number entries in the order of their dates; or leave entry numbers empty, and they are given here.",
    ),
    "entry.number_repeated": _kind(
        "Yevmiye madde numarası {value} birden çok fişte geçiyor.",
        "The entry number {value} is used by more than one voucher.",
        "Her fişin kendi madde numarası olmalı; ya da madde numaralarını boş bırakın.",
        "Each voucher must have an entry number of its own; or leave entry numbers empty.",
    ),
    "counter.gap": _kind(
        "Yevmiye madde numaraları {previous} numarasından {value} numarasına atlıyor; aradakiler eksik.",
        "Entry numbers jump from {previous} to {value}; those between are missing.",
        "Eksik fişleri ekleyin, maddeleri yeniden numaralandırın ya da madde numaralarını boş bırakın.",
        "Add the missing vouchers, number the entries anew, or leave entry numbers empty.",
    ),
    "counter.missing": _kind(
        "Bu fişin yevmiye madde numarası boş; öbür fişlerinki dolu.",
        "This voucher has no entry number, while others have.",
        "Madde numaralarını ya her fişte yazın ya da hiçbirinde.",
        "Write entry numbers in all vouchers or in none.",
    ),
    "counter.unreadable": _kind(
        "'{value}' bir sayı değil: {where}.",
        "'{value}' is not a number: {where}.",
        "Yalnızca rakam yazın.",
        "Write digits only.",
    ),
    "counter.start": _kind(
        "Dosyadaki ilk madde numarası {value}; yıl içindeki sıraya göre {expected} olarak yazıldı.",
        "The file's first entry number is {value}; in the year's sequence it is written as {expected}.",
        "Önceki ayların eksiksiz gönderildiğini denetleyin.",
        "Check that the months before were sent completely.",
        Severity.WARNING,
    ),
    "counter.used_up": _kind(
        "Bu ayın parçaları için numara kalmadı: mali yılın YEV ve KEB numaraları {last} ile biter.",
        "No numbers are left for this month's parts: YEV and KEB numbers of a fiscal year end with {last}.",
        "Mükellef bilgilerindeki devir numaralarını (openings) denetleyin; parça sınırını yükseltin.",
        "Check the opening numbers (openings) in the tenant's data; raise the limit of a part.",
    ),
    "part.entry_too_large": _kind(
        "Bu madde tek başına {limit} baytlık parça sınırını aşıyor; bir madde bölünemez.",
        "This entry alone is larger than the {limit} bytes of a part; an entry is never cut.",
        "Fişi kaynak programda birden çok fişe bölün ya da parça sınırını yükseltin (en çok 200 MB).",
        "Split the voucher into several in the source program, or raise the limit of a part (at most 200 MB).",
    ),
    "vat.output_too_high": _kind(
        "391 hesabına {value} KDV yazılmış; gelir ve satışların toplamı {base}. En yüksek oranla (%{rate}) "
        "{most} olabilirdi.",
        "{value} of VAT is booked on 391; income and sales come to {base}. At the highest rate ({rate}%) it would "
        "be {most}.",
        "KDV ve matrah satırlarının hesaplarını ve tutarlarını denetleyin.",
        "Check accounts and amounts of the lines of VAT and of what it is charged on.",
        Severity.WARNING,
    ),
    "vat.output_missing": _kind(
        "600 hesabına {value} satış yazılmış ama 391 hesabında hiç KDV yok.",
        "{value} of sales are booked on 600, but no VAT at all on 391.",
        "Satışların hepsi KDV'den istisna değilse KDV satırlarını denetleyin.",
        "Unless all sales are exempt, check the lines of VAT.",
        Severity.WARNING,
    ),
    "vat.input_too_high": _kind(
        "191 hesabına {value} KDV yazılmış; alış ve giderlerin toplamı {base}. En yüksek oranla (%{rate}) "
        "{most} olabilirdi.",
        "{value} of VAT is booked on 191; purchases and expenses come to {base}. At the highest rate ({rate}%) it "
        "would be {most}.",
        "KDV ve matrah satırlarının hesaplarını ve tutarlarını denetleyin.",
        "Check accounts and amounts of the lines of VAT and of what it is charged on.",
        Severity.WARNING,
    ),
}
"""By key."""
