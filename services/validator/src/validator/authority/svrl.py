"""Reads what a Schematron says (SVRL, ISO 19757-3 annex D) as a stream."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from defterhane.documents.errors import XmlRefused
from defterhane.documents.safe_xml import CHUNK, Bounds, Reader
from defterhane.documents.schema_texts import prefixed
from validator.authority.wire import EXAMPLES, FAILURES, SHOWN, Failure

SVRL: Final = "http://purl.oclc.org/dsdl/svrl"
ROOT: Final = f"{{{SVRL}}}schematron-output"
_FAILED = f"{{{SVRL}}}failed-assert"
_FIRED = f"{{{SVRL}}}successful-report"
_RULE = f"{{{SVRL}}}fired-rule"
_TEXT = f"{{{SVRL}}}text"
_STEP = re.compile(
    r"\*\[local-name\(\)='([^']*)' and namespace-uri\(\)='([^']*)'\]|\*:([^\[/]+)\[namespace-uri\(\)='([^']*)'\]"
)
_SPACE = re.compile(r"\s+")
_MILD: Final = frozenset({"warning", "warn", "uyari", "uyarı", "info", "information", "bilgi", "hint"})


class NotSvrl(Exception):
    """A stylesheet's output is no SVRL: it is not a compiled Schematron."""


def failures(path: Path, *, cut: bool = False) -> tuple[tuple[Failure, ...], bool]:
    """The failed asserts in an SVRL file, the first `EXAMPLES` of each, and whether there were more than are told.

    Args:
        cut: the file is known to end too early; what stands before its end is given.

    Raises:
        NotSvrl: it is something else.
        OSError: the file cannot be read.
    """
    seen: Counter[tuple[str | None, str]] = Counter()
    found: list[Failure] = []
    more = cut
    try:
        for failure in _all(path):
            seen[failure.id, failure.test] += 1
            if seen[failure.id, failure.test] > EXAMPLES:
                continue
            if len(found) == FAILURES:
                more = True
                break
            found.append(failure)
    except XmlRefused:
        if not cut:
            raise NotSvrl from None
    return tuple(found), more


def _all(path: Path) -> Iterator[Failure]:
    reader = Reader((_FAILED, _FIRED, _RULE), Bounds(size=1 << 40))
    root_seen = False
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            reader.feed(data)
            for element in reader.elements():
                if not root_seen:
                    _check_root(element.getroottree().getroot())
                    root_seen = True
                if element.tag != _RULE:
                    yield _failure(element)
                reader.release(element)
    _check_root(reader.close())


def _check_root(root: etree._Element) -> None:
    if root.tag != ROOT:
        raise NotSvrl


def _failure(element: etree._Element) -> Failure:
    text = element.find(_TEXT)
    words = "".join(str(piece) for piece in text.itertext()) if text is not None else ""
    marks = {(element.get(name) or "").strip().casefold() for name in ("role", "flag")}
    return Failure(
        text=_one_line(words),
        location=location(element.get("location") or ""),
        test=_one_line(element.get("test") or ""),
        id=(element.get("id") or "").strip()[:100] or None,
        warning=not marks.isdisjoint(_MILD),
    )


def location(path: str) -> str:
    """A location as Schematron writes it, with the usual prefixes in place of namespaces, at most `SHOWN` characters.

    `*[local-name()='amount' and namespace-uri()='http://…/cor/2006-10-25'][2]` becomes `gl-cor:amount[2]`.
    """
    short = _STEP.sub(lambda step: prefixed(f"{{{step[2] or step[4] or ''}}}{step[1] or step[3]}"), path[: 10 * SHOWN])
    return short[:SHOWN]


def _one_line(text: str) -> str:
    return _SPACE.sub(" ", text[: 10 * SHOWN]).strip()[:SHOWN]
