"""The names on the wire: namespaces, operations, algorithms, token types, and the packaged WSDL."""

from enum import StrEnum
from importlib import resources
from typing import Final

from defterhane.xades.names import DS

SERVICE: Final = "http://webservice.edefter.gib.gov.tr/"
"""The service's target namespace; the operations' wrapper elements lie in it, their children in none."""
SOAP: Final = "http://www.w3.org/2003/05/soap-envelope"
WSSE: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
WSU: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
PREFIXES: Final = {"env": SOAP, "wsse": WSSE, "wsu": WSU, "ds": DS}

BASE64_BINARY: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
_X509_PROFILE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0"


class Operation(StrEnum):
    """What the service can be asked; each is also its wrapper element's local name."""

    SEND = "sendDocumentFile"
    STATUS = "getBatchStatus"
    RECEIVE = "receiveDocumentFile"

    @property
    def content_type(self) -> str:
        """The HTTP Content-Type of a message with this operation (SOAP 1.2: the action is a parameter)."""
        return f'application/soap+xml; charset=utf-8; action="{self}"'


class TokenType(StrEnum):
    """How certificates travel in the BinarySecurityToken; the value is its ValueType."""

    PKI_PATH = f"{_X509_PROFILE}#X509PKIPathv1"
    """The whole path, DER (X.509's PkiPath), from the issuer-most certificate to the signer's."""
    X509 = f"{_X509_PROFILE}#X509v3"
    """The signer's certificate alone, DER."""


def wsdl() -> bytes:
    """The packaged description of the service: SOAP 1.2, document style, wrapped."""
    return resources.files(__package__).joinpath("edefter.wsdl").read_bytes()


def qname(namespace: str, local: str) -> str:
    """`{namespace}local`, as lxml writes names."""
    return f"{{{namespace}}}{local}"
