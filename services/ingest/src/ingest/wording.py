"""How answers read: the fixed words, in Turkish and English."""

from enum import StrEnum
from typing import Final

from defterhane.texts import Text


class Outcome(StrEnum):
    """What an answer tells; it stands in the answer's file name."""

    RECEIVED = "received"
    REFUSED = "refused"
    CONVERTED = "converted"
    FAILED = "failed"
    REJECTED = "rejected"
    SIGNATURE_REFUSED = "signature-refused"
    BERAT_REFUSED = "berat-refused"
    HELD = "held"
    CLOSED = "closed"


HEADLINES: Final[dict[Outcome, Text]] = {
    Outcome.RECEIVED: Text(tr="Dosya alındı.", en="The file has been received."),
    Outcome.REFUSED: Text(tr="Dosya kabul edilmedi.", en="The file has not been accepted."),
    Outcome.CONVERTED: Text(
        tr="Dosyadan e-Defter oluşturuldu; sırada doğrulama, imza ve GİB onayı var.",
        en="The file has been made into e-Ledgers; validation, signature and GİB's approval come next.",
    ),
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

SUPERSEDES: Final[dict[Outcome, frozenset[Outcome]]] = {
    Outcome.CONVERTED: frozenset(
        {
            Outcome.REFUSED,
            Outcome.FAILED,
            Outcome.REJECTED,
            Outcome.HELD,
            Outcome.SIGNATURE_REFUSED,
            Outcome.BERAT_REFUSED,
        }
    ),
    Outcome.FAILED: frozenset({Outcome.REFUSED, Outcome.CONVERTED, Outcome.HELD}),
    Outcome.REJECTED: frozenset({Outcome.CONVERTED}),
}
"""Which earlier answers about a file of the same name are no longer true once one of this outcome has been given.

A refusal takes nothing back: what was made of an earlier file of that name still stands."""

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
    "rules": Text(tr="GİB kuralı", en="GİB's rule"),
    "findings": Text(tr="Bulgular", en="Findings"),
    "warnings": Text(
        tr="Uyarılar (hiçbir şeyi durdurmaz; gözden geçirin)", en="Warnings (they stop nothing; please look them over)"
    ),
    "documents": Text(tr="Belgeler", en="Documents"),
    "recognised": Text(tr="Dosya nasıl okundu", en="How the file was read"),
    "revision": Text(tr="Dönüştürme no", en="Conversion no."),
    "entries": Text(tr="Yevmiye maddesi", en="Entries"),
    "lines": Text(tr="Yevmiye satırı", en="Lines"),
    "total": Text(tr="Borç = alacak toplamı", en="Total of debits = credits"),
    "parts": Text(tr="Parçalar", en="Parts"),
    "one_part": Text(tr="tek parça", en="in one part"),
    "line": Text(tr="satır", en="line"),
    "entry": Text(tr="yevmiye madde", en="entry"),
    "voucher": Text(tr="fiş", en="voucher"),
    "account": Text(tr="hesap", en="account"),
    "value": Text(tr="değer", en="value"),
    "where": Text(tr="yer", en="where"),
    "rule": Text(tr="kural", en="rule"),
    "warning": Text(tr="uyarı", en="warning"),
    "more": Text(tr="… ve {count} bulgu daha", en="… and {count} more"),
    "counts": Text(tr="Kurala göre bütün bulgular", en="All findings by rule"),
    "size": Text(tr="Boyut (bayt)", en="Size (bytes)"),
    "sha256": Text(tr="SHA-256", en="SHA-256"),
}
