"""The entries of a made-up month: eight, whose lines have seven shapes, some of which come again late."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Line:
    """One line; `shape` names what else stands in it (`corpus_markup.SHAPES`)."""

    main: str
    sub: str | None
    side: str
    kurus: int
    shape: str = "plain"


@dataclass(frozen=True)
class Entry:
    """One entry of the journal."""

    day: str
    lines: tuple[Line, ...]
    batch: bool = False


NAMES: Final = {
    "100": "KASA",
    "101": "ALINAN ÇEKLER",
    "102": "BANKALAR",
    "118": "DİĞER MENKUL KIYMETLER",
    "120": "ALICILAR",
    "153": "TİCARİ MALLAR",
    "191": "İNDİRİLECEK KDV",
    "320": "SATICILAR",
    "391": "HESAPLANAN KDV",
    "500": "SERMAYE",
    "600": "YURT İÇİ SATIŞLAR",
}
_PURCHASE: Final = (
    Line("153", "153.01", "D", 100000, "invoice"),
    Line("191", "191.20", "D", 20000, "invoice"),
    Line("320", "320.01.004", "C", 120000, "invoice"),
)
_SALE: Final = (
    Line("100", None, "D", 60000, "till"),
    Line("600", "600.01", "C", 50000, "till"),
    Line("391", "391.20", "C", 10000, "till"),
)
FULL: Final = (
    Entry("2025-03-01", (Line("100", None, "D", 250000), Line("500", None, "C", 250000))),
    Entry("2025-03-05", _PURCHASE, batch=True),
    Entry("2025-03-06", _SALE),
    Entry(
        "2025-03-06",
        (Line("153", "153.02", "D", 400000, "euro"), Line("320", "320.02.001", "C", 400000, "euro")),
    ),
    Entry("2025-03-11", (Line("101", None, "D", 7550, "cheque"), Line("120", "120.01", "C", 7550, "cheque"))),
    Entry("2025-03-12", (Line("118", "118.01", "D", 50000, "fund"), Line("102", "102.01", "C", 50000, "receipt"))),
    Entry("2025-03-20", _PURCHASE, batch=True),
    Entry("2025-03-31", _SALE),
)
BRIEF: Final = (FULL[0], FULL[2])
