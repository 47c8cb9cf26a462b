"""Which documents a file of the authority's package is for, told by its name, or by what stands in it."""

import re
from pathlib import Path
from typing import Final, cast

from lxml import etree

from defterhane.documents.safe_xml import CHUNK
from defterhane.edefter.kinds import DocumentKind

SVRL: Final = b"http://purl.oclc.org/dsdl/svrl"
_KINDS = DocumentKind
_BERATS: Final = (_KINDS.JOURNAL_BERAT, _KINDS.LEDGER_BERAT)
_SCHEMA: Final = "{http://purl.oclc.org/dsdl/schematron}schema"
_STYLESHEETS: Final = tuple(f"{{http://www.w3.org/1999/XSL/Transform}}{name}" for name in ("stylesheet", "transform"))
_COMPILED: Final = frozenset({".xsl", ".xslt"})
_ROOTS: Final = re.compile(rb"edefter:(defterraporu|defter|berat)\b")
_LOOKED_AT: Final = 2_000_000

NAMES: Final[dict[str, tuple[DocumentKind, ...]]] = {
    "journal": (_KINDS.JOURNAL,),
    "ledger": (_KINDS.LEDGER,),
    "berat": _BERATS,
    "journal_berat": (_KINDS.JOURNAL_BERAT,),
    "ledger_berat": (_KINDS.LEDGER_BERAT,),
    "report": (_KINDS.REPORT,),
}
"""How `package.toml` names documents."""


def is_schematron(path: Path) -> bool:
    """Whether a file is a whole Schematron or one compiled to XSLT.

    The authority's viewers are stylesheets, too, and fragments that a Schematron includes end in `.sch`, too.

    Raises:
        OSError: the file cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix == ".sch":
        return _root_of(path) == _SCHEMA
    return suffix in _COMPILED and _root_of(path) in _STYLESHEETS and SVRL in _start(path)


def kinds_of(path: Path) -> tuple[DocumentKind, ...]:
    """The kinds of documents that a Schematron is for; none where nothing tells.

    Raises:
        OSError: the file cannot be read.
    """
    return _by_name(path.stem) or _by_content(_start(path))


def _by_name(stem: str) -> tuple[DocumentKind, ...]:
    name = stem.replace("İ", "i").replace("I", "ı").casefold().replace("ı", "i")
    journal, ledger = "yevmiye" in name or "journal" in name, any(word in name for word in ("kebir", "büyük", "buyuk"))
    if "rapor" in name:
        return (_KINDS.REPORT,)
    if "berat" in name:
        if journal == ledger:
            return _BERATS
        return (_KINDS.JOURNAL_BERAT,) if journal else (_KINDS.LEDGER_BERAT,)
    if journal == ledger:
        return ()
    return (_KINDS.JOURNAL,) if journal else (_KINDS.LEDGER,)


def _by_content(data: bytes) -> tuple[DocumentKind, ...]:
    roots = set(_ROOTS.findall(data))
    if roots == {b"defterraporu"}:
        return (_KINDS.REPORT,)
    if roots == {b"berat"}:
        return _BERATS
    if roots != {b"defter"}:
        return ()
    text = data.decode("utf-8", "replace").replace("İ", "i").casefold()
    journal = text.count("yevmiye") + text.count("entrynumbercounter")
    ledger = text.count("kebir") + text.count("büyük defter")
    if journal == ledger:
        return ()
    return (_KINDS.JOURNAL,) if journal > ledger else (_KINDS.LEDGER,)


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LOOKED_AT)


def _root_of(path: Path) -> str | None:
    parser = etree.XMLPullParser(events=("start",), resolve_entities=False, load_dtd=False, no_network=True)
    with path.open("rb") as file:
        try:
            while data := file.read(CHUNK):
                parser.feed(data)
                for _, element in parser.read_events():
                    return str(cast("etree._Element", element).tag)
        except etree.XMLSyntaxError:
            return None
    return None
