"""Texts that a document may hold: no control characters, no HTML, nothing that XML has no way to write."""

import re
from typing import Final

_SPACE: Final = re.compile(r"[\t\n\v\r\u2028\u2029]+")
_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffd-\uffff]")
_TAG: Final = re.compile(
    r"</?(?:html|head|body|title|style|script|meta|link|br|hr|div|span|font|strong|em|center|img|"
    r"table|thead|tbody|tr|td|th|ul|ol|li|h[1-6])(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_PAIRED: Final = re.compile(r"<(/?)([abipu])(?:\s[^<>]*)?>", re.IGNORECASE)


def is_clean(text: str) -> bool:
    """A quick look: True only where `clean` would change nothing but the ends."""
    return text.isprintable() and "<" not in text and "\ufffd" not in text


def clean(text: str) -> tuple[str, bool]:
    """The text without what must not be in it, and whether more than white space at its ends was changed.

    Line ends and tabs become one space. A lone `<A>` is left: it may well be a grade of goods.
    """
    spaced = _SPACE.sub(" ", text)
    kept = _FORBIDDEN.sub("", spaced)
    if "<" in kept:
        kept = _without_pairs(_TAG.sub(" ", kept))
    kept = kept.strip()
    return kept, kept != text.strip()


def _without_pairs(text: str) -> str:
    """The text without those tags of one letter that open and close. One pass, however many there are."""
    opened: dict[str, re.Match[str]] = {}
    paired: list[tuple[int, int]] = []
    for tag in _PAIRED.finditer(text):
        letter = tag[2].lower()
        if not tag[1]:
            opened.setdefault(letter, tag)
        elif letter in opened:
            paired += [opened.pop(letter).span(), tag.span()]
    if not paired:
        return text
    kept = []
    end = 0
    for start, after in sorted(paired):
        kept.append(text[end:start])
        end = after
    return "".join((*kept, text[end:]))
