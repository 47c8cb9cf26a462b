"""Canonical XML (C14N 1.0) in small: escapes, start tags, namespaces in scope."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from defterhane.xades.errors import KeyUnusable
from defterhane.xades.names import DS, XADES

_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Scope:
    """The namespaces declared in a document's root: prefix (empty for the default) → URI, as written there."""

    namespaces: tuple[tuple[str, str], ...]

    @property
    def added(self) -> tuple[tuple[str, str], ...]:
        """What ds:Signature has to declare itself."""
        there = dict(self.namespaces)
        return tuple((prefix, uri) for prefix, uri in (("ds", DS), ("xades", XADES)) if there.get(prefix) != uri)

    @property
    def inside(self) -> str:
        """All declarations in scope inside ds:Signature, as an apex element's canonical form carries them."""
        return declarations({**dict(self.namespaces), **dict(self.added)})


def declarations(namespaces: Mapping[str, str] | Iterable[tuple[str, str]]) -> str:
    """Namespace declarations in canonical order, each with a space before it; URIs are given escaped."""
    return "".join(
        f' xmlns:{prefix}="{uri}"' if prefix else f' xmlns="{uri}"' for prefix, uri in sorted(dict(namespaces).items())
    )


def text(content: str) -> str:
    """Character data in canonical form (C14N 1.0, 2.3).

    Raises:
        KeyUnusable: a character that XML does not allow; only certificates bring foreign text here.
    """
    if found := _ILLEGAL.search(content):
        raise KeyUnusable(why=f"U+{ord(found[0]):04X}")
    return content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")
