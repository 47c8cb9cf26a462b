"""What users read of a broken rule on entries, lines and accounts. See `validator.texts` for the `{names}`."""

from validator.texts import ERP, MAKER, NUMBERS, say

# Entries
ENTERED_BY_SHORT = say(
    "Kaydı giren ('{value}') en az iki karakter olmalı.",
    "Who entered the entry ('{value}') must have at least two characters.",
    ERP,
)
ENTERED_DATE_OUTSIDE = say(
    "Kayıt tarihi ({value}) dönemin ({start} – {end}) dışında.",
    "The entry's date ({value}) lies outside the period ({start} to {end}).",
    ERP,
)
TWO_LINES = say("Bir yevmiye maddesinde en az iki satır olmalı.", "An entry must have at least two lines.", ERP)
ONE_LINE = say("Bir hesapta en az bir satır olmalı.", "An account must have at least one line.", MAKER)
UNBALANCED = say(
    "Madde dengede değil: toplam borç {value}, toplam alacaktan farklı.",
    "The entry does not balance: the total debit {value} is not the total credit.",
    ERP,
)
DEBIT_SUM = say(
    "Toplam borç ({value}), borç satırlarının toplamına eşit değil.",
    "The total debit ({value}) is not the sum of the debit lines.",
    ERP,
)
CREDIT_SUM = say(
    "Toplam alacak ({value}), alacak satırlarının toplamına eşit değil.",
    "The total credit ({value}) is not the sum of the credit lines.",
    ERP,
)
DECIMALS_TWO = say(
    "{label} ('{value}') en çok iki ondalıklı, eksisiz bir sayı olmalı.",
    "{label} ('{value}') must be a number without a sign and with at most two decimals.",
    ERP,
)
ENTRY_NUMBER_SEQUENCE = say(
    "Yevmiye madde numarası {value} ardından bir sonraki numara gelmiyor.",
    "No later entry has the number after {value}.",
    NUMBERS,
)
DATE_SEQUENCE = say(
    "Kayıt tarihi {value}: sonraki bütün maddelerin tarihi daha eski.",
    "The entry's date is {value}: all later entries have earlier dates.",
    ERP,
)
LINE_NUMBER_SEQUENCE = say(
    "Satır numarası {value} ardından bir sonraki numara gelmiyor.",
    "No later line has the number after {value}.",
    NUMBERS,
)
ENTRY_GAP = say(
    "Yevmiye madde numarası {value}, beklenen {expected}.",
    "The entry number is {value}, where {expected} was expected.",
    NUMBERS,
)
LINE_GAP = say(
    "Satır numarası {value}, beklenen {expected}.",
    "The line number is {value}, where {expected} was expected.",
    NUMBERS,
)
DATE_FALLS = say(
    "Kayıt tarihi ({value}) bir önceki maddeninkinden ({expected}) eski.",
    "The entry's date ({value}) is before that of the entry before it ({expected}).",
    ERP,
)

# Lines
LINE_ENTRY_NUMBER = say(
    "Satırın yevmiye madde numarası ({value}) maddeninkinden ({header_counter}) farklı.",
    "The line's entry number ({value}) is not that of its entry ({header_counter}).",
    NUMBERS,
)
LINE_COUNTER_FALLS = say(
    "Hesabın satırları yevmiye sırasında değil: madde numarası {value} öncekinden küçük.",
    "The account's lines are not in the journal's order: the entry number {value} is less than the one before.",
    MAKER,
)
MAIN_ID_LENGTH = say(
    "Ana hesap kodu ('{value}') 3 veya 4 karakter olmalı.",
    "The main account's code ('{value}') must have 3 or 4 characters.",
    ERP,
)
SUB_ID_PREFIX = say(
    "Alt hesap kodu ('{value}') ana hesap koduyla başlamalı.",
    "The sub-account's code ('{value}') must begin with its main account's.",
    ERP,
)
AMOUNT_POSITIVE = say("Tutar ({value}) sıfırdan büyük olmalı.", "The amount ({value}) must be greater than 0.", ERP)
AMOUNT_NEGATIVE = say("Tutar ({value}) sıfırdan küçük olamaz.", "The amount ({value}) must not be less than 0.", MAKER)
DEFAULT_CURRENCY_MISSING = say(
    "Satırda para birimi varsa defterin para birimi (gl-muc:defaultCurrency) de olmalı.",
    "Where a line names its currency, the books must name theirs (gl-muc:defaultCurrency).",
    MAKER,
)
RATE_DATE_MISSING = say(
    "Döviz tutarı varsa kur tarihi de olmalı.",
    "An amount in another currency needs the date of its exchange rate.",
    ERP,
)
ORIGINAL_CURRENCY_MISSING = say(
    "Döviz tutarı varsa para birimi de olmalı.", "An amount in another currency needs that currency's name.", ERP
)
RATE_MISSING = say("Döviz varsa kuru da olmalı.", "Another currency needs its exchange rate.", ERP)
POSTING_DATE = say(
    "Fiş tarihi ({value}) kayıt tarihinden ({header_date}) farklı.",
    "The voucher's date ({value}) is not the entry's date ({header_date}).",
    ERP,
)
POSTING_DATE_OUTSIDE = say(
    "Fiş tarihi ({value}) dönemin ({start} – {end}) dışında.",
    "The voucher's date ({value}) lies outside the period ({start} to {end}).",
    ERP,
)
OTHER_UNDESCRIBED = say(
    "Belge türü 'other' (diğer) olan satırda belge türü açıklaması olmalı.",
    "A line whose document is of the type 'other' must say what it is.",
    ERP,
)
DOCUMENT_INCOMPLETE = say(
    "Belge türü '{value}' olan satırda belge numarası ve belge tarihi olmalı.",
    "A line with a document of the type '{value}' must give the document's number and date.",
    ERP,
)
DOCUMENT_TYPE_MISSING = say(
    "Belge numarası veya tarihi olan satırda belge türü de olmalı.",
    "A line that gives a document's number or date must give its type too.",
    ERP,
)
DOCUMENT_REFERENCE = say(
    "Belge referansı ('{value}') fiş numarasından ('{header_voucher}') farklı.",
    "The document reference ('{value}') is not the voucher's number ('{header_voucher}').",
    ERP,
)
ONE_MEASURABLE = say("Bir satırda en çok bir ölçü olabilir.", "A line may have at most one measure.", ERP)
MEASURABLE_VALUE = say(
    "{label} ('{value}') beklenen değer değil (NT, Maddi Olmayan Kalemler, Fon, Adet).",
    "{label} ('{value}') is not what it must be (NT, Maddi Olmayan Kalemler, Fon, Adet).",
    ERP,
)
MEASURABLE_AMOUNT = say(
    "Birim bedel ile miktarın çarpımı satırın tutarına eşit değil.",
    "The cost per unit times the quantity is not the line's amount.",
    ERP,
)

# Attachments
ATTACHMENT_FORBIDDEN = say(
    "Ek dosya (defterek:binaryObject) yalnızca yevmiye defterinde bulunur.",
    "An attached file (defterek:binaryObject) belongs in a journal alone.",
    MAKER,
)
ATTACHMENT_TYPE = say("Ek dosya PDF (application/pdf) olmalı.", "An attached file must be application/pdf.", MAKER)
ATTACHMENT_NAME = say("Ek dosyanın adı .pdf ile bitmeli.", "An attached file's name must end in .pdf.", MAKER)
ATTACHMENT_EMPTY = say("Ek dosya boş olamaz.", "An attached file must not be empty.", MAKER)

# Ledger
MAIN_ORDER = say(
    "Ana hesaplar sırada değil: {value}, {expected} hesabından sonra gelemez.",
    "The main accounts are not in order: {value} must not come after {expected}.",
    MAKER,
)
ACCOUNT_TWICE = say(
    "{value} hesabı birden çok yerde: satırları bir arada olmalı.",
    "The account {value} stands in several places: its lines must stand together.",
    MAKER,
)
TOTAL_NEGATIVE = say("{label} ({value}) sıfırdan küçük olamaz.", "{label} ({value}) must not be less than 0.", MAKER)
BOTH_TOTALS = say(
    "Toplam borç ile toplam alacaktan en az biri 0 olmalı.",
    "At least one of the total debit and the total credit must be 0.",
    MAKER,
)
BALANCE = say(
    "Hesabın bakiyesi satırlarının farkına eşit değil.",
    "The account's balance is not the difference of its lines.",
    MAKER,
)
MAINS_DIFFER = say(
    "Bir hesabın satırlarında tek bir ana hesap olmalı.", "The lines of an account must have one main account.", MAKER
)
SUBS_DIFFER = say(
    "Bir hesabın satırlarında tek bir alt hesap olmalı.", "The lines of an account must have one sub-account.", MAKER
)

# Berat and report
ONE_HEADER = say(
    "Toplamları taşıyan tam bir gl-cor:entryHeader olmalı.",
    "There must be exactly one gl-cor:entryHeader, with the totals.",
    MAKER,
)
NO_HEADER = say(
    "Vergi detaysız beratta gl-cor:entryHeader bulunmaz.",
    "A berat without tax details has no gl-cor:entryHeader.",
    MAKER,
)
FIRST_LINE_ONE = say("İlk satırın numarası ({value}) 1 olmalı.", "The first line's number ({value}) must be 1.", MAKER)
QUALIFIER = say("Kayıt niteliği ('{value}') standard olmalı.", "The qualifier ('{value}') must be standard.", MAKER)
TEN_LINES = say("Beratta tam on satır olmalı.", "A berat must have exactly ten lines.", MAKER)
TAX_LINE = say(
    "{expected} hesabı için tam bir satır olmalı.", "There must be exactly one line for the account {expected}.", MAKER
)
PERIOD_CHANGE = say(
    "Bakiye türü ('{value}') period_change olmalı.", "The kind of balance ('{value}') must be period_change.", MAKER
)
REPORT_PAIR = say(
    "{value} hesabının önce borç, sonra alacak satırı olmalı.",
    "The account {value} must have a debit line, then a credit line.",
    MAKER,
)
REPORT_ORDER = say(
    "Hesaplar sırada değil: {value}, {expected} hesabından sonra gelemez.",
    "The accounts are not in order: {value} must not come after {expected}.",
    MAKER,
)
REPORT_COUNT = say(
    "Satır sayısı ('{value}') bir sayı olmalı.", "The number of lines ('{value}') must be a number.", MAKER
)
REPORT_UNBALANCED = say(
    "Rapor dengede değil: borç toplamı {value}, alacak toplamı {expected}.",
    "The report does not balance: debits {value}, credits {expected}.",
    MAKER,
)
