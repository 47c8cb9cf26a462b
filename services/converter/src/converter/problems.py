"""Every kind of problem in rows and entries: its key, severity, text and cure. Keys are never renamed."""

from dataclasses import dataclass
from typing import Final

from defterhane.errors import FixInput
from defterhane.findings import Finding, Severity
from defterhane.texts import Text

_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem; `{names}` in its texts are filled per case."""

    text: Text
    cure: Text
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is: file, its line (1 = the first, the header counts), and what an accountant knows it by."""

    file: str
    line: int | None = None
    entry: str | None = None
    voucher: str | None = None
    account: str | None = None


def problem(key: str, place: Place, value: str | None = None, where: str | None = None, **values: object) -> Finding:
    """One finding of a known kind. `value` is what was found, `where` the column."""
    kind = KINDS[key]
    shown = value[:_SHOWN] if value is not None else None
    return Finding(
        rule=key,
        severity=kind.severity,
        message=kind.text.format(value=shown, where=where, **values),
        cure=kind.cure.format(**values),
        file=place.file,
        line=place.line,
        entry=place.entry or None,
        voucher=place.voucher or None,
        account=place.account or None,
        value=shown,
        where=where,
    )


def of_error(error: FixInput, file: str) -> Finding:
    """A whole file's error as a finding; `file` is what it is about where the error does not say."""
    told = error.problem
    line = error.values.get("line")
    return Finding(
        rule=told.key,
        message=told.text,
        cure=told.cure,
        file=str(error.values.get("file", file)),
        line=line if isinstance(line, int) else None,
    )


def _kind(tr: str, en: str, cure_tr: str, cure_en: str, severity: Severity = Severity.ERROR) -> Kind:
    return Kind(Text(tr=tr, en=en), Text(tr=cure_tr, en=cure_en), severity)


KINDS: Final[dict[str, Kind]] = {
    "row.columns": _kind(
        "Satırda {found} sütun var, {expected} olmalı.",
        "The row has {found} columns; it should have {expected}.",
        "Metinlerdeki ayraçları tırnak içine alın; satırın ortadan bölünmediğini denetleyin.",
        "Put separators inside texts between quotes; check that the row is not broken in two.",
    ),
    "row.unreadable": _kind(
        "Satır okunamadı.",
        "The row cannot be read.",
        "Tırnakları denetleyin: açılan her tırnak kapanmalı.",
        "Check the quotes: each one that opens must close.",
    ),
    "text.cleaned": _kind(
        "{where} alanından belgede bulunamayacak karakterler çıkarıldı.",
        "Characters that no document may hold were taken out of {where}.",
        "Kaynak programda metni düzeltin (denetim karakterleri, HTML, bozuk harfler).",
        "Correct the text in the source program (control characters, HTML, broken letters).",
        Severity.WARNING,
    ),
    "value.damaged": _kind(
        "{where} alanındaki '{value}' bir tablolama programında bozulmuş.",
        "'{value}' in {where} was damaged by a spreadsheet program.",
        "Dosyayı tablolama programında açıp kaydetmeden, kaynak programdan yeniden alın.",
        "Export it anew from the source program, without opening and saving it in a spreadsheet.",
    ),
    "file.ignored": _kind(
        "{value} okunmadı: yalnızca .csv ve .txt dosyaları dönüştürülür.",
        "{value} was not read: only .csv and .txt files are converted.",
        "Bu dosya defter kaydı içeriyorsa CSV olarak gönderin.",
        "If this file holds records of the books, send it as CSV.",
        Severity.WARNING,
    ),
    "entry.reference_missing": _kind(
        "Satırın hangi maddeye ait olduğu belli değil (entryref boş).",
        "It is not known which entry the row belongs to (entryref is empty).",
        "entryref sütununu her satırda doldurun.",
        "Fill the column entryref in every row.",
    ),
    "account.main_missing": _kind(
        "Ana hesap kodu boş.",
        "The main account is empty.",
        "accmainid sütununu doldurun.",
        "Fill the column accmainid.",
    ),
    "account.main_malformed": _kind(
        "Ana hesap kodu '{value}' 3 ya da 4 rakam olmalı.",
        "The main account '{value}' must be 3 or 4 digits.",
        "Hesap planındaki ana hesabı yazın; alt hesap accsubid sütununa gider.",
        "Write the main account of the chart of accounts; the sub-account goes to accsubid.",
    ),
    "account.main_description_missing": _kind(
        "{value} hesabının adı boş.",
        "The account {value} has no name.",
        "accmainiddesc sütununu doldurun.",
        "Fill the column accmainiddesc.",
    ),
    "account.sub_missing": _kind(
        "Alt hesap adı '{value}' var ama kodu yok.",
        "There is a sub-account's name, '{value}', but no code.",
        "accsubid sütununu doldurun ya da adı da boş bırakın.",
        "Fill the column accsubid, or leave the name empty too.",
    ),
    "account.sub_description_missing": _kind(
        "{value} alt hesabının adı boş.",
        "The sub-account {value} has no name.",
        "accsubdesc sütununu doldurun.",
        "Fill the column accsubdesc.",
    ),
    "account.sub_not_under_main": _kind(
        "{value} alt hesabı {main} ana hesabının altında değil.",
        "The sub-account {value} is not under the main account {main}.",
        "Alt hesap kodu ana hesap koduyla başlamalı.",
        "A sub-account's code must begin with its main account's.",
    ),
    "account.sub_under_two_mains": _kind(
        "{value} alt hesabı iki ana hesabın altında kullanılmış: {mains}.",
        "The sub-account {value} is used under two main accounts: {mains}.",
        "Her alt hesap tek bir ana hesaba bağlı olmalı.",
        "Each sub-account must belong to one main account.",
    ),
    "amount.missing": _kind(
        "Tutar boş.", "The amount is empty.", "Tutarı yazın ya da satırı çıkarın.", "Write it, or drop the row."
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
    "side.unknown": _kind(
        "Borç/alacak kodu '{value}' bilinmiyor.",
        "The debit or credit code '{value}' is not known.",
        "D ya da C (B ya da A) yazın.",
        "Write D or C (B or A in Turkish).",
    ),
    "date.missing": _kind(
        "{where} boş.", "{where} is empty.", "Tarihi yazın: 2025-01-31.", "Write the date: 2025-01-31."
    ),
    "date.unreadable": _kind(
        "{where} '{value}' bir tarih değil.",
        "{where} '{value}' is not a date.",
        "Tarihi 2025-01-31 ya da 31.01.2025 biçiminde yazın.",
        "Write dates as 2025-01-31 or 31.01.2025.",
    ),
    "date.posting_differs": _kind(
        "Satırın tarihi {value}, maddenin tarihi {date}; aynı olmalı.",
        "The row's date is {value}, the entry's is {date}; they must be the same.",
        "postingdate ve entereddate aynı günü göstermeli.",
        "postingdate and entereddate must be the same day.",
    ),
    "document.type_unknown": _kind(
        "Belge türü '{value}' bilinmiyor.",
        "The document type '{value}' is not known.",
        "Şunlardan birini yazın: {known}; belge yoksa boş bırakın.",
        "Write one of {known}; leave it empty where there is no document.",
    ),
    "document.type_missing": _kind(
        "Belge numarası ya da tarihi ('{value}') var ama belge türü yok.",
        "There is a document's number or date, '{value}', but no document type.",
        "documenttype sütununu doldurun ya da numara ve tarihi de boş bırakın.",
        "Fill the column documenttype, or leave number and date empty too.",
    ),
    "document.description_missing": _kind(
        "Belge türü 'other' ise belgenin adı da yazılmalı.",
        "A document of the type 'other' needs a description.",
        "documenttypedesc sütununa belgenin adını yazın (dekont, Z raporu, gider pusulası…).",
        "Write the document's name into documenttypedesc (dekont, Z raporu, gider pusulası…).",
    ),
    "document.description_is_act": _kind(
        "Belge adı '{value}' bir belge değil, bir işlem.",
        "The description '{value}' names an act, not a document.",
        "Belgenin adını yazın: dekont, makbuz, bordro…",
        "Write the document's name: dekont, makbuz, bordro…",
        Severity.WARNING,
    ),
    "document.number_missing": _kind(
        "'{type}' türündeki belgenin numarası yok.",
        "A document of the type '{type}' needs its number.",
        "documentnumber sütununu doldurun.",
        "Fill the column documentnumber.",
    ),
    "document.date_missing": _kind(
        "'{type}' türündeki belgenin tarihi yok.",
        "A document of the type '{type}' needs its date.",
        "documentdate sütununu doldurun.",
        "Fill the column documentdate.",
    ),
    "document.reference_differs": _kind(
        "Belge referansı '{value}' fiş numarasından ('{voucher}') farklı.",
        "The document reference '{value}' is not the voucher number '{voucher}'.",
        "documentreference sütununa fiş numarasını yazın ya da boş bırakın.",
        "Write the voucher number into documentreference, or leave it empty.",
    ),
    "division.mismatch": _kind(
        "Satır '{value}' şubesine ait; dosya {branch} içindir.",
        "The row belongs to the division '{value}'; the file is for {branch}.",
        "Her şubenin kayıtlarını kendi dosyasında gönderin.",
        "Send each branch's records in a file of its own.",
    ),
    "entered_by.too_short": _kind(
        "Kaydeden '{value}' en az iki karakter olmalı.",
        "Who entered it, '{value}', must be at least two characters.",
        "enteredby sütununa kaydedenin adını yazın.",
        "Write the person's name into the column enteredby.",
    ),
    "entry.voucher_missing": _kind(
        "Fiş numarası boş.",
        "The voucher number is empty.",
        "entrynumber sütununu doldurun.",
        "Fill the column entrynumber.",
    ),
    "entry.several_vouchers": _kind(
        "Aynı maddede ayrı fiş numaraları var: '{first}' ve '{value}'.",
        "One entry has several voucher numbers: '{first}' and '{value}'.",
        "Bir maddenin bütün satırları aynı fişe ait olmalı.",
        "All rows of an entry must belong to one voucher.",
    ),
    "entry.several_dates": _kind(
        "Aynı maddede ayrı tarihler var: {first} ve {value}.",
        "One entry has several dates: {first} and {value}.",
        "Bir maddenin bütün satırları aynı günü göstermeli.",
        "All rows of an entry must have one date.",
    ),
    "entry.several_numbers": _kind(
        "Aynı maddede ayrı yevmiye madde numaraları var: {first} ve {value}.",
        "One entry has several entry numbers: {first} and {value}.",
        "Bir maddenin bütün satırlarında aynı madde numarası olmalı.",
        "All rows of an entry must have one entry number.",
    ),
    "entry.date_outside_period": _kind(
        "Madde tarihi {value} dönemin ({start} – {end}) dışında.",
        "The entry's date {value} is outside the period {start} to {end}.",
        "Dönem dışındaki kaydı çıkarın; dosya adındaki dönemi de denetleyin.",
        "Take it out; also check the period in the file's name.",
    ),
    "entry.too_few_lines": _kind(
        "Maddede {value} satır var; en az iki olmalı.",
        "The entry has {value} line; it needs at least two.",
        "Eksik satırları ekleyin.",
        "Add the lines that are missing.",
    ),
    "entry.unbalanced": _kind(
        "Borç {debit} ile alacak {credit} eşit değil; fark {value}.",
        "Debit {debit} and credit {credit} are not equal; the difference is {value}.",
        "Fişi kaynak programda denkleştirin ve yeniden gönderin.",
        "Balance the voucher in the source program and send it again.",
    ),
    "entry.order": _kind(
        "Madde tarihi {value}, önceki maddenin tarihinden ({previous}) önce.",
        "The entry's date {value} is before the previous entry's, {previous}.",
        "Yevmiye maddeleri tarih sırasıyla numaralanmalı; ya da madde numaralarını boş bırakın.",
        "Entries must be numbered in date order; or leave entry numbers empty.",
    ),
    "entry.number_repeated": _kind(
        "Yevmiye madde numarası {value} birden çok maddede geçiyor.",
        "The entry number {value} is used by more than one entry.",
        "Her maddenin numarası bir kez kullanılmalı.",
        "Each entry must have a number of its own.",
    ),
    "counter.gap": _kind(
        "Yevmiye madde numaraları {previous} sonrasında {value} ile sürüyor; arada eksik var.",
        "Entry numbers jump from {previous} to {value}; some are missing.",
        "Eksik maddeleri ekleyin ya da numaraları yeniden verin.",
        "Add the missing entries, or number them anew.",
    ),
    "counter.missing": _kind(
        "Bu maddenin numarası boş; başka maddelerinki dolu.",
        "This entry has no number, while others have.",
        "Numaraları ya her maddede yazın ya da hiçbirinde.",
        "Write numbers in all entries or in none.",
    ),
    "counter.unreadable": _kind(
        "{where} '{value}' bir sayı değil.",
        "{where} '{value}' is not a number.",
        "Yalnızca rakam yazın.",
        "Write digits only.",
    ),
    "counter.start": _kind(
        "Dosyadaki ilk madde numarası {value}; yıl içindeki sıraya göre {expected} olarak yazıldı.",
        "The file's first entry number is {value}; in the year's sequence it is written as {expected}.",
        "Önceki ayın eksiksiz gönderildiğini denetleyin.",
        "Check that the month before was sent completely.",
        Severity.WARNING,
    ),
    "part.too_large": _kind(
        "Defter {limit} baytlık sınırı aşıyor.",
        "The ledger is larger than {limit} bytes.",
        "Ayın kayıtları tek dosyaya sığmıyor; parçalara bölünmesi gerekir.",
        "The month's records do not fit into one file; it has to be cut in parts.",
    ),
}
"""By key."""
