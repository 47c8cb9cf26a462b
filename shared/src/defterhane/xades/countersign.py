"""GİB's part: a counter-signature inside the taxpayer's signature, as approved berats carry it.

Approved berats come back re-serialised. The bytes of the taxpayer's file are gone then, but not its canonical form: the
taxpayer's signature stays valid, for what is added lies in its unsigned properties.
"""

import base64
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from defterhane.xades.algorithms import in_lines
from defterhane.xades.errors import NotSignable
from defterhane.xades.keys import SigningKey
from defterhane.xades.markup import text
from defterhane.xades.names import C14N_WITH_COMMENTS, DS, SHA256, SIGNED_PROPERTIES_TYPE, XADES, ds, xades
from defterhane.xades.parts import read_signature
from defterhane.xades.prepare import SignatureIds, distinguished, instant, signing_certificate
from defterhane.xades.shape import Refused
from defterhane.xades.sign import check_value
from defterhane.xades.tree import canonical, read_tree

GIB_ROLE: Final = "Tedarikçi"
_DECLARATION: Final = b'<?xml version="1.0" encoding="UTF-8" standalone="no"?>'


def countersign(
    source: Path, key: SigningKey, *, signing_time: datetime, ids: SignatureIds, role: str = GIB_ROLE
) -> bytes:
    """The counter-signed copy of a signed berat.

    Args:
        source: the berat as the taxpayer signed it.
        key: GİB's.
        signing_time: aware.
        ids: of the counter-signature.
        role: its ClaimedRole.

    Raises:
        OSError: the file cannot be read.
        NotSignable: it is no XML document, its signature has not the shape of the profile, or is counter-signed.
        KeyUnusable, SignatureWrong: the key will not do.
    """
    tree = read_tree(source)
    root = tree.getroot()
    signature = root.find(ds("Signature"))
    try:
        if signature is None:
            raise Refused("Signature")
        signed = read_signature(signature)
        if signed.counter is not None or not signed.value_id:
            raise Refused("SignatureValue/@Id" if signed.counter is None else "CounterSignature")
    except Refused as error:
        raise NotSignable(why=str(error)) from error
    (qualifying,) = signature.iter(xades("QualifyingProperties"))
    digest = base64.b64encode(sha256(canonical(signed.value_element)).digest()).decode()
    markup = _unsigned(key, signing_time=signing_time, ids=ids, role=role, value_id=signed.value_id, digest=digest)
    qualifying.append(etree.fromstring(markup))
    counter = next(qualifying.iter(ds("Signature")))
    _fill_in(counter, key)
    return _serialise_anew(tree)


def _unsigned(
    key: SigningKey, *, signing_time: datetime, ids: SignatureIds, role: str, value_id: str, digest: str
) -> str:
    return (
        f'<xades:UnsignedProperties xmlns:ds="{DS}" xmlns:xades="{XADES}"><xades:UnsignedSignatureProperties>'
        f'<xades:CounterSignature><ds:Signature Id="{ids.signature}"><ds:SignedInfo>'
        f'<ds:CanonicalizationMethod Algorithm="{C14N_WITH_COMMENTS}"/>'
        f'<ds:SignatureMethod Algorithm="{key.algorithm}"/>'
        f'<ds:Reference Id="{ids.document}" URI="#{value_id}"><ds:DigestMethod Algorithm="{SHA256}"/>'
        f"<ds:DigestValue>{digest}</ds:DigestValue></ds:Reference>"
        f'<ds:Reference Type="{SIGNED_PROPERTIES_TYPE}" URI="#{ids.properties}">'
        f'<ds:DigestMethod Algorithm="{SHA256}"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>'
        f'<ds:SignatureValue Id="{ids.value}"/>'
        f"<ds:KeyInfo><ds:X509Data><ds:X509SubjectName>{text(distinguished(key.certificate.subject))}"
        f"</ds:X509SubjectName><ds:X509Certificate>{in_lines(key.certificate.public_bytes(Encoding.DER))}"
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        f'<ds:Object><xades:QualifyingProperties Target="#{ids.signature}">'
        f'<xades:SignedProperties Id="{ids.properties}"><xades:SignedSignatureProperties>'
        f"<xades:SigningTime>{instant(signing_time)}</xades:SigningTime>{signing_certificate(key.certificate)}"
        f"<xades:SignerRole><xades:ClaimedRoles><xades:ClaimedRole>{text(role)}</xades:ClaimedRole>"
        "</xades:ClaimedRoles></xades:SignerRole></xades:SignedSignatureProperties></xades:SignedProperties>"
        "</xades:QualifyingProperties></ds:Object></ds:Signature></xades:CounterSignature>"
        "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>"
    )


def _fill_in(counter: "etree._Element", key: SigningKey) -> None:
    """The digest of its own properties, then the value: both are over canonical forms in the document."""
    info, value, _, holder = counter
    properties = next(holder.iter(xades("SignedProperties")))
    (*_, digest) = info.iter(ds("DigestValue"))
    digest.text = base64.b64encode(sha256(canonical(properties)).digest()).decode()
    data = canonical(info, with_comments=True)
    signature = key.sign(data)
    check_value(key.certificate, data, signature)
    value.text = in_lines(signature)


def _serialise_anew(tree: "etree._ElementTree") -> bytes:
    root = tree.getroot()
    for element in root.iter("*"):
        attributes = sorted(element.attrib.items(), reverse=True)
        element.attrib.clear()
        element.attrib.update(attributes)
    return _DECLARATION + etree.tostring(tree, encoding="UTF-8", xml_declaration=False)
