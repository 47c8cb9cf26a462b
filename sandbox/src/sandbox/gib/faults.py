"""The service's fault codes with their texts, as one table (e-Defter Web Servis Kılavuzu)."""

from enum import IntEnum
from typing import Final


class FaultCode(IntEnum):
    """A documented fault: 1xx of `sendDocumentFile`, 2xx of `receiveDocumentFile`, 3xx of `getBatchStatus`.

    101 and 102 may come from any of the three.
    """

    UNKNOWN_SIGNER = 101
    NO_ROLE = 102
    EMPTY_ATTACHMENT = 103
    EMPTY_NAME = 104
    EMPTY_CONTENT = 105
    TOO_LARGE = 106
    UNREADABLE = 107
    BAD_NAME = 108
    MAY_NOT_SEND = 109
    SEND_DATABASE = 110
    ALREADY_UPLOADED = 111
    SEND_DISK = 112
    SEND_QUEUE = 113
    MAY_NOT_UPLOAD_NOW = 114
    RECEIVE_DATABASE = 203
    NOTHING_PROCESSED = 204
    MAY_NOT_RECEIVE = 205
    RECEIVE_DISK = 206
    STATUS_DATABASE = 303
    UNKNOWN_PACKAGE = 304
    MAY_NOT_ASK = 305

    @property
    def text(self) -> str:
        """The fault's Turkish text."""
        return _TEXTS[self]


_TEXTS: Final[dict[FaultCode, str]] = {
    FaultCode.UNKNOWN_SIGNER: "İmza sahibi tanınmıyor.",
    FaultCode.NO_ROLE: "İmza sahibinin e-Defter uygulamasında rolü bulunmuyor.",
    FaultCode.EMPTY_ATTACHMENT: "Ek boş olamaz.",
    FaultCode.EMPTY_NAME: "Dosya adı boş olamaz.",
    FaultCode.EMPTY_CONTENT: "Dosya içeriği boş olamaz.",
    FaultCode.TOO_LARGE: "Paket boyutu izin verilen sınırı aşıyor.",
    FaultCode.UNREADABLE: "Paket okunamadı.",
    FaultCode.BAD_NAME: "Paket adı kurallara uygun değil.",
    FaultCode.MAY_NOT_SEND: "İmza sahibi bu mükellef adına paket gönderemez.",
    FaultCode.SEND_DATABASE: "Veri tabanı hatası. Lütfen daha sonra tekrar deneyiniz.",
    FaultCode.ALREADY_UPLOADED: "Bu paket daha önce yüklenmiş.",
    FaultCode.SEND_DISK: "Paket diske yazılamadı. Lütfen daha sonra tekrar deneyiniz.",
    FaultCode.SEND_QUEUE: "Paket kuyruğa eklenemedi. Lütfen daha sonra tekrar deneyiniz.",
    FaultCode.MAY_NOT_UPLOAD_NOW: "Mükellef şu anda yükleme yapamaz.",
    FaultCode.RECEIVE_DATABASE: "Veri tabanı hatası. Lütfen daha sonra tekrar deneyiniz.",
    FaultCode.NOTHING_PROCESSED: "İşlenmiş berat bulunmuyor.",
    FaultCode.MAY_NOT_RECEIVE: "İmza sahibi bu mükellefe ait paketi indiremez.",
    FaultCode.RECEIVE_DISK: "Paket diskten okunamadı. Lütfen daha sonra tekrar deneyiniz.",
    FaultCode.STATUS_DATABASE: "Veri tabanı hatası. Lütfen daha sonra tekrar deneyiniz.",
    FaultCode.UNKNOWN_PACKAGE: "Paket bulunamadı.",
    FaultCode.MAY_NOT_ASK: "İmza sahibi bu mükellefe ait paketi sorgulayamaz.",
}


class GibFault(Exception):
    """The service refuses a call with one of its documented faults."""

    def __init__(self, code: FaultCode) -> None:
        self.code = code
        super().__init__(f"{code.value}: {code.text}")
