"""Says what a file was taken for."""

from typing import Final

from converter.reading.amounts import Amounts
from converter.reading.recognise import Shape
from converter.reading.recognised import Recognised
from defterhane.tenant import ExportProfile
from defterhane.texts import Text

_SEPARATORS: Final = {
    ";": ("noktalı virgül", "semicolon"),
    "\t": ("sekme", "tab"),
    ",": ("virgül", "comma"),
    "|": ("dikey çizgi", "bar"),
}
_ORDERS: Final = {
    "year-month-day": ("yıl-ay-gün", "year, month, day"),
    "day-month-year": ("gün-ay-yıl", "day, month, year"),
    "month-day-year": ("ay-gün-yıl", "month, day, year"),
}
DEFAULT_ORDER: Final = "day-month-year"
"""Of dates whose year stands last."""


def describe_table(
    file: str, shape: Shape, facts: dict[str, str], amounts: Amounts, profile: ExportProfile
) -> Recognised:
    """All about one table; `facts` are what its kind adds."""
    why = [_why(shape, profile), *_form(facts)]
    return describe(file, shape.layout.key, why, facts, amounts, profile, unread=shape.unread)


def describe(
    file: str,
    layout: str,
    why: list[Text],
    facts: dict[str, str],
    amounts: Amounts,
    profile: ExportProfile,
    unread: tuple[str, ...] = (),
) -> Recognised:
    """What a file was taken for: `why` first, then what all layouts have."""
    order = profile.date_order or DEFAULT_ORDER
    known = {
        **facts,
        "decimal_mark": amounts.mark or "",
        "date_order": order,
        "columns_unread": ", ".join(unread),
    }
    parts = [*why, _values(amounts, order)]
    if unread:
        names = ", ".join(unread)
        parts.append(Text(tr=f"Okunmayan sütunlar: {names}.", en=f"Columns left unread: {names}."))
    if profile.numbering == "platform":
        parts.append(
            Text(
                tr="Madde ve satır numaralarını profil gereği platform verir; dosyadakiler okunmaz.",
                en="By the profile the platform numbers entries and lines; the file's numbers are left unread.",
            )
        )
    return Recognised(file, layout, joined(parts), known)


def joined(parts: list[Text]) -> Text:
    """Sentences, one after the other."""
    return Text(tr=" ".join(part.tr for part in parts), en=" ".join(part.en for part in parts))


def _why(shape: Shape, profile: ExportProfile) -> Text:
    tr, en = shape.layout.title
    if profile.layout is not None:
        return Text(tr=f"Profildeki düzen: {tr}.", en=f"Taken for {en}, as the profile says.")
    if shape.header:
        return Text(
            tr=f"Düzen: {tr}; {shape.header}. satırdaki sütun adlarından tanındı.",
            en=f"Taken for {en}, known by the columns' names in row {shape.header}.",
        )
    if shape.positions:
        return Text(
            tr=f"Düzen: {tr}; sütun adı yok, {shape.width} sütunun içeriğinden tanındı.",
            en=f"Taken for {en}, without names, known by what stands in its {shape.width} columns.",
        )
    return Text(tr=f"Düzen: {tr}; fiş ve sütun satırlarından tanındı.", en=f"Taken for {en}, known by its rows.")


def _form(facts: dict[str, str]) -> list[Text]:
    if "sheet" in facts:
        told = [Text(tr=f"Sayfa: {facts['sheet']}.", en=f"Sheet: {facts['sheet']}.")]
        if facts["sheets_unread"]:
            unread = facts["sheets_unread"]
            told.append(Text(tr=f"Gizli sayfalar okunmadı: {unread}.", en=f"Hidden sheets left unread: {unread}."))
        return told
    tr, en = _SEPARATORS[facts["separator"]]
    quoted = facts["quoted"] == "true"
    return [
        Text(
            tr=f"Kodlama {facts['encoding']}, satır sonu {facts['line_ends']}, ayraç {tr}, "
            f"tırnak {'metinleri çevreler' if quoted else 'sıradan bir karakterdir'}.",
            en=f"Encoding {facts['encoding']}, line ends {facts['line_ends']}, separator {en}, "
            f"quotes {'enclose texts' if quoted else 'are letters like others'}.",
        )
    ]


def _values(amounts: Amounts, order: str) -> Text:
    tr, en = _ORDERS[order]
    if amounts.mark is None:
        return Text(tr=f"Tutarlarda kuruş görülmedi; tarih sırası {tr}.", en=f"No amount shows decimals; dates: {en}.")
    mark = {",": ("virgül", "comma"), ".": ("nokta", "point")}[amounts.mark]
    return Text(tr=f"Kuruş ayracı {mark[0]}; tarih sırası {tr}.", en=f"Decimal mark: {mark[1]}; dates: {en}.")
