"""The authority's own schema, over a stream."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lxml import etree

from defterhane.documents.safe_xml import CHUNK, Reader, SchemaBroken
from defterhane.documents.schema_texts import explain, says_it_again
from defterhane.edefter.vocabulary import NAMESPACES
from validator.authority.compiling import Unusable
from validator.authority.inside import Inside
from validator.authority.wire import SchemaFault

FAULTS: Final = 100
"""So many errors of one document are told."""
_RELEASED: Final = tuple(f"{{{NAMESPACES['gl-cor']}}}{name}" for name in ("entryDetail", "entryHeader"))
_ROOTS: Final = tuple(f"{{{NAMESPACES['edefter']}}}{name}" for name in ("defter", "berat", "defterraporu"))
_SIGNATURES: Final = ("HashValue", f"{{{NAMESPACES['ds']}}}Signature")


def load(root: Path, folder: Path) -> etree.XMLSchema:
    """A schema and all that it imports; nothing is read from outside the folder.

    Raises:
        Unusable: it is no usable schema.
        OSError: it cannot be read.
    """
    try:
        return etree.XMLSchema(Inside(folder).parse(root))
    except etree.XMLSchemaParseError as error:
        raise Unusable(f"{root.name}: {error}") from None


def faults(path: Path, schema: etree.XMLSchema, *, signed: bool) -> Iterator[SchemaFault]:
    """The schema's first errors in a document; what is only missing before it is signed is left out.

    Raises:
        XmlRefused: the file is not well-formed, or takes more than it may.
        OSError: it cannot be read.
    """
    reader = Reader(_RELEASED, schema=schema)
    told = seen = 0
    with path.open("rb") as file:
        while told < FAULTS:
            data = file.read(CHUNK)
            try:
                reader.feed(data) if data else reader.close()
            except SchemaBroken:
                data = b""
            errors = reader.schema_errors(seen)
            seen += len(errors)
            for error in errors[: FAULTS - told]:
                if says_it_again(error) or (not signed and _only_unsigned(error)):
                    continue
                told += 1
                found = explain(error)
                yield SchemaFault(found.message, found.element, found.value)
            for element in reader.elements():
                reader.release(element)
            if not data:
                return


def _only_unsigned(error: etree._LogEntry) -> bool:
    """True for the error that the schema has against every document that has not been signed yet."""
    message = error.message
    return message.startswith(tuple(f"Element '{root}': Missing child element(s)" for root in _ROOTS)) and any(
        name in message for name in _SIGNATURES
    )
