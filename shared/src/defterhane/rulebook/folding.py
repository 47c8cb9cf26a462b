"""Texts as words to compare: case, Turkish letters, punctuation, white space and HTML's escapes make no difference."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Final, NamedTuple

LIMIT: Final = 20_000
"""So many characters of a text are looked at."""
CUT: Final = "..."
"""Stands among the words where a text says that it has been cut."""

_WORD: Final = re.compile(r"[^\W_]+|\.{3,}")
_DROPPED: Final = ("Mn", "Cf")
_PATH: Final = "/@"

# The authority writes one thing in several ways, and mends its misspellings from one version to the next.
_ELEMENT: Final = ("eleman", "elemani", "elemanin", "elemaninin", "elemanlari", "elemanlarida", "elamani", "elamanin")
_FILLING: Final = frozenset((*_ELEMENT, "adet", "bir", "bu", "da", "de", "tane"))
_SPELLINGS: Final = {
    "bulunmaldir": "bulunmalidir",
    "degelerinin": "degerlerinin",
    "icerisinde": "icerisindeki",
    "icersindeki": "icerisindeki",
    "icinde": "icerisindeki",
    "icindeki": "icerisindeki",
    "olmamalidir": "olmalidir",
    "veya": "ve",
}


class Word(NamedTuple):
    """One word of a text, folded."""

    text: str
    glued: bool = False
    """It goes on a path: `/` or `@` stands right before it."""


def fold(text: str) -> str:
    """Lower case, without accents and dots: `İ`, `I`, `ı` and `i` are one letter; nothing invisible."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())[: 2 * LIMIT]
    kept = (letter for letter in decomposed if unicodedata.category(letter) not in _DROPPED)
    return "".join(kept).replace("ı", "i")


def words_of(text: str) -> list[Word]:
    """The words of a text, at most the first `LIMIT` characters of it."""
    plain = unescape(unescape(text[:LIMIT]))
    folded = fold(plain)
    return [Word(*_read(folded, found)) for found in _WORD.finditer(folded)]


def _read(folded: str, found: re.Match[str]) -> tuple[str, bool]:
    text = CUT if found[0].startswith(".") else found[0]
    start = found.start()
    return text, start > 0 and folded[start - 1] in _PATH


def may_be_filling(start: str) -> bool:
    """A word that is cut may be one that carries no meaning."""
    return any(word.startswith(start) for word in _FILLING)


def loosened(words: Iterable[Word]) -> Iterator[Word]:
    """The words that carry the meaning, each in one spelling."""
    last = ""
    for word in words:
        text = _SPELLINGS.get(word.text, word.text)
        if text in _FILLING or (last == "ve" and text in ("ve", "ya")):
            continue
        last = text
        yield word._replace(text=text)
