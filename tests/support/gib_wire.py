"""Signing web-service messages in tests, as the signer service does."""

import base64
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from lxml import etree

from defterhane.soap import wsse
from defterhane.soap.names import SERVICE, SOAP, TokenType
from sandbox.ca import Authority, Credential

NOW = datetime(2025, 5, 10, 9, 0, 0, tzinfo=UTC)
VKN = "1234567808"
_EXC = "http://www.w3.org/2001/10/xml-exc-c14n#"


@cache
def authority() -> Authority:
    """One certificate authority for all tests of a run: making its keys takes a while."""
    return Authority.create(NOW)


@cache
def seal(algorithm: str = "rsa", tax_id: str = VKN) -> Credential:
    """A taxpayer's seal."""
    return authority().issue_seal(tax_id, "ÖRNEK TİCARET LTD. ŞTİ.", algorithm, now=NOW)  # type: ignore[arg-type]


def signed_info(references: wsse.References, algorithm: str) -> bytes:
    """The canonical SignedInfo, written out by hand as a second opinion."""
    method = {"rsa": "rsa-sha256", "ec": "ecdsa-sha384"}[algorithm]
    rows = "".join(
        f'<ds:Reference URI="#{name}"><ds:Transforms><ds:Transform Algorithm="{_EXC}"></ds:Transform>'
        '</ds:Transforms><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256">'
        f"</ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>"
        for name, digest in references
    )
    return (
        '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
        f'<ds:CanonicalizationMethod Algorithm="{_EXC}"></ds:CanonicalizationMethod>'
        f'<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#{method}"></ds:SignatureMethod>'
        f"{rows}</ds:SignedInfo>"
    ).encode()


def sign(data: bytes, credential: Credential) -> bytes:
    """The signature of a seal over bytes, as it stands in XML."""
    key = credential.key
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), SHA256())
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(SHA384())))
    return r.to_bytes(48, "big") + s.to_bytes(48, "big")


def algorithm_of(credential: Credential) -> str:
    """`rsa` or `ec`."""
    return "rsa" if isinstance(credential.key, rsa.RSAPrivateKey) else "ec"


def signed_message(
    envelope: etree._Element,
    credential: Credential,
    *,
    now: datetime = NOW,
    token: TokenType = TokenType.PKI_PATH,
    message_id: UUID | None = None,
) -> bytes:
    """An envelope, signed as the gateway and a signer do together."""
    prepared = wsse.prepare(envelope, now=now, message_id=message_id or UUID(int=7))
    info = signed_info(wsse.references(prepared), algorithm_of(credential))
    return wsse.attach(
        prepared,
        signed_info=info,
        signature_value=sign(info, credential),
        certificates=(credential.certificate, *credential.chain),
        token=token,
    )


def status_request(package: str = f"{VKN}-202501-YB-000000") -> etree._Element:
    """An unsigned question for a package's state."""
    return etree.fromstring(
        f'<e:Envelope xmlns:e="{SOAP}"><e:Body><w:getBatchStatus xmlns:w="{SERVICE}">'
        f"<paketID>{package}</paketID></w:getBatchStatus></e:Body></e:Envelope>"
    )


def base64_of(data: bytes) -> str:
    """Base64 in one line."""
    return base64.b64encode(data).decode("ascii")
