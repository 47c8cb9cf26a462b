"""From what was read to HTML: the templates, and the policy under which a browser opens the page.

Every text goes through the templates' escaping. Beside that the page's policy lets a browser run nothing but the one
script and style whose digests it names, and ask nobody for anything.
"""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from defterhane.edefter.kinds import DocumentKind
from defterhane.figures import grouped
from defterhane.texts import Language
from defterhane_cli.view import words as say
from defterhane_cli.view.sheets import said


def write_document(target: Path, kind: DocumentKind, language: Language, *, large: bool, **facts: object) -> None:
    """Write the whole page to a file, piece by piece; `facts` are what its template shows.

    Raises:
        OSError: it cannot be written.
    """
    style, script = _asset("style.css"), _asset("script.js")
    stream = (
        _environment()
        .get_template("document.html.j2")
        .stream(
            kind=kind.value,
            is_book=kind.is_ledger,
            lang=language,
            w=say.words(language),
            grouped=lambda number: grouped(number, language),
            said=lambda findings: Markup(said(findings, language)),  # noqa: S704 - escaped there
            large=large,
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            policy=_policy(style, script if large else None),
            **facts,
        )
    )
    stream.dump(str(target), encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("defterhane_cli.view"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _asset(name: str) -> str:
    return files("defterhane_cli.view").joinpath("assets", name).read_text("utf-8")


def _policy(style: str, script: str | None) -> str:
    scripts = "'none'" if script is None else _digest(script)
    return f"default-src 'none'; style-src {_digest(style)}; script-src {scripts}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
