"""The words of a document's page, and how it looks."""

from typing import Final

from defterhane.texts import Language

WORDS: Final[dict[str, dict[Language, str]]] = {
    "Y": {"tr": "Yevmiye Defteri", "en": "Journal"},
    "K": {"tr": "Defter-i Kebir", "en": "Ledger"},
    "YB": {"tr": "Yevmiye Defteri Beratı", "en": "Berat of the journal"},
    "KB": {"tr": "Defter-i Kebir Beratı", "en": "Berat of the ledger"},
    "DR": {"tr": "Defter Raporu", "en": "Ledger report"},
    "period": {"tr": "Dönem", "en": "Period"},
    "number": {"tr": "Belge no", "en": "Document no."},
    "created": {"tr": "Oluşturma tarihi", "en": "Created"},
    "firm": {"tr": "Mükellef", "en": "Taxpayer"},
    "tax_id": {"tr": "VKN/TCKN", "en": "Tax number"},
    "accountant": {"tr": "Muhasebeci", "en": "Accountant"},
    "entry": {"tr": "Yevmiye no", "en": "Entry"},
    "voucher": {"tr": "Fiş", "en": "Voucher"},
    "line": {"tr": "Satır", "en": "Line"},
    "account": {"tr": "Hesap", "en": "Account"},
    "document": {"tr": "Belge", "en": "Document"},
    "comment": {"tr": "Açıklama", "en": "Comment"},
    "date": {"tr": "Tarih", "en": "Date"},
    "debit": {"tr": "Borç", "en": "Debit"},
    "credit": {"tr": "Alacak", "en": "Credit"},
    "total": {"tr": "Toplam", "en": "Total"},
    "signed": {"tr": "İmzalı", "en": "Signed"},
    "unsigned": {"tr": "İmzasız", "en": "Not signed"},
}

DOCUMENT_TYPES: Final[dict[str, dict[Language, str]]] = {
    "invoice": {"tr": "Fatura", "en": "Invoice"},
    "check": {"tr": "Çek", "en": "Cheque"},
    "voucher": {"tr": "Senet", "en": "Promissory note"},
    "receipt": {"tr": "Makbuz", "en": "Receipt"},
    "shipment": {"tr": "İrsaliye", "en": "Waybill"},
    "order-vendor": {"tr": "Satıcıya sipariş", "en": "Order to a vendor"},
    "order-customer": {"tr": "Müşteri siparişi", "en": "Customer's order"},
    "other": {"tr": "Diğer", "en": "Other"},
}

STYLE: Final = """
:root{color-scheme:light dark;--ink:#16202c;--dim:#5b6776;--rule:#d8dee6;--soft:#f3f6f9;--paper:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e8edf3;--dim:#9aa7b6;--rule:#32404f;--soft:#1b2530;--paper:#111821}}
body{font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);margin:2rem auto;max-width:70rem;
padding:0 1rem}h1{font-size:1.5rem;margin:0 0 .25rem}.state{color:var(--dim)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:1rem 0 2rem}
dt{color:var(--dim)}dd{margin:0}
section{content-visibility:auto;contain-intrinsic-size:auto 12rem;margin:0 0 1.25rem;border-top:2px solid var(--rule)}
h2{font-size:1rem;margin:.5rem 0}h2 small{font-weight:400;color:var(--dim)}
table{border-collapse:collapse;width:100%}th,td{padding:.2rem .5rem;text-align:left;vertical-align:top}
th{font-weight:600;color:var(--dim);font-size:.85em;border-bottom:1px solid var(--rule)}
tbody tr:nth-child(2n){background:var(--soft)}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
tfoot td{border-top:1px solid var(--rule);font-weight:600}
@media print{section{content-visibility:visible;break-inside:avoid}body{margin:0;max-width:none}}
"""
