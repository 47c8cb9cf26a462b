"""The authority's answer beside our verdict: what only one of them says, and what follows from it.

The stricter verdict holds: what only the authority finds becomes a finding, what only we find stays one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from defterhane.edefter.kinds import DocumentKind
from defterhane.findings import Finding, Severity
from defterhane.rulebook import RULES, document_of, trace
from defterhane.texts import Text
from validator.authority import texts
from validator.authority.wire import Answer, Failure
from validator.check import Verdict
from validator.rules.journal import DIFFERING, EITHER_JOURNAL

SCHEMA: Final = "authority.schema"
"""An error that only the authority's schema finds."""
ASSERT: Final = "authority.assert"
"""An assert of the authority's that fails and that no rule of ours is known for."""
STOPPED: Final = "authority.stopped"
"""The authority's rules stop on a document with an error."""
SILENT: Final = "authority.silent"
"""The authority's files gave no answer (a warning)."""
TOLD: Final = 100
"""So many rules of each side are told in a disagreement."""
_REASON: Final = 200
"""So many characters of the reason why there is no answer are shown: words for operators."""
_XSD: Final = "XSD"
_SIGNATURE_TEST: Final = re.compile(r"\b(?:Signature|SignatureValue|HashValue)\b")
_NAME_TEST: Final = re.compile(r"\$dosyaAdi\b|\b(?:base|document)-uri\s*\(")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What only one side says of a document, by rule."""

    package: str
    """The version of the authority's files."""
    ours: tuple[str, ...]
    """Ids of the authority's own rules that only we find broken."""
    authority: tuple[str, ...]
    """What only the authority's files say: rule ids, or their words where no rule is known."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What follows from asking the authority's files."""

    package: str | None = None
    """The version that was asked; None where none was."""
    findings: tuple[Finding, ...] = ()
    """To be added to the verdict's."""
    disagreement: Disagreement | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """A failed assert, and the rules that it may be."""

    failure: Failure
    rules: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.rules[0] if self.rules else self.failure.text


def compare(answer: Answer, package: str, verdict: Verdict) -> Opinion:
    """Hold the authority's answer against our verdict on the same document.

    Rules that apply only once a document is signed do not count for one that is not; rules on file names do not where
    the verdict was made without a name.
    """
    if verdict.kind is None:
        return Opinion(package)
    ours = {rule for rule in verdict.findings.counts if rule in RULES}
    said = list(_said(answer, verdict.kind, verdict))
    theirs = {rule for one in said for rule in one.rules}
    alone = [one for one in said if ours.isdisjoint(one.rules)]
    findings = [_finding(one) for one in alone]
    names = [one.name for one in alone if not one.failure.warning]
    if answer.schema and not verdict.findings.counts[_XSD]:
        names.append(_XSD)
        findings += [
            Finding(
                rule=SCHEMA,
                message=_filled(texts.SCHEMA, fault.message),
                cure=texts.CURE,
                value=fault.value,
                where=fault.element,
            )
            for fault in answer.schema
        ]
    if answer.error is not None and not ours:
        names.append(answer.error)
        message = _filled(texts.STOPPED, Text(tr=answer.error, en=answer.error))
        findings.append(Finding(rule=STOPPED, message=message, cure=texts.CURE))
    complete = answer.rules and not answer.cut and answer.error is None
    only_ours = ours - theirs - _of_one_file(verdict) if complete else set()
    if not names and not only_ours:
        return Opinion(package, tuple(findings))
    told = tuple(dict.fromkeys(names))[:TOLD]
    return Opinion(package, tuple(findings), Disagreement(package, tuple(sorted(only_ours))[:TOLD], told))


def _of_one_file(verdict: Verdict) -> frozenset[str]:
    """What the package cannot be held to say: the rules of one file of two, where the verdict was made by both."""
    return DIFFERING if verdict.rules == EITHER_JOURNAL.name else frozenset()


def silent(package: str, reason: str) -> Opinion:
    """The authority's files gave no answer: our verdict stands alone, and says so."""
    why = texts.REASONS.get(reason, texts.UNUSABLE)
    message = Text(tr=texts.SILENT.tr.format(reason=why.tr), en=texts.SILENT.en.format(reason=why.en))
    value = reason[:_REASON]
    finding = Finding(rule=SILENT, severity=Severity.WARNING, message=message, cure=texts.SILENT_CURE, value=value)
    return Opinion(package, (finding,))


def _said(answer: Answer, kind: DocumentKind, verdict: Verdict) -> Iterator[_Said]:
    named = verdict.summary is None or verdict.summary.name is not None
    document = document_of(kind)
    for failure in answer.failures:
        rules = _rules_of(failure, document)
        if not verdict.signed and _is_for_signed(failure, rules):
            continue
        if not named and _NAME_TEST.search(failure.test):
            continue
        yield _Said(failure, rules)


def _rules_of(failure: Failure, document: str) -> tuple[str, ...]:
    """The rules that an assert may be: the one whose id it has, or those that its words tell of."""
    known = RULES.get(failure.id or "")
    if known is not None and known.document == document:
        return (known.id,)
    asked: Literal["journal", "ledger", "berat"]
    match document:
        case "journal" | "ledger" | "berat" as asked:
            return trace(failure.text, asked)
        case _:  # nothing official is known for the report
            return ()


def _is_for_signed(failure: Failure, rules: tuple[str, ...]) -> bool:
    if rules:
        return all(RULES[rule].applies == "signed" for rule in rules)
    return _SIGNATURE_TEST.search(failure.test) is not None


def _finding(one: _Said) -> Finding:
    failure = one.failure
    rule = RULES[one.rules[0]] if one.rules else None
    text = texts.FAILED if rule else texts.FAILED_UNKNOWN
    demand = rule.demand.en if rule else ""
    return Finding(
        rule=rule.id if rule else ASSERT,
        severity=Severity.WARNING if failure.warning else Severity.ERROR,
        message=Text(tr=text.tr.format(said=failure.text), en=text.en.format(said=failure.text, demand=demand)),
        cure=rule.cure if rule else texts.CURE,
        where=failure.location or None,
    )


def _filled(text: Text, said: Text) -> Text:
    return Text(tr=text.tr.format(said=said.tr), en=text.en.format(said=said.en))
