"""The layout that is XML: `Edefter/MuhasebeKayitlari`, streamed; each of its lines holds one record."""

from collections.abc import Iterable, Iterator
from typing import Final

from lxml import etree

from sandbox.exports.records import Entry, Plan, Record

_HEAD: Final = (
    ("Girisci", "enteredby"),
    ("GirisTarihi", "entereddate"),
    ("MuhasebeFisNo", "entrynumber"),
    ("KayitAciklamasi", "entrycomment"),
    ("YevmiyeMaddeNo", "entrynumbercounter"),
)
_DETAIL: Final = (
    ("SatirYevmiyeMaddeNo", "linenumbercounter"),
    ("hesap/AnaHesapNo", "accmainid"),
    ("hesap/AnaHesapAdi", "accmainiddesc"),
    ("hesap/AltHesap/AltHesapNo", "accsubid"),
    ("hesap/AltHesap/AltHesapAdi", "accsubdesc"),
    ("Tutar", "amount"),
    ("BorcAlacakKodu", "debitcreditcode"),
    ("YevmiyeTarihi", "postingdate"),
    ("BelgeReferansi", "documentreference"),
    ("BelgeTipi", "documenttype"),
    ("BelgeNo", "documentnumber"),
    ("BelgeTarihi", "documentdate"),
    ("BelgeTipiTanimi", "doctypedesc"),
    ("OdemeTipi", "paymentmethod"),
    ("SatirAciklamasi", "detailcomment"),
)
_SIDES: Final = {"D": "B", "C": "A"}
"""Borç and alacak."""


def xml_lines(file: str, plan: Plan, entries: Iterable[Entry]) -> Iterator[str]:
    """The file's lines, each with its end; tells each record where it stands.

    A record that is told by another table alone makes an entry without lines.
    """
    span = plan.span
    start = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<Edefter>",
        "<MuhasebeKayitlari>",
        f"<DokumanBilgisi><DonemBaslangicTarihi>{span.start}</DonemBaslangicTarihi>"
        f"<DonemBitisTarihi>{span.end}</DonemBitisTarihi></DokumanBilgisi>",
    )
    yield from (f"{text}\n" for text in start)
    line = len(start)
    for entry in entries:
        head = _text(_element("MuhasebeKaydi", _HEAD, entry[0]))
        yield head.removesuffix("</MuhasebeKaydi>") + "\n"
        line += 1
        entry[0].file, entry[0].line = file, line
        for record in entry:
            if record.only:
                continue
            line += 1
            record.file, record.line = file, line
            text = _text(_element("KayitDetayi", _DETAIL, record)) + "\n"
            yield text if record.spoil is None else record.spoil(text)
        yield "</MuhasebeKaydi>\n"
        line += 1
    yield "</MuhasebeKayitlari>\n</Edefter>\n"


def _element(name: str, tells: Iterable[tuple[str, str]], record: Record) -> etree._Element:
    element = etree.Element(name)
    for path, what in tells:
        text = getattr(record, what)
        if not text:
            continue
        place = element
        *around, last = path.split("/")
        for step in around:
            found = place.find(step)
            place = found if found is not None else etree.SubElement(place, step)
        etree.SubElement(place, last).text = _SIDES.get(text, text) if what == "debitcreditcode" else text
    return element


def _text(element: etree._Element) -> str:
    return etree.tostring(element, encoding="unicode")
