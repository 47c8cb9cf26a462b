"""The words of a document's page, and how it writes days, amounts and sides."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from defterhane.edefter.money import parse_kurus
from defterhane.figures import day, grouped, money
from defterhane.texts import Language, Text
from validator.labels import label

_MOMENT: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?(.*)")

WORDS: Final[dict[str, Text]] = {
    key: Text(tr=tr, en=en)
    for key, tr, en in (
        ("Y", "Yevmiye Defteri", "Journal"),
        ("K", "Defter-i Kebir", "Ledger"),
        ("YB", "Yevmiye Defteri Beratı", "Berat of the journal"),
        ("KB", "Defter-i Kebir Beratı", "Berat of the ledger"),
        ("DR", "Defter Raporu", "Ledger report"),
        # the document and the firm
        ("document", "Belge", "Document"),
        ("file", "Dosya", "File"),
        ("period", "Dönem", "Period"),
        ("part", "Parça", "Part"),
        ("whole_month", "ayın tamamı", "the whole month"),
        ("number", "Belge no", "Document no."),
        ("created", "Oluşturma tarihi", "Created"),
        ("creator", "Oluşturan", "Creator"),
        ("remark", "Açıklama", "Remark"),
        ("currency", "Para birimi", "Currency"),
        ("books_currency", "Defterin para birimi", "Currency of the books"),
        ("program", "Hazırlayan yazılım", "Made by"),
        ("firm", "Mükellef", "Taxpayer"),
        ("title", "Unvan", "Name"),
        ("person", "Adı soyadı", "Full name"),
        ("tax_id", "VKN/TCKN", "Tax number"),
        ("branch_number", "Şube no", "Branch no."),
        ("branch_name", "Şube adı", "Branch"),
        ("address", "Adres", "Address"),
        ("phone", "Telefon", "Telephone"),
        ("fax", "Faks", "Fax"),
        ("email", "E-posta", "E-mail"),
        ("web", "İnternet sitesi", "Web site"),
        ("business", "NACE kodu", "NACE code"),
        ("fiscal_year", "Hesap dönemi", "Fiscal year"),
        ("accountant", "Muhasebeci", "Accountant"),
        ("name", "Adı", "Name"),
        ("contract", "Sözleşme", "Contract"),
        ("berat", "Berat bilgileri", "About the berat"),
        ("uuid", "Tekil no (UUID)", "Unique id (UUID)"),
        ("told_entries", "Yevmiye maddesi sayısı", "Number of entries"),
        ("told_size", "Defterin boyutu (MB)", "Size of the ledger (MiB)"),
        ("tax_detail", "Vergi ayrıntısı", "Tax detail"),
        ("no_tax_detail", "VERGI_DETAYSIZ: vergi ayrıntısı içermez", "VERGI_DETAYSIZ: without tax detail"),
        ("ledger_value", "Defterin imza değeri", "Signature value of its ledger"),
        ("other", "Diğer bilgiler", "Other data"),
        ("others_more", "Diğer bilgilerden {count} tanesi gösterilmiyor.", "{count} further values are not shown."),
        # entries and lines
        ("entries", "Kayıtlar", "Entries"),
        ("entry", "Yevmiye no", "Entry"),
        ("entry_short", "Madde", "Entry"),
        ("voucher", "Fiş", "Voucher"),
        ("entered_by", "Giren", "Entered by"),
        ("line", "Satır", "Line"),
        ("account", "Hesap", "Account"),
        ("account_name", "Hesap adı", "Account name"),
        ("counter_document", "Dayanak belge", "Document"),
        ("comment", "Açıklama", "Comment"),
        ("date", "Tarih", "Date"),
        ("debit", "Borç", "Debit"),
        ("credit", "Alacak", "Credit"),
        ("balance", "Bakiye", "Balance"),
        ("D", "B", "Dr"),
        ("C", "A", "Cr"),
        ("debit_lines", "Borç satırı", "Debit lines"),
        ("credit_lines", "Alacak satırı", "Credit lines"),
        ("lines", "Satır sayısı", "Lines"),
        ("payment", "Ödeme", "Payment"),
        ("side", "Borç/alacak kodu", "Debit or credit code"),
        ("told", "Başlıktaki tutar", "Told in the header"),
        ("closing", "Başlıktaki bakiye", "Balance in the header"),
        ("empty", "boş", "empty"),
        ("no_entries", "Bu belgede kayıt yok.", "There are no entries in this document."),
        ("no_lines", "Satır yok.", "No lines."),
        ("continued", "(devam)", "(continued)"),
        ("brought_forward", "Nakledilen", "Brought forward"),
        ("carried_forward", "Nakli yekûn", "Carried forward"),
        # totals
        ("total", "Toplam", "Total"),
        ("read_total", "Okunabilen kısmın toplamı", "Total of what could be read"),
        ("page_total", "Sayfa toplamı", "Total of the page"),
        ("so_far", "Sayfa sonuna kadar toplam", "Total up to here"),
        ("balanced", "Borç ve alacak eşit", "Debit and credit agree"),
        ("unbalanced", "Borç ile alacak arasında fark var: {difference}", "Debit and credit differ by {difference}"),
        ("unknown", "Okunamayan tutar var; toplam verilemiyor", "There are amounts that cannot be read: no total"),
        ("tax_lines", "Vergi satırları", "Tax lines"),
        ("accounts", "Ana hesaplar", "Main accounts"),
        ("accounts_more", "Ana hesap sayısı çok fazla; özet verilmiyor.", "Too many main accounts for a summary."),
        ("attachments", "Ekler", "Attachments"),
        ("size", "Boyut", "Size"),
        ("type", "Tür", "Type"),
        ("more_not_shown", "{count} tane daha var.", "And {count} more."),
        # the signature
        ("signature", "İmza", "Signature"),
        ("signed", "İmzalı", "Signed"),
        ("unsigned", "İmzasız", "Not signed"),
        ("approved", "GİB onaylı", "Approved by GİB"),
        ("signer", "İmzalayan", "Signer"),
        ("serial", "Sertifikadaki VKN/TCKN", "Tax number in the certificate"),
        ("issuer", "Sertifikayı veren", "Issuer of the certificate"),
        ("valid", "Sertifika geçerliliği", "Certificate valid"),
        ("time", "İmza zamanı", "Time of signing"),
        ("algorithm", "Algoritma", "Algorithm"),
        ("role", "Sıfat", "Role"),
        ("counter_signature", "Karşı imza (GİB)", "Counter-signature (GİB)"),
        (
            "not_verified",
            "İmzalar burada yalnızca gösterilir, doğrulanmaz; doğrulamak için: defterhane verify",
            "Signatures are shown here, not verified; to verify them: defterhane verify",
        ),
        # findings
        ("findings", "Bulgular", "Findings"),
        ("error", "Hata", "Error"),
        ("warning", "Uyarı", "Warning"),
        ("errors_count", "{count} hata", "Errors: {count}"),
        ("warnings_count", "{count} uyarı", "Warnings: {count}"),
        ("no_findings", "Denetimde bulgu yok", "Checked: no findings"),
        ("not_checked", "Denetlenmedi", "Not checked"),
        ("value", "Değer", "Value"),
        ("file_line", "dosya satırı", "line of the file"),
        ("all_findings", "Kalan {count} bulguyu göster", "Show {count} more findings"),
        (
            "only_listed",
            "{count} bulgudan ilk {listed} tanesi listelendi.",
            "The first {listed} of {count} are listed.",
        ),
        ("rule", "Kural", "Rule"),
        ("count", "Sayı", "Count"),
        ("stopped", "Dosya sonuna kadar okunamadı", "The file could not be read to its end"),
        # pages
        ("to_entries", "Kayıtlara geç", "Skip to the entries"),
        ("page", "Sayfa", "Page"),
        ("of", "/", "of"),
        ("first", "İlk sayfa", "First page"),
        ("previous", "Önceki sayfa", "Previous page"),
        ("next", "Sonraki sayfa", "Next page"),
        ("last", "Son sayfa", "Last page"),
        ("search", "Ara", "Search"),
        ("search_in", "Nerede", "Search in"),
        ("scope_text", "Her yerde", "Everywhere"),
        ("scope_entry", "Yevmiye no", "Entry no."),
        ("scope_line", "Satır no", "Line no."),
        ("scope_account", "Hesap", "Account"),
        ("scope_voucher", "Fiş veya belge no", "Voucher or document no."),
        ("scope_amount", "Tutar", "Amount"),
        ("clear", "Temizle", "Clear"),
        ("searching", "Aranıyor…", "Searching…"),
        ("hits", "{count} sonuç", "{count} found"),
        ("hits_more", "İlk {count} sonuç; aramayı daraltın", "The first {count}; please narrow the search"),
        ("nothing", "Sonuç yok.", "Nothing found."),
        ("print_page", "Bu sayfayı yazdır", "Print this page"),
        ("print_all", "Tümünü yazdır", "Print all"),
        ("print_from", "Buradan itibaren {count} sayfa yazdır", "Print {count} pages from here"),
        ("loading", "Yükleniyor…", "Loading…"),
        (
            "too_old",
            "Bu tarayıcı sıkıştırılmış sayfaları açamıyor; güncel bir tarayıcı kullanın.",
            "This browser cannot unpack the pages; please use a current one.",
        ),
        (
            "needs_script",
            "Bu büyük belgenin yalnızca ilk sayfası görünüyor; öbür sayfalar için tarayıcıda JavaScript açık olmalı.",
            "Only the first page of this large document is shown; the others need JavaScript in the browser.",
        ),
    )
}

DOCUMENT_TYPES: Final[dict[str, Text]] = {
    "invoice": Text(tr="Fatura", en="Invoice"),
    "check": Text(tr="Çek", en="Cheque"),
    "voucher": Text(tr="Senet", en="Promissory note"),
    "receipt": Text(tr="Makbuz", en="Receipt"),
    "shipment": Text(tr="İrsaliye", en="Waybill"),
    "order-vendor": Text(tr="Satıcıya sipariş", en="Order to a vendor"),
    "order-customer": Text(tr="Müşteri siparişi", en="Customer's order"),
    "other": Text(tr="Diğer", en="Other"),
}


_NAMES: Final[dict[str, Text]] = {
    "gl-cor:batchDescription": Text(tr="grup açıklaması", en="batch"),
    "gl-cor:batchID": Text(tr="grup no", en="batch no."),
    "gl-cor:detailComment": Text(tr="açıklama", en="comment"),
    "gl-cor:debitCreditCode": Text(tr="borç/alacak kodu", en="debit or credit code"),
    "gl-cor:documentReference": Text(tr="belgenin fiş numarası", en="document's voucher number"),
    "gl-cor:documentType": Text(tr="belge türü", en="document's type"),
    "gl-cor:entryComment": Text(tr="fiş açıklaması", en="entry's comment"),
    "gl-cor:entryNumber": Text(tr="fiş numarası", en="voucher number"),
    "gl-muc:amountCurrency": Text(tr="tutarın para birimi", en="amount's currency"),
    "gl-muc:amountOriginalAmount": Text(tr="döviz tutarı", en="original amount"),
    "gl-muc:amountOriginalExchangeRateSource": Text(tr="kurun kaynağı", en="source of the rate"),
}
"""Elements' names beside those that findings know."""
_DECIMALS: Final = frozenset(
    {
        "gl-muc:amountOriginalAmount",
        "gl-muc:amountOriginalExchangeRate",
        "gl-muc:amountOriginalTriangulationAmount",
        "gl-bus:measurableQuantity",
        "gl-bus:measurableCostPerUnit",
    }
)
_DIGITS: Final = 18
_DECIMAL: Final = re.compile(r"(-?[0-9]+)\.([0-9]+)")
_CURRENCY: Final = "iso4217:"


def name_of(element: str, language: Language) -> str:
    """What an element is called; its own name where there is no other."""
    known = _NAMES.get(element)
    return (known or label(element)).to(language)


def value(element: str, text: str, language: Language) -> str:
    """A value without a column of its own, as readers write it."""
    if element in _DECIMALS:
        match = _DECIMAL.fullmatch(text)
        if match is None or len(match[1]) > _DIGITS:
            return text
        return f"{grouped(int(match[1]), language)}{',' if language == 'tr' else '.'}{match[2]}"
    return day(text, language) if element.endswith("Date") else text.removeprefix(_CURRENCY)


@cache
def words(language: Language) -> Mapping[str, str]:
    """All words in one language."""
    return {key: text.to(language) for key, text in WORDS.items()}


@lru_cache(maxsize=512)
def moment(text: str, language: Language) -> str:
    """A day and time, to the minute; anything else as it stands."""
    match = _MOMENT.fullmatch(text)
    return f"{day(match[1], language)} {match[2]} {match[3]}".rstrip() if match else text


def kurus(text: str) -> int | None:
    """An amount in kuruş; None where it is none."""
    try:
        return parse_kurus(text)
    except ValueError:
        return None


def amount(text: str, language: Language) -> str:
    """An amount as readers write it; as it stands where it is none."""
    found = kurus(text)
    return text if found is None else money(found, language)


def balance(difference: int | None, said: Mapping[str, str], language: Language) -> str:
    """Debit less credit, with the side on which it stands; `—` where it is not known."""
    if difference is None:
        return "—"
    side = "" if difference == 0 else f" {said['D' if difference > 0 else 'C']}"
    return money(abs(difference), language) + side
