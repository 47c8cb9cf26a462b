"""Small pure changes to entries, of which faults are made."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sandbox.exports.records import Entry, Record

Change = Callable[[Entry], list[Entry]]
Value = str | Callable[[Record], str]


def put(index: int, **fields: Value) -> Change:
    """Other values in one record of an entry; a callable makes the value out of the record."""

    def change(entry: Entry) -> list[Entry]:
        records = list(entry)
        records[index] = changed(records[index], **fields)
        return [records]

    return change


def put_in_all(**fields: Value) -> Change:
    """Other values in all records of an entry."""
    return lambda entry: [[changed(record, **fields) for record in entry]]


def spoil(index: int, spoiling: Callable[[str], str]) -> Change:
    """Another line of text where one record of an entry is told."""

    def change(entry: Entry) -> list[Entry]:
        records = list(entry)
        records[index] = replace(records[index], spoil=spoiling)
        return [records]

    return change


def changed(record: Record, **fields: Value) -> Record:
    """A new record with other values."""
    values: dict[str, Any] = {name: value(record) if callable(value) else value for name, value in fields.items()}
    return replace(record, **values)


def twin(entry: Entry, **fields: Value) -> Entry:
    """Another voucher with the same lines: it has a number, a reference and a document of its own."""
    own: dict[str, Value] = {
        "entryref": lambda record: f"9{record.entryref[1:]}",
        "entrynumber": lambda record: f"9{record.entrynumber[1:]}",
        "documentreference": lambda record: record.documentreference and f"9{record.documentreference[1:]}",
        "documentnumber": lambda record: record.documentnumber[::-1],
    }
    return [changed(record, **{**own, **fields}) for record in entry]


def has_document(*types: str) -> Callable[[Entry], bool]:
    """Entries with a document, of one of these types where any are named."""
    return lambda entry: entry[0].documenttype in types if types else bool(entry[0].documenttype)
