"""The values of `durumKodu` and `durumAciklama`.

GİB's own values are not public: these are this sandbox's, and the gateway maps codes by configuration.

| durumKodu | meaning | durumAciklama |
|---|---|---|
| `1` | waiting | `… paketi kuyrukta, işlenmeyi bekliyor.` |
| `2` | approved; a berat can be received, a report has no counter-signed copy | `… paketi başarıyla işlendi.` |
| `3` | rejected; a mended package may be sent under the same name | `Paket işlenirken hata oluştu. Hata : <reason>` |
"""

from enum import StrEnum


class Status(StrEnum):
    """What has become of one attempt to upload a package; the value is `durumKodu`."""

    WAITING = "1"
    APPROVED = "2"
    REJECTED = "3"

    def text(self, package: str, reason: str | None) -> str:
        """`durumAciklama`.

        Args:
            package: the paketID.
            reason: why it was rejected.
        """
        if self is Status.REJECTED:
            return f"Paket işlenirken hata oluştu. Hata : {reason}"
        if self is Status.APPROVED:
            return f"{package} paketi başarıyla işlendi."
        return f"{package} paketi kuyrukta, işlenmeyi bekliyor."


def accepted(package: str) -> str:
    """What `sendDocumentFile` returns: queued, not approved."""
    return f"{package} paketi işleme alındı."
