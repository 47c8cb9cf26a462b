"""The currencies of ISO 4217, and what exports call some of them."""

from typing import Final

_CODES: Final = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP
LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN
PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS
TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD
XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG ZWL
"""
CURRENCIES: Final = frozenset(_CODES.split())
"""Codes, those lately withdrawn among them."""

_CALLED: Final = {
    "TL": "TRY", "YTL": "TRY", "₺": "TRY", "EURO": "EUR", "AVRO": "EUR", "€": "EUR", "DOLAR": "USD", "US$": "USD",
    "$": "USD", "STERLIN": "GBP", "STG": "GBP", "£": "GBP",
}  # fmt: skip


def currency_code(text: str) -> str | None:
    """The ISO code that an export means, or None."""
    code = text.upper().replace("İ", "I")
    code = _CALLED.get(code, code)
    return code if code in CURRENCIES else None
