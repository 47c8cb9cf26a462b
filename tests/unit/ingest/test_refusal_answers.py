"""The answer to a berat that GİB refused: the rules that its words quote stand in both files."""

import json
from datetime import UTC, datetime

from defterhane.edefter.kinds import DocumentKind
from defterhane.errors import Problem
from defterhane.events import BeratRefused
from defterhane.rulebook import RULES
from ingest.answers import Answer, answer_to
from support.events import document

AT = datetime(2025, 5, 13, 9, 0, tzinfo=UTC)


def refusal(*rules: str) -> Answer:
    told = RULES["B064"]
    problem = Problem(key="gib.rejected", text=told.demand, cure=told.cure)
    event = BeratRefused(document=document(DocumentKind.JOURNAL_BERAT), code="3", problem=problem, rules=rules)
    answer = answer_to(event, AT, None)
    assert answer is not None
    return answer


def files(answer: Answer) -> tuple[str, dict[str, object]]:
    written = dict(answer.files())
    data: dict[str, object] = json.loads(written[f"{answer.name}.json"])
    return written[f"{answer.name}.txt"].decode("utf-8-sig"), data


def test_rules_are_named_to_people_and_programs() -> None:
    text, data = files(refusal("B064", "B100"))
    lines = text.splitlines()
    assert "GİB kuralı: B064, B100" in lines
    assert "GİB's rule: B064, B100" in lines
    assert f"Neden: {RULES['B064'].demand.tr}" in lines
    assert f"What to do: {RULES['B064'].cure.en}" in lines
    assert data["rules"] == ["B064", "B100"]


def test_without_rules_nothing_is_said_of_them() -> None:
    text, data = files(refusal())
    assert "kuralı" not in text
    assert "rules" not in data
