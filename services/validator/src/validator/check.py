"""The verdict on one document: schema, rules and duties, in three passes over the file and bounded memory."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from defterhane.documents.errors import XmlRefused
from defterhane.documents.safe_xml import CHUNK, Bounds, Reader
from defterhane.documents.schema import schema_findings
from defterhane.edefter.kinds import DocumentKind
from defterhane.findings import Finding, Findings
from defterhane.xades.canonical import NotCanonical, scan
from defterhane.xades.errors import NotSignable
from validator.examine import Examination


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
    """Of the file's bytes."""
    body_sha256: str | None
    """Of the canonical form without the root's signature; None where the file is not surely canonical."""
    entries: int
    lines: int

    @property
    def valid(self) -> bool:
        """True where no error has been found; warnings do not count."""
        return not self.findings.errors


def check_document(path: Path, name: str | None = None, bounds: Bounds | None = None) -> Verdict:
    """Check one document of any kind, signed or not.

    Args:
        path: the file.
        name: the name to hold against what stands in the document, such as `1234567808-202501-Y-000000.xml`; rules
            on names are tried only where it is given.
        bounds: what the file may take.

    A file that is no XML, cut, or hostile has a verdict like any other, with one finding that says so.

    Raises:
        OSError: the file cannot be read.
    """
    whole = hashlib.sha256()
    examination = Examination(name)
    findings = examination.reporter.findings
    reader = Reader(examination.tags, bounds)
    refusal = _against_schema(path, bounds, findings)
    with path.open("rb") as file:
        while data := file.read(CHUNK):
            whole.update(data)
            if refusal is None:
                refusal = _read_on(reader, data, examination)
    refusal = refusal or _finish(reader, examination)
    if refusal is not None:
        return _refused(refusal, whole.hexdigest())
    facts = examination.facts
    return Verdict(
        kind=facts.kind,
        unique_id=facts.unique_id,
        signed=facts.has_signature,
        findings=findings,
        sha256=whole.hexdigest(),
        body_sha256=_body_digest(path, signed=facts.has_signature),
        entries=facts.headers,
        lines=facts.lines,
    )


def _against_schema(path: Path, bounds: Bounds | None, findings: Findings) -> XmlRefused | None:
    try:
        findings.extend(schema_findings(path, bounds))
    except XmlRefused as refusal:
        return refusal
    return None


def _read_on(reader: Reader, data: bytes, examination: Examination) -> XmlRefused | None:
    try:
        reader.feed(data)
    except XmlRefused as refusal:
        return refusal
    for element in reader.elements():
        if examination.take(element):
            reader.release(element)
    return None


def _finish(reader: Reader, examination: Examination) -> XmlRefused | None:
    try:
        root: etree._Element = reader.close()
    except XmlRefused as refusal:
        return refusal
    for element in reader.elements():
        if examination.take(element):
            reader.release(element)
    examination.finish(root)
    return None


def _body_digest(path: Path, *, signed: bool) -> str | None:
    try:
        layout = scan(path)
    except (NotCanonical, NotSignable):
        return None
    return layout.body_sha256 if (layout.signature is not None) == signed else None


def _refused(refusal: XmlRefused, sha256: str) -> Verdict:
    problem = refusal.problem
    findings = Findings()
    findings.add(Finding(rule=problem.key, message=problem.text, cure=problem.cure, line=refusal.line))
    return Verdict(
        kind=None,
        unique_id=None,
        signed=False,
        findings=findings,
        sha256=sha256,
        body_sha256=None,
        entries=0,
        lines=0,
    )
