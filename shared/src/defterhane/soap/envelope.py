"""Reading SOAP 1.2 envelopes from untrusted bytes, within bounds."""

from typing import Final

from lxml import etree

from defterhane.soap.errors import BadEnvelope
from defterhane.soap.names import PREFIXES, SOAP, qname

MAX_TAGS: Final = 4096
"""A message of the service has a few dozen; a tree costs a hundred times what a tag costs on the wire."""
_DEPTH: Final = 64


def parse(data: bytes, *, limit: int) -> etree._Element:
    """The envelope of a message of at most `limit` bytes: no DTD, no entities, no network.

    Raises:
        BadEnvelope: too large, too many tags, too deep, not XML, a DTD, or not one Envelope with one Body.
    """
    if len(data) > limit:
        raise BadEnvelope(why=f"more than {limit} bytes")
    if data.count(b"<") > MAX_TAGS:
        raise BadEnvelope(why=f"more than {MAX_TAGS} tags")
    # huge_tree lifts libxml2's 10 MB bound on one text (an attachment); the bounds above stand in for it.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadEnvelope(why="not well-formed XML") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadEnvelope(why="a DTD")
    _check_nodes(root)
    if root.tag != qname(SOAP, "Envelope"):
        raise BadEnvelope(why="no SOAP 1.2 Envelope")
    body(root)
    return root


def body(envelope: etree._Element) -> etree._Element:
    """The envelope's Body.

    Raises:
        BadEnvelope: the Envelope is not an optional Header and then one Body.
    """
    tags = [child.tag for child in envelope]
    if tags not in ([qname(SOAP, "Body")], [qname(SOAP, "Header"), qname(SOAP, "Body")]):
        raise BadEnvelope(why="the Envelope is not a Header and a Body")
    return envelope[-1]


def payload(envelope: etree._Element) -> etree._Element:
    """The one element in the Body: an operation's wrapper, or a Fault.

    Raises:
        BadEnvelope: the Body holds none, or several.
    """
    children = list(body(envelope))
    if len(children) != 1:
        raise BadEnvelope(why="the Body does not hold one element")
    return children[0]


def find(element: etree._Element, path: str) -> list[etree._Element]:
    """The elements at a path such as `env:Header/wsse:Security` (prefixes: env, wsse, wsu, ds)."""
    return element.findall(path, namespaces=PREFIXES)


def _check_nodes(root: etree._Element) -> None:
    """No comments and instructions: they hide text from some readers and not from others."""
    for node in root.iter():
        if not isinstance(node.tag, str):
            raise BadEnvelope(why="a comment, an instruction or an entity")
    if root.xpath(f"boolean(//*[count(ancestor::*) > {_DEPTH}])"):
        raise BadEnvelope(why=f"more than {_DEPTH} levels")
    if root.getprevious() is not None or root.getnext() is not None:
        raise BadEnvelope(why="something beside the Envelope")
