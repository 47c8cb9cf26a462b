"""The child process: what Schematron files say of documents, what they may not do, and how a child is lost."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest

from defterhane.edefter.kinds import DocumentKind
from support.authority_files import (
    ENDLESS,
    INSTANCE,
    NAMES,
    SCHEMA,
    SIGNATURE,
    asserted,
    compiled,
    put,
    rule,
    schematron,
)
from support.golden_documents import changed, golden, name_of, signature_xml, text
from validator.authority.children import Child, Children, Limits
from validator.authority.errors import NoAnswer
from validator.authority.package import read_package
from validator.authority.svrl import location
from validator.authority.wire import Answer, Package, Question, Refused, Reply, Trial, Tried

KIND = DocumentKind.JOURNAL_BERAT
AMOUNT = "//gl-cor:amount"
ALL_FINE = schematron(rule("/*", asserted("true()", "x")))


@pytest.fixture(scope="module")
def child() -> Iterator[Child]:
    running = Child(Limits(seconds=60))
    yield running
    running.close()


@pytest.fixture
def berat(tmp_path: Path) -> Path:
    path = tmp_path / "stored-object"
    path.write_bytes(golden(KIND))
    return path


def packed(folder: Path, files: dict[str, str]) -> Package:
    put(folder / "package", files)
    return read_package(folder / "package", "2025-01-01", date(2025, 1, 1), str(folder))


def question(folder: Path, document: Path, files: dict[str, str], *, signed: bool = False) -> Question:
    return Question(packed(folder, files), KIND, document, name_of(KIND), signed)


def refusal(reply: Reply) -> str:
    assert isinstance(reply, Refused), reply
    return reply.reason


def said(reply: Reply) -> list[tuple[str | None, str]]:
    assert isinstance(reply, Answer), reply
    return [(failure.id, failure.text) for failure in reply.failures]


def test_a_schematron_with_all_its_means(child: Child, tmp_path: Path, berat: Path) -> None:
    included = '<sch:pattern xmlns:sch="http://purl.oclc.org/dsdl/schematron" id="i">' + (
        '<sch:rule context="/*"><sch:assert test="false()" role="warning">from another file</sch:assert></sch:rule>'
        "</sch:pattern>"
    )
    body = (
        '<xsl:function name="fct:twice"><xsl:param name="n"/><xsl:sequence select="2 * $n"/></xsl:function>'
        '<sch:let name="kind" value="//gl-cor:entriesType"/>'
        '<sch:pattern id="one"><sch:rule context="//gl-cor:entryDetail[1]">'
        '<sch:let name="number" value="fct:twice(4)"/>'
        '<sch:assert id="A" test="$number = 9">is <sch:value-of select="$number"/> in <sch:name/>'
        ' of <sch:value-of select="$kind"/></sch:assert>'
        '<sch:report id="R" test="$number = 8" flag="information">eight</sch:report></sch:rule>'
        '<sch:rule context="//gl-cor:entryDetail"><sch:assert test="position() &lt; 1 or true()">never</sch:assert>'
        "</sch:rule></sch:pattern>"
        '<sch:pattern id="t" abstract="true"><sch:rule context="$where">'
        '<sch:assert test="false()">abstract</sch:assert>'
        "</sch:rule></sch:pattern>"
        '<sch:pattern is-a="t"><sch:param name="where" value="/edefter:berat"/></sch:pattern>'
        '<sch:include href="parts/more.sch"/>'
    )
    reply = child.ask(question(tmp_path, berat, {"berat.sch": schematron(body), "parts/more.sch": included}))
    assert said(reply) == [
        ("A", "is 8 in gl-cor:entryDetail of journal"),
        ("R", "eight"),
        (None, "abstract"),
        (None, "from another file"),
    ]
    assert isinstance(reply, Answer)
    assert [failure.warning for failure in reply.failures] == [False, True, False, True]
    assert reply.failures[0].location.endswith("/gl-cor:entryHeader/gl-cor:entryDetail[1]")
    assert reply.failures[0].location.startswith("/edefter:berat/xbrli:xbrl/")
    assert not reply.valid


def test_tests_are_xpath_2(child: Child, tmp_path: Path, berat: Path) -> None:
    """In XSLT 1.0 compatibility a text is compared with a text as numbers, and a regular expression is unknown."""
    body = rule(
        "/*",
        asserted("not('10' &lt; '9')", "as texts 10 comes before 9"),
        asserted("matches('12345', '^[0-9]{4}$')", "four digits", 'id="four"'),
    )
    reply = child.ask(question(tmp_path, berat, {"berat.sch": schematron(body)}))
    assert said(reply) == [(None, "as texts 10 comes before 9"), ("four", "four digits")]
    assert isinstance(reply, Answer)
    assert reply.failures[1].test == "matches('12345', '^[0-9]{4}$')"


def test_phases(child: Child, tmp_path: Path, berat: Path) -> None:
    body = (
        '<sch:phase id="a"><sch:active pattern="p1"/></sch:phase>'
        '<sch:phase id="b"><sch:active pattern="p2"/></sch:phase>'
        + rule("/*", asserted("false()", "one"), pattern="p1")
        + rule("/*", asserted("false()", "two"), pattern="p2")
    )
    toml = "[phase]\nberat = '{}'"
    for number, (more, told, expected) in enumerate(
        [("", "", ["one", "two"]), ('defaultPhase="a"', "", ["one"]), ('defaultPhase="a"', "b", ["two"])]
    ):
        files = {"berat.sch": schematron(body, more), **({"package.toml": toml.format(told)} if told else {})}
        reply = child.ask(question(tmp_path / str(number), berat, files))
        assert [words for _, words in said(reply)] == expected
    wrong = {"berat.sch": schematron(body), "package.toml": toml.format("c")}
    assert "no phase c" in refusal(child.ask(Trial(packed(tmp_path, wrong))))


def test_rules_see_the_documents_own_name(child: Child, tmp_path: Path, berat: Path) -> None:
    body = rule("/*", asserted("false()", "<sch:value-of select=\"tokenize(base-uri(.), '/')[last()]\"/>"))
    asked = question(tmp_path, berat, {"berat.sch": schematron(body)})
    assert said(child.ask(asked)) == [(None, name_of(KIND))]
    for name in ("Şubat beratı (kopya) %41#1.xml", "said.svrl"):  # what a user has on a disk
        before = berat.read_bytes()
        [(_, shown)] = said(child.ask(replace(asked, name=name)))
        assert unquote(shown) == name
        assert berat.read_bytes() == before


def test_a_dynamic_error_is_the_documents(child: Child, tmp_path: Path) -> None:
    path = tmp_path / "berat.xml"
    path.write_bytes(changed(KIND, text("gl-cor:amount", "beş")))
    body = rule("/*", asserted("false()", "before")) + rule(
        "//gl-cor:entryDetail", asserted("xs:decimal(gl-cor:amount) ge 0", "x"), pattern="q"
    )
    reply = child.ask(question(tmp_path, path, {"berat.sch": schematron(body)}))
    assert isinstance(reply, Answer)
    assert reply.error is not None
    assert "FORG0001" in reply.error
    assert not reply.valid


def test_much_is_cut_but_one_assert_does_not_hide_another(child: Child, tmp_path: Path, berat: Path) -> None:
    many = '<xsl:for-each select="1 to 5000"><svrl:failed-assert test="a" location="/x"><svrl:text>many</svrl:text>'
    last = '<svrl:failed-assert test="b" location="/x"><svrl:text>other</svrl:text></svrl:failed-assert>'
    sheet = compiled(f"{many}</svrl:failed-assert></xsl:for-each>{last}")
    reply = child.ask(question(tmp_path / "1", berat, {"berat.xsl": sheet}))
    assert said(reply) == [(None, "many")] * 3 + [(None, "other")]
    different = many.replace('test="a"', 'test="{.}"').replace("many", "x" * 5000)
    reply = child.ask(
        question(tmp_path / "2", berat, {"berat.xsl": compiled(f"{different}</svrl:failed-assert></xsl:for-each>")})
    )
    assert isinstance(reply, Answer)
    assert reply.cut
    assert len(reply.failures) == 1000
    assert {len(failure.text) for failure in reply.failures} == {1000}


def test_what_a_stylesheet_writes_is_bounded(tmp_path: Path, berat: Path) -> None:
    endless = (
        '<xsl:for-each select="1 to 100000000"><svrl:failed-assert test="a" location="/x"><svrl:text>many</svrl:text>'
        "</svrl:failed-assert></xsl:for-each>"
    )
    running = Child(Limits(seconds=60, written=200_000))
    try:
        reply = running.ask(question(tmp_path, berat, {"berat.xsl": compiled(endless)}))
    finally:
        running.close()
    assert isinstance(reply, Answer)
    assert reply.cut
    assert said(reply) == [(None, "many")] * 3


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"berat.sch": schematron(rule("/*", asserted("doc('x.xml')", "x")))}, "doc"),
        ({"berat.sch": schematron(rule("/*", asserted("document ('x.xml')", "x")))}, "document"),
        ({"berat.sch": schematron('<sch:let name="v" value="unparsed-text(\'x\')"/>')}, "unparsed-text"),
        ({"berat.xsl": compiled('<xsl:result-document href="x"/>')}, "result-document"),
        ({"berat.xsl": compiled('<xsl:value-of select="environment-variable(\'HOME\')"/>')}, "environment-variable"),
        ({"berat.xsl": compiled("", '<xsl:include href="http://localhost/x.xsl"/>')}, "not in the package"),
        ({"berat.xsl": compiled("", '<xsl:include href="../../x.xsl"/>')}, "not in the package"),
        ({"berat.xsl": compiled("", '<xsl:include href="berat.xsl"/>')}, "included in itself"),
        ({"berat.xsl": compiled("", '<xsl:include href="b.xsl"/>'), "b.xsl": compiled("<xsl:x/>")}, "berat.xsl"),
        ({"berat.sch": schematron(rule("/*", asserted("broken(", "x")))}, "berat.sch"),
        ({"berat.sch": schematron(rule("/*", asserted("unknown-function()", "x")))}, "XPST0017"),
        ({"berat.sch": schematron("", 'xml:lang="tr"').replace("xslt2", "xquery")}, "xquery"),
        ({"berat.sch": "<!DOCTYPE a [<!ENTITY e 'x'>]>" + ALL_FINE}, "entities"),
        ({"berat.xsl": compiled("").replace("<svrl:schematron-output>", "<svrl:x>").replace(
            "</svrl:schematron-output>", "</svrl:x>")}, "no SVRL"),
        ({"berat.xsl": compiled('<xsl:sequence select="1 + 1"/>').replace("svrl:schematron-output>", "svrl:text>")},
         "no SVRL"),
        ({"edefter.xsd": "<a/>"}, "edefter.xsd"),
        ({"edefter.xsd": SCHEMA.replace("parts/instance.xsd", "../../instance.xsd")}, "instance.xsd"),
    ],
)  # fmt: skip
def test_a_package_that_cannot_be_used_or_reaches_outside_is_refused(
    child: Child, tmp_path: Path, files: dict[str, str], reason: str
) -> None:
    put(tmp_path, {"x.xsl": compiled(""), "instance.xsd": INSTANCE})
    assert reason in refusal(child.ask(Trial(packed(tmp_path, files))))


def test_an_inclusion_that_leaves_the_folder_is_not_made(child: Child, tmp_path: Path, berat: Path) -> None:
    outside = '<sch:pattern xmlns:sch="http://purl.oclc.org/dsdl/schematron" id="o"><sch:rule context="/*">'
    put(tmp_path, {"o.sch": f'{outside}<sch:assert test="false()">outside</sch:assert></sch:rule></sch:pattern>'})
    for number, href in enumerate(("../../o.sch", str(tmp_path / "o.sch"), (tmp_path / "o.sch").as_uri())):
        files = {"berat.sch": schematron(f'<sch:include href="{href}"/>')}
        assert "o.sch" in refusal(child.ask(Trial(packed(tmp_path / str(number), files))))


def test_what_hides_from_the_eye_is_stopped_when_it_runs(child: Child, tmp_path: Path, berat: Path) -> None:
    """Text value templates are no attributes; files, network and environment stay closed all the same."""
    secret = tmp_path / "secret.xml"
    secret.write_text("<a>secret</a>")
    hidden = compiled('<x xsl:expand-text="yes">{EXPRESSION}</x>').replace('version="2.0"', 'version="3.0"')
    for number, expression in enumerate(
        (f"doc('{secret.as_uri()}')", f"unparsed-text('{secret.as_uri()}')", "doc('http://127.0.0.1:1/')")
    ):
        files = {"berat.xsl": hidden.replace("EXPRESSION", f"if (/*/*) then {expression} else ()")}
        assert "prohibited" in refusal(child.ask(question(tmp_path / str(number), berat, files)))
    files = {
        "berat.xsl": hidden.replace(
            '<x xsl:expand-text="yes">{EXPRESSION}</x>',
            '<svrl:failed-assert test="x" location="/"><svrl:text xsl:expand-text="yes">'
            "{available-environment-variables()}"
            "{system-property('user.dir')}</svrl:text></svrl:failed-assert>",
        )
    }
    assert said(child.ask(question(tmp_path / "env", berat, files))) == [(None, "")]


def test_recursion_without_end_is_the_packages_fault(child: Child, tmp_path: Path, berat: Path) -> None:
    function = (
        '<xsl:function xmlns:f="urn:f" name="f:x"><xsl:param name="n"/><xsl:sequence select="1 + f:x($n + 1)"/>'
        "</xsl:function>"
    )
    sheet = compiled('<xsl:value-of xmlns:f="urn:f" select="f:x(1)"/>', function)
    assert "SXLM0001" in refusal(child.ask(question(tmp_path, berat, {"berat.xsl": sheet})))


def test_the_schema_is_loaded_with_its_parts_and_a_missing_signature_is_forgiven(
    child: Child, tmp_path: Path, berat: Path
) -> None:
    files = {"edefter.xsd": SCHEMA, "parts/instance.xsd": INSTANCE, "parts/signature.xsd": SIGNATURE}
    assert isinstance(child.ask(Trial(packed(tmp_path / "t", files))), Tried)
    unsigned = child.ask(question(tmp_path / "1", berat, files))
    assert isinstance(unsigned, Answer)
    assert unsigned.valid
    assert not unsigned.rules
    as_signed = child.ask(question(tmp_path / "2", berat, files, signed=True))
    assert isinstance(as_signed, Answer)
    assert [fault.element for fault in as_signed.schema] == ["edefter:berat"]
    network = {**files, "edefter.xsd": SCHEMA.replace("parts/", "http://www.xbrl.org/2003/")}
    assert isinstance(child.ask(Trial(packed(tmp_path / "3", network))), Tried)
    two = berat.read_bytes().replace(b"</edefter:berat>", (signature_xml() * 2).encode() + b"</edefter:berat>")
    berat.write_bytes(two)
    twice = child.ask(question(tmp_path / "4", berat, files))
    assert isinstance(twice, Answer)
    assert [fault.element for fault in twice.schema] == ["ds:Signature"]


def test_a_child_that_is_killed_costs_one_answer(tmp_path: Path, berat: Path) -> None:
    async def ask() -> None:
        pool = Children(1, Limits(seconds=60))
        asked = question(tmp_path, berat, {"berat.sch": ALL_FINE})
        try:
            assert isinstance(await pool.ask(asked), Answer)
            [first] = pool._idle
            assert first.pid is not None
            os.kill(first.pid, signal.SIGKILL)
            with pytest.raises(NoAnswer, match="died"):
                await pool.ask(asked)
            assert isinstance(await pool.ask(asked), Answer)
            [second] = pool._idle
            assert second.pid != first.pid
        finally:
            pool.close()

    asyncio.run(ask())


def test_a_child_that_takes_too_long_or_too_much_is_ended(tmp_path: Path, berat: Path) -> None:
    slow = question(tmp_path, berat, {"berat.xsl": ENDLESS})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    for limits, reason in ((Limits(seconds=2), "slow"), (Limits(seconds=60, memory=1_000_000), "memory")):
        running = Child(replace(limits, scratch=scratch))
        began = time.monotonic()
        with pytest.raises(NoAnswer, match=reason):
            running.ask(slow)
        running.close()
        assert time.monotonic() - began < 20
        assert list(scratch.iterdir()) == [], "what it had written so far is gone"
        assert running.pid is not None
        with pytest.raises(ProcessLookupError):
            os.kill(running.pid, 0)


def test_who_goes_away_leaves_no_child_at_work(tmp_path: Path, berat: Path) -> None:
    async def go_away() -> int:
        pool = Children(1, Limits(seconds=60))
        asking = asyncio.create_task(pool.ask(question(tmp_path, berat, {"berat.xsl": ENDLESS})))
        await asyncio.sleep(0.5)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert pool._idle == []
        pool.close()
        return 1

    assert asyncio.run(go_away())


def test_locations_are_shortened() -> None:
    one = "/*[local-name()='berat' and namespace-uri()='http://www.edefter.gov.tr'][2]/a"
    two = "/*:berat[namespace-uri()='http://www.edefter.gov.tr'][1]"
    assert location(one) == "/edefter:berat[2]/a"
    assert location(two) == "/edefter:berat[1]"
    assert len(location("/a" * 100_000)) <= 1000


def test_names_are_the_authoritys() -> None:
    assert set(NAMES) < set(DocumentKind)
