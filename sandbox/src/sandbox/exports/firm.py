"""A plausible trading firm: its accounts, its kinds of vouchers, and any number of them, by chance and a seed."""

import random
from dataclasses import dataclass
from typing import Final

MAINS: Final = {
    "100": "KASA", "101": "ALINAN ÇEKLER", "102": "BANKALAR", "103": "VERİLEN ÇEKLER VE ÖDEME EMİRLERİ",
    "108": "DİĞER HAZIR DEĞERLER", "120": "ALICILAR", "121": "ALACAK SENETLERİ", "153": "TİCARİ MALLAR",
    "159": "VERİLEN SİPARİŞ AVANSLARI", "191": "İNDİRİLECEK KDV", "320": "SATICILAR",
    "335": "PERSONELE BORÇLAR", "340": "ALINAN SİPARİŞ AVANSLARI", "360": "ÖDENECEK VERGİ VE FONLAR",
    "361": "ÖDENECEK SOSYAL GÜVENLİK KESİNTİLERİ", "391": "HESAPLANAN KDV", "600": "YURT İÇİ SATIŞLAR",
    "601": "YURT DIŞI SATIŞLAR", "602": "DİĞER GELİRLER", "621": "SATILAN TİCARİ MALLAR MALİYETİ",
    "760": "PAZARLAMA SATIŞ VE DAĞITIM GİDERLERİ", "770": "GENEL YÖNETİM GİDERLERİ",
}  # fmt: skip
"""Main accounts and their names."""

_SURNAMES: Final = (
    "YILDIZ", "ŞAHİN", "ÖZTÜRK", "ÇELİK", "GÜNEŞ", "AKIN", "IŞIK", "ÜNAL", "KOÇAK", "DAĞLI", "ERGÜN",
)  # fmt: skip
_TRADES: Final = (
    "GIDA", "TEKSTİL", "NAKLİYAT", "MAKİNE", "İNŞAAT", "KIRTASİYE", "BİLİŞİM", "AMBALAJ", "ÇİÇEKÇİLİK",
)  # fmt: skip
_FORMS: Final = ("LTD. ŞTİ.", "A.Ş.", "TİC. VE SAN.", "& OĞULLARI")
_CLERKS: Final = ("A. Yıldız", "Ş. Güneş", "Ö. Çelik", "İ. Işık")
_PARTNERS: Final = 400
"""Customers, and as many suppliers."""

_ACCOUNTS: Final = {
    "cash": (("100.01", "MERKEZ KASA"),),
    "bank": (("102.01", "MERKEZ ŞUBESİ TL HESABI"), ("102.02", "SANAYİ ŞUBESİ TL HESABI")),
    "goods": (
        ("153.01", "ÇELİK VİDA <M8>"), ("153.02", 'BORU 2"'), ("153.03", "KÂĞIT A4"), ("153.04", "ŞERİT & BANT"),
        ("153.05", "IŞILDAK"), ("153.06", "ÜTÜ MASASI"), ("153.07", "ÖRTÜ"),
    ),
    "cheques": (("101.01", "PORTFÖYDEKİ ÇEKLER"),),
    "own cheques": (("103.01", "VERİLEN ÇEKLER"),),
    "cards": (("108.01", "KREDİ KARTI SLİPLERİ"),),
    "notes": (("121.01", "PORTFÖYDEKİ SENETLER"),),
    "advances given": (("159.01", "YURT İÇİ AVANSLAR"),),
    "advances taken": (("340.01", "YURT İÇİ AVANSLAR"),),
    "tax in": (("191.20", "%20 KDV"),),
    "tax out": (("391.20", "%20 KDV"),),
    "low tax out": (("391.10", "%10 KDV"),),
    "sales": (("600.20", "%20 SATIŞLAR"),),
    "low sales": (("600.10", "%10 SATIŞLAR"),),
    "exports": (("601.01", "İHRACAT"),),
    "other income": (("602.01", "VADE FARKI"),),
    "cost": (("621.01", "SATILAN MAL MALİYETİ"),),
    "freight": (("760.02", "NAKLİYE GİDERİ"),),
    "rent": (("770.01", "KİRA GİDERİ"),),
    "wages": (("770.05", "ÜCRET GİDERLERİ"),),
    "wages due": (("335.01", "ÜCRETLER"),),
    "income tax": (("360.01", "GELİR VERGİSİ STOPAJI"),),
    "rent tax": (("360.03", "KİRA STOPAJI"),),
    "insurance": (("361.01", "SGK PRİMİ"),),
    "unemployment": (("361.02", "İŞSİZLİK SİGORTASI"),),
}  # fmt: skip
"""Sub-accounts by what they are for; their main account is what stands before the dot."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A kind of voucher. Shares are hundredths of its net amount: debit above zero, credit below; the last balances."""

    weight: int
    comment: str
    document: str
    description: str
    payment: str
    shares: tuple[tuple[str, int], ...]


EXPORT: Final = Recipe(3, "İhracat", "invoice", "", "", (("customer", 100), ("freight", 3), ("exports", -103)))
"""A sale abroad."""

_RECIPES: Final = (
    Recipe(8, "Müşteri tahsilatı", "other", "Banka dekontu", "Banka", (("bank", 100), ("customer", -100))),
    Recipe(4, "Nakit tahsilat", "receipt", "", "Nakit", (("cash", 100), ("customer", -100))),
    Recipe(3, "Alınan çek", "check", "", "Çek", (("cheques", 100), ("customer", -100))),
    Recipe(2, "Alınan senet", "voucher", "", "Senet", (("notes", 100), ("customer", -100))),
    Recipe(2, "Satıcıya çek", "check", "", "Çek", (("supplier", 100), ("own cheques", -100))),
    Recipe(7, "Satıcı ödemesi", "other", "Banka dekontu", "Banka", (("supplier", 100), ("bank", -100))),
    Recipe(1, "Verilen avans", "order-vendor", "", "Banka", (("advances given", 100), ("bank", -100))),
    Recipe(1, "Alınan avans", "order-customer", "", "Banka", (("bank", 100), ("advances taken", -100))),
    Recipe(4, "Sevkiyat maliyeti", "shipment", "", "", (("cost", 100), ("goods", -100))),
    Recipe(2, "Bankaya yatan", "", "", "", (("bank", 100), ("cash", -100))),
    Recipe(20, "Mal alışı", "invoice", "", "", (("goods", 100), ("tax in", 20), ("supplier", -120))),
    Recipe(25, "Mal satışı", "invoice", "", "", (("customer", 120), ("tax out", -20), ("sales", -100))),
    Recipe(3, "Vade farkı", "invoice", "", "", (("customer", 120), ("tax out", -20), ("other income", -100))),
    EXPORT,
    Recipe(1, "İşyeri kirası", "other", "Kira makbuzu", "Banka", (("rent", 125), ("rent tax", -25), ("bank", -100))),
    Recipe(
        9, "Mal alışı, iki kalem", "invoice", "", "",
        (("goods", 60), ("goods", 40), ("tax in", 20), ("supplier", -120)),
    ),
    Recipe(
        2, "Ücret tahakkuku", "other", "Ücret bordrosu icmali", "",
        (("wages", 100), ("income tax", -15), ("insurance", -14), ("unemployment", -1), ("wages due", -70)),
    ),
    Recipe(
        6, "Günlük perakende satış", "other", "Z raporu", "Kredi Kartı",
        (("cash", 77), ("cards", 153), ("tax out", -20), ("low tax out", -10), ("sales", -100), ("low sales", -100)),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a voucher."""

    main: str
    sub: str
    name: str
    amount: int
    """Kuruş or whole lira, above zero for debit."""


class Firm:
    """Makes up vouchers of 2 to 6 lines; debits equal credits in each."""

    def __init__(self, seed: int, year: int) -> None:
        self._year = year
        self._random = random.Random(seed)  # noqa: S311 — made-up figures, no secret

    def voucher(self, most: int) -> tuple[Recipe, tuple[Item, ...]]:
        """A voucher of at most so many lines, and never such that one line would be left over."""
        fitting = [recipe for recipe in _RECIPES if most - len(recipe.shares) >= 2 or most == len(recipe.shares)]
        recipe = self._random.choices(fitting, [recipe.weight for recipe in fitting])[0]
        net = self._random.randrange(1_000, 2_500_000)
        amounts = [net * share // 100 for _, share in recipe.shares[:-1]]
        amounts.append(-sum(amounts))
        accounts = (self._account(role) for role, _ in recipe.shares)
        items = (Item(*account, amount) for account, amount in zip(accounts, amounts, strict=True))
        return recipe, tuple(items)

    def clerk(self) -> str:
        """Who entered it."""
        return self._random.choice(_CLERKS)

    def number(self, document: str) -> str:
        """The number of a document of that type."""
        if document == "invoice":
            return f"ABC{self._year}{self._random.randrange(10**9):09}"
        return f"{self._random.randrange(10**7):07}"

    def _account(self, role: str) -> tuple[str, str, str]:
        if role in _ACCOUNTS:
            sub, name = self._random.choice(_ACCOUNTS[role])
            return sub[:3], sub, name
        main = "120" if role == "customer" else "320"
        number = self._random.randrange(_PARTNERS)
        name = " ".join(names[number % len(names)] for names in (_SURNAMES, _TRADES, _FORMS))
        return main, f"{main}.01.{number:04}", name
