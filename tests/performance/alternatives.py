"""What we are measured against: the plain way of doing each thing with a well-known tool."""

import resource
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import saxonche
from lxml import etree
from measuring import Figures, figures, megabytes, run, timed

import defterhane.documents
from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES
from support.schematron import write_stylesheet

COR, BUS = (f"{{{NAMESPACES[prefix]}}}" for prefix in ("gl-cor", "gl-bus"))
CONTEXT = {"contextRef": "journal_context"}
COUNT = {**CONTEXT, "decimals": "INF", "unitRef": "countable"}
MONEY = {**CONTEXT, "decimals": "INF", "unitRef": "try"}
LINES_PER_ENTRY = 3


def write_with_xmlfile(lines: int, out: str) -> Figures:
    """So many lines of a journal, element by element: written alone, nothing read, checked or hashed; MB of XML."""
    with timed() as clock, etree.xmlfile(out, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(f"{{{NAMESPACES['edefter']}}}defter", nsmap=NAMESPACES):
            for first in range(1, lines + 1, LINES_PER_ENTRY):
                _entry(xml, first, min(LINES_PER_ENTRY, lines + 1 - first))
    return figures(clock, megabytes(Path(out)))


def validate_as_tree(path: str) -> Figures:
    """The schema alone, on a whole tree: what most programs do. No rule is tried. MB of XML."""
    schema_file = Path(defterhane.documents.__file__).parent / "xsd" / "edefter.xsd"
    with timed() as clock:
        schema = etree.XMLSchema(etree.parse(schema_file))
        tree = etree.parse(path, etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True))
        valid = schema.validate(tree)
    assert valid
    return figures(clock, megabytes(Path(path)))


def schematron(path: str, kind: str) -> Figures:
    """The authority's rules alone, as a compiled Schematron run by Saxon: what their own checker does; MB of XML."""
    with tempfile.TemporaryDirectory() as folder:
        stylesheet, answer = Path(folder) / "rules.xsl", Path(folder) / "answer.xml"
        write_stylesheet(DocumentKind(kind), signed=False, target=stylesheet, plain=True)
        with saxonche.PySaxonProcessor(license=False) as processor:
            compiled = processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(stylesheet))
            with timed() as clock:
                compiled.transform_to_file(source_file=path, output_file=str(answer))
        assert b"failed-assert" not in answer.read_bytes()
    return figures(clock, megabytes(Path(path)))


def xmlsec1_verify(path: str) -> Figures:
    """A signature, without trust in the signer; MB of XML. Its time includes its start, some milliseconds."""
    arguments = ["xmlsec1", "--verify", "--id-attr:Id", "SignedProperties", path]
    with timed() as clock:
        subprocess.run(arguments, capture_output=True, check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock.cpu = used.ru_utime + used.ru_stime
    return figures(clock, megabytes(Path(path)), used.ru_maxrss * 1024 / 1_000_000)


def _entry(xml: Any, first: int, count: int) -> None:
    number = str(first // LINES_PER_ENTRY + 1)

    def put(name: str, text: str, attributes: dict[str, str] = CONTEXT) -> None:
        with xml.element(name, attributes):
            xml.write(text)

    with xml.element(f"{COR}entryHeader"):
        put(f"{COR}enteredBy", "Ş. Güneş")
        put(f"{COR}enteredDate", "2025-01-15")
        put(f"{COR}entryNumber", number.zfill(8))
        put(f"{COR}entryComment", f"{number.zfill(8)} Mal satışı")
        put(f"{BUS}totalDebit", "15932.21", MONEY)
        put(f"{BUS}totalCredit", "15932.21", MONEY)
        put(f"{COR}entryNumberCounter", number, COUNT)
        for line in range(first, first + count):
            with xml.element(f"{COR}entryDetail"):
                put(f"{COR}lineNumber", str(line))
                put(f"{COR}lineNumberCounter", number, COUNT)
                with xml.element(f"{COR}account"):
                    put(f"{COR}accountMainID", "153")
                    put(f"{COR}accountMainDescription", "TİCARİ MALLAR")
                    with xml.element(f"{COR}accountSub"):
                        put(f"{COR}accountSubDescription", "ŞERİT & BANT")
                        put(f"{COR}accountSubID", "153.04")
                put(f"{COR}amount", "15932.21", MONEY)
                put(f"{COR}debitCreditCode", "D")
                put(f"{COR}postingDate", "2025-01-15")
                put(f"{COR}documentType", "invoice")
                put(f"{COR}documentNumber", "ABC2025030437866")
                put(f"{COR}documentReference", number.zfill(8))
                put(f"{COR}documentDate", "2025-01-15")
                put(f"{COR}detailComment", "Mal satışı")


if __name__ == "__main__":
    run(write_with_xmlfile, validate_as_tree, schematron, xmlsec1_verify)
