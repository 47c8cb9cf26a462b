"""Packages of the authority's files for tests: small ones of our own, with the same shape as the real ones."""

from pathlib import Path

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES

SCH = "http://purl.oclc.org/dsdl/schematron"
XSL = "http://www.w3.org/1999/XSL/Transform"
SVRL = "http://purl.oclc.org/dsdl/svrl"

SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"
  targetNamespace="http://www.edefter.gov.tr">
  <xs:import namespace="http://www.xbrl.org/2003/instance" schemaLocation="parts/instance.xsd"/>
  <xs:import namespace="http://www.w3.org/2000/09/xmldsig#" schemaLocation="parts/signature.xsd"/>
  <xs:element name="berat"><xs:complexType><xs:sequence>
    <xs:any namespace="http://www.xbrl.org/2003/instance" processContents="lax"/>
    <xs:element ref="ds:Signature"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
INSTANCE = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
  targetNamespace="http://www.xbrl.org/2003/instance"><xs:element name="xbrl"/></xs:schema>"""

SIGNATURE = INSTANCE.replace("http://www.xbrl.org/2003/instance", "http://www.w3.org/2000/09/xmldsig#").replace(
    'name="xbrl"', 'name="Signature"'
)


def schematron(body: str, more: str = "") -> str:
    """A Schematron with the usual prefixes; `body` stands in it as it is."""
    prefixes = {**{name: uri for name, uri in NAMESPACES.items() if name != "xsi"}, "fct": "urn:fct"}
    prefixes["xs"] = "http://www.w3.org/2001/XMLSchema"
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in prefixes.items())
    spaces = "".join(f'<sch:ns prefix="{prefix}" uri="{uri}"/>' for prefix, uri in prefixes.items())
    start = f'<sch:schema xmlns:sch="{SCH}" xmlns:xsl="{XSL}" {declared} queryBinding="xslt2" {more}>'
    return f"{start}{spaces}{body}</sch:schema>"


def rule(context: str, *asserts: str, pattern: str = "p") -> str:
    """One pattern with one rule."""
    return f'<sch:pattern id="{pattern}"><sch:rule context="{context}">{"".join(asserts)}</sch:rule></sch:pattern>'


def asserted(test: str, text: str, more: str = "") -> str:
    """One assert."""
    return f'<sch:assert test="{test}" {more}>{text}</sch:assert>'


def compiled(body: str, more: str = "") -> str:
    """A stylesheet whose output is SVRL; `body` makes what stands in it."""
    return (
        f'<xsl:stylesheet version="2.0" xmlns:xsl="{XSL}" xmlns:svrl="{SVRL}">{more}<xsl:template match="/">'
        f"<svrl:schematron-output>{body}</svrl:schematron-output></xsl:template></xsl:stylesheet>"
    )


ENDLESS = compiled('<xsl:value-of select="sum(for $i in 1 to 1000000, $j in 1 to 1000000 return $i * $j)"/>')
"""Runs for hours on any document but the empty one on which packages are tried."""
ENDLESS = ENDLESS.replace("sum(", "if (empty(/*/*)) then 0 else sum(", 1)


def put(folder: Path, files: dict[str, str]) -> Path:
    """Write files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


NAMES = {
    DocumentKind.JOURNAL: "edefter_yevmiye",
    DocumentKind.LEDGER: "edefter_kebir",
    DocumentKind.JOURNAL_BERAT: "edefter_berat",
}
"""How the authority names its files (one serves both berats)."""
