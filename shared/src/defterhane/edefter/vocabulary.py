"""The XBRL-GL vocabulary of e-Defter: namespaces and fixed values (e-Defter palette, 2006-10-25)."""

from typing import Final

NAMESPACES: Final[dict[str, str]] = {
    "defterek": "http://www.edefter.gov.tr/ek",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "edefter": "http://www.edefter.gov.tr",
    "gl-bus": "http://www.xbrl.org/int/gl/bus/2006-10-25",
    "gl-cor": "http://www.xbrl.org/int/gl/cor/2006-10-25",
    "gl-muc": "http://www.xbrl.org/int/gl/muc/2006-10-25",
    "gl-plt": "http://www.xbrl.org/int/gl/plt/2006-10-25",
    "iso4217": "http://www.xbrl.org/2003/iso4217",
    "iso639": "http://www.xbrl.org/2005/iso639",
    "link": "http://www.xbrl.org/2003/linkbase",
    "xades": "http://uri.etsi.org/01903/v1.3.2#",
    "xbrli": "http://www.xbrl.org/2003/instance",
    "xlink": "http://www.w3.org/1999/xlink",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
"""Prefix → namespace, in canonical (prefix) order."""

DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n'
"""A document's first line. It is no part of the canonical form, and of no digest that is signed."""

SCHEMA_LOCATION: Final = "http://www.edefter.gov.tr ../xsd/edefter.xsd"
SCHEMA_REF: Final = "../xsd/2006-10-25/plt/case-c-b/gl-plt-2006-10-25.xsd"
IDENTIFIER_SCHEME: Final = "http://www.gib.gov.tr"
TITLE: Final = "Kurum Unvanı"
FULL_NAME: Final = "Adı Soyadı"
BRANCH_NUMBER: Final = "Şube No"
BRANCH_NAME: Final = "Şube Adı"
NO_TAX_DETAIL: Final = "VERGI_DETAYSIZ"

TAX_ACCOUNTS: Final[dict[str, str]] = {
    "391": "Hesaplanan KDV",
    "191": "İndirilecek KDV",
    "600": "Yurt İçi Satışlar",
    "601": "Yurt Dışı Satışlar",
    "602": "Diğer Gelirler",
}
"""The five accounts whose totals a berat tells, in the berat's order, with their names (rules B037-B046)."""

DOCUMENT_TYPES: Final = frozenset(
    {"invoice", "check", "voucher", "receipt", "shipment", "order-vendor", "order-customer", "other"}
)
NUMBERED_DOCUMENT_TYPES: Final = frozenset({"invoice", "check", "other"})
"""Types that need documentNumber and documentDate (rules Y106-Y108)."""

BOOK_CURRENCY: Final = "TRY"
"""The currency of books that are kept in none other (ISO 4217)."""
