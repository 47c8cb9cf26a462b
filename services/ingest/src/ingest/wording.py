"""How answers read: the fixed words, in Turkish and English."""

from enum import StrEnum
from typing import Final

from defterhane.texts import Text


class Outcome(StrEnum):
    """What an answer tells; it stands in the answer's file name."""

    RECEIVED = "received"
    REFUSED = "refused"
    FAILED = "failed"
    REJECTED = "rejected"
    SIGNATURE_REFUSED = "signature-refused"
    BERAT_REFUSED = "berat-refused"
    HELD = "held"
    CLOSED = "closed"


HEADLINES: Final[dict[Outcome, Text]] = {
    Outcome.RECEIVED: Text(tr="Dosya alındı.", en="The file has been received."),
    Outcome.REFUSED: Text(tr="Dosya kabul edilmedi.", en="The file has not been accepted."),
    Outcome.FAILED: Text(
        tr="Dosyadan e-Defter oluşturulamadı: kayıtlarda düzeltilmesi gerekenler var.",
        en="The file could not be made into e-Ledgers: there is something to correct in the entries.",
    ),
    Outcome.REJECTED: Text(
        tr="Oluşturulan belge denetimden geçmedi; GİB'e gönderilmeyecek.",
        en="The document that was made did not pass the checks; it will not be sent to GİB.",
    ),
    Outcome.SIGNATURE_REFUSED: Text(
        tr="Belge imzalanamadı. İşletmeci bilgilendirildi; sizin yapmanız gereken bir şey yok.",
        en="The document could not be signed. The operator has been told; there is nothing for you to do.",
    ),
    Outcome.BERAT_REFUSED: Text(tr="Berat onaylanmadı.", en="The berat has not been approved."),
    Outcome.HELD: Text(tr="Ay bekletiliyor.", en="The month is being held."),
    Outcome.CLOSED: Text(
        tr="Ay tamamlandı: bütün belgeler imzalandı, onaylandı ve arşivlendi.",
        en="The month is complete: all documents have been signed, approved and archived.",
    ),
}

GATES: Final[dict[str, Text]] = {
    "convert": Text(
        tr="Dönüştürmeden önce bir yetkilinin onayı bekleniyor.",
        en="Waiting for a person to release it before it is converted.",
    ),
    "sign": Text(
        tr="İmzadan önce bir yetkilinin onayı bekleniyor.", en="Waiting for a person to release it before it is signed."
    ),
    "submit": Text(
        tr="GİB'e gönderilmeden önce bir yetkilinin onayı bekleniyor.",
        en="Waiting for a person to release it before it is sent to GİB.",
    ),
}
BY_ITSELF: Final = Text(
    tr="Koşul gerçekleştiğinde kendiliğinden devam edecek.", en="It goes on by itself once that has come true."
)

LABELS: Final[dict[str, Text]] = {
    "tenant": Text(tr="Mükellef", en="Taxpayer"),
    "file": Text(tr="Dosya", en="File"),
    "period": Text(tr="Dönem", en="Month"),
    "branch": Text(tr="Şube", en="Branch"),
    "document": Text(tr="Belge", en="Document"),
    "at": Text(tr="Zaman", en="Time"),
    "reason": Text(tr="Neden", en="Reason"),
    "cure": Text(tr="Ne yapmalı", en="What to do"),
    "code": Text(tr="Kod", en="Code"),
    "findings": Text(tr="Bulgular", en="Findings"),
    "documents": Text(tr="Belgeler", en="Documents"),
    "line": Text(tr="satır", en="line"),
    "entry": Text(tr="yevmiye madde", en="entry"),
    "voucher": Text(tr="fiş", en="voucher"),
    "account": Text(tr="hesap", en="account"),
    "value": Text(tr="değer", en="value"),
    "where": Text(tr="yer", en="where"),
    "rule": Text(tr="kural", en="rule"),
    "warning": Text(tr="uyarı", en="warning"),
    "more": Text(tr="… ve {count} bulgu daha", en="… and {count} more"),
    "size": Text(tr="Boyut (bayt)", en="Size (bytes)"),
    "sha256": Text(tr="SHA-256", en="SHA-256"),
}
