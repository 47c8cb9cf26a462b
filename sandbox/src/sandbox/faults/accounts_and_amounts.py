"""Faults in a record's account, amount, side, and currency."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sandbox.exports.firm import MAINS
from sandbox.exports.records import Entry, Plan, Record
from sandbox.faults.kinds import ALL, At, EntryFault, RecordsFault
from sandbox.faults.making import changed, put

_CODED: Final = ALL - {"report"}
"""The layouts in which main and sub-account have columns of their own."""
_SIDED: Final = frozenset({"columns25", "columns23", "xml"})
"""The layouts with a code for debit and credit."""
_TWO_COLUMNS: Final = frozenset({"header-detail", "report"})
"""The layouts with a column for debit and one for credit."""
_CURRENCY: Final = frozenset({"columns25"})


def _two_mains(entry: Entry) -> list[Entry]:
    """One sub-account under a main account of three digits, then under one of four."""
    first, second, *others = entry
    sub = {"accsubid": "1531.01", "accsubdesc": "ORTAK ALT HESAP"}
    return [
        [
            changed(first, accmainid="153", accmainiddesc="TİCARİ MALLAR", **sub),
            changed(second, accmainid="1531", accmainiddesc="DEPODAKİ MALLAR", **sub),
            *others,
        ]
    ]


def _has_goods(entry: Entry) -> bool:
    return any(record.accmainid == "153" for record in entry)


def _zero_cut(entry: Entry) -> list[Entry]:
    index = next(index for index, record in enumerate(entry) if record.accmainid == "153")
    return put(index, accsubid=lambda record: record.accsubid.replace(".0", "."))(entry)


def _exchanged(one: str, other: str, name: str = "") -> Callable[[Record], Record]:
    """Two main accounts, each in the other's place; or one that is never used, by its name, in place of the other."""
    places = {one: other, other: one}

    def change(record: Record) -> Record:
        main = places.get(record.accmainid)
        if main is None:
            return record
        sub = main + record.accsubid.removeprefix(record.accmainid)
        return changed(record, accmainid=main, accmainiddesc=name or MAINS[main], accsubid=sub)

    return change


def _foreign(plan: Plan) -> Plan:
    return replace(plan, foreign_currency=True)


def _whole_lira(plan: Plan) -> Plan:
    return replace(plan, vendor_habits=True)


ACCOUNTS: Final = (
    EntryFault(
        "main-account-empty", "account.main_missing",
        "Bir satırda ana hesap kodu yok.", "A line has no main account.",
        put(1, accmainid=""), layouts=_CODED,
    ),
    EntryFault(
        "main-account-malformed", "account.main_malformed",
        "Ana hesap kodunda harf var.", "A main account has a letter in it.",
        put(1, accmainid="10A", accsubid="", accsubdesc=""), layouts=_CODED, value="10A",
    ),
    EntryFault(
        "main-account-too-long", "account.main_malformed",
        "Ana hesap sütununda alt hesap kodu var.", "A sub-account stands in the column of main accounts.",
        put(1, accmainid="10.01", accsubid="", accsubdesc=""), layouts=_CODED, value="10.01",
    ),
    EntryFault(
        "main-account-unnamed", "account.main_description_missing",
        "Ana hesabın adı yok.", "A main account has no name.",
        put(1, accmainiddesc=""), layouts=_CODED,
    ),
    EntryFault(
        "sub-account-without-code", "account.sub_missing",
        "Alt hesabın adı var, kodu yok.", "A sub-account has a name, but no code.",
        put(1, accsubid=""), layouts=_CODED,
    ),
    EntryFault(
        "sub-account-unnamed", "account.sub_description_missing",
        "Alt hesabın adı yok.", "A sub-account has no name.",
        put(1, accsubdesc=""),
    ),
    EntryFault(
        "sub-account-elsewhere", "account.sub_not_under_main",
        "Alt hesap kodu ana hesap koduyla başlamıyor.", "A sub-account does not begin with its main account.",
        put(1, accsubid="999.01"), layouts=_CODED, value="999.01",
    ),
    EntryFault(
        "sub-account-damaged-by-spreadsheet", "value.damaged",
        "Alt hesabı tablolama programı 1,20E+11 yapmış.", "A spreadsheet has made 1,20E+11 of a sub-account.",
        put(1, accsubid="1,20E+11"), layouts=_CODED, value="1,20E+11",
    ),
    EntryFault(
        "sub-account-under-two-mains", "account.sub_under_two_mains",
        "Aynı alt hesap iki ana hesabın altında.", "One sub-account stands under two main accounts.",
        _two_mains, layouts=_CODED, value="1531.01", at=At.SECOND,
    ),
    EntryFault(
        "sub-account-with-zeros-cut", "value.zeros_cut",
        "Tablolama programı alt hesabın sıfırını silmiş: 153.1.", "A spreadsheet has cut a sub-account's zero: 153.1.",
        _zero_cut, fits=_has_goods,
    ),
)  # fmt: skip

AMOUNTS: Final = (
    EntryFault(
        "amount-empty", "amount.missing",
        "Bir satırda tutar yok.", "A line has no amount.",
        put(1, amount=""),
    ),
    EntryFault(
        "amount-in-words", "amount.unreadable",
        "Tutar rakamla yazılmamış.", "An amount is not written in digits.",
        put(1, amount="yüz lira"), value="yüz lira",
    ),
    EntryFault(
        "amount-of-another-form", "amount.unreadable",
        "Bir tutar ötekilerden başka biçimde: 1000,50.", "One amount has another decimal mark: 1000,50.",
        put(1, amount="1000,50"), layouts=frozenset({"columns25", "xml"}), value="1000,50",
    ),
    EntryFault(
        "amount-too-large", "amount.unreadable",
        "Tutar hiçbir deftere sığmaz.", "An amount is larger than any ledger holds.",
        put(1, amount="9999999999999999.00"), layouts=frozenset({"columns25", "xml"}),
    ),
    EntryFault(
        "amount-ambiguous", "amount.ambiguous",
        "Bütün tutarlar kuruşsuz, biri 1.000: bin mi bir mi, belli değil.",
        "All amounts are whole liras, and one is 1.000: a thousand or one, nobody knows.",
        put(1, amount="1.000"), layouts=frozenset({"columns25"}), value="1.000", plan=_whole_lira,
    ),
    EntryFault(
        "amount-with-three-decimals", "amount.too_many_decimals",
        "Tutarda üç ondalık var.", "An amount has three decimals.",
        put(1, amount="100.005"), layouts=ALL - {"report"},
    ),
    EntryFault(
        "amount-damaged-by-spreadsheet", "amount.damaged",
        "Tutarı tablolama programı 1,00E+15 yapmış.", "A spreadsheet has made 1,00E+15 of an amount.",
        put(1, amount="1,00E+15"), value="1,00E+15",
    ),
    EntryFault(
        "amount-zero", "amount.not_positive",
        "Sıfır tutarlı satır.", "A line of zero.",
        put(1, amount="0.00"), layouts=_SIDED, value="0.00",
    ),
    EntryFault(
        "amount-negative", "amount.not_positive",
        "Eksi tutarlı satır.", "A negative amount.",
        put(1, amount="-100.00"), value="-100.00",
    ),
    EntryFault(
        "amount-on-both-sides", "amount.both_sides",
        "Satırda hem borç hem alacak var.", "A line has both a debit and a credit.",
        put(1, debitcreditcode="D+C", amount="10.00/20.00"), layouts=_TWO_COLUMNS,
    ),
    EntryFault(
        "formula-without-value", "formula.without_value",
        "Hücrede sonucu olmayan bir formül var.", "A cell holds a formula without its result.",
        put(1, amount="=I2+J2"), layouts=frozenset({"columns23"}), at=At.LINE, also=("amount.missing",),
    ),
    EntryFault(
        "cell-in-error", "cell.error",
        "Hücrede #REF! hatası var.", "A cell shows #REF!.",
        put(1, amount="#REF!"), layouts=frozenset({"columns23"}), at=At.LINE, also=("amount.missing",),
    ),
    EntryFault(
        "side-unknown", "side.unknown",
        "Borç/alacak kodu bilinmiyor.", "The code for debit or credit is not known.",
        put(1, debitcreditcode="X"), layouts=_SIDED, value="X",
    ),
    EntryFault(
        "side-empty", "side.unknown",
        "Borç/alacak kodu boş.", "There is no code for debit or credit.",
        put(1, debitcreditcode=""), layouts=_SIDED,
    ),
)  # fmt: skip

_USD: Final = {"originalcurrency": "USD", "exchangerate": "35.2803", "exchangeratedate": "2025-01-02"}
_NO_RATE: Final = {"originalcurrency": "USD"}

TAXES: Final = (
    RecordsFault(
        "vat-for-sales", "vat.output_too_high",
        "Satışlar 391'e, KDV 600'e yazılmış.", "Sales are booked on 391, VAT on 600.",
        _exchanged("391", "600"),
    ),
    RecordsFault(
        "vat-elsewhere", "vat.output_missing",
        "Hesaplanan KDV 391 yerine 392'ye yazılmış.", "VAT on sales is booked on 392 instead of 391.",
        _exchanged("391", "392", "DİĞER KATMA DEĞER VERGİSİ"),
    ),
    RecordsFault(
        "vat-for-goods", "vat.input_too_high",
        "Mallar 191'e, KDV 153'e yazılmış.", "Goods are booked on 191, VAT on 153.",
        _exchanged("191", "153"),
    ),
)  # fmt: skip

CURRENCY: Final = (
    EntryFault(
        "currency-unknown", "currency.unknown",
        "Döviz kodu bilinmiyor.", "The code of a currency is not known.",
        put(1, originalamount="10.00", **{**_USD, "originalcurrency": "XQX"}), layouts=_CURRENCY, value="XQX",
        plan=_foreign,
    ),
    EntryFault(
        "currency-without-rate", "currency.incomplete",
        "Döviz tutarının kuru yok.", "An amount in foreign currency has no rate.",
        put(1, originalamount="10.00", **_NO_RATE), layouts=_CURRENCY, plan=_foreign,
    ),
    EntryFault(
        "currency-rate-in-words", "currency.rate_unreadable",
        "Kur rakamla yazılmamış.", "A rate is not written in digits.",
        put(1, originalamount="10.00", **{**_USD, "exchangerate": "otuz beş"}), layouts=_CURRENCY, value="otuz beş",
        plan=_foreign,
    ),
    EntryFault(
        "currency-rate-unlikely", "currency.rate_unlikely",
        "Döviz tutarı kurla çarpılınca satırın tutarını vermiyor.",
        "The amount in foreign currency times its rate is not the line's amount.",
        put(1, originalamount="0.01", **_USD), layouts=_CURRENCY, plan=_foreign,
    ),
)  # fmt: skip
