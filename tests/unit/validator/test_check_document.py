"""The verdict as a whole: digests, counts, kind, bounds; large documents in little memory."""

import hashlib
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from defterhane.documents.safe_xml import Bounds
from defterhane.edefter.kinds import DocumentKind
from defterhane.findings import LISTED
from support.golden_documents import (
    all_texts,
    attribute,
    changed,
    golden,
    name_of,
    rules_of,
    signed,
    text,
    verdict,
    without,
)
from validator.check import check_document

Y, K = DocumentKind.JOURNAL, DocumentKind.LEDGER
COUNTS = {Y: (2, 6), K: (6, 6), DocumentKind.JOURNAL_BERAT: (1, 10), DocumentKind.LEDGER_BERAT: (1, 10)}


@pytest.mark.parametrize("kind", COUNTS)
def test_a_verdict_tells_what_the_file_is(kind: DocumentKind, tmp_path: Path) -> None:
    data = changed(kind, signed)
    found = verdict(data, tmp_path)
    assert found.sha256 == hashlib.sha256(data).hexdigest()
    assert found.body_sha256 is not None
    assert found.body_sha256 != verdict(golden(kind), tmp_path).body_sha256 or kind.is_ledger
    assert (found.entries, found.lines) == COUNTS[kind]
    assert found.unique_id == f"{kind.traits.unique_id_prefix}202503000003"


@pytest.mark.parametrize("kind", [Y, K, DocumentKind.REPORT])
def test_signing_leaves_the_bodys_digest_as_it_is(kind: DocumentKind, tmp_path: Path) -> None:
    assert verdict(changed(kind, signed), tmp_path).body_sha256 == verdict(golden(kind), tmp_path).body_sha256


def test_a_verdict_travels_between_processes(tmp_path: Path) -> None:
    found = verdict(changed(Y, text("gl-cor:amount", "0.00")), tmp_path)
    again = pickle.loads(pickle.dumps(found))
    assert again.kind is Y
    assert again.findings.counts == found.findings.counts
    assert list(again.findings) == list(found.findings)


@pytest.mark.parametrize(
    "changes",
    [
        (text("gl-cor:entriesType", "ledger"),),
        (text("gl-cor:documentInfo/gl-cor:uniqueID", "KEB202503000003"),),
        (text("gl-cor:entriesType", "ledger"), text("gl-cor:documentInfo/gl-cor:uniqueID", "KEB202503000003")),
        (without("gl-cor:documentInfo"),),
    ],
)
def test_one_wrong_sign_does_not_make_it_another_document(changes: tuple, tmp_path: Path) -> None:
    found = verdict(changed(Y, *changes), tmp_path, name_of(Y))
    assert found.kind is Y
    assert not found.valid


def test_a_foreign_document_is_no_document(tmp_path: Path) -> None:
    found = verdict(b'<?xml version="1.0"?>\n<invoice><id>1</id></invoice>', tmp_path)
    assert (found.kind, found.valid, rules_of(found)) == (None, False, {"document.unknown"})
    named = verdict(b"<invoice/>", tmp_path, name_of(Y))
    assert rules_of(named) == {"Y002"}


def test_rules_are_tried_though_the_schema_is_broken(tmp_path: Path) -> None:
    found = verdict(changed(Y, text("gl-cor:amount", "bin"), without("gl-bus:entityWebSite")), tmp_path)
    assert found.findings.counts["XSD"] == 1
    assert {"Y060", "Y097", "Y114"} <= set(found.findings.counts)


def test_a_file_that_is_not_there_is_no_verdict(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check_document(tmp_path / "nothing.xml")
    with pytest.raises(IsADirectoryError):
        check_document(tmp_path)


def test_a_bound_that_is_met_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "journal.xml"
    path.write_bytes(golden(Y))
    found = check_document(path, bounds=Bounds(size=1000))
    assert set(found.findings.counts) == {"xml.too_large"}
    assert found.sha256 == hashlib.sha256(golden(Y)).hexdigest()
    assert found.body_sha256 is None


def test_findings_are_counted_beyond_those_that_are_listed(tmp_path: Path) -> None:
    data = changed(Y, attribute("gl-cor:amount", "decimals", "2"), all_texts("gl-cor:enteredBy", "A"))
    start, end = data.index(b"<gl-cor:entryHeader>"), data.index(b"</gl-cor:entryHeader>") + 21
    found = verdict(data[:start] + data[start:end] * 1500 + data[end:], tmp_path)
    assert len(found.findings.items) == LISTED
    assert found.findings.counts["Y074"] == 1501
    assert found.findings.counts["Y001"] == 1500
    assert found.findings.errors == len(found.findings)


_MEASURE = """
import sys
from pathlib import Path
from validator.check import check_document
check_document(Path(sys.argv[1]))
[peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
print(peak.split()[1])
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells a process's peak memory")
@pytest.mark.parametrize("kind", [Y, K])
def test_memory_does_not_grow_with_the_document(kind: DocumentKind, tmp_path: Path) -> None:
    """A journal of many entries, a ledger with all lines in one account."""
    data = golden(kind)
    tag = "entryHeader" if kind is Y else "entryDetail"
    start = data.index(f"<gl-cor:{tag}>".encode())
    end = data.index(f"</gl-cor:{tag}>".encode()) + len(f"</gl-cor:{tag}>\n")
    used = {}
    for times in (1, 6000):
        path = tmp_path / f"{times}.xml"
        path.write_bytes(data[:start] + data[start:end] * times + data[end:])
        out = subprocess.run([sys.executable, "-c", _MEASURE, path], capture_output=True, text=True, check=True)
        used[path.stat().st_size] = int(out.stdout) * 1024
    (small, before), (large, after) = used.items()
    assert large - small > 8_000_000
    assert after - before < 16_000_000
