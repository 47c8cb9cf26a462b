"""What can go wrong at the portal. `status` is the HTTP status of the answer."""

from http import HTTPStatus

from defterhane.errors import DefterhaneError, FixInput, TryLater, UnknownTenant
from defterhane.texts import Text


class NotLoggedIn(FixInput):
    """Nobody, or somebody whose token or session is not (or no longer) valid."""

    key = "portal.not_logged_in"
    text = Text(tr="Oturum açmanız gerekiyor.", en="You need to log in.")
    cure = Text(
        tr="Geçerli bir erişim anahtarıyla oturum açın ya da onu Authorization: Bearer başlığında gönderin.",
        en="Log in with a valid access token, or send it as Authorization: Bearer.",
    )


class WrongToken(FixInput):
    """A log-in with a token or link that is not valid."""

    key = "portal.wrong_token"
    text = Text(tr="Bu erişim anahtarı ya da bağlantı geçerli değil.", en="This access token or link is not valid.")
    cure = Text(
        tr="Anahtarı eksiksiz kopyalayın; bağlantılar bir kez ve kısa süre kullanılabilir.",
        en="Copy the whole token; links work once and for a short time.",
    )


class OperatorsOnly(FixInput):
    """Something that only operators may do."""

    key = "portal.operators_only"
    text = Text(tr="Bunu yalnızca işletmenler yapabilir.", en="Only operators may do this.")


class ForgedRequest(FixInput):
    """A request that does not come from one of our own pages."""

    key = "portal.forged_request"
    text = Text(
        tr="İstek bu sitenin bir sayfasından gelmedi.", en="The request does not come from a page of this site."
    )
    cure = Text(tr="Sayfayı yenileyip yeniden deneyin.", en="Reload the page and try again.")


class NotThere(FixInput):
    """Nothing of that name, or nothing that the asker may see."""

    key = "portal.not_there"
    text = Text(tr="{what} bulunamadı.", en="{what} is not there.")


class NotHeld(FixInput):
    """A release of something that does not wait at that gate."""

    key = "portal.not_held"
    text = Text(
        tr="Bu gönderim o kapıda beklemiyor; belki az önce serbest bırakıldı.",
        en="This filing does not wait at that gate; perhaps it has just been released.",
    )


class NotConvertible(FixInput):
    """A file that was refused, or of which nothing is stored."""

    key = "portal.not_convertible"
    text = Text(
        tr="Bu dosya dönüştürülemez: geri çevrilmiş ya da saklanamamış.",
        en="This file cannot be converted: it was refused, or could not be stored.",
    )
    cure = Text(tr="Dosyayı düzeltip yeniden bırakın.", en="Correct the file and drop it again.")


class WrongNumber(FixInput):
    """Master data for another tax number than the address names."""

    key = "portal.wrong_number"
    text = Text(
        tr="Adresteki vergi numarası ile gönderilen bilgilerdeki aynı değil.",
        en="The tax number in the address is not the one in the data.",
    )


class BadRequest(FixInput):
    """A request whose fields cannot be read."""

    key = "portal.bad_request"
    text = Text(tr="İstek okunamadı: {where}", en="The request cannot be read: {where}")


_STATUS: dict[type[DefterhaneError], HTTPStatus] = {
    NotLoggedIn: HTTPStatus.UNAUTHORIZED,
    WrongToken: HTTPStatus.UNAUTHORIZED,
    OperatorsOnly: HTTPStatus.FORBIDDEN,
    ForgedRequest: HTTPStatus.FORBIDDEN,
    NotThere: HTTPStatus.NOT_FOUND,
    UnknownTenant: HTTPStatus.NOT_FOUND,
    NotHeld: HTTPStatus.CONFLICT,
    NotConvertible: HTTPStatus.CONFLICT,
    WrongNumber: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadRequest: HTTPStatus.UNPROCESSABLE_ENTITY,
    FixInput: HTTPStatus.BAD_REQUEST,
    TryLater: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: DefterhaneError) -> HTTPStatus:
    """The HTTP status that says what an error's place in the tree says."""
    for kind in type(error).__mro__:
        if kind in _STATUS:
            return _STATUS[kind]
    return HTTPStatus.INTERNAL_SERVER_ERROR
