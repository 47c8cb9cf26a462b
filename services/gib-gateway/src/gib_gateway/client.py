"""Messages to GİB and its answers, made and read by zeep from the packaged WSDL.

zeep is synchronous and its loading heavy: a process loads it once, and uses it off the event loop.
"""

import io
import logging
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import zeep
from lxml import etree
from zeep.exceptions import Fault as SoapFault

from defterhane.soap.envelope import parse, payload
from defterhane.soap.errors import BadEnvelope
from defterhane.soap.faults import find_code
from defterhane.soap.names import SERVICE, SOAP, Operation, qname, wsdl
from gib_gateway.answers import Answer, Faulted, Given, Lost, Queued, Told
from gib_gateway.errors import words

_FAULT: Final = qname(SOAP, "Fault")
_SUCCESS: Final = 200
_FAILURE: Final = 500


class _NoNetwork:
    """zeep's transport, which must load nothing: the WSDL is packaged and imports nothing."""

    def load(self, url: object) -> bytes:
        raise PermissionError(f"{url} is not loaded")


@dataclass(frozen=True)
class _Response:
    """As much of an HTTP response as zeep's binding reads."""

    status_code: int
    content: bytes
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/soap+xml"})
    encoding: str = "utf-8"


@cache
def _client() -> Any:
    # A value that is none is our `Lost`; zeep would log it with a stack trace.
    logging.getLogger("zeep.xsd.types.simple").setLevel(logging.CRITICAL)
    settings = zeep.Settings(
        strict=True, forbid_dtd=True, forbid_entities=True, forbid_external=True, xml_huge_tree=True
    )
    loaded: Any = zeep.Client(io.BytesIO(wsdl()), transport=_NoNetwork(), settings=settings)  # type: ignore[no-untyped-call]
    return loaded


def load() -> None:
    """Load zeep and the WSDL now: about a second, once a process."""
    _client()


def send_document(file_name: str, package: bytes) -> etree._Element:
    """The unsigned message that carries a package."""
    return _message(Operation.SEND, Attachment={"fileName": file_name, "binaryData": package})


def get_status(package_id: str) -> etree._Element:
    """The unsigned question for a package's state."""
    return _message(Operation.STATUS, paketID=package_id)


def receive_document(package_id: str) -> etree._Element:
    """The unsigned question for an approved berat."""
    return _message(Operation.RECEIVE, PaketID=package_id)


def read_answer(operation: Operation, status: int, body: bytes, *, limit: int) -> Answer:
    """What an HTTP answer says. A fault comes with status 500 and a body.

    Bytes that are no bounded SOAP 1.2 message of the documented form are `Lost`: nothing in them is believed.
    """
    if status not in (_SUCCESS, _FAILURE):
        return Lost(f"HTTP {status}")
    try:
        first = payload(parse(body, limit=limit))
    except BadEnvelope as error:
        return Lost(f"HTTP {status}: {error.values['why']}")
    if first.tag not in (_FAULT, qname(SERVICE, f"{operation}Response")):
        return Lost(f"HTTP {status}: <{etree.QName(first).localname}>")
    if first.tag != _FAULT and status != _SUCCESS:
        return Lost(f"HTTP {status} without a fault")
    return _bound(operation, _Response(status, body))


def _bound(operation: Operation, response: _Response) -> Answer:
    client = _client()
    binding = client.service._binding
    try:
        value = binding.process_reply(client, binding.get(operation), response)
    except SoapFault as fault:
        return _faulted(fault)
    except Exception as error:  # what hostile bytes make zeep raise is no closed list
        return Lost(f"{type(error).__name__}: {words(str(error))}")
    return _answer(operation, value)


def _message(operation: Operation, **arguments: object) -> etree._Element:
    client = _client()
    envelope: etree._Element = client.create_message(client.service, operation.value, **arguments)
    return envelope


def _answer(operation: Operation, value: Any) -> Answer:
    # zeep gives a wrapper's only child itself; a missing one is None.
    if operation is Operation.SEND:
        return Queued(words(value))
    if value is None:
        return Told("", "", "") if operation is Operation.STATUS else Lost("no attachment")
    if operation is Operation.STATUS:
        return Told(*((text or "").strip() for text in (value.paketKimligi, value.durumKodu, value.durumAciklama)))
    if not value.binaryData:
        return Lost("an attachment that is empty or no base64")
    return Given((value.fileName or "").strip(), value.binaryData)


def _faulted(fault: Any) -> Faulted:
    detail = " ".join(str(text) for text in fault.detail.itertext()) if isinstance(fault.detail, etree._Element) else ""
    subcodes = " ".join(subcode.localname for subcode in fault.subcodes or ())
    code = find_code(detail, subcodes, fault.code, fault.message)
    return Faulted(code, words(" ".join(filter(None, (fault.message, detail)))))
