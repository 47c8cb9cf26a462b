"""The corpus is what it says it is: large, well-formed, the same each time, and good where it says so."""

import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from support.corpus import cases, good, sample
from support.document_changes import golden
from support.golden_documents import verdict
from support.golden_rules import cases as rule_cases

LEAST = {
    DocumentKind.JOURNAL: 2000,
    DocumentKind.LEDGER: 1200,
    DocumentKind.JOURNAL_BERAT: 1200,
    DocumentKind.LEDGER_BERAT: 300,
    DocumentKind.REPORT: 300,
}


@pytest.fixture(scope="module")
def names() -> Counter[str]:
    """How often each name is given; all documents are made and read once."""
    found: Counter[str] = Counter()
    kinds: Counter[DocumentKind] = Counter()
    documents = set()
    for case in cases():
        found[case.name] += 1
        kinds[case.kind] += 1
        documents.add((case.file_name, sha256(case.data).digest()))
        etree.fromstring(case.data)
    assert {kind: kinds[kind] for kind, least in LEAST.items() if kinds[kind] < least} == {}
    assert len(documents) > 0.9 * found.total()
    return found


def test_no_two_have_the_same_name(names: Counter[str]) -> None:
    assert [name for name, times in names.items() if times > 1] == []


def test_it_is_the_same_each_time(names: Counter[str]) -> None:
    some = list(sample(70))
    assert some == list(sample(70))
    assert len(some) > 80
    assert {case.name for case in some} <= names.keys()
    assert {case.name for case in sample(70, first=1)}.isdisjoint(case.name for case in some)


def test_what_is_good_is_valid(tmp_path: Path) -> None:
    for case in good():
        found = verdict(case.data, tmp_path, case.file_name)
        assert found.valid, (case.name, list(found.findings))
        assert found.kind is case.kind


def test_most_that_is_changed_is_found(tmp_path: Path) -> None:
    """A corpus of which most were still valid would not tell one judge from another."""
    good_ones = {(case.file_name, case.data) for case in good()}
    changed = [case for case in sample(23) if (case.file_name, case.data) not in good_ones]
    invalid = [case for case in changed if not verdict(case.data, tmp_path, case.file_name).valid]
    assert len(invalid) > 0.6 * len(changed)
    assert len(invalid) < len(changed)


def test_the_rules_cases_are_of_it(names: Counter[str]) -> None:
    assert {f"{one.id} fires 0" for one in rule_cases() if not one.never} <= names.keys()


def test_the_golden_documents_have_what_readers_learn_from() -> None:
    """The journal that is changed has shapes of lines that come again after others, and entries with the same."""
    [full] = [case for case in good() if case.name == "Y full"]
    lines = re.findall(rb"<gl-cor:entryDetail>.*?</gl-cor:entryDetail>", full.data, re.DOTALL)
    shapes = [tuple(re.findall(rb"<(gl-[a-z]+:\w+)", line)) for line in lines]
    assert len(set(shapes)) >= 6
    assert shapes[-1] in shapes[:-3]
    assert len(lines) > golden(DocumentKind.JOURNAL).count(b"</gl-cor:entryDetail>")
