"""With the official schema and a Schematron of the official rules the authority's files and we agree."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from defterhane.edefter.kinds import DocumentKind
from defterhane.findings import Finding, Findings
from defterhane.rulebook import RULES, document_of
from defterhane.texts import Text
from support.authority_files import NAMES
from support.golden_documents import Change, changed, name_of, signed, text, twice, without
from support.schematron import write_schematron, write_stylesheet
from validator.authority import FolderJudge
from validator.check import Verdict, check_document

pytestmark = pytest.mark.official

Y, K, YB, KB, DR = DocumentKind
CASES: tuple[tuple[DocumentKind, tuple[Change, ...]], ...] = (
    *((kind, ()) for kind in DocumentKind),
    *((kind, (signed,)) for kind in DocumentKind),
    (Y, (text("gl-cor:amount", "-5.001"), without("gl-cor:enteredBy"))),
    (Y, (text("gl-cor:debitCreditCode", "C"), text("gl-cor:lineNumber", "7", 1))),
    (Y, (signed, without("ds:KeyInfo"))),
    (Y, (text("gl-cor:periodCoveredStart", "2025-02-01"),)),
    (K, (text("gl-cor:accountMainID", "999"), text("gl-bus:totalDebit", "1"))),
    (YB, (text("gl-cor:amount", "-1", 2), without("gl-bus:organizationIdentifiers"))),
    (KB, (twice("gl-cor:entryDetail"),)),
)


@pytest.fixture(scope="module", params=["sch", "xsl"])
def judge(
    request: pytest.FixtureRequest, shared_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FolderJudge]:
    folder = tmp_path_factory.mktemp("authority")
    version = folder / "2025-01-01" / "e-Defter paketi (şema, kural)"
    shutil.copytree(shared_folder / "gib-package" / "xsd", version / "xsd")
    for kind, name in NAMES.items():
        if request.param == "sch":
            write_schematron(kind, True, version / f"{name}.sch", newer=True)
        else:
            write_stylesheet(kind, True, version / f"{name}.xslt", plain=True, newer=True)
    with FolderJudge(folder) as opened:
        yield opened


def blind(verdict: Verdict) -> Verdict:
    """The same verdict as if we had found nothing."""
    return Verdict(verdict.kind, None, verdict.signed, Findings(), verdict.sha256, None, 0, 0, summary=verdict.summary)


@pytest.mark.parametrize(("kind", "changes"), CASES)
def test_both_find_the_same_rules_broken(
    judge: FolderJudge, tmp_path: Path, kind: DocumentKind, changes: tuple[Change, ...]
) -> None:
    path = tmp_path / name_of(kind)
    path.write_bytes(changed(kind, *changes))
    verdict = check_document(path, path.name, newer_journal_since=date.min)  # as the package
    opinion = judge.judge(path, verdict)
    assert opinion.package == "2025-01-01"
    assert opinion.disagreement is None
    assert opinion.findings == ()

    ours = {rule for rule in verdict.findings.counts if rule in RULES}
    alone = judge.judge(path, blind(verdict))
    theirs = set() if alone.disagreement is None else set(alone.disagreement.authority) - {"XSD"}
    assert theirs == ours
    assert {finding.rule for finding in alone.findings} - {"authority.schema"} == ours


def test_what_only_we_find_is_told(judge: FolderJudge, tmp_path: Path) -> None:
    path = tmp_path / name_of(Y)
    path.write_bytes(changed(Y))
    verdict = check_document(path, path.name)
    verdict.findings.add(Finding(rule="Y097", message=Text(tr="x", en="x")))
    told = judge.judge(path, verdict).disagreement
    assert told is not None
    assert (told.ours, told.authority) == (("Y097",), ())
    assert RULES["Y097"].document == document_of(Y)
    assert date.fromisoformat(told.package)
