"""Pages from templates: language, times, sizes, and what every page needs."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from defterhane.edefter.period import Period
from defterhane.figures import grouped, money
from defterhane.texts import Language
from portal.accounts import Principal
from portal.clock import local
from portal.phrases import MONTHS, PHRASES
from portal.words import COLUMN_TITLES, GATE_WORDS, KIND_TITLES, STAGE_WORDS, STATE_WORDS, Column, State

LANGUAGE_COOKIE: Final = "defterhane_language"

_TYPES: Final = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_KILO: Final = 1024


@dataclass(frozen=True)
class Asset:
    """A file that pages refer to."""

    data: bytes
    media_type: str
    version: str


def _load_assets() -> dict[str, Asset]:
    assets = {}
    for item in files("portal").joinpath("static").iterdir():
        suffix = item.name.rpartition(".")[2]
        if suffix in _TYPES:
            data = item.read_bytes()
            assets[item.name] = Asset(data, _TYPES[suffix], hashlib.sha256(data).hexdigest()[:16])
    return assets


class Pages:
    """Renders templates."""

    def __init__(self) -> None:
        self.assets = _load_assets()
        self._templates = Environment(
            loader=PackageLoader("portal"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            asset=lambda name: f"/assets/{name}?v={self.assets[name].version}",
            columns=list(Column),
            states=list(State),
            column_titles=COLUMN_TITLES,
            kind_titles=KIND_TITLES,
            state_words=STATE_WORDS,
            stage_words=STAGE_WORDS,
            gate_words=GATE_WORDS,
        )

    def render(
        self,
        request: Request,
        template: str,
        *,
        who: Principal | None = None,
        form_token: str = "",
        status: int = 200,
        **values: Any,
    ) -> HTMLResponse:
        """A page in the reader's language."""
        language = language_of(request)
        content = self._templates.get_template(template).render(
            request=request,
            who=who,
            form_token=form_token,
            language=language,
            other_language=_with_language(request, "en" if language == "tr" else "tr"),
            t=lambda key: PHRASES[key].to(language),
            say=lambda text: text.to(language),
            when=_when,
            day=lambda moment: _day(moment, language),
            days=lambda first, last: _days(first, last, language),
            number=lambda number: grouped(number, language),
            amount=lambda kurus: money(kurus, language),
            size=lambda number: _size(number, language),
            month_name=lambda period: _month_name(period, language),
            **values,
        )
        response = HTMLResponse(content, status)
        if request.query_params.get("lang") in ("tr", "en"):
            response.set_cookie(LANGUAGE_COOKIE, language, max_age=365 * 24 * 3600, httponly=True, samesite="strict")
        return response


def language_of(request: Request) -> Language:
    """The reader's choice: `?lang=`, else the cookie, else Turkish."""
    chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
    return "en" if chosen == "en" else "tr"


def _with_language(request: Request, language: Language) -> str:
    return f"?{request.url.include_query_params(lang=language).query}"


def _when(moment: datetime) -> str:
    return f"{local(moment):%d.%m.%Y %H:%M:%S}"


def _day(day: date, language: Language) -> str:
    return f"{day.day} {MONTHS[day.month - 1].to(language)} {day.year}"


def _days(first: date, last: date, language: Language) -> str:
    """Days of one month: `1–10 Ocak`."""
    span = str(first.day) if first == last else f"{first.day}–{last.day}"
    return f"{span} {MONTHS[first.month - 1].to(language)}"


def _month_name(period: Period | str, language: Language) -> str:
    month = Period.parse(period) if isinstance(period, str) else period
    return f"{MONTHS[month.month - 1].to(language)} {month.year}"


def _size(number: int, language: Language) -> str:
    if number < _KILO:
        return f"{number} B"
    scaled, unit = number / _KILO, "kB"
    for larger in ("MB", "GB"):
        if scaled < _KILO:
            break
        scaled, unit = scaled / _KILO, larger
    text = f"{scaled:.1f}"
    return f"{text.replace('.', ',') if language == 'tr' else text} {unit}"
