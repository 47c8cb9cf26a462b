"""Why the signer does not sign.

CallOperator
├── NoSeal            a person has to see to the certificates
│   ├── NoCertificate   there is none of the tenant or its authorised signers
│   ├── NotForSigning   there is one, but not a seal's certificate for signatures
│   ├── NotValid        its time is over, or has not come
│   └── KeyMissing      the certificate is there, its key is not
├── TokenLocked       nothing is tried again until the settings change or the signer restarts
│   ├── WrongPin
│   └── PinInDanger     one more wrong PIN would lock it: nothing is tried at all
└── TokenUnusable     the settings name a library or a token that is not there, or several; or it cannot sign
TryLater
└── TokenAway         the card is out, the HSM does not answer

What may be wrong with a document or a key file is in `defterhane.xades.errors`.
"""

from defterhane.errors import CallOperator, Problem, TryLater
from defterhane.texts import Text


class NoSeal(CallOperator):
    """No certificate will do."""

    key = "signer.no_seal"


class NoCertificate(NoSeal):
    """There is none of the tenant or its authorised signers."""

    key = "signer.no_certificate"
    text = Text(
        tr="{tenant} numaralı mükellefin ya da yetkili imzacılarının sertifikası bulunamadı.",
        en="There is no certificate of {tenant} or of its authorised signers.",
    )
    cure = Text(
        tr="Mührün imzacıda bulunduğunu, ya da yetkili imzacının seri numarasının mükellefe yazıldığını denetleyin.",
        en="Check that the seal is at the signer, or that the tenant names the authorised signer's serial number.",
    )


class NotForSigning(NoSeal):
    """A certificate that is not a seal's for signatures."""

    key = "signer.not_for_signing"
    text = Text(
        tr="{holder} adına bulunan sertifika imza için verilmiş bir mali mühür değil.",
        en="The certificate of {holder} is not a fiscal seal's for signatures.",
    )
    cure = Text(
        tr="İmza sertifikasını (etiketi …SIGN0) kullanın; …ENCR0 şifreleme içindir.",
        en="Use the certificate for signatures (labelled …SIGN0); …ENCR0 is for encryption.",
    )


class NotValid(NoSeal):
    """A certificate whose time is over, or has not come."""

    key = "signer.certificate_not_valid"
    text = Text(
        tr="{holder} adına verilen sertifika {start}–{end} arasında geçerli.",
        en="The certificate of {holder} is valid from {start} to {end}.",
    )
    cure = Text(tr="Mali mührü yenileyin.", en="Renew the seal.")


class KeyMissing(NoSeal):
    """A certificate without its key."""

    key = "signer.key_missing"
    text = Text(
        tr="{holder} adına sertifika var, özel anahtarı yok.",
        en="The certificate of {holder} is there, its private key is not.",
    )


class TokenLocked(CallOperator):
    """Nothing is tried again until the settings change or the signer restarts."""

    key = "signer.token_locked"


class WrongPin(TokenLocked):
    """The token refused the PIN."""

    key = "signer.wrong_pin"
    text = Text(
        tr="Kart ya da HSM PIN'i kabul etmedi; kilitlenmemesi için yeniden denenmeyecek.",
        en="The card or HSM has refused the PIN; it is not tried again, lest it lock.",
    )
    cure = Text(
        tr="PIN ayarını düzeltip imzacıyı yeniden başlatın.",
        en="Correct the PIN in the settings and restart the signer.",
    )


class PinInDanger(TokenLocked):
    """One more wrong PIN would lock the token, or it is locked."""

    key = "signer.pin_in_danger"
    text = Text(
        tr="Kartın PIN'i kilitli, ya da tek deneme hakkı kalmış; PIN denenmedi.",
        en="The token's PIN is locked, or has one try left; it has not been tried.",
    )
    cure = Text(
        tr="Kartın üreticisinin aracıyla PIN'i doğrulayıp imzacıyı yeniden başlatın.",
        en="Confirm the PIN with the token maker's own tool, then restart the signer.",
    )


class TokenUnusable(CallOperator):
    """The settings name what is not there."""

    key = "signer.token_unusable"
    text = Text(
        tr="PKCS#11 kitaplığı ya da ayarlardaki kart kullanılamıyor: {why}.",
        en="The PKCS#11 library or the token in the settings cannot be used: {why}.",
    )


class TokenAway(TryLater):
    """The token does not answer."""

    key = "signer.token_away"
    text = Text(
        tr="Kart ya da HSM şu anda yanıt vermiyor ({why}); yeniden denenecek.",
        en="The card or HSM does not answer right now ({why}); it will be tried again.",
    )


AT_GATE = Problem(
    key="signer.gate",
    text=Text(tr="Belge imzalanmak için onay bekliyor.", en="The document waits for a person before it is signed."),
)
"""Why a filing is held at the gate `sign`."""

UNSIGNED = Problem(
    key="signer.refused",
    text=Text(
        tr="Belge imzalanamadı; nedeni giderilince yeniden denenmesi istenebilir.",
        en="The document could not be signed; once the reason is gone, it can be tried again.",
    ),
)
"""Why a filing is held after a refusal. The reason itself is in `signature.refused`, for the operator."""
