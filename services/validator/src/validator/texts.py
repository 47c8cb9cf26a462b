"""What users read of a rule that is broken: what is wrong, and how to mend it, in Turkish and English.

`{value}` is what was found, `{element}` the element, `{label}` its name in plain words; `{start}`, `{end}`,
`{identifier}`, `{header_counter}`, `{header_date}` and `{header_voucher}` come from the document.
"""

from dataclasses import dataclass
from typing import Final

from defterhane.texts import Text


@dataclass(frozen=True, slots=True)
class Said:
    """One message and its cure."""

    message: Text
    cure: Text

    def fill(self, values: dict[str, str]) -> Text:
        """The message with its `{names}` filled in, beginning with a capital letter."""
        filled = self.message.format(**values)
        tr = "İ" + filled.tr[1:] if filled.tr.startswith("i") else filled.tr[:1].upper() + filled.tr[1:]
        return Text(tr=tr, en=filled.en[:1].upper() + filled.en[1:])


def say(tr: str, en: str, cure: Text) -> Said:
    """A message in both languages, with its cure."""
    return Said(Text(tr=tr, en=en), cure)


COMPANY: Final = Text(
    tr="Firma bilgilerini tamamlayıp ayı yeniden dönüştürün.",
    en="Complete the company's data, and convert the month again.",
)
ERP: Final = Text(
    tr="Kaydı ERP'de düzeltip ayı yeniden gönderin.",
    en="Correct the entry in the ERP, and send the month again.",
)
NUMBERS: Final = Text(
    tr="Numaraları ERP'de sıraya koyup ayı yeniden gönderin ya da numaraların yeniden verilmesini seçin.",
    en="Put the numbers in order in the ERP and send the month again, or have the numbers given anew.",
)
MAKER: Final = Text(
    tr="Belgeyi hazırlayan yazılımda düzeltip belgeyi yeniden oluşturun.",
    en="Mend it in the program that made the document, and make the document again.",
)
SIGN: Final = Text(tr="Belgeyi yeniden imzalayın.", en="Sign the document again.")
RENAME: Final = Text(
    tr="Dosya adını ya da yanlış olan bilgiyi düzeltin.", en="Correct the file's name, or what is wrong."
)

MISSING: Final = Text(tr="{label} ({element}) eksik.", en="{label} ({element}) is missing.")
BLANK: Final = Text(tr="{label} ({element}) eksik veya boş.", en="{label} ({element}) is missing or blank.")
UNDECIDABLE: Final = Said(
    Text(
        tr="{label} ({element}) denetlenemiyor: birden çok kez bulunuyor ya da gereken yerde sayı değil.",
        en="{label} ({element}) cannot be checked: it stands there several times, or is no number where one is due.",
    ),
    MAKER,
)
"""The authority's test stops with an error here, and so refuses the document."""

# The document as a whole
ROOT = say("Belge {value} kök elemanıyla başlamalı.", "The document must begin with the root element {value}.", MAKER)
DECIMALS = say(
    "'decimals' niteliği INF olmalı, '{value}' bulundu.", "The attribute 'decimals' must be INF, not '{value}'.", MAKER
)
REFERENCE = say(
    "contextRef veya unitRef, belgede bulunmayan '{value}' tanımını gösteriyor.",
    "A contextRef or unitRef names '{value}', which the document does not define.",
    MAKER,
)
ID_TWICE = say("'{value}' kimliği iki kez verilmiş.", "The id '{value}' is given twice.", MAKER)
CONTROL_CHARACTER = say(
    "{label} ({element}) metninde bir denetim karakteri var.",
    "The text of {label} ({element}) holds a control character.",
    ERP,
)
TAX_ID_DIGITS = say(
    "VKN/TCKN '{value}' geçersiz: denetim basamakları tutmuyor.",
    "The tax number '{value}' is not valid: its check digits do not fit.",
    COMPANY,
)
NUMBER_OF_ENTRIES_FORBIDDEN = say(
    "Yevmiye maddesi sayısı (gl-bus:numberOfEntries) yalnızca yevmiye beratında bulunur.",
    "The number of entries (gl-bus:numberOfEntries) belongs in a journal's berat alone.",
    MAKER,
)
SEGMENT_ID_FORBIDDEN = say(
    "Bağlamdaki gl-cor:uniqueID yalnızca beratlarda bulunur.",
    "A gl-cor:uniqueID in the context belongs in berats alone.",
    MAKER,
)
SEGMENT_ID_UUID = say(
    "Bağlamdaki gl-cor:uniqueID ('{value}') bir UUID olmalı.",
    "The gl-cor:uniqueID in the context ('{value}') must be a UUID.",
    MAKER,
)
ONE_CONTEXT = say("Belgede tam bir xbrli:context olmalı.", "The document must have exactly one xbrli:context.", MAKER)
ONE_ACCOUNTING_ENTRIES = say(
    "Belgede tam bir gl-cor:accountingEntries olmalı.",
    "The document must have exactly one gl-cor:accountingEntries.",
    MAKER,
)
CURRENCY_MEASURE_MISSING = say(
    "Birimler arasında en az bir para birimi (iso4217:…) olmalı.",
    "At least one of the units must be a currency (iso4217:…).",
    MAKER,
)
IDENTIFIER = say(
    "xbrli:identifier ('{value}') 10 haneli VKN veya 11 haneli TCKN olmalı.",
    "xbrli:identifier ('{value}') must be a VKN of 10 or a TCKN of 11 digits.",
    COMPANY,
)
CURRENCY_UNKNOWN = say(
    "'{value}' bilinen bir para birimi (ISO 4217) değil.", "'{value}' is not a currency of ISO 4217.", MAKER
)
ONE_CURRENCY = say(
    "Kimliği bir para birimi kodu olan en çok bir birim (xbrli:unit) olabilir.",
    "At most one unit (xbrli:unit) may have a currency's code as its id.",
    MAKER,
)
CURRENCY_AND_ID = say(
    "Birimin ölçüsü '{value}', kimliğindeki para birimiyle aynı olmalı.",
    "The unit's measure '{value}' must be the currency that its id names.",
    MAKER,
)
CURRENCY_AND_DEFAULT = say(
    "Defterin para birimi (gl-muc:defaultCurrency) '{value}' ölçüsüyle aynı olmalı.",
    "The currency of the books (gl-muc:defaultCurrency) must be the unit's measure '{value}'.",
    MAKER,
)

# documentInfo
ENTRIES_TYPE = say(
    "Defter türü '{value}' bu belgenin türü değil.", "The kind '{value}' is not that of this document.", MAKER
)
UNIQUE_ID_PREFIX = say(
    "Tekil numara '{value}' yanlış ön ekle başlıyor (yevmiye YEV, kebir KEB, rapor EDR).",
    "The unique number '{value}' begins with the wrong prefix (journal YEV, ledger KEB, report EDR).",
    MAKER,
)
UNIQUE_ID_LENGTH = say(
    "Tekil numara '{value}' 15 karakter olmalı.", "The unique number '{value}' must have 15 characters.", MAKER
)
UNIQUE_ID_MONTH = say(
    "Tekil numaradaki dönem ('{value}') dönem başıyla ({start}) aynı olmalı.",
    "The month in the unique number ('{value}') must be that of the period's start ({start}).",
    MAKER,
)
PERIOD_ORDER = say(
    "Dönem sonu ({end}) dönem başından ({start}) önce olamaz.",
    "The period's end ({end}) must not be before its start ({start}).",
    MAKER,
)
CREATED_BEFORE_END = say(
    "Oluşturma tarihi ({value}) dönem sonundan ({end}) önce olamaz.",
    "The date of creation ({value}) must not be before the period's end ({end}).",
    MAKER,
)
PERIOD_YEAR = say(
    "Dönem başı ({start}) ile sonu ({end}) aynı yılda olmalı.",
    "The period's start ({start}) and end ({end}) must lie in one year.",
    MAKER,
)
PERIOD_MONTH = say(
    "Dönem başı ({start}) ile sonu ({end}) aynı ayda olmalı.",
    "The period's start ({start}) and end ({end}) must lie in one month.",
    MAKER,
)

# entityInformation
ONE_TITLE = say(
    "VKN'li firmada tam bir 'Kurum Unvanı' olmalı.", "A firm with a VKN must have exactly one 'Kurum Unvanı'.", COMPANY
)
ONE_FULL_NAME = say(
    "TCKN'li mükellefte tam bir 'Adı Soyadı' olmalı.",
    "A person with a TCKN must have exactly one 'Adı Soyadı'.",
    COMPANY,
)
TITLE_OR_NAME = say(
    "'Kurum Unvanı' veya 'Adı Soyadı': ikisinden yalnızca biri, bir kez bulunmalı.",
    "Either 'Kurum Unvanı' or 'Adı Soyadı' must stand there, and once.",
    COMPANY,
)
TITLE_SHORT = say("Kurum unvanı en az iki karakter olmalı.", "The title must have at least two characters.", COMPANY)
NAME_SHORT = say("Ad soyad en az iki karakter olmalı.", "The full name must have at least two characters.", COMPANY)
BRANCH_TOGETHER = say(
    "Şube numarası ile şube adı birlikte bulunmalı.", "A branch's number and name must stand together.", COMPANY
)
BRANCH_ONCE = say(
    "Şube numarası ve şube adı birden çok olamaz.", "A branch's number and name may stand there once only.", COMPANY
)
BRANCH_NUMBER = say("Şube numarası 4 haneli olmalı.", "A branch's number must have 4 digits.", COMPANY)
BRANCH_NAME_SHORT = say(
    "Şube adı en az iki karakter olmalı.", "A branch's name must have at least two characters.", COMPANY
)
FISCAL_YEAR_ORDER = say(
    "Hesap döneminin sonu ('{value}') başından sonra olmalı.",
    "The fiscal year's end ('{value}') must be after its start.",
    COMPANY,
)

# Signature
SIGNATURE_REFERENCE = say(
    'İmza belgenin bütününe (URI="") tam bir kez gönderme yapmalı.',
    'The signature must refer to the whole document (URI="") exactly once.',
    SIGN,
)
SIGNATURE_SHA1 = say("İmza SHA-1 ile atılmış; kabul edilmez.", "The signature uses SHA-1, which is refused.", SIGN)
SIGNATURE_VALUE_ID = say(
    "İmza değerinin (ds:SignatureValue) Id niteliği olmalı.", "ds:SignatureValue must have an Id.", SIGN
)

# The file's name
NAME_TAX_ID = say(
    "Dosya adındaki VKN/TCKN, belgedekinden ({identifier}) farklı.",
    "The tax number in the file's name is not that in the document ({identifier}).",
    RENAME,
)
NAME_MONTH = say(
    "Dosya adındaki dönem, dönem başıyla ({start}) aynı değil.",
    "The month in the file's name is not that of the period's start ({start}).",
    RENAME,
)
WHOLE_MONTH_EMPTY = say(
    "Bütün ayı kapsayan defterde en az bir kayıt olmalı.",
    "A journal of a whole month must hold at least one entry.",
    ERP,
)
NAME_KIND = say(
    "Dosya adındaki tür ({expected}) belgenin türü ({value}) değil.",
    "The kind in the file's name ({expected}) is not the document's ({value}).",
    RENAME,
)
NAME_BRANCH = say(
    "Dosya adındaki şube ({expected}) belgedeki şube ({value}) değil.",
    "The branch in the file's name ({expected}) is not that in the document ({value}).",
    RENAME,
)
NAME_UNKNOWN = say(
    "Dosya adı ('{value}') e-Defter adı gibi değil; ada bağlı kurallar denenmedi.",
    "The file's name ('{value}') is not like an e-Defter name; rules on names were not tried.",
    RENAME,
)
KIND_UNKNOWN = say(
    "Belge yevmiye, kebir, berat veya defter raporu değil (kök eleman {value}).",
    "The document is no journal, ledger, berat or report (root element {value}).",
    MAKER,
)
