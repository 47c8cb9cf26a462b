"""The service's messages: requests read from a verified envelope, answers and faults written.

A fault carries its code three times, for GİB does not say where to look: as the Subcode (`edefter:F106`; a
name cannot begin with a digit), as `faultCode` in the Detail, and at the head of the Reason's text.
"""

import base64
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from lxml import etree

from defterhane.soap.envelope import parse, payload
from defterhane.soap.errors import BadEnvelope
from defterhane.soap.names import SERVICE, SOAP, WSSE, Operation, qname, wsdl
from sandbox.gib.faults import FaultCode

_SOAP12: Final = "http://schemas.xmlsoap.org/wsdl/soap12/"
_OURS: Final = frozenset(
    {
        FaultCode.SEND_DATABASE,
        FaultCode.SEND_DISK,
        FaultCode.SEND_QUEUE,
        FaultCode.RECEIVE_DATABASE,
        FaultCode.RECEIVE_DISK,
        FaultCode.STATUS_DATABASE,
    }
)
"""Faults of the receiver; all others are the sender's."""


@dataclass(frozen=True)
class Attachment:
    """A named file; either may be empty, as it came."""

    file_name: str
    data: str
    """Base64."""


@dataclass(frozen=True)
class Request:
    """One call: the attachment of `sendDocumentFile`, or the package's name for the other two."""

    operation: Operation
    attachment: Attachment | None = None
    package: str = ""


def read_request(envelope: bytes, limit: int) -> Request:
    """The call in an envelope.

    Raises:
        BadEnvelope: it is no call of this service.
    """
    wrapper = payload(parse(envelope, limit=limit))
    qualified = etree.QName(wrapper)
    if qualified.namespace != SERVICE or qualified.localname not in list(Operation):
        raise BadEnvelope(why="no such operation")
    operation = Operation(qualified.localname)
    if operation is Operation.SEND:
        return Request(operation, attachment=_attachment(wrapper))
    # The guide spells it paketID in one and PaketID in the other.
    field = "paketID" if operation is Operation.STATUS else "PaketID"
    return Request(operation, package=(wrapper.findtext(field) or "").strip())


def sent(message: str) -> bytes:
    """The answer to `sendDocumentFile`."""
    return _answer(Operation.SEND, [_leaf("return", message)])


def status(package: str, code: str, description: str) -> bytes:
    """The answer to `getBatchStatus`."""
    state = etree.Element("durum")
    state.extend([_leaf("durumAciklama", description), _leaf("durumKodu", code), _leaf("paketKimligi", package)])
    return _answer(Operation.STATUS, [state])


def received(file_name: str, data: bytes) -> bytes:
    """The answer to `receiveDocumentFile`."""
    attachment = etree.Element("Attachment")
    attachment.extend([_leaf("fileName", file_name), _leaf("binaryData", base64.b64encode(data).decode("ascii"))])
    return _answer(Operation.RECEIVE, [attachment])


def fault(code: FaultCode) -> bytes:
    """A documented fault."""
    return _fault(
        "Receiver" if code in _OURS else "Sender",
        (SERVICE, f"F{code.value}"),
        f"{code.value} - {code.text}",
        [_leaf("faultCode", str(code.value)), _leaf("faultString", code.text)],
    )


def security_fault(reason: str) -> bytes:
    """The fault for a message whose WS-Security header does not hold (Web Services Security 1.1, section 12)."""
    return _fault("Sender", (WSSE, "InvalidSecurity"), reason, [])


def envelope_fault(reason: str) -> bytes:
    """The fault for what is no message of this service."""
    return _fault("Sender", None, reason, [])


def description(url: str) -> bytes:
    """The service's WSDL, with the address at which it is served.

    Args:
        url: as it was asked for.
    """
    root = etree.fromstring(wsdl())
    for address in root.iter(qname(_SOAP12, "address")):
        address.set("location", urlsplit(url)._replace(query="", fragment="").geturl())
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _attachment(wrapper: etree._Element) -> Attachment | None:
    element = wrapper.find("Attachment")
    if element is None or len(element) == 0:
        return None
    return Attachment(
        (element.findtext("fileName") or "").strip(), "".join((element.findtext("binaryData") or "").split())
    )


def _answer(operation: Operation, children: list[etree._Element]) -> bytes:
    wrapper = etree.Element(qname(SERVICE, f"{operation}Response"), nsmap={"edefter": SERVICE})
    wrapper.extend(children)
    return _envelope(wrapper)


def _fault(side: str, subcode: tuple[str, str] | None, reason: str, detail: list[etree._Element]) -> bytes:
    element = etree.Element(qname(SOAP, "Fault"), nsmap={"env": SOAP, "edefter": SERVICE, "wsse": WSSE})
    code = etree.SubElement(element, qname(SOAP, "Code"))
    etree.SubElement(code, qname(SOAP, "Value")).text = f"env:{side}"
    if subcode is not None:
        prefix = "edefter" if subcode[0] == SERVICE else "wsse"
        inner = etree.SubElement(code, qname(SOAP, "Subcode"))
        etree.SubElement(inner, qname(SOAP, "Value")).text = f"{prefix}:{subcode[1]}"
    text = etree.SubElement(etree.SubElement(element, qname(SOAP, "Reason")), qname(SOAP, "Text"))
    text.set("{http://www.w3.org/XML/1998/namespace}lang", "tr")
    text.text = reason
    if detail:
        wrapper = etree.SubElement(etree.SubElement(element, qname(SOAP, "Detail")), qname(SERVICE, "EDefterFault"))
        wrapper.extend(detail)
    return _envelope(element)


def _envelope(content: etree._Element) -> bytes:
    root = etree.Element(qname(SOAP, "Envelope"), nsmap={"env": SOAP})
    etree.SubElement(root, qname(SOAP, "Body")).append(content)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _leaf(name: str, text: str) -> etree._Element:
    element = etree.Element(name)
    element.text = text
    return element
