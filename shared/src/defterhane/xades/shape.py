"""Reading small pieces of XML strictly: exactly these children, only text, base64."""

import base64
import binascii
from collections.abc import Sequence
from typing import Final

from lxml import etree

from defterhane.xades.names import ds

_BASE64_LIMIT: Final = 64 * 1024
_WHITE_SPACE: Final = str.maketrans("", "", " \t\r\n")


class Refused(Exception):
    """A signature, or a part of it, is not as it must be; `args[0]` names the place in the document's own words."""


def elements(element: "etree._Element") -> list["etree._Element"]:
    """An element's children; anything but elements and white space between them is refused.

    Raises:
        Refused: text, a comment or an instruction stands between them.
    """
    inner = list(element)
    texts = [element.text, *(item.tail for item in inner)]
    if any(not isinstance(item.tag, str) for item in inner) or any(item and item.strip() for item in texts):
        raise Refused(etree.QName(element).localname)
    return inner


def children(element: "etree._Element", names: Sequence[str]) -> list["etree._Element"]:
    """An element's children, which must be exactly these; names without a namespace are of XML Signature.

    Raises:
        Refused: they are others.
    """
    inner = elements(element)
    if [item.tag for item in inner] != [name if name.startswith("{") else ds(name) for name in names]:
        raise Refused(etree.QName(element).localname)
    return inner


def string(element: "etree._Element") -> str:
    """An element's text; it has no children, no comments either (they could hide a part of it).

    Raises:
        Refused: it has.
    """
    if len(element):
        raise Refused(etree.QName(element).localname)
    return element.text or ""


def required(element: "etree._Element", attribute: str) -> str:
    """An attribute that must be there and not be empty.

    Raises:
        Refused: it is not.
    """
    value = element.get(attribute)
    if not value:
        raise Refused(f"{etree.QName(element).localname}/@{attribute}")
    return value


def decode(element: "etree._Element") -> bytes:
    """An element's base64, decoded.

    Raises:
        Refused: it is not base64 as it is written, or is too long to be a part of a signature.
    """
    content = string(element).translate(_WHITE_SPACE)
    try:
        if not content or len(content) > _BASE64_LIMIT:
            raise Refused(etree.QName(element).localname)
        value = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused(etree.QName(element).localname) from error
    if base64.b64encode(value).decode("ascii") != content:  # other bits behind the last byte: one value, two texts
        raise Refused(etree.QName(element).localname)
    return value


def algorithm_uri(element: "etree._Element") -> str:
    """The Algorithm of a method that has no parameters.

    Raises:
        Refused: it has none, or it has parameters.
    """
    if len(element) or (element.text or "").strip():
        raise Refused(etree.QName(element).localname)
    return required(element, "Algorithm")
