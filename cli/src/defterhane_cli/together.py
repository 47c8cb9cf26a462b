"""Holds checked documents against each other: their figures, numbers and days have to agree."""

import os
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from defterhane.findings import Finding, Findings
from defterhane_cli.checking import Checked
from defterhane_cli.documents_found import printable
from validator.agreement import disagreements
from validator.summary import Summary


def hold_together(checked: Sequence[Checked]) -> list[Checked]:
    """The same documents, with what is found between them; it is listed with the document that it is about."""
    numbers, summaries = _named(checked)
    found: dict[int, list[Finding]] = defaultdict(list)
    for one in disagreements(summaries):
        found[numbers[one.name or ""]].append(one.finding)
    return [_with(one, found[number]) if number in found else one for number, one in enumerate(checked)]


def copies_of(checked: Sequence[Checked]) -> frozenset[int]:
    """By number, the documents that are further copies of another one: unsigned, counter-signed by GİB, or zipped."""
    alike: dict[tuple[str | None, ...], list[int]] = defaultdict(list)
    for number, one in enumerate(checked):
        told = one.summary
        if told is not None:
            key = (told.kind, told.tax_id, told.branch, told.start, told.end, told.unique_id)
            alike[key].append(number)
    further = (sorted(numbers, key=lambda number: _rank(checked[number]))[1:] for numbers in alike.values())
    return frozenset(number for numbers in further for number in numbers)


def _rank(checked: Checked) -> tuple[bool, bool, bool]:
    """The taxpayer's own signed file comes first."""
    candidate = checked.candidate
    return not checked.signed, candidate.name.startswith("GIB-"), candidate.member is not None


def _named(checked: Sequence[Checked]) -> tuple[dict[str, int], list[Summary]]:
    """Summaries under names that are each one document's alone, and whose they are."""
    told = [(number, one, one.summary) for number, one in enumerate(checked) if one.summary is not None]
    often = Counter(printable(one.candidate.name) for _, one, _ in told)
    above = os.path.commonpath([one.candidate.file.parent.absolute() for _, one, _ in told]) if told else ""
    numbers: dict[str, int] = {}
    summaries: list[Summary] = []
    for number, one, summary in told:
        candidate = one.candidate
        name = printable(candidate.name)
        if often[name] > 1:
            name = printable("/".join(filter(None, (os.path.relpath(candidate.file, above), candidate.member))))
        numbers[name] = number
        summaries.append(replace(summary, name=name))
    return numbers, summaries


def _with(checked: Checked, added: Sequence[Finding]) -> Checked:
    """A document with further findings."""
    findings = Findings()
    findings.extend(added)
    with checked.listed.open("a", encoding="utf-8", newline="\n") as file:
        for finding in findings:
            file.write(finding.model_dump_json(exclude_none=True) + "\n")
    counts = Counter(checked.counts)
    counts.update(findings.counts)
    return replace(checked, counts=counts, errors=checked.errors + findings.errors)
