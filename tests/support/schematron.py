"""The outside judge's text: GİB's rules of `../shared/domain/rules.tsv` as a Schematron, and as the XSLT it means.

`write_schematron` writes the rules as an ISO Schematron (`.sch`, query binding `xslt2`). `write_stylesheet` writes
the stylesheet that such a Schematron is compiled to:

- plain: as an authority publishes it. The answer is SVRL, one `svrl:failed-assert` with the rule's id for each node
  that fails; an error while a test is evaluated stops the run.
- not plain: each test is tried by itself. The answer is `<verdict>` with `<failed id=…/>` and `<error id=…/>`, so
  that a test that stops is known by its rule (see `support.schematron_judge`).

Within a pattern a node is tested by the first rule whose context fits, the more specific context first. Global
variables are as e-defter.md has them. The list of currencies stands in no official file that is at hand: it is the
product's own.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal
from xml.sax.saxutils import escape, quoteattr

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES
from validator.currencies import CURRENCY_LIST

RULES: Final = Path(__file__).parents[3] / "shared" / "domain" / "rules.tsv"
"""Where the rules lie, if they are there: tests that need them carry the marker `official`."""
FCT: Final = "urn:fct"
_XSL: Final = "http://www.w3.org/1999/XSL/Transform"
_SVRL: Final = "http://purl.oclc.org/dsdl/svrl"
_XS: Final = "http://www.w3.org/2001/XMLSchema"
Document = Literal["journal", "ledger", "berat"]
_DOCUMENTS: Final[dict[DocumentKind, Document]] = {
    DocumentKind.JOURNAL: "journal",
    DocumentKind.LEDGER: "ledger",
    DocumentKind.JOURNAL_BERAT: "berat",
    DocumentKind.LEDGER_BERAT: "berat",
}
_CALLED: Final = frozenset({"donemYil", "donemAy", "donem"})
"""Global variables that can stop with an error. No try catches an error in a global variable, so where tests are
tried these are functions."""
_EXPRESSION = re.compile(r"\{([^{}]*)\}")
_IS_SORTED: Final = f"""<xsl:function xmlns:xsl="{_XSL}" name="fct:isSorted" as="xs:boolean">
  <xsl:param name="values" as="xs:string*"/>
  <xsl:sequence select="every $i in 2 to count($values) satisfies $values[$i] ge $values[$i - 1]"/>
</xsl:function>"""

_PATH: Final = """<xsl:template match="*" mode="path"><xsl:apply-templates select="parent::*" mode="path"/>
<xsl:value-of select="concat('/', name(), '[', 1 + count(preceding-sibling::*[name() = name(current())]), ']')"/>
</xsl:template>"""
"""Where a node stands, told as compiled Schematrons tell it."""


@dataclass(frozen=True)
class Assertion:
    """One row of rules.tsv."""

    id: str
    test: str
    message: str
    lets: dict[str, str]
    """Variables by name, in their order."""


@dataclass
class RuleOfContext:
    """The assertions of one context in one pattern."""

    context: str
    assertions: list[Assertion] = field(default_factory=list)

    @property
    def lets(self) -> dict[str, str]:
        """All variables, in their order."""
        return {name: value for one in self.assertions for name, value in one.lets.items()}


def document_of(kind: DocumentKind) -> Document:
    """The rules' name for a kind: one file serves both berats. There is none for the report (KeyError)."""
    return _DOCUMENTS[kind]


def patterns(
    document: Document, *, signed: bool, newer: bool = False, rules: Path = RULES
) -> dict[str, list[RuleOfContext]]:
    """The rules by pattern, in each the more specific context first.

    Args:
        signed: with the rules for signed documents.
        newer: those of the newer journal file, else those of the older one.
    """
    found: dict[str, dict[str, RuleOfContext]] = {}
    for row in _rows(document, rules):
        old = row["applies"] != "newer"
        if row["in_newer_file"] != "yes" if newer and document == "journal" else not old:
            continue
        if row["applies"] == "signed" and not signed:
            continue
        contexts = found.setdefault(row["pattern"], {})
        rule = contexts.setdefault(row["context"], RuleOfContext(row["context"]))
        rule.assertions.append(Assertion(row["id"], row["test"], row["official_message"], dict(_lets(row["let"]))))
    return {name: sorted(contexts.values(), key=_specificity) for name, contexts in found.items()}


def globals_of(document: Document) -> dict[str, str]:
    """The global variables, in an order in which each uses earlier ones alone."""
    top = f"/edefter:{'berat' if document == 'berat' else 'defter'}/xbrli:xbrl"
    info, entity = f"{top}/gl-cor:accountingEntries/gl-cor:documentInfo", f"{top}/xbrli:context/xbrli:entity"
    values = {
        "currencyCodeList": f"'{CURRENCY_LIST}'",
        "periodCoveredStart": f"{info}/gl-cor:periodCoveredStart",
        "periodCoveredEnd": f"{info}/gl-cor:periodCoveredEnd",
        "vknTckn": f"{entity}/xbrli:identifier",
        "donemYil": "substring($periodCoveredStart,1,4)",
        "donemAy": "substring($periodCoveredStart,6,2)",
        "donem": "concat($donemYil,$donemAy)",
        "dosyaAdi": "base-uri(/)",
    }
    if document == "berat":
        values["beratTipi"] = f"{info}/gl-cor:entriesType"
        values["vergiDetaysizMi"] = f"{entity}/xbrli:segment/gl-cor:identifierAuthorityCode"
    return values


def write_schematron(
    kind: DocumentKind, signed: bool, target: Path, *, newer: bool = False, rules: Path = RULES
) -> None:
    """Write the rules of a kind as an ISO Schematron.

    The ledger's calls the function `fct:isSorted`, which stands in it as an `xsl:function`: who compiles the file has
    to carry it over into the stylesheet.
    """
    document = document_of(kind)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<sch:schema xmlns:sch="http://purl.oclc.org/dsdl/schematron" xmlns:xsl="{_XSL}" queryBinding="xslt2"'
        f"{_declarations()}>",
        *(f'<sch:ns prefix="{prefix}" uri="{uri}"/>' for prefix, uri in _prefixes().items()),
        *([_IS_SORTED] if document == "ledger" else []),
        *(
            f"<sch:let name={quoteattr(name)} value={quoteattr(value)}/>"
            for name, value in globals_of(document).items()
        ),
    ]
    for name, found in patterns(document, signed=signed, newer=newer, rules=rules).items():
        lines.append(f'<sch:pattern id="{name}">')
        for rule in found:
            lines.append(f"<sch:rule context={quoteattr(rule.context)}>")
            lines += [f"<sch:let name={quoteattr(let)} value={quoteattr(value)}/>" for let, value in rule.lets.items()]
            for one in rule.assertions:
                text = _message(one.message, "sch")
                lines.append(f"<sch:assert id={quoteattr(one.id)} test={quoteattr(one.test)}>{text}</sch:assert>")
            lines.append("</sch:rule>")
        lines.append("</sch:pattern>")
    lines.append("</sch:schema>")
    target.write_text("\n".join(lines), "utf-8")


def write_stylesheet(
    kind: DocumentKind, signed: bool, target: Path, plain: bool, *, newer: bool = False, rules: Path = RULES
) -> None:
    """Write the stylesheet that a kind's Schematron means; `plain` as said above."""
    document = document_of(kind)
    found = patterns(document, signed=signed, newer=newer, rules=rules)
    variables = globals_of(document)
    body = [_IS_SORTED] if document == "ledger" else []
    for name, value in variables.items():
        body.append(_variable(name, value) if plain or name not in _CALLED else _function(name, value))
    if plain:
        body.append(_PATH)
    answer = "svrl:schematron-output" if plain else "verdict"
    modes = "".join(f'<xsl:apply-templates select="/" mode="M{number}"/>' for number in range(len(found)))
    body.append(f'<xsl:template match="/"><{answer}>{modes}</{answer}></xsl:template>')
    for number, rules_here in enumerate(found.values()):
        for place, rule in enumerate(rules_here):
            asserted = (_asserted(rule) if plain else _tried(rule)) + _onward(number)
            priority = 1000 - place
            body.append(
                f'<xsl:template match={quoteattr(rule.context)} priority="{priority}" mode="M{number}">'
                f"{asserted}</xsl:template>"
            )
        body.append(f'<xsl:template match="@*|node()" priority="-2" mode="M{number}">{_onward(number)}</xsl:template>')
        body.append(f'<xsl:template match="text()" priority="-1" mode="M{number}"/>')
    prefixes = " ".join(_prefixes())
    target.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xsl:stylesheet version="{"2.0" if plain else "3.0"}" xmlns:xsl="{_XSL}" xmlns:svrl="{_SVRL}"'
        f'{_declarations()} exclude-result-prefixes="{prefixes}">\n'
        '<xsl:output method="xml" encoding="UTF-8"/>\n' + "\n".join(body) + "\n</xsl:stylesheet>\n",
        "utf-8",
    )


def _rows(document: Document, rules: Path) -> Iterator[dict[str, str]]:
    with rules.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["document"] == document:
                yield row


def _lets(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split("; ") if text else ():
        name, _, value = part.partition(" := ")
        yield name.removeprefix("$"), value


def _specificity(rule: RuleOfContext) -> int:
    """Of two contexts that fit the same nodes, the one with a position is the more specific, then that with a test."""
    if rule.context.endswith("[1]"):
        return 0
    return 1 if "[" in rule.context else 2


def _prefixes() -> dict[str, str]:
    return {**{prefix: uri for prefix, uri in NAMESPACES.items() if prefix != "xsi"}, "xs": _XS, "fct": FCT}


def _declarations() -> str:
    return "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _prefixes().items())


def _message(text: str, prefix: Literal["sch", "xsl"]) -> str:
    """The official message with its expressions, each of which shows a value."""
    parts = _EXPRESSION.split(text)
    return "".join(
        f"<{prefix}:value-of select={quoteattr(part.strip())}/>" if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


def _variable(name: str, value: str) -> str:
    return f"<xsl:variable name={quoteattr(name)} select={quoteattr(value)}/>"


def _onward(number: int) -> str:
    return f'<xsl:apply-templates select="*" mode="M{number}"/>'


def _asserted(rule: RuleOfContext) -> str:
    context = quoteattr(rule.context)
    lets = "".join(_variable(name, value) for name, value in rule.lets.items())
    tests = "".join(
        f"<xsl:choose><xsl:when test={quoteattr(one.test)}/><xsl:otherwise>"
        f"<svrl:failed-assert id={quoteattr(one.id)} test={quoteattr(one.test.replace('{', '{{').replace('}', '}}'))}>"
        '<xsl:attribute name="location"><xsl:apply-templates select="." mode="path"/></xsl:attribute>'
        f"<svrl:text>{_message(one.message, 'xsl')}</svrl:text></svrl:failed-assert></xsl:otherwise></xsl:choose>"
        for one in rule.assertions
    )
    return f"<svrl:fired-rule context={context}/>{lets}{tests}"


def _tried(rule: RuleOfContext) -> str:
    """Each test within a try of its own.

    What its variables mean stands in the test itself. Saxon evaluates a variable when it is first asked for, until it
    has learned that it always is, and then at once: an error in it would count or not by what was judged before.
    """
    return "".join(
        f"<xsl:try><xsl:choose><xsl:when test={quoteattr(_calling(_spelled_out(one)))}/>"
        f"<xsl:otherwise><failed id={quoteattr(one.id)}/></xsl:otherwise></xsl:choose>"
        f"<xsl:catch><error id={quoteattr(one.id)}/></xsl:catch></xsl:try>"
        for one in rule.assertions
    )


def _spelled_out(assertion: Assertion) -> str:
    test = assertion.test
    for name, value in reversed(assertion.lets.items()):
        test = re.sub(rf"\${name}\b", lambda _, value=value: f"({value})", test)  # type: ignore[misc]
    return test


def _function(name: str, value: str) -> str:
    return f'<xsl:function name="fct:{name}"><xsl:sequence select={quoteattr(_calling(value))}/></xsl:function>'


def _calling(expression: str) -> str:
    """An expression that calls functions in place of the global variables of `_CALLED`."""
    return re.sub(r"\$(\w+)", lambda match: f"fct:{match[1]}()" if match[1] in _CALLED else match[0], expression)
