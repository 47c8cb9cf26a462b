"""What users read of a broken rule on entries, lines and accounts. See `validator.texts` for the `{names}`."""

from typing import Final

from defterhane.texts import Text
from validator.texts import ERP, MAKER, NUMBERS, Said, say

DEBIT_LINE: Final = Text(tr="{account} hesabının borç satırı", en="debit line of the account {account}")
CREDIT_LINE: Final = Text(tr="{account} hesabının alacak satırı", en="credit line of the account {account}")
DOCUMENT_NUMBER: Final = Text(tr="belge numarası", en="the document's number")
DOCUMENT_DATE: Final = Text(tr="belge tarihi", en="the document's date")
DOCUMENT_BOTH: Final = Text(tr="belge numarası ve belge tarihi", en="the document's number and date")
SEVERAL_IN_ONE: Final = Text(tr="bir satırda birden çok kod", en="several codes in one line")

_DATES: Final = Text(
    tr="Maddeleri ERP'de tarih sırasına koyup ayı yeniden gönderin.",
    en="Put the entries in the order of their dates in the ERP, and send the month again.",
)
_PERIOD: Final = Text(
    tr="Kaydı ERP'de bu döneme alın ya da ait olduğu ayla gönderin.",
    en="Date the entry within this period in the ERP, or send it with its own month.",
)

# Entries
ENTERED_BY_SHORT = say(
    "Kaydı girenin adı ('{value}') en az iki karakter olmalı.",
    "The name of who entered the entry ('{value}') must have at least two characters.",
    ERP,
)
ENTERED_DATE_OUTSIDE = say(
    "Kayıt tarihi ({value:day}) dönemin ({start:day} – {end:day}) dışında.",
    "The entry's date ({value:day}) lies outside the period ({start:day} to {end:day}).",
    _PERIOD,
)
TWO_LINES = say(
    "Bir yevmiye maddesinde en az iki satır olmalı; {value:count}.",
    "An entry must have at least two lines; {value:count}.",
    ERP,
)
ONE_LINE = say(
    "Bir hesapta en az bir satır olmalı; {value:count}.",
    "An account must have at least one line; {value:count}.",
    MAKER,
)
UNBALANCED = say(
    "Madde dengede değil: toplam borç {value:amount}, toplam alacak {expected:amount}.",
    "The entry does not balance: the total debit is {value:amount}, the total credit {expected:amount}.",
    Text(
        tr="Maddeyi ERP'de dengeleyip ayı yeniden gönderin.",
        en="Balance the entry in the ERP, and send the month again.",
    ),
)
DEBIT_SUM = say(
    "Toplam borç {value:amount}, borç satırlarının toplamı ise {expected:amount}: eşit olmalı.",
    "The total debit is {value:amount}, but the debit lines add up to {expected:amount}.",
    ERP,
)
CREDIT_SUM = say(
    "Toplam alacak {value:amount}, alacak satırlarının toplamı ise {expected:amount}: eşit olmalı.",
    "The total credit is {value:amount}, but the credit lines add up to {expected:amount}.",
    ERP,
)
DECIMALS_TWO = say(
    "{label} ('{value}') eksisiz, en çok iki ondalıklı bir sayı olmalı.",
    "{label} ('{value}') must be a number without a sign and with at most two decimals.",
    ERP,
)
TOTAL_DECIMALS_TWO = Said(DECIMALS_TWO.message, MAKER)
"""Of a ledger's totals, which no ERP writes."""
ENTRY_NUMBER_SEQUENCE = say(
    "{value} numaralı yevmiye maddesinden sonra gelenlerin hiçbiri bir sonraki numarayı taşımıyor.",
    "No entry after number {value} has the next number.",
    NUMBERS,
)
DATE_SEQUENCE = say(
    "Maddenin kayıt tarihi {value:day}; kendisinden sonraki bütün maddelerin tarihi daha eski.",
    "The entry's date is {value:day}; all entries after it have earlier dates.",
    _DATES,
)
LINE_NUMBER_SEQUENCE = say(
    "{value} numaralı satırdan sonra gelenlerin hiçbiri bir sonraki numarayı taşımıyor.",
    "No line after number {value} has the next number.",
    NUMBERS,
)
ENTRY_GAP = say(
    "Yevmiye madde numarası {value}; sıraya göre {expected} olmalı.",
    "The entry number is {value}; in its order it must be {expected}.",
    NUMBERS,
)
LINE_GAP = say(
    "Satır numarası {value}; sıraya göre {expected} olmalı.",
    "The line number is {value}; in its order it must be {expected}.",
    NUMBERS,
)
DATE_FALLS = say(
    "Kayıt tarihi ({value:day}) bir önceki maddeninkinden ({expected:day}) eski.",
    "The entry's date ({value:day}) is before that of the entry before it ({expected:day}).",
    _DATES,
)

# Lines
LINE_ENTRY_NUMBER = say(
    "Satırdaki yevmiye madde numarası {value}, maddeninki {header_counter}: aynı olmalı.",
    "The entry number on the line is {value}, and that of its entry {header_counter}: they must be the same.",
    NUMBERS,
)
LINE_COUNTER_FALLS = say(
    "Hesabın satırları yevmiye sırasında değil: {expected} numaralı maddeden sonra {value} numaralı madde geliyor.",
    "The account's lines are not in the journal's order: entry {value} comes after entry {expected}.",
    MAKER,
)
MAIN_ID_LENGTH = say(
    "Ana hesap kodu ('{value}') 3 veya 4 karakter olmalı.",
    "The main account's code ('{value}') must have 3 or 4 characters.",
    ERP,
)
SUB_ID_PREFIX = say(
    "Alt hesap kodu ('{value}') ana hesap koduyla ('{expected}') başlamalı.",
    "The sub-account's code ('{value}') must begin with its main account's ('{expected}').",
    ERP,
)
AMOUNT_POSITIVE = say(
    "Tutar ({value:amount}) sıfırdan büyük olmalı.",
    "The amount ({value:amount}) must be greater than 0.",
    Text(
        tr="Sıfır tutarlı satırı silin, eksi tutarı karşı tarafa artı yazın; sonra ayı yeniden gönderin.",
        en="Delete a line of 0, write a negative amount as positive on the other side, then send the month again.",
    ),
)
AMOUNT_NEGATIVE = say(
    "Tutar ({value:amount}) sıfırdan küçük olamaz.", "The amount ({value:amount}) must not be less than 0.", MAKER
)
DEFAULT_CURRENCY_MISSING = say(
    "Satırda para birimi ({value}) var, defterin para birimi (gl-muc:defaultCurrency) yok.",
    "The line names its currency ({value}), but the books do not name theirs (gl-muc:defaultCurrency).",
    MAKER,
)
RATE_DATE_MISSING = say(
    "Döviz tutarının ({value:amount}) kur tarihi yok.",
    "The amount in another currency ({value:amount}) lacks the date of its exchange rate.",
    ERP,
)
ORIGINAL_CURRENCY_MISSING = say(
    "Döviz tutarının ({value:amount}) döviz cinsi yok.",
    "The amount in another currency ({value:amount}) lacks the name of that currency.",
    ERP,
)
RATE_MISSING = say(
    "Döviz cinsi ({value}) var, kuru yok.", "The line names another currency ({value}), but no exchange rate.", ERP
)
POSTING_DATE = say(
    "Satırdaki fiş tarihi ({value:day}) maddenin kayıt tarihinden ({header_date:day}) farklı.",
    "The voucher's date on the line ({value:day}) is not the entry's date ({header_date:day}).",
    ERP,
)
POSTING_DATE_OUTSIDE = say(
    "Fiş tarihi ({value:day}) dönemin ({start:day} – {end:day}) dışında.",
    "The voucher's date ({value:day}) lies outside the period ({start:day} to {end:day}).",
    _PERIOD,
)
OTHER_UNDESCRIBED = say(
    "Belge türü 'diğer' ({value}) olan satırda belgenin ne olduğu (belge türü açıklaması) yazmıyor.",
    "The line's document is of the type '{value}', but its description, what it is, is missing.",
    Text(
        tr="Belge açıklamasına dekont, Z raporu, gider pusulası gibi belgenin adını yazıp ayı yeniden gönderin.",
        en="Name the document, such as dekont, Z raporu or gider pusulası, and send the month again.",
    ),
)
DOCUMENT_INCOMPLETE = say(
    "Belge türü '{value}' olan satırda {expected} eksik.",
    "The line has a document of the type '{value}', but lacks {expected}.",
    ERP,
)
DOCUMENT_NUMBER_WITHOUT_TYPE = say(
    "Satırda belge numarası ('{value}') var, belge türü yok.",
    "The line gives a document's number ('{value}'), but not its type.",
    ERP,
)
DOCUMENT_DATE_WITHOUT_TYPE = say(
    "Satırda belge tarihi ({value:day}) var, belge türü yok.",
    "The line gives a document's date ({value:day}), but not its type.",
    ERP,
)
DOCUMENT_REFERENCE = say(
    "Belge referansı ('{value}') maddenin fiş numarasından ('{header_voucher}') farklı.",
    "The document reference ('{value}') is not the voucher's number of its entry ('{header_voucher}').",
    ERP,
)
ONE_MEASURABLE = say(
    "Bir satırda en çok bir ölçü (gl-bus:measurable) olabilir; {value:count}.",
    "A line may have at most one measure (gl-bus:measurable); {value:count}.",
    ERP,
)
MEASURABLE_VALUE = say(
    "{label} '{expected}' olmalı, '{value}' bulundu.", "{label} must be '{expected}', not '{value}'.", ERP
)
MEASURABLE_AMOUNT = say(
    "Satırın tutarı {value:amount}, birim bedel ile miktarın çarpımı ise {expected:amount}: eşit olmalı.",
    "The line's amount is {value:amount}, but the cost per unit times the quantity {expected:amount}.",
    ERP,
)

# Attachments
ATTACHMENT_FORBIDDEN = say(
    "Ek dosya (defterek:binaryObject) yalnızca yevmiye defterinde bulunur; {value:count}.",
    "An attached file (defterek:binaryObject) belongs in a journal alone; {value:count}.",
    MAKER,
)
ATTACHMENT_TYPE = say(
    "Ek dosyanın türü '{value}', application/pdf olmalı.",
    "The type of the attached file is '{value}', and must be application/pdf.",
    ERP,
)
ATTACHMENT_NAME = say(
    "Ek dosyanın adı ('{value}') .pdf ile bitmeli.", "The attached file's name ('{value}') must end in .pdf.", ERP
)
ATTACHMENT_EMPTY = say("Ek dosya ('{value}') boş olamaz.", "The attached file ('{value}') must not be empty.", ERP)

# Ledger
MAIN_ORDER = say(
    "Ana hesaplar sırada değil: {value}, {expected} hesabından sonra gelemez.",
    "The main accounts are not in order: {value} must not come after {expected}.",
    MAKER,
)
ACCOUNT_TWICE = say(
    "{value} hesabı birden çok yerde: bütün satırları bir arada olmalı.",
    "The account {value} stands in several places: all its lines must stand together.",
    MAKER,
)
TOTAL_NEGATIVE = say(
    "{label} ({value:amount}) sıfırdan küçük olamaz.", "{label} ({value:amount}) must not be less than 0.", MAKER
)
BOTH_TOTALS = say(
    "Toplam borç {value:amount}, toplam alacak {expected:amount}: en az biri 0 olmalı.",
    "The total debit is {value:amount}, the total credit {expected:amount}: at least one must be 0.",
    MAKER,
)
BALANCE = say(
    "Hesabın bakiyesi (borç − alacak) {value:amount}; satırlarına göre {expected:amount} olmalı.",
    "The account's balance (debit − credit) is {value:amount}; by its lines it must be {expected:amount}.",
    MAKER,
)
MAINS_DIFFER = say(
    "Bir hesabın satırlarında tek bir ana hesap olmalı; bulunan: {value}.",
    "The lines of an account must have one main account; found: {value}.",
    MAKER,
)
SUBS_DIFFER = say(
    "Bir hesabın satırlarında tek bir alt hesap olmalı; bulunan: {value}.",
    "The lines of an account must have one sub-account; found: {value}.",
    MAKER,
)

# Berat and report
ONE_HEADER = say(
    "Toplamları taşıyan tam bir gl-cor:entryHeader olmalı; {value:count}.",
    "There must be exactly one gl-cor:entryHeader, with the totals; {value:count}.",
    MAKER,
)
NO_HEADER = say(
    "Vergi detaysız beratta gl-cor:entryHeader bulunmaz; {value:count}.",
    "A berat without tax details has no gl-cor:entryHeader; {value:count}.",
    MAKER,
)
FIRST_LINE_ONE = say(
    "İlk satırın numarası 1 olmalı, '{value}' bulundu.", "The first line's number must be 1, not '{value}'.", MAKER
)
QUALIFIER = say(
    "Kayıt niteliği 'standard' olmalı, '{value}' bulundu.", "The qualifier must be 'standard', not '{value}'.", MAKER
)
TEN_LINES = say(
    "Beratta tam on satır olmalı; {value:count}.", "A berat must have exactly ten lines; {value:count}.", MAKER
)
TAX_LINE = say(
    "Beratta {expected} tam bir tane olmalı; {value:count}.",
    "A berat must have exactly one {expected}; {value:count}.",
    MAKER,
)
PERIOD_CHANGE = say(
    "Bakiye türü 'period_change' olmalı, '{value}' bulundu.",
    "The kind of balance must be 'period_change', not '{value}'.",
    MAKER,
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
    "Rapor dengede değil: borç toplamı {value:amount}, alacak toplamı {expected:amount}.",
    "The report does not balance: debits {value:amount}, credits {expected:amount}.",
    MAKER,
)
