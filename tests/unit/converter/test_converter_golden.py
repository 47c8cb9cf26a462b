"""A small month and all its documents, byte by byte, and a bad export and all its findings.

`DEFTERHANE_REGENERATE_GOLDEN=1` writes the expected files anew: then read the difference before you keep it.
"""

import json
import os
from pathlib import Path

from converter.convert import ConversionOutcome
from defterhane.edefter.kinds import DocumentKind
from support.books import all_documents
from support.exports import convert_file, job

GOLDEN = Path(__file__).parents[2] / "golden" / "converter"
REGENERATE = os.environ.get("DEFTERHANE_REGENERATE_GOLDEN") == "1"


def check(path: Path, found: bytes) -> None:
    if REGENERATE:
        path.write_bytes(found)
    assert found == path.read_bytes(), path.name


def described(outcome: ConversionOutcome) -> bytes:
    findings = [finding.model_dump(mode="json", exclude_none=True) for finding in outcome.findings]
    told = {"counts": outcome.counts, "findings": findings}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def test_a_small_month(tmp_path: Path) -> None:
    outcome = convert_file(tmp_path, GOLDEN / "month.csv")
    assert not outcome.findings
    paths = all_documents(outcome, job(), tmp_path)
    assert set(paths) == set(DocumentKind)
    for kind, path in paths.items():
        check(GOLDEN / f"month-{kind}.xml", path.read_bytes())


def test_a_bad_export(tmp_path: Path) -> None:
    check(GOLDEN / "bad.json", described(convert_file(tmp_path, GOLDEN / "bad.csv")))
