"""The outside judge: our verdict names the same rules as Saxon does with a Schematron of GİB's rules."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from pathlib import Path
from random import Random
from typing import Final

import pytest
from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES
from support.corpus import Case, good, sample
from support.schematron_judge import Answer, Brief, Judge, open_judge
from support.schematron_random import spoilt
from validator.check import check_document
from validator.rules.journal import JOURNAL, NEWER_JOURNAL

pytestmark = pytest.mark.official

STEP: Final = int(os.environ.get("DEFTERHANE_TEST_CORPUS_STEP", "4"))
"""Every third document of the corpus is tried; 1 tries all."""
LEAST: Final = 1500
SPOILT: Final = 120
SIGNS: Final = frozenset({f"{{{NAMESPACES['ds']}}}Signature", "HashValue"})
OFFICIAL: Final = {
    DocumentKind.JOURNAL: re.compile(r"[YN][0-9]{3}"),
    DocumentKind.LEDGER: re.compile(r"K[0-9]{3}"),
    DocumentKind.JOURNAL_BERAT: re.compile(r"B[0-9]{3}"),
    DocumentKind.LEDGER_BERAT: re.compile(r"B[0-9]{3}"),
}
NEVER, ALWAYS = date(9999, 1, 1), date(1, 1, 1)


@pytest.fixture(scope="module")
def judge(shared_folder: Path) -> Iterator[Judge]:
    with open_judge(rules=shared_folder / "domain" / "rules.tsv") as judge:
        yield judge


@dataclass(frozen=True)
class Tried:
    """A document, and what our verdict says of it."""

    name: str
    brief: Brief
    ids: frozenset[str]
    """The rules of GİB's that it names."""


def tried(cases: Iterator[Case], folder: Path) -> list[Tried]:
    """Check what there are rules for: journals by turns by the older and the newer file."""
    path = folder / "document.xml"
    found = []
    for number, case in enumerate(cases):
        if case.kind not in OFFICIAL:
            continue
        path.write_bytes(case.data)
        verdict = check_document(path, case.file_name, newer_journal_since=NEVER if number % 2 else ALWAYS)
        ids = frozenset(rule for rule in verdict.findings.counts if OFFICIAL[case.kind].fullmatch(rule))
        newer = verdict.kind is DocumentKind.JOURNAL and verdict.rules != JOURNAL.name
        brief = Brief(case.kind, case.file_name, case.data, is_signed(case.data), newer)
        found.append(Tried(case.name, brief, ids))
    return found


def is_signed(data: bytes) -> bool:
    """Whether the rules for signed documents hold: it is signed, or says that it is."""
    return any(child.tag in SIGNS for child in etree.fromstring(data))


def differences(documents: list[Tried], answers: list[Answer]) -> list[str]:
    """Where we name other rules, in words."""
    return [
        f"{one.name}: missing {sorted(answer.ids - one.ids)}, more {sorted(one.ids - answer.ids)}"
        for one, answer in zip(documents, answers, strict=True)
        if one.ids != answer.ids
    ]


def test_a_corpus_is_judged_alike(judge: Judge, tmp_path: Path) -> None:
    documents = tried(chain(sample(STEP), sample(10 * STEP, first=1)), tmp_path)
    assert len(documents) >= LEAST
    answers = judge.judge(one.brief for one in documents)
    assert differences(documents, answers) == []
    assert sum(bool(answer.ids) for answer in answers) > len(documents) / 3
    assert sum(bool(answer.stopped) for answer in answers) > len(documents) / 50
    assert {one.brief.newer for one in documents if one.brief.kind is DocumentKind.JOURNAL} == {True, False}


def test_documents_spoilt_at_random_are_judged_alike(judge: Judge, tmp_path: Path) -> None:
    rng = Random(20250301)
    bases = [case for case in good() if case.kind in OFFICIAL]
    cases = (rng.choice(bases) for _ in range(SPOILT))
    documents = tried((replace(case, data=spoilt(case.data, rng)) for case in cases), tmp_path)
    assert differences(documents, judge.judge(one.brief for one in documents)) == []


def test_the_judge_says_what_a_compiled_schematron_says(judge: Judge) -> None:
    """Trying each test by itself changes no verdict; where one stops, the whole run does."""
    briefs = [
        Brief(case.kind, case.file_name, case.data, is_signed(case.data))
        for case in sample(67)
        if case.kind in OFFICIAL
    ]
    expected = [None if answer.stopped else answer.failed for answer in judge.judge(briefs)]
    assert judge.judge_plainly(briefs) == expected
    assert None in expected


def test_the_newer_file_has_other_rules() -> None:
    assert set(NEWER_JOURNAL.ids) - set(JOURNAL.ids) == {"N001", "N002", "N003"}
    assert set(JOURNAL.ids) - set(NEWER_JOURNAL.ids) == {"Y071", "Y087", "journal.empty"}
