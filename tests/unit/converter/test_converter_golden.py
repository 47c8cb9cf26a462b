"""Every golden case, byte by byte; and what it makes is held against the schemas, the rules and itself.

`DEFTERHANE_REGENERATE_GOLDEN=1` writes the expected files anew: then read the difference before you keep it.
"""

import os
import shutil
from pathlib import Path

import pytest

from defterhane.edefter.vocabulary import DECLARATION
from support.agreement import check_agreement
from support.books import canonical, with_signature
from support.golden_cases import Case, cases, run
from support.outside import official_errors
from validator.check import check_document

REGENERATE = os.environ.get("DEFTERHANE_REGENERATE_GOLDEN") == "1"

each_case = pytest.mark.parametrize("case", cases(), ids=lambda case: case.folder.name)


@each_case
def test_what_comes_out(case: Case, tmp_path: Path) -> None:
    result = run(case, tmp_path)
    found = {path.name: path.read_bytes() for path in result.documents} | {"outcome.json": result.described}
    if REGENERATE:
        shutil.rmtree(case.made, ignore_errors=True)
        case.made.mkdir()
        for name, data in found.items():
            (case.made / name).write_bytes(data)
    assert sorted(found) == sorted(path.name for path in case.made.iterdir())
    for name, data in found.items():
        assert data == (case.made / name).read_bytes(), name


@each_case
def test_it_is_canonical_breaks_no_rule_and_agrees(case: Case) -> None:
    documents = sorted(case.made.glob("*.xml"))
    for path in documents:
        data = path.read_bytes()
        assert data == DECLARATION + canonical(data), path.name
        verdict = check_document(path, path.name)
        assert [(finding.rule, finding.message.en) for finding in verdict.findings] == [], path.name
    check_agreement(documents)


@pytest.mark.official
@each_case
def test_the_official_schema_accepts_it(case: Case, tmp_path: Path) -> None:
    for path in sorted(case.made.glob("*.xml")):
        assert official_errors(with_signature(path, tmp_path)) == [], path.name
