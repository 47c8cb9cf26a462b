"""Schematron files become XSLT that Saxon runs; what reaches outside its folder is refused before it can.

A `.sch` is compiled with the ISO skeleton that lxml ships: inclusions, abstract patterns, then SVRL. The skeleton is
written for XSLT 1. What it passes through untouched (XPath tests, `xsl:function`) may well be XPath 2, so its output is
marked as version 2.0: in 1.0 Saxon compares and casts by other rules, and the verdicts would change.
"""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from lxml import etree

from validator.authority.inside import Inside
from validator.authority.wire import Stylesheet

XSL: Final = "http://www.w3.org/1999/XSL/Transform"
SCH: Final = "http://purl.oclc.org/dsdl/schematron"
SVRL: Final = "http://purl.oclc.org/dsdl/svrl"
_SKELETON: Final = Path(str(files("lxml.isoschematron"))) / "resources" / "xsl" / "iso-schematron-xslt1"
_STEPS: Final = ("iso_dsdl_include.xsl", "iso_abstract_expand.xsl", "iso_svrl_for_xslt1.xsl")
_BINDINGS: Final = frozenset({"", "xslt", "xslt1", "xslt2", "xslt3", "xpath", "xpath2", "xpath3", "xpath31"})
_PLAIN: Final = f"{{{SCH}}}"
_REACHING: Final = re.compile(
    r"\b(?:fn:)?(doc|doc-available|document|collection|uri-collection|unparsed-text|unparsed-text-lines"
    r"|unparsed-text-available|json-doc|load-xquery-module|transform|environment-variable"
    r"|available-environment-variables|stream-available)\s*\("
)
_INSTRUCTIONS: Final = frozenset(
    f"{{{XSL}}}{name}" for name in ("result-document", "source-document", "stream", "evaluate", "import-schema")
)
_INCLUDING: Final = (f"{{{XSL}}}include", f"{{{XSL}}}import")
_DEPTH: Final = 20


class Unusable(Exception):
    """A file of the package cannot be used; the text says why, for operators."""


def to_xslt(stylesheet: Stylesheet, folder: Path) -> etree._ElementTree:
    """A Schematron file of a package as XSLT that has been looked through: nothing in it leaves the folder.

    Args:
        folder: the package's; inclusions stay in it.

    Raises:
        Unusable: it is not well-formed, or reaches outside.
        OSError: it cannot be read.
    """
    inside = Inside(folder, _SKELETON)
    tree = inside.parse(stylesheet.path)
    if stylesheet.path.suffix.lower() == ".sch":
        tree = _compiled(tree, stylesheet, inside)
        _check_reach(tree)
    else:
        for part in _parts(stylesheet.path, inside):
            _check_reach(part)
    return tree


def _compiled(tree: etree._ElementTree, stylesheet: Stylesheet, inside: Inside) -> etree._ElementTree:
    root = tree.getroot()
    if root.tag != f"{_PLAIN}schema":
        raise Unusable(f"{stylesheet.path.name} is no ISO Schematron")
    binding = (root.get("queryBinding") or "").lower()
    if binding not in _BINDINGS:
        raise Unusable(f"{stylesheet.path.name} is written for {binding}, not for XPath")
    root.set("queryBinding", "xslt")  # the skeleton refuses any other, and passes the tests on all the same
    _check_phase(tree, stylesheet)
    include, expand, write = (_step(name, inside) for name in _STEPS)
    quoted = etree.XSLT.strparam
    parameters: dict[str, Any] = {"allow-foreign": quoted("true"), "generate-fired-rule": quoted("false")}
    if stylesheet.phase:
        parameters["phase"] = quoted(stylesheet.phase)
    try:
        included = include(tree)
        for number, pattern in enumerate(included.iter(f"{_PLAIN}pattern")):
            if not pattern.get("id"):  # without one the skeleton does not fill an abstract pattern in
                pattern.set("id", f"pattern-{number}")
        made = write(expand(included), **parameters)
    except etree.XSLTError as error:
        raise Unusable(f"{stylesheet.path.name}: {error}") from None
    if made.getroot() is None:
        raise Unusable(f"{stylesheet.path.name} compiles to nothing")
    made.getroot().set("version", "2.0")
    _keep_braces(made)
    return made


def _check_phase(tree: etree._ElementTree, stylesheet: Stylesheet) -> None:
    # The skeleton only warns, and then tests nothing at all.
    phase = stylesheet.phase or tree.getroot().get("defaultPhase")
    if phase and phase != "#ALL" and phase not in {found.get("id") for found in tree.iter(f"{_PLAIN}phase")}:
        raise Unusable(f"{stylesheet.path.name} has no phase {phase}")


def _step(name: str, inside: Inside) -> etree.XSLT:
    make: Any = etree.XSLTAccessControl  # the stubs know none of its arguments
    control = make(read_network=False, write_file=False, create_dir=False, write_network=False)
    return etree.XSLT(inside.parse(_SKELETON / name), access_control=control)


def _keep_braces(tree: etree._ElementTree) -> None:
    # The skeleton quotes tests and contexts in literal elements, where XSLT would take `{10}` in a pattern for a value.
    for element in tree.iter(f"{{{SVRL}}}*"):
        for name in ("test", "context"):
            if (value := element.get(name)) is not None:
                element.set(name, value.replace("{", "{{").replace("}", "}}"))


def _parts(path: Path, inside: Inside, depth: int = 0) -> Iterator[etree._ElementTree]:
    if depth > _DEPTH:
        raise Unusable(f"{path.name} is included in itself")
    tree = inside.parse(path)
    yield tree
    for element in tree.iter(*_INCLUDING):
        target = inside.local(element.get("href") or "", path)
        if target is None:
            raise Unusable(f"{path.name} includes {element.get('href')}, which is not in the package")
        yield from _parts(target, inside, depth + 1)


def _check_reach(tree: etree._ElementTree) -> None:
    for element in tree.iter(etree.Element):
        if element.tag in _INSTRUCTIONS:
            raise Unusable(f"{etree.QName(element).localname} is not allowed: it reaches outside")
        for value in element.attrib.values():
            if found := _REACHING.search(str(value)):
                raise Unusable(f"{found[1]}() is not allowed: it reaches outside")
