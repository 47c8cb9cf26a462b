"""The pages: log-in, board, month; their forms; their assets."""

from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import TypeAdapter

from defterhane.edefter.period import Period
from defterhane.errors import DefterhaneError
from defterhane.events import Filing
from defterhane.findings import Severity
from defterhane.tenant import Gate, PeriodText, TaxIdText
from portal.accounts import Principal
from portal.actions import convert, release
from portal.api import month_view
from portal.clock import local_day
from portal.deadlines import due
from portal.doors import MAX_BODY, SESSION_COOKIE, Doorkeeper, check_origin, page_route, read_form
from portal.dropped import read_strays
from portal.errors import BadRequest, NotLoggedIn, NotThere, WrongToken, status_of
from portal.findings import page_of, with_report
from portal.listing import newest_period, read_board, read_extensions
from portal.office import Office, scope
from portal.rendering import Pages
from portal.words import State

_ROWS: Final = 50
_PAGES: Final = 10_000
_REPORTS: Final = 5
"""So many findings' reports are read for one page; of the others the first findings are shown."""
_YEAR_SECONDS: Final = 365 * 24 * 3600
_GATE: Final[TypeAdapter[Gate]] = TypeAdapter(Gate)


def pages_router(office: Office) -> APIRouter:
    """The routes of the pages."""
    pages = Pages()
    door = Doorkeeper(office.accounts)

    def on_error(request: Request, error: DefterhaneError) -> Response:
        if isinstance(error, NotLoggedIn):
            return RedirectResponse(f"/login?{urlencode({'next': _here(request)})}", 303)
        return pages.render(request, "error.html", status=status_of(error), problem=error.problem)

    router = APIRouter(route_class=page_route(on_error), max_body_size=MAX_BODY, include_in_schema=False)
    _add_login(router, office, pages)
    _add_months(router, office, pages, door)

    @router.get("/assets/{name}")
    async def asset(name: str) -> Response:
        found = pages.assets.get(name)
        if found is None:
            raise NotThere(what=name)
        headers = {"Cache-Control": f"public, max-age={_YEAR_SECONDS}, immutable"}
        return Response(found.data, media_type=found.media_type, headers=headers)

    return router


def _add_login(router: APIRouter, office: Office, pages: Pages) -> None:
    accounts = office.accounts

    def enter(who: Principal, goal: str) -> Response:
        response = RedirectResponse(goal, 303)
        response.set_cookie(
            SESSION_COOKIE,
            accounts.open_session(who),
            max_age=int(accounts.session_length.total_seconds()),
            httponly=True,
            samesite="strict",
            secure=office.settings.secure_cookies,
        )
        return response

    def login_page(request: Request, goal: str, *, wrong: bool = False) -> HTMLResponse:
        problem = WrongToken().problem if wrong else None
        return pages.render(request, "login.html", status=401 if wrong else 200, problem=problem, goal=_local(goal))

    @router.get("/login")
    async def login(
        request: Request,
        token: Annotated[str, Query(max_length=200)] = "",
        goal: Annotated[str, Query(alias="next", max_length=500)] = "/",
    ) -> Response:
        if not token:
            return login_page(request, goal)
        who = await accounts.use_link(token)
        return enter(who, "/") if who is not None else login_page(request, goal, wrong=True)

    @router.post("/login")
    async def log_in(request: Request) -> Response:
        check_origin(request)
        form = await read_form(request)
        goal = _local(form.get("next", "/"))
        who = await accounts.by_token(form.get("token", "").strip())
        return enter(who, goal) if who is not None else login_page(request, goal, wrong=True)

    @router.post("/logout")
    async def log_out(request: Request) -> Response:
        check_origin(request)
        response = RedirectResponse("/login", 303)
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")
        return response


def _add_months(router: APIRouter, office: Office, pages: Pages, door: Doorkeeper) -> None:
    anybody = Depends(door.anybody)

    def render(request: Request, template: str, who: Principal, **values: Any) -> HTMLResponse:
        cookie = request.cookies.get(SESSION_COOKIE, "")
        form_token = office.accounts.form_token(cookie)
        return pages.render(request, template, who=who, form_token=form_token, **values)

    @router.get("/")
    async def board(
        *,
        request: Request,
        who: Annotated[Principal, anybody],
        period: str = "",
        search: Annotated[str, Query(max_length=100)] = "",
        state: str = "",
        page: Annotated[int, Query(ge=1, le=_PAGES)] = 1,
    ) -> Response:
        wanted = State(state) if state in set(State) else None
        today = local_day(office.house.clock())
        async with scope(office.database, who) as tx:
            month = _period(period) if period else await newest_period(tx) or Period.of(today).previous
            found = await read_board(
                tx, month, search=search, state=wanted, limit=_ROWS, offset=(page - 1) * _ROWS, today=today
            )
            extensions = await read_extensions(tx, month)
            strays = await read_strays(tx)
        deadlines = {person: due(month, person=person, extended=extensions.get(person)) for person in (False, True)}
        return render(
            request,
            "board.html",
            who,
            board=found,
            month=month,
            search=search,
            state=wanted,
            page=page,
            last_page=max(1, -(-found.total // _ROWS)),
            deadlines=deadlines,
            strays=strays,
            link=lambda **changes: _query(
                {"period": str(month), "search": search, "state": wanted or "", "page": page, **changes}
            ),
        )

    @router.get("/months/{tax_id}/{period}")
    async def month_page(
        *,
        request: Request,
        who: Annotated[Principal, anybody],
        tax_id: TaxIdText,
        period: PeriodText,
        branch: str = "",
        asked: str = "",
        group: str = "",
        severity: str = "",
        page: Annotated[int, Query(ge=1, le=_PAGES)] = 1,
    ) -> Response:
        view = await month_view(office, who, tax_id, period, branch or None)
        wanted = Severity(severity) if severity in set(Severity) else None
        shown = {}
        for number, found in enumerate(one for one in view.findings if one.current):
            whole = await with_report(office.house.objects, tax_id, found) if number < _REPORTS else found
            mine = group == str(found.event)
            shown[found.event] = page_of(whole, wanted if mine else None, page if mine else 1)
        return render(
            request,
            "month.html",
            who,
            view=view,
            month=Period.parse(period),
            asked=asked,
            shown=shown,
            asked_group=group,
            query=lambda **changes: _query({"branch": branch, **changes}),
        )

    @router.post("/months/{tax_id}/{period}/release")
    async def release_form(
        request: Request, who: Annotated[Principal, anybody], tax_id: TaxIdText, period: PeriodText
    ) -> Response:
        form = await read_form(request)
        try:
            gate = _GATE.validate_python(form.get("gate"))
            filing = Filing(
                tenant=tax_id,
                period=period,
                part=form.get("part", ""),
                branch=form.get("branch") or None,
            )
        except ValueError as error:
            raise BadRequest(where="part, branch, gate") from error
        await release(office, who, filing, gate)
        return RedirectResponse(_month_path(tax_id, period, filing.branch, "release"), 303)

    @router.post("/months/{tax_id}/{period}/convert")
    async def convert_form(
        request: Request, who: Annotated[Principal, anybody], tax_id: TaxIdText, period: PeriodText
    ) -> Response:
        form = await read_form(request)
        await convert(office, who, form.get("file", ""))
        return RedirectResponse(_month_path(tax_id, period, form.get("branch") or None, "convert"), 303)


def _period(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise BadRequest(where="period") from error


def _month_path(tax_id: str, period: str, branch: str | None, asked: str) -> str:
    return f"/months/{tax_id}/{period}?{_query({'branch': branch or '', 'asked': asked}).lstrip('?')}"


def _query(values: dict[str, Any]) -> str:
    kept = {name: value for name, value in values.items() if value not in ("", None) and (name, value) != ("page", 1)}
    return f"?{urlencode(kept)}"


def _here(request: Request) -> str:
    if request.method != "GET":
        return "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{quote(request.url.path)}{query}"


def _local(goal: str) -> str:
    """A place on this site; anything else becomes the board."""
    is_local = goal.startswith("/") and not goal.startswith(("//", "/\\")) and goal.isprintable()
    return goal if is_local else "/"
