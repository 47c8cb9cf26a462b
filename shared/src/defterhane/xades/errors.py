"""What may be wrong with a file that is to be signed, or with a key.

FixInput
├── NotSignable          the file is not one of our XML documents, as far as a signature needs to know
│   ├── AlreadySigned
│   ├── NotClosed        something stands after the root's end tag, or the end is missing
│   ├── DigestDiffers    its bytes are not those whose digest is to be signed
│   └── TooLarge
├── KeyUnusable          a key or certificate with which nothing can be signed
│   └── KeyFileUnreadable
└── BadReferences        references of a web-service message that are none
CallOperator
└── SignatureWrong       a key has given a signature that its certificate does not bear out
"""

from defterhane.errors import CallOperator, FixInput
from defterhane.texts import Text


class NotSignable(FixInput):
    """Not a document that can be signed."""

    key = "signature.not_signable"
    text = Text(tr="Dosya imzalanamaz: {why}.", en="The file cannot be signed: {why}.")
    cure = Text(tr="İmzasız bir e-Defter belgesi verin.", en="Give an unsigned e-Defter document.")


class AlreadySigned(NotSignable):
    """It carries a signature already."""

    key = "signature.already_signed"
    text = Text(tr="Dosya zaten imzalı.", en="The file is signed already.")


class NotClosed(NotSignable):
    """It does not end with the root's end tag."""

    key = "signature.not_closed"
    text = Text(
        tr="Dosya kök elemanın kapanışıyla ({end}) bitmiyor.",
        en="The file does not end with its root's end tag ({end}).",
    )


class DigestDiffers(NotSignable):
    """Its bytes are not those that were to be signed."""

    key = "signature.digest_differs"
    text = Text(
        tr="Dosyanın özeti beklenenden farklı: {expected} yerine {found}.",
        en="The file's digest is {found}, not {expected}.",
    )
    cure = Text(
        tr="Dosya doğrulandıktan sonra değişmiş; yeniden üretin.",
        en="The file has changed since it was validated; make it again.",
    )


class TooLarge(NotSignable):
    """It is not canonical, and too large to be made so."""

    key = "signature.too_large"
    text = Text(
        tr="Dosya kanonik değil ve dönüştürülemeyecek kadar büyük: {size} bayt, sınır {limit}.",
        en="The file is not canonical, and too large to be made so: {size} bytes, at most {limit}.",
    )


class KeyUnusable(FixInput):
    """A key with which nothing can be signed."""

    key = "signature.key_unusable"
    text = Text(tr="Anahtar imza için kullanılamaz: {why}.", en="The key cannot be used for signing: {why}.")
    cure = Text(
        tr="RSA (en az 2048 bit) ya da EC P-384 anahtarlı bir mali mühür kullanın.",
        en="Use a fiscal seal with an RSA key of at least 2048 bits or an EC P-384 key.",
    )


class KeyFileUnreadable(KeyUnusable):
    """Not a PKCS#12 file, or the password is wrong."""

    key = "signature.key_file"
    text = Text(
        tr="Anahtar dosyası açılamadı ({file}): dosya bozuk ya da parola yanlış.",
        en="The key file cannot be opened ({file}): it is damaged, or the password is wrong.",
    )
    cure = Text(tr="Dosyayı ve parolayı denetleyin.", en="Check the file and the password.")


class SignatureWrong(CallOperator):
    """A key's signature does not verify with its certificate."""

    key = "operator.signature_wrong"
    text = Text(
        tr="Anahtarın ürettiği imza, sertifikasıyla doğrulanamadı ({certificate}).",
        en="The key's signature does not verify with its certificate ({certificate}).",
    )
    cure = Text(
        tr="Kart ya da HSM'deki anahtar ile sertifikanın eşleştiğini denetleyin.",
        en="Check that key and certificate on the card or HSM belong together.",
    )


class BadReferences(FixInput):
    """References of a web-service message that are none."""

    key = "signature.bad_references"
    text = Text(
        tr="Web servis iletisinin imza referansları geçersiz: {why}.",
        en="The message's references are not ones to be signed: {why}.",
    )
