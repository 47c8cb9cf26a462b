"""Doors: who comes in, what every answer carries, and how errors are answered."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, Final
from urllib.parse import parse_qsl, urlsplit

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from defterhane.errors import DefterhaneError
from portal.accounts import Accounts, Principal
from portal.errors import BadRequest, ForgedRequest, NotLoggedIn, OperatorsOnly, status_of

SESSION_COOKIE: Final = "defterhane_session"
FORM_FIELD: Final = "form_token"
FORM_HEADER: Final = "X-Form-Token"
MAX_BODY: Final = 256 * 1024
"""Bytes: a tenant's master data fit many times over."""

_SAFE_METHODS: Final = {"GET", "HEAD", "OPTIONS"}
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # `no-referrer` would make browsers send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_bearer = HTTPBearer(auto_error=False, description="An access token of an operator or of one tenant")
_cookie = APIKeyCookie(name=SESSION_COOKIE, auto_error=False, description="A page's session")

Handler = Callable[[Request], Awaitable[Response]]


def with_headers(response: Response) -> Response:
    """An answer with the headers that every answer of ours carries."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


class ApiRoute(APIRoute):
    """A route of the API: errors are answered as JSON."""

    def get_route_handler(self) -> Callable[[Request], Any]:
        """FastAPI's handler, with our headers and errors."""
        return _guarded(super().get_route_handler(), _problem, _where)


def _guarded(
    handler: Handler,
    on_error: Callable[[Request, DefterhaneError], Response],
    where: Callable[[RequestValidationError], str],
) -> Handler:
    async def guarded(request: Request) -> Response:
        try:
            response = await handler(request)
        except RequestValidationError as error:
            response = on_error(request, BadRequest(where=where(error)))
        except DefterhaneError as error:
            response = on_error(request, error)
        return with_headers(response)

    return guarded


def page_route(on_error: Callable[[Request, DefterhaneError], Response]) -> type[APIRoute]:
    """The class of routes whose errors are answered as pages."""

    class PageRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Any]:
            return _guarded(super().get_route_handler(), on_error, _fields)

    return PageRoute


class Doorkeeper:
    """FastAPI dependencies that let people in."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    async def anybody(
        self,
        request: Request,
        bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
        cookie: Annotated[str | None, Depends(_cookie)],
    ) -> Principal:
        """Who asks, by bearer token or session. A session's writes must carry its form token.

        Raises:
            NotLoggedIn: nobody, or nobody any more.
            ForgedRequest: the write comes from another site.
        """
        if bearer is not None:
            principal = await self._accounts.by_token(bearer.credentials)
        else:
            principal = await self._accounts.by_session(cookie) if cookie else None
        if principal is None:
            raise NotLoggedIn
        if bearer is None and request.method not in _SAFE_METHODS:
            check_origin(request)
            given = request.headers.get(FORM_HEADER) or (await read_form(request)).get(FORM_FIELD, "")
            if cookie is None or not self._accounts.is_form_token(cookie, given):
                raise ForgedRequest
        return principal

    async def operator(
        self,
        request: Request,
        bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
        cookie: Annotated[str | None, Depends(_cookie)],
    ) -> Principal:
        """Who asks, if an operator.

        Raises:
            NotLoggedIn, ForgedRequest: as `anybody`.
            OperatorsOnly: a tenant's own user.
        """
        principal = await self.anybody(request, bearer, cookie)
        if not principal.is_operator:
            raise OperatorsOnly
        return principal


def check_origin(request: Request) -> None:
    """Whether a write comes from a page of this very site, by what its browser says of it.

    Raises:
        ForgedRequest: it comes from elsewhere.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site != "same-origin":
            raise ForgedRequest
        return
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise ForgedRequest


async def read_form(request: Request) -> Mapping[str, str]:
    """A small form's fields (application/x-www-form-urlencoded); empty for any other body."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return {}
    body = await request.body()
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=20))
    except ValueError as error:  # not UTF-8, or too many fields
        raise BadRequest(where="form") from error


def _problem(_request: Request, error: DefterhaneError) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if isinstance(error, NotLoggedIn) else None
    return JSONResponse(error.problem.model_dump(mode="json"), status_code=status_of(error), headers=headers)


def _fields(error: RequestValidationError) -> str:
    """The fields that cannot be read, for people."""
    return ", ".join(str(one["loc"][-1]) for one in error.errors()[:5])


def _where(error: RequestValidationError) -> str:
    """The fields that cannot be read, and why; never what stood in them."""
    first = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()[:5]]
    return "; ".join(first)
