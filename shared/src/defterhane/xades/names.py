"""Names of XML Signature and XAdES: namespaces and algorithms."""

from typing import Final

DS: Final = "http://www.w3.org/2000/09/xmldsig#"
DS11: Final = "http://www.w3.org/2009/xmldsig11#"
XADES: Final = "http://uri.etsi.org/01903/v1.3.2#"
EDEFTER: Final = "http://www.edefter.gov.tr"

C14N: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N_WITH_COMMENTS: Final = C14N + "#WithComments"
EXCLUSIVE_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED: Final = DS + "enveloped-signature"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
SIGNED_PROPERTIES_TYPE: Final = "http://uri.etsi.org/01903#SignedProperties"
COUNTERSIGNED_TYPE: Final = "http://uri.etsi.org/01903#CountersignedSignature"
P384_URI: Final = "urn:oid:1.3.132.0.34"


def ds(local: str) -> str:
    """A name of XML Signature, as lxml writes names."""
    return f"{{{DS}}}{local}"


def xades(local: str) -> str:
    """A name of XAdES 1.3.2, as lxml writes names."""
    return f"{{{XADES}}}{local}"
