"""What travels between a process and the child that runs the authority's files for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.texts import Text

FAILURES: Final = 1000
"""So many failed asserts of one document are told."""
EXAMPLES: Final = 3
"""So many of them for one assert: one that fails everywhere must not hide the others."""
SHOWN: Final = 1000
"""So many characters of an assert's words are told."""


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """A Schematron file, as it is (`.sch`) or compiled to XSLT (`.xsl`, `.xslt`)."""

    path: Path
    phase: str | None = None
    """The Schematron phase to run; None = the file's own default. Only for `.sch`."""


@dataclass(frozen=True, slots=True)
class Package:
    """One version of the authority's files, in a folder that nobody changes."""

    version: str
    """`2025-01-01`, or `undated`."""
    since: date
    """The first day that it holds for."""
    digest: str
    """SHA-256 over all its files; names it where it is kept."""
    folder: Path
    schema: Path | None = None
    """The root schema."""
    stylesheets: Mapping[DocumentKind, Stylesheet] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trial:
    """Asks whether a package can be used at all."""

    package: Package


@dataclass(frozen=True, slots=True)
class Question:
    """Asks what a package says of a document."""

    package: Package
    kind: DocumentKind
    path: Path
    name: str
    """The file name that the rules see."""
    signed: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """A package can be used."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A package cannot be used, or gave no answer on a document; `reason` is for operators."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failure:
    """An assert of the Schematron that failed, or a report that fired."""

    text: str
    location: str
    """A path to the element, with the usual prefixes."""
    test: str
    id: str | None = None
    """The assert's own id, where it has one."""
    warning: bool = False
    """Whether it says of itself that it is no error (`role` or `flag`)."""


@dataclass(frozen=True, slots=True)
class SchemaFault:
    """An error that the authority's schema finds."""

    message: Text
    element: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the authority's files say of a document. All texts and counts in it are bounded."""

    schema: tuple[SchemaFault, ...] = ()
    failures: tuple[Failure, ...] = ()
    error: str | None = None
    """Why the Schematron stopped: a dynamic error in one of its tests. What comes after it was not tested."""
    cut: bool = False
    """The Schematron said more than may be told."""
    rules: bool = True
    """Whether the package has a Schematron for this kind of document."""

    @property
    def valid(self) -> bool:
        """Whether the authority's files find nothing wrong."""
        return not (self.schema or self.error or any(not failure.warning for failure in self.failures))


Request = Trial | Question
Reply = Tried | Refused | Answer
