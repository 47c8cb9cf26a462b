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
_PAIRED: Final = re.compile(r"<([abipu])(?:\s[^<>]*)?>(.*?)</\1>", re.IGNORECASE)


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
        kept = _PAIRED.sub(r"\2", _TAG.sub(" ", kept))
    kept = kept.strip()
    return kept, kept != text.strip()
