"""The verdict on one document: schema, rules, duties and digests, in one pass over the file and bounded memory."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lxml import etree

from defterhane.documents.errors import XmlRefused
from defterhane.documents.safe_xml import CHUNK, Bounds, Reader, SchemaBroken
from defterhane.documents.schema import schema, schema_findings
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES
from defterhane.findings import Finding, Findings
from defterhane.xades.canonical import NotCanonical, Scanner
from defterhane.xades.errors import NotSignable
from validator.digesting import DigestBeside
from validator.examine import Examination
from validator.foreknown import Foreknown
from validator.passage import Outlet
from validator.sieve import Sieve
from validator.summary import Summary

_CHUNK = 1 << 20
_COR = f"{{{NAMESPACES['gl-cor']}}}"
_RELEASED = (f"{_COR}entryHeader", f"{_COR}entryDetail")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What has been found out about a file."""

    kind: DocumentKind | None
    """What it is, told by most of its signs; None where it is no e-Defter document."""
    unique_id: str | None
    signed: bool
    """Whether a signature is there; whether it is true is not asked here."""
    findings: Findings
    sha256: str
    """Of the file's bytes; what is refused is not read on beyond the size that a document may have."""
    body_sha256: str | None
    """Of the canonical form without the root's signature; None where the file is not surely canonical."""
    entries: int
    lines: int
    rules: str | None = None
    """The rule set that it was checked by, such as `journal/2020-01-01`."""
    summary: Summary | None = None
    """What it says, in figures; None where it is no e-Defter document."""

    @property
    def valid(self) -> bool:
        """True where no error has been found; warnings do not count."""
        return not self.findings.errors


def check_document(
    path: Path, name: str | None = None, bounds: Bounds | None = None, newer_journal_since: date | None = None
) -> Verdict:
    """Check one document of any kind, signed or not.

    Args:
        path: the file.
        name: the name to hold against what stands in the document, such as `1234567808-202501-Y-000000.xml`; rules
            on names are tried only where it is given.
        bounds: what the file may take.
        newer_journal_since: see `validator.kinds.rule_set`.

    A file that is no XML, cut, or hostile has a verdict like any other, with one finding that says so.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        return _read(path, name, bounds, newer_journal_since, schema(), ())
    except SchemaBroken:
        # libxml2 keeps all that a schema has to say, without a bound: the rules are tried without it.
        pass
    try:
        against_schema = tuple(schema_findings(path, bounds))
    except XmlRefused as refusal:  # the rules' reading may let go of more, and refuse nothing
        against_schema = (_finding_of(refusal),)
    return _read(path, name, bounds, newer_journal_since, None, against_schema)


def _read(
    path: Path,
    name: str | None,
    bounds: Bounds | None,
    newer_journal_since: date | None,
    checked_by: etree.XMLSchema | None,
    against_schema: tuple[Finding, ...],
) -> Verdict:
    """Read it once; twice where what the rules have to know first stands last."""
    once = _Pass(path, bounds, checked_by, Examination(name, None, newer_journal_since))
    verdict = once.verdict(against_schema)
    foreknown = once.again
    if foreknown is None:
        return verdict
    return _Pass(path, bounds, None, Examination(name, foreknown, newer_journal_since), skims=False).verdict(
        against_schema
    )


class _Pass(Outlet):
    """One reading of a file."""

    def __init__(
        self,
        path: Path,
        bounds: Bounds | None,
        checked_by: etree.XMLSchema | None,
        examination: Examination,
        *,
        skims: bool = True,
    ) -> None:
        self._path = path
        self._examination = examination
        self._skims = skims
        self._refused_it = False
        self._reader = Reader(self._examination.tags, bounds)
        self._against = Reader(_RELEASED, bounds, checked_by) if checked_by is not None else None
        self._thread = ThreadPoolExecutor(1)
        self._scanner: Scanner | None = Scanner(DigestBeside(self._thread))
        self._whole = DigestBeside(self._thread)
        self._size = 0
        self._limit = (bounds or Bounds()).size

    def verdict(self, against_schema: tuple[Finding, ...]) -> Verdict:
        """Read the file.

        Raises:
            SchemaBroken: the schema has something against it.
            OSError: the file cannot be read.
        """
        sieve = Sieve(self._examination, self, skims=self._skims)
        refusal: XmlRefused | None = None
        with self._thread, self._path.open("rb") as file:
            while data := file.read(_CHUNK):
                self._whole.update(data)
                self._size += len(data)
                refusal = refusal or _refusal_of(lambda data=data: self._feed(sieve, data))  # type: ignore[misc]
                if refusal is not None and self._size > self._limit:
                    break
            refusal = refusal or _refusal_of(lambda: self._finish(sieve))
            self._refused_it = refusal is not None
            return self._refused(refusal) if refusal is not None else self._found(against_schema)

    @property
    def again(self) -> Foreknown | None:
        """What a second reading has to know; None where none is needed."""
        return None if self._refused_it else self._examination.again

    def examine(self, data: bytes) -> None:
        for at in range(0, len(data), CHUNK):  # bounds are those of a piece: few come at once
            piece = data[at : at + CHUNK]
            self._reader.feed(piece)
            if self._against is not None:
                self._hold_against_schema(self._against, piece)
            self._take()

    def keep(self, data: bytes, *, right: bool) -> None:
        if self._scanner is not None:
            try:
                (self._scanner.pass_over if right else self._scanner.feed)(data)
            except (NotCanonical, NotSignable):
                self._scanner = None

    def _feed(self, sieve: Sieve, data: bytes) -> None:
        self._reader.check_bounds(self._size)
        sieve.feed(data)

    def _take(self) -> None:
        for element in self._reader.elements():
            if self._examination.take(element):
                self._reader.release(element)

    def _hold_against_schema(self, against: Reader, data: bytes) -> None:
        against.feed(data)
        if against.schema_errors():
            raise SchemaBroken
        for element in against.elements():
            against.release(element)

    def _finish(self, sieve: Sieve) -> None:
        sieve.close()
        root = self._reader.close()
        if self._against is not None:
            self._against.close()
        self._take()
        self._examination.finish(root)

    def _body_digest(self) -> str | None:
        if self._scanner is None:
            return None
        try:
            layout = self._scanner.finish()
        except (NotCanonical, NotSignable):
            return None
        signed = self._examination.facts.has_signature
        return layout.body_sha256 if (layout.signature is not None) == signed else None

    def _found(self, against_schema: tuple[Finding, ...]) -> Verdict:
        facts, digest = self._examination.facts, self._whole.hexdigest()
        findings = Findings()
        findings.extend(against_schema)
        findings.join(self._examination.reporter.findings)
        return Verdict(
            kind=facts.kind,
            unique_id=facts.unique_id,
            signed=facts.has_signature,
            findings=findings,
            sha256=digest,
            body_sha256=self._body_digest(),
            entries=facts.headers,
            lines=facts.lines,
            rules=self._examination.rules,
            summary=self._examination.summary(size=self._size, sha256=digest),
        )

    def _refused(self, refusal: XmlRefused) -> Verdict:
        findings = Findings()
        findings.add(_finding_of(refusal))
        return Verdict(
            kind=None,
            unique_id=None,
            signed=False,
            findings=findings,
            sha256=self._whole.hexdigest(),
            body_sha256=None,
            entries=0,
            lines=0,
        )


def _refusal_of(act: Callable[[], None]) -> XmlRefused | None:
    try:
        act()
    except XmlRefused as refusal:
        return refusal
    return None


def _finding_of(refusal: XmlRefused) -> Finding:
    problem = refusal.problem
    return Finding(rule=problem.key, message=problem.text, cure=problem.cure, line=refusal.line)
