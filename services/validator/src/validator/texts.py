"""What users read of a rule that is broken: what is wrong, and how to mend it, in Turkish and English.

`{value}` is what was found, `{expected}` what it was held against, `{element}` the element, `{label}` its name in plain
words; `{start}`, `{end}`, `{header_counter}`, `{header_date}` and `{header_voucher}` come from the document. How they
are written stands in `validator.shown`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from defterhane.texts import Language, Text
from validator.shown import Shown

Value: TypeAlias = str | Text
"""What may be filled in: a text of the document, or words of ours."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message and its cure."""

    message: Text
    cure: Text

    def fill(self, values: Mapping[str, Value]) -> Text:
        """The message with its `{names}` filled in; a label at its beginning gets a capital letter."""
        return Text(tr=self._in("tr", values), en=self._in("en", values))

    def _in(self, language: Language, values: Mapping[str, Value]) -> str:
        told = {
            name: Shown(value.to(language) if isinstance(value, Text) else value, language)
            for name, value in values.items()
        }
        text = self.message.to(language)
        filled = text.format_map(told)
        if not text.startswith("{label}"):
            return filled
        first = "İ" if language == "tr" and filled.startswith("i") else filled[:1].upper()
        return first + filled[1:]


def say(tr: str, en: str, cure: Text) -> Said:
    """A message in both languages, with its cure."""
    return Said(Text(tr=tr, en=en), cure)


COMPANY: Final = Text(
    tr="Firma kaydındaki bilgiyi tamamlayıp ya da düzeltip ayı yeniden dönüştürün.",
    en="Complete or correct the company's data, and convert the month again.",
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
    tr="Ayı yeniden dönüştürün; yine çıkarsa desteğe bildirin. Belgeyi başka bir yazılım hazırladıysa orada düzeltin.",
    en="Convert the month again; if it comes back, tell support. Where another program made the document, mend it "
    "there.",
)
SIGN: Final = Text(
    tr="Belgeyi geçerli bir mali mühürle yeniden imzalayın.", en="Sign the document again with a valid fiscal seal."
)
SIGN_LEDGER: Final = Text(
    tr="Defterin imzalandığını denetleyip beratı imzalı defterden yeniden oluşturun.",
    en="Check that the ledger is signed, and make the berat again from the signed ledger.",
)
RENAME: Final = Text(
    tr="Dosyaya doğru adını verin ya da belgedeki yanlış bilgiyi düzeltin.",
    en="Give the file its right name, or correct what is wrong in the document.",
)

MISSING: Final = Text(tr="{label} ({element}) eksik.", en="{label} ({element}) is missing.")
BLANK: Final = Text(tr="{label} ({element}) eksik veya boş.", en="{label} ({element}) is missing or blank.")
UNDECIDABLE: Final = Said(
    Text(
        tr="{label} ({element}) denetlenemiyor: kendisi ya da karşılaştırıldığı bir değer birden çok kez yazılmış veya "
        "sayı değil.",
        en="{label} ({element}) cannot be checked: it, or a value that it is held against, stands there several times "
        "or is no number.",
    ),
    MAKER,
)
"""The authority's test stops with an error here, and so refuses the document."""

# The document as a whole
ROOT = say(
    "Belge {expected} kök elemanıyla başlamalı, {value} ile başlıyor.",
    "The document must begin with the root element {expected}, not {value}.",
    MAKER,
)
DECIMALS = say(
    "'decimals' niteliği INF olmalı, '{value}' bulundu.", "The attribute 'decimals' must be INF, not '{value}'.", MAKER
)
REFERENCE = say(
    "contextRef veya unitRef, belgede tanımlanmamış '{value}' kimliğini gösteriyor.",
    "A contextRef or unitRef names '{value}', which the document does not define.",
    MAKER,
)
ID_TWICE = say("'{value}' kimliği iki kez verilmiş.", "The id '{value}' is given twice.", MAKER)
CONTROL_CHARACTER = say(
    "{label} ({element}) metninde gözle görülmeyen bir denetim karakteri var.",
    "The text of {label} ({element}) holds a control character, which nobody can see.",
    Text(
        tr="Metni ERP'de (firma bilgisiyse firma kaydında) silip elle yeniden yazın ve ayı yeniden gönderin.",
        en="Delete the text in the ERP (or in the company's data), type it anew, and send the month again.",
    ),
)
TAX_ID_DIGITS = say(
    "VKN/TCKN '{value}' geçersiz: denetim basamakları tutmuyor.",
    "The tax number '{value}' is not valid: its check digits do not fit.",
    COMPANY,
)
NUMBER_OF_ENTRIES_FORBIDDEN = say(
    "Yevmiye maddesi sayısı (gl-bus:numberOfEntries) yalnızca yevmiye beratında bulunur; burada {value} yazıyor.",
    "The number of entries (gl-bus:numberOfEntries) belongs in a journal's berat alone; here it is {value}.",
    MAKER,
)
SEGMENT_ID_FORBIDDEN = say(
    "Bağlamdaki belge kimliği (gl-cor:uniqueID) yalnızca beratlarda bulunur; burada '{value}' yazıyor.",
    "A document id in the context (gl-cor:uniqueID) belongs in berats alone; here it is '{value}'.",
    MAKER,
)
SEGMENT_ID_UUID = say(
    "Bağlamdaki belge kimliği (gl-cor:uniqueID) '{value}', UUID biçiminde olmalı.",
    "The document id in the context (gl-cor:uniqueID) is '{value}', and must be a UUID.",
    MAKER,
)
ONE_CONTEXT = say(
    "Belgede tam bir bağlam (xbrli:context) olmalı; {value:count}.",
    "The document must have exactly one context (xbrli:context); {value:count}.",
    MAKER,
)
ONE_ACCOUNTING_ENTRIES = say(
    "Belgede tam bir gl-cor:accountingEntries olmalı; {value:count}.",
    "The document must have exactly one gl-cor:accountingEntries; {value:count}.",
    MAKER,
)
CURRENCY_MEASURE_MISSING = say(
    "Birimler arasında en az bir para birimi (iso4217:…) olmalı; hiç yok.",
    "At least one of the units must be a currency (iso4217:…); there is none.",
    MAKER,
)
IDENTIFIER = say(
    "Mükellefin numarası (xbrli:identifier) '{value}', 10 haneli VKN veya 11 haneli TCKN olmalı.",
    "The taxpayer's number (xbrli:identifier) is '{value}', and must be a VKN of 10 or a TCKN of 11 digits.",
    COMPANY,
)
CURRENCY_UNKNOWN = say(
    "'{value}' bilinen bir para birimi (ISO 4217) değil.", "'{value}' is not a currency of ISO 4217.", MAKER
)
ONE_CURRENCY = say(
    "Kimliği bir para birimi kodu olan en çok bir birim (xbrli:unit) olabilir; {value:count}.",
    "At most one unit (xbrli:unit) may have a currency's code as its id; {value:count}.",
    MAKER,
)
CURRENCY_AND_ID = say(
    "Birimin ölçüsü '{value}'; kimliğine göre '{expected}' olmalı.",
    "The unit's measure is '{value}'; by its id it must be '{expected}'.",
    MAKER,
)
CURRENCY_AND_DEFAULT = say(
    "Birimin ölçüsü '{value}', defterin para birimi (gl-muc:defaultCurrency) '{expected}': ikisi aynı olmalı.",
    "The unit's measure is '{value}', the currency of the books (gl-muc:defaultCurrency) '{expected}': they must be "
    "the same.",
    MAKER,
)

# documentInfo
ENTRIES_TYPE = say(
    "Defter türü '{value}' yazılmış, '{expected}' olmalı.",
    "The kind of ledger is given as '{value}', and must be '{expected}'.",
    MAKER,
)
UNIQUE_ID_PREFIX = say(
    "Tekil numara '{value}', {expected} ile başlamalı.",
    "The unique number '{value}' must begin with {expected}.",
    MAKER,
)
UNIQUE_ID_LENGTH = say(
    "Tekil numara '{value}' 15 karakter olmalı.", "The unique number '{value}' must have 15 characters.", MAKER
)
UNIQUE_ID_MONTH = say(
    "Tekil numara '{value}', dönemin yılını ve ayını ({expected}) taşımalı.",
    "The unique number '{value}' must carry the period's year and month ({expected}).",
    MAKER,
)
PERIOD_ORDER = say(
    "Dönem sonu ({end:day}) dönem başından ({start:day}) önce olamaz.",
    "The period's end ({end:day}) must not be before its start ({start:day}).",
    MAKER,
)
CREATED_BEFORE_END = say(
    "Oluşturma tarihi ({value:day}) dönem sonundan ({end:day}) önce olamaz.",
    "The date of creation ({value:day}) must not be before the period's end ({end:day}).",
    Text(tr="Dönem bittikten sonra ayı yeniden dönüştürün.", en="Convert the month again once its period has ended."),
)
PERIOD_YEAR = say(
    "Dönem başı ({start:day}) ile sonu ({end:day}) aynı yılda olmalı.",
    "The period's start ({start:day}) and end ({end:day}) must lie in one year.",
    MAKER,
)
PERIOD_MONTH = say(
    "Dönem başı ({start:day}) ile sonu ({end:day}) aynı ayda olmalı.",
    "The period's start ({start:day}) and end ({end:day}) must lie in one month.",
    MAKER,
)

# entityInformation
ONE_TITLE = say(
    "VKN'li mükellefin tam bir kurum unvanı ('Kurum Unvanı') olmalı; {value:count}.",
    "A taxpayer with a VKN must have exactly one title ('Kurum Unvanı'); {value:count}.",
    COMPANY,
)
ONE_FULL_NAME = say(
    "TCKN'li mükellefin tam bir adı soyadı ('Adı Soyadı') olmalı; {value:count}.",
    "A taxpayer with a TCKN must have exactly one full name ('Adı Soyadı'); {value:count}.",
    COMPANY,
)
TITLE_OR_NAME = say(
    "'Kurum Unvanı' veya 'Adı Soyadı': ikisinden yalnızca biri, bir kez bulunmalı (bulunan: {value} unvan, {expected} "
    "ad soyad).",
    "Either 'Kurum Unvanı' or 'Adı Soyadı' must stand there, and once (found: titles {value}, full names {expected}).",
    COMPANY,
)
TITLE_SHORT = say(
    "Kurum unvanı '{value}' en az iki karakter olmalı.",
    "The title '{value}' must have at least two characters.",
    COMPANY,
)
NAME_SHORT = say(
    "Ad soyad '{value}' en az iki karakter olmalı.",
    "The full name '{value}' must have at least two characters.",
    COMPANY,
)
BRANCH_TOGETHER = say(
    "Şube numarası ile şube adı birlikte, birer kez bulunmalı (bulunan: {value} numara, {expected} ad).",
    "A branch's number and name must stand together, each once (found: numbers {value}, names {expected}).",
    COMPANY,
)
BRANCH_ONCE = say(
    "Şube numarası da şube adı da birden çok olamaz (bulunan: {value} numara, {expected} ad).",
    "A branch's number and name may stand there once only (found: numbers {value}, names {expected}).",
    MAKER,
)
BRANCH_NUMBER = say(
    "Şube numarası '{value}' dört rakam olmalı.", "The branch's number '{value}' must be four digits.", COMPANY
)
BRANCH_NAME_SHORT = say(
    "Şube adı '{value}' en az iki karakter olmalı.",
    "The branch's name '{value}' must have at least two characters.",
    COMPANY,
)
FISCAL_YEAR_ORDER = say(
    "Hesap döneminin sonu ({value:day}) başından ({expected:day}) sonra olmalı.",
    "The fiscal year's end ({value:day}) must be after its start ({expected:day}).",
    COMPANY,
)

# Signature
SIGNATURE_REFERENCE = say(
    "İmza belgenin bütününe (URI='') tam bir kez gönderme yapmalı (bulunan gönderme: {value}).",
    "The signature must refer to the whole document (URI='') exactly once (references found: {value}).",
    SIGN,
)
SIGNATURE_SHA1 = say(
    "İmza SHA-1 ile atılmış ({value}); kabul edilmez.",
    "The signature uses SHA-1 ({value}), which is refused.",
    Text(
        tr="İmza yazılımını SHA-256 veya daha güçlü bir özete ayarlayıp yeniden imzalayın.",
        en="Set the signing program to SHA-256 or stronger, and sign again.",
    ),
)
SIGNATURE_VALUE_ID = say(
    "İmza değerinin (ds:SignatureValue) Id niteliği eksik.",
    "The signature value (ds:SignatureValue) lacks its attribute Id.",
    SIGN,
)

# The file's name
NAME_TAX_ID = say(
    "VKN/TCKN dosya adında {expected}, belgede {value}: aynı olmalı.",
    "The tax number is {expected} in the file's name and {value} in the document: they must be the same.",
    RENAME,
)
NAME_MONTH = say(
    "Dönem dosya adında {expected}, belgede ise {value:day} günü başlıyor: aynı ay olmalı.",
    "The month is {expected} in the file's name, and the document's period begins on {value:day}: it must be the same.",
    RENAME,
)
WHOLE_MONTH_EMPTY = say(
    "Bütün ayı kapsayan yevmiye defterinde en az bir madde olmalı; hiç yok.",
    "A journal of a whole month must hold at least one entry; there is none.",
    Text(
        tr="Ayın kayıtlarını ERP'den yeniden aktarıp gönderin; gerçekten kayıt yoksa müşavirinize danışın.",
        en="Export the month's entries from the ERP again, and send them; if there are truly none, ask your adviser.",
    ),
)
NAME_KIND = say(
    "Belge türü dosya adında {expected}, belgede {value}: aynı olmalı.",
    "The kind is {expected} in the file's name and {value} in the document: it must be the same.",
    RENAME,
)
NAME_BRANCH = say(
    "Şube dosya adında {expected}, belgede {value}: aynı olmalı.",
    "The branch is {expected} in the file's name and {value} in the document: it must be the same.",
    RENAME,
)
NAME_UNKNOWN = say(
    "Dosya adı ('{value}') e-Defter adı biçiminde değil; ada bağlı kurallar denenmedi.",
    "The file's name ('{value}') is not like an e-Defter name; rules on names were not tried.",
    RENAME,
)
KIND_UNKNOWN = say(
    "Belge yevmiye, kebir, berat veya defter raporu değil (kök eleman {value}).",
    "The document is no journal, ledger, berat or report (root element {value}).",
    Text(
        tr="Denetlenecek e-Defter dosyasını seçtiğinizden emin olun.",
        en="Make sure that you have chosen an e-Defter file.",
    ),
)
