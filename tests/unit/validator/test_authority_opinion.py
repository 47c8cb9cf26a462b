"""The authority's answer beside our verdict: who says more, and what follows from it."""

from collections import Counter

from defterhane.edefter.kinds import DocumentKind
from defterhane.findings import Finding, Findings, Severity
from defterhane.rulebook import RULES
from defterhane.texts import Text
from validator.authority.opinion import ASSERT, SCHEMA, SILENT, STOPPED, Disagreement, compare, silent
from validator.authority.wire import Answer, Failure, SchemaFault
from validator.check import Verdict


def verdict(*rules: str, kind: DocumentKind | None = DocumentKind.JOURNAL, signed: bool = False) -> Verdict:
    findings = Findings()
    for rule in rules:
        findings.add(Finding(rule=rule, message=Text(tr="x", en="x")))
    return Verdict(kind, "YEV202501000001", signed, findings, "0" * 64, None, 1, 2)


def failed(text: str, rule: str | None = None, test: str = "x", *, warning: bool = False) -> Failure:
    return Failure(text, "/edefter:defter/xbrli:xbrl", test, rule, warning)


def answer(*failures: Failure, **more: object) -> Answer:
    return Answer(failures=failures, **more)  # type: ignore[arg-type]


def official(rule: str) -> str:
    """The authority's words, with values in their places."""
    text = RULES[rule].official
    assert text is not None
    return text


def test_nothing_on_both_sides_is_agreement() -> None:
    opinion = compare(answer(), "2025-01-01", verdict())
    assert (opinion.package, opinion.findings, opinion.disagreement) == ("2025-01-01", (), None)


def test_the_same_rules_on_both_sides_are_agreement_told_by_id_or_by_words() -> None:
    said = answer(failed("other words", "Y097"), failed(official("Y073")))
    opinion = compare(said, "p", verdict("Y097", "Y073", "counter.line_gap", "XSD"))
    assert opinion.disagreement is None
    assert opinion.findings == ()


def test_what_only_the_authority_finds_becomes_an_error_under_its_rule() -> None:
    opinion = compare(answer(failed(official("Y073"))), "p", verdict("Y097"))
    assert opinion.disagreement == Disagreement("p", ("Y097",), ("Y073",))
    [finding] = opinion.findings
    assert (finding.rule, finding.severity) == ("Y073", Severity.ERROR)
    assert official("Y073") in finding.message.tr
    assert RULES["Y073"].demand.en in finding.message.en
    assert finding.cure == RULES["Y073"].cure
    assert finding.where == "/edefter:defter/xbrli:xbrl"


def test_words_that_no_rule_is_known_for_are_shown_as_they_are() -> None:
    opinion = compare(answer(failed("Yepyeni bir kural {bozuldu}.")), "p", verdict())
    assert opinion.disagreement == Disagreement("p", (), ("Yepyeni bir kural {bozuldu}.",))
    [finding] = opinion.findings
    assert finding.rule == ASSERT
    assert "Yepyeni bir kural {bozuldu}." in finding.message.tr
    assert "Yepyeni bir kural {bozuldu}." in finding.message.en


def test_an_id_of_another_document_is_not_believed() -> None:
    opinion = compare(answer(failed("yabancı", "K075")), "p", verdict())
    assert opinion.disagreement == Disagreement("p", (), ("yabancı",))


def test_rules_for_signed_documents_do_not_count_before_signing() -> None:
    missing = failed(official("Y005"), test="ds:Signature")
    unknown = failed("İmza elemanı bulunmalıdır, yeni metin.", test="sig:Signature/sig:KeyInfo")
    assert compare(answer(missing, unknown), "p", verdict()).disagreement is None
    told = compare(answer(missing, unknown), "p", verdict(signed=True)).disagreement
    assert told is not None
    assert told.authority == ("Y005", "İmza elemanı bulunmalıdır, yeni metin.")


def test_the_authoritys_warnings_are_warnings_and_no_disagreement() -> None:
    opinion = compare(answer(failed("Uyarı metni", warning=True)), "p", verdict())
    assert opinion.disagreement is None
    [finding] = opinion.findings
    assert finding.severity is Severity.WARNING


def test_schema_errors_count_where_ours_has_none() -> None:
    fault = SchemaFault(Text(tr="olmaz {x}", en="must not {x}"), "gl-cor:amount", "5")
    opinion = compare(answer(schema=(fault,)), "p", verdict())
    assert opinion.disagreement == Disagreement("p", (), ("XSD",))
    [finding] = opinion.findings
    assert (finding.rule, finding.where, finding.value) == (SCHEMA, "gl-cor:amount", "5")
    assert "must not {x}" in finding.message.en
    assert compare(answer(schema=(fault,)), "p", verdict("XSD")).disagreement is None


def test_a_stop_makes_a_document_invalid_unless_we_reject_it_for_the_same_kind_of_reason() -> None:
    said = answer(error="FORG0001 Cannot convert string")
    opinion = compare(said, "p", verdict())
    assert [finding.rule for finding in opinion.findings] == [STOPPED]
    assert opinion.disagreement == Disagreement("p", (), ("FORG0001 Cannot convert string",))
    assert compare(said, "p", verdict("Y097")).disagreement is None
    assert compare(said, "p", verdict("counter.line_gap")).disagreement is not None


def test_an_answer_that_is_not_whole_says_nothing_of_what_it_leaves_out() -> None:
    for said in (answer(cut=True), answer(rules=False)):
        assert compare(said, "p", verdict("Y097")).disagreement is None
    assert compare(answer(), "p", verdict("Y097")).disagreement == Disagreement("p", ("Y097",), ())


def test_a_disagreement_is_bounded_and_says_each_thing_once() -> None:
    said = answer(*(failed(f"metin {number % 150}") for number in range(300)))
    found = compare(said, "p", verdict()).disagreement
    assert found is not None
    assert len(found.authority) == 100
    assert max(Counter(found.authority).values()) == 1


def test_what_is_no_document_is_not_compared() -> None:
    assert compare(answer(failed("x")), "p", verdict(kind=None)).disagreement is None


def test_silence_is_a_warning() -> None:
    for reason, words in (("slow", "denetim çok uzun sürdü"), ("XPST0003 {x}", "dosyalar çalıştırılamadı")):
        opinion = silent("p", reason)
        [finding] = opinion.findings
        assert (finding.rule, finding.severity, finding.value) == (SILENT, Severity.WARNING, reason)
        assert f"({words})" in finding.message.tr
        assert opinion.disagreement is None
