"""The service's fault codes as one table: what each means, and what there is to do.

Source: e-Defter Web Servis Kılavuzu. 1xx come from sendDocumentFile, 2xx from receiveDocumentFile, 3xx from
getBatchStatus; 101 and 102 from any of them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from defterhane.texts import Text


class Action(StrEnum):
    """What a fault asks of the sender."""

    RETRY = "retry"
    """GİB's own trouble: the same again, later and later."""
    STOP = "stop"
    """It will never go through as it is: a person has to see to it."""
    HOLD = "hold"
    """Not now: try again at long intervals, and tell."""
    POLL = "poll"
    """Not yet: keep asking."""
    RESEND = "resend"
    """It never arrived: send it again."""
    OURS = "ours"
    """It is there already: if we sent it, go on; if not, stop and tell."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the table."""

    code: str
    action: Action
    meaning: Text
    cure: Text | None = None


_SET_UP = Text(
    tr="Mali mühür sahibinin e-Defter uygulamasına başvurusunu ve rolünü GİB'de denetleyin.",
    en="Check with GİB that the seal's holder has applied for e-Defter and has its role.",
)
_AUTHORISE = Text(
    tr="İmzalayanın bu mükellef adına yetkilendirildiğini e-Defter uygulamasında denetleyin.",
    en="Check in the e-Defter application that the signer has been authorised by this taxpayer.",
)
_OUR_FAULT = Text(
    tr="Bu bir yazılım hatasıdır; destek birimine bildirin.", en="This is a fault of the software; report it."
)

_ROWS: Final = (
    Fault(
        "101",
        Action.STOP,
        Text(tr="GİB imza sahibini tanımıyor.", en="GİB does not know the signer."),
        _SET_UP,
    ),
    Fault(
        "102",
        Action.STOP,
        Text(tr="İmza sahibinin e-Defter rolü yok.", en="The signer has no e-Defter role."),
        _SET_UP,
    ),
    Fault(
        "103",
        Action.STOP,
        Text(tr="GİB'e giden ek boş.", en="The attachment sent to GİB is empty."),
        _OUR_FAULT,
    ),
    Fault(
        "104",
        Action.STOP,
        Text(tr="GİB'e giden paketin adı boş.", en="The package's name is empty."),
        _OUR_FAULT,
    ),
    Fault("105", Action.STOP, Text(tr="GİB'e giden paketin içi boş.", en="The package is empty."), _OUR_FAULT),
    Fault(
        "106",
        Action.STOP,
        Text(tr="Paket GİB'in izin verdiğinden büyük.", en="The package is larger than GİB allows."),
        Text(tr="Ayı daha küçük parçalara bölün.", en="Cut the month into smaller parts."),
    ),
    Fault("107", Action.STOP, Text(tr="GİB paketi okuyamadı.", en="GİB could not read the package."), _OUR_FAULT),
    Fault(
        "108",
        Action.STOP,
        Text(tr="GİB paketin adını geçersiz buldu.", en="GİB finds the name invalid."),
        _OUR_FAULT,
    ),
    Fault(
        "109",
        Action.STOP,
        Text(tr="İmza sahibi bu paketi gönderemez.", en="The signer may not send this package."),
        _AUTHORISE,
    ),
    Fault("110", Action.RETRY, Text(tr="GİB'in veri tabanında sorun var.", en="GİB's database is in trouble.")),
    Fault(
        "111",
        Action.OURS,
        Text(tr="Bu adla bir paket GİB'e daha önce yüklenmiş.", en="A package of this name is at GİB already."),
        Text(
            tr="Ayın başka bir programdan gönderilip gönderilmediğini denetleyin.",
            en="Check whether the month has been sent with another program.",
        ),
    ),
    Fault("112", Action.RETRY, Text(tr="GİB'in diskinde sorun var.", en="GİB's disk is in trouble.")),
    Fault("113", Action.RETRY, Text(tr="GİB'in kuyruğunda sorun var.", en="GİB's queue is in trouble.")),
    Fault(
        "114",
        Action.HOLD,
        Text(tr="Mükellef şu anda yükleme yapamaz.", en="The taxpayer may not upload now."),
        Text(
            tr="Mükellefin e-Defter durumunu GİB'de denetleyin; gönderim kendiliğinden yeniden denenir.",
            en="Check the taxpayer's e-Defter status with GİB; sending is tried again by itself.",
        ),
    ),
    Fault("203", Action.RETRY, Text(tr="GİB'in veri tabanında sorun var.", en="GİB's database is in trouble.")),
    Fault("204", Action.POLL, Text(tr="İşlenmiş berat henüz yok.", en="There is no processed berat yet.")),
    Fault(
        "205",
        Action.STOP,
        Text(tr="İmza sahibi bu beratı indiremez.", en="The signer may not download this berat."),
        _AUTHORISE,
    ),
    Fault("206", Action.RETRY, Text(tr="GİB'in diskinde sorun var.", en="GİB's disk is in trouble.")),
    Fault("303", Action.RETRY, Text(tr="GİB'in veri tabanında sorun var.", en="GİB's database is in trouble.")),
    Fault(
        "304",
        Action.RESEND,
        Text(tr="GİB bu paketi hiç almamış.", en="The package has never arrived at GİB."),
    ),
    Fault(
        "305",
        Action.STOP,
        Text(tr="İmza sahibi bu paketi sorgulayamaz.", en="The signer may not ask about this package."),
        _AUTHORISE,
    ),
)
FAULTS: Final[dict[str, Fault]] = {row.code: row for row in _ROWS}
"""The table by code."""

_CODE = re.compile(r"(?<!\d)[123]\d\d(?!\d)")


def find_code(*texts: str | None) -> str | None:
    """The first documented code in a fault's texts, in the order given; None where there is none.

    Where in the fault GİB writes its code is not documented: look at the detail and subcode before the
    reason, whose text may hold other numbers.
    """
    for text in texts:
        for match in _CODE.findall(text or ""):
            if match in FAULTS:
                return str(match)
    return None
