"""Messages that cannot be believed.

FixInput
├── BadEnvelope          not a SOAP 1.2 message such as the service's
└── BadSecurity          its WS-Security header does not hold
    └── UntrustedSigner  it does, but nobody vouches for the signer
"""

from defterhane.errors import FixInput
from defterhane.texts import Text


class BadEnvelope(FixInput):
    """The bytes are not a SOAP 1.2 message within the bounds."""

    key = "soap.bad_envelope"
    text = Text(
        tr="İleti, beklenen SOAP 1.2 iletisi değil ({why}).",
        en="The message is not the SOAP 1.2 message expected ({why}).",
    )


class BadSecurity(FixInput):
    """The message's signature, its certificates or its age cannot be accepted."""

    key = "soap.bad_security"
    text = Text(
        tr="İletinin WS-Security başlığı kabul edilemez ({why}).",
        en="The message's WS-Security header cannot be accepted ({why}).",
    )


class UntrustedSigner(BadSecurity):
    """The signature holds, but the signer's certificate does not lead to a trusted root."""

    key = "soap.untrusted_signer"
    text = Text(
        tr="İletiyi imzalayanın sertifikası güvenilen bir köke ulaşmıyor ({why}).",
        en="The certificate of the message's signer does not lead to a trusted root ({why}).",
    )
