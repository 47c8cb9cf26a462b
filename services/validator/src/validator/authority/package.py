"""What is in one version of the authority's files: its schema, and the Schematron for each kind of document.

All is found by name and content. Where that does not do, a `package.toml` beside the files says it, and counts first:

```toml
schema = "xsd/edefter.xsd"

[schematron]                       # journal, ledger, berat, journal_berat, ledger_berat, report
journal = "schematron/edefter_yevmiye.sch"
berat = "schematron/edefter_berat.xsl"

[phase]                            # the Schematron phase to run, where it is not the file's own default
journal = "imzasiz"
```
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from defterhane.edefter.kinds import DocumentKind
from validator.authority.compiling import Unusable
from validator.authority.recognise import NAMES, is_schematron, kinds_of
from validator.authority.wire import Package, Stylesheet

TOLD: Final = "package.toml"
_ROOT_SCHEMA: Final = "edefter.xsd"
_KEPT: Final = frozenset({".sch", ".xsl", ".xslt"})


class Told(BaseModel):
    """`package.toml`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    schema_file: str | None = Field(default=None, alias="schema")
    schematron: dict[str, str] = {}
    phase: dict[str, str] = {}


def read_package(folder: Path, version: str, since: date, digest: str) -> Package:
    """Look through a version's files.

    Raises:
        Unusable: nothing in it can be used, or it does not say clearly what is for what.
        OSError: a file cannot be read.
    """
    told = _told(folder)
    schema = _named(folder, told.schema_file) if told.schema_file else _root_schema(folder)
    phases = dict(_by_kind(told.phase))
    named = {kind: _named(folder, name) for kind, name in _by_kind(told.schematron)}
    stylesheets = {
        kind: Stylesheet(path, phases.get(kind)) for kind, path in {**_found(folder, set(named)), **named}.items()
    }
    if schema is None and not stylesheets:
        raise Unusable(f"it has neither {_ROOT_SCHEMA} nor a Schematron")
    for kind, sheet in stylesheets.items():
        if sheet.phase and sheet.path.suffix.lower() != ".sch":
            raise Unusable(f"{sheet.path.name} is compiled already: the phase for {kind} has no effect on it")
    return Package(version, since, digest, folder, schema, stylesheets)


def _told(folder: Path) -> Told:
    path = folder / TOLD
    if not path.is_file():
        return Told()
    try:
        return Told.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unusable(f"{TOLD}: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Unusable(f"{TOLD}: {where}: {first['msg']}") from None


def _by_kind(told: dict[str, str]) -> Iterator[tuple[DocumentKind, str]]:
    # `berat` stands first in NAMES: a name for one of the two berats counts before it.
    for name in told:
        if name not in NAMES:
            raise Unusable(f"{TOLD}: {name} is none of {', '.join(NAMES)}")
    for name, kinds in NAMES.items():
        if name in told:
            for kind in kinds:
                yield kind, told[name]


def _named(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise Unusable(f"{TOLD}: there is no file {name}")
    return path


def _root_schema(folder: Path) -> Path | None:
    found = sorted(
        (path for path in folder.rglob("*") if path.name.lower() == _ROOT_SCHEMA and path.is_file()),
        key=lambda path: (len(path.parts), path),
    )
    if len(found) > 1 and len(found[0].parts) == len(found[1].parts):
        raise Unusable(f"there are several {_ROOT_SCHEMA}: name one in {TOLD}")
    return found[0] if found else None


def _found(folder: Path, known: set[DocumentKind]) -> dict[DocumentKind, Path]:
    """What is for each kind that is not known yet; of one that is there twice, the compiled one."""
    candidates: dict[DocumentKind, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _KEPT and path.is_file() and is_schematron(path):
            for kind in kinds_of(path):
                candidates.setdefault(kind, []).append(path)
    chosen = {}
    for kind, paths in candidates.items():
        if kind in known:
            continue
        compiled = [path for path in paths if path.suffix.lower() != ".sch"] or paths
        fitting = _most_fitting(kind, compiled)
        if len(fitting) > 1:
            names = ", ".join(path.name for path in fitting[:5])
            raise Unusable(f"several files are for {kind} ({names}): name one in {TOLD}")
        chosen[kind] = fitting[0]
    return chosen


def _most_fitting(kind: DocumentKind, paths: list[Path]) -> list[Path]:
    """A file for one berat counts before one for both."""
    alone = [path for path in paths if kinds_of(path) == (kind,)]
    return alone or paths
