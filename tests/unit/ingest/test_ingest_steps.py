"""Which files count, by what is known of them."""

import pytest

from ingest.errors import CutZip
from ingest.scanner import Step, next_step, step_after_proof
from ingest.spool import SpoolFile


def file(name: str, finished: bool) -> SpoolFile:
    return SpoolFile(name, 10, 0.0, finished, "1:10:0")


@pytest.mark.parametrize(
    ("name", "finished", "settled", "old", "step"),
    [
        ("x.csv", True, False, False, Step.WAIT),
        ("x.csv", True, True, False, Step.TAKE),
        ("x.csv", False, True, False, Step.WAIT),
        ("x.csv", False, True, True, Step.CLEAR),
        ("x.zip", False, False, False, Step.PROVE),
        ("x.XLSX", False, False, False, Step.PROVE),
        ("x.xml", True, False, False, Step.WAIT),
        ("X.ZIP", True, True, False, Step.PROVE),
        ("x.zip.part", True, True, False, Step.WAIT),
        ("x.zip.part", True, True, True, Step.CLEAR),
        ("mart.xlsm", True, True, False, Step.TAKE),
    ],
)
def test_before_reading(name: str, finished: bool, settled: bool, old: bool, step: Step) -> None:
    assert next_step(file(name, finished), settled=settled, old=old) is step


@pytest.mark.parametrize(
    ("whole", "finished", "settled", "old", "step"),
    [
        (True, False, False, False, Step.TAKE),
        (True, True, False, False, Step.TAKE),
        (False, True, False, False, Step.WAIT),
        (False, True, True, False, Step.TAKE),
        (False, False, True, False, Step.WAIT),
        (False, False, True, True, Step.CLEAR),
        (False, True, False, True, Step.WAIT),
    ],
)
def test_after_reading_a_zip(whole: bool, finished: bool, settled: bool, old: bool, step: Step) -> None:
    problem = None if whole else CutZip()
    assert step_after_proof(file("x.zip", finished), problem, settled=settled, old=old) is step
