"""Where a drop is cut into parts, and what goes into its first one."""

import base64
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pydantic import ValidationError

from converter.attached import attachments_of
from converter.convert import SIGNATURE_ROOM, ConversionOutcome
from converter.reading.archive import Drop, Member
from converter.writing.attachments import Attachment, measure, render
from defterhane.edefter.counters import Counters
from defterhane.edefter.period import Span
from defterhane.edefter.vocabulary import DECLARATION, NAMESPACES
from defterhane.findings import Findings
from defterhane.tenant import ExportProfile, Opening
from support.agreement import lines_of
from support.books import Header, canonical, headers
from support.exports import Row, convert, convert_members, entry, errors, only, written
from support.tenants import tenant

PDF = b"%PDF-1.4\n%%EOF\n"


def journal(outcome: ConversionOutcome, part: int = 0) -> list[Header]:
    return headers(outcome.parts[part].journal.path.read_bytes())


def ledger(outcome: ConversionOutcome, part: int = 0) -> list[Header]:
    return headers(outcome.parts[part].ledger.path.read_bytes())


def days(outcome: ConversionOutcome) -> list[tuple[int, int]]:
    return [(part.span.start.day, part.span.end.day) for part in outcome.parts]


def entries_of(*at: int) -> list[Row]:
    """One entry on each of those days."""
    return [row for number, day in enumerate(at, 1) for row in entry(number, f"2025-01-{day:02}")]


def wide_entry(number: int, lines: int, day: int = 2) -> list[Row]:
    """An entry of many debit lines, each on an account of its own, and one credit line."""
    cash, sales = entry(number, f"2025-01-{day:02}", amount=f"{lines - 1}.00")
    debits = [
        {**cash, "accsubid": f"100.{number:02}.{line:05}", "amount": "1.00", "linenumber": str(line)}
        for line in range(1, lines)
    ]
    return [*debits, {**sales, "linenumber": str(lines)}]


def spans(*ends: int) -> tuple[Span, ...]:
    starts = [1, *(end + 1 for end in ends)]
    return tuple(Span(date(2025, 1, start), date(2025, 1, end)) for start, end in zip(starts, [*ends, 31], strict=True))


# ---- size --------------------------------------------------------------------------------------------------------


def test_a_journal_of_exactly_the_limit_is_not_cut(tmp_path: Path) -> None:
    rows = entries_of(3, 8, 8, 20)
    size = convert(tmp_path, rows).parts[0].journal.written.size
    whole = convert(tmp_path, rows, part_bytes=size + SIGNATURE_ROOM)
    assert [part.part for part in whole.parts] == ["000000"]
    cut = convert(tmp_path, rows, part_bytes=size + SIGNATURE_ROOM - 1)
    assert [part.part for part in cut.parts] == ["000001", "000002"]
    assert [part.totals.entries for part in cut.parts] == [3, 1]
    assert days(cut) == [(1, 8), (9, 31)]


def test_a_day_that_lies_in_two_parts_belongs_to_both(tmp_path: Path) -> None:
    rows = entries_of(3, 8, 8, 8)
    size = convert(tmp_path, rows).parts[0].journal.written.size
    cut = convert(tmp_path, rows, part_bytes=size + SIGNATURE_ROOM - 1)
    assert days(cut) == [(1, 8), (8, 31)]


def test_a_ledger_of_many_accounts_is_kept_small_too(tmp_path: Path) -> None:
    rows = [row for number in range(1, 9) for row in wide_entry(number, 12)]
    whole = convert(tmp_path, rows).parts[0]
    assert whole.ledger.written.size > whole.journal.written.size
    limit = whole.journal.written.size
    cut = convert(tmp_path, rows, part_bytes=limit + SIGNATURE_ROOM)
    assert len(cut.parts) == 2
    assert all(made.written.size <= limit for made in cut.documents)


def test_an_entry_of_thousands_of_lines_is_never_cut(tmp_path: Path) -> None:
    rows = [*wide_entry(1, 300, day=2), *wide_entry(2, 2500, day=3), *wide_entry(3, 300, day=3)]
    whole = convert(tmp_path, rows)
    before = lines_of(journal(whole)), lines_of(ledger(whole))
    size = whole.parts[0].ledger.written.size
    cut = convert(tmp_path, rows, part_bytes=size + SIGNATURE_ROOM - 400_000)
    assert [part.totals.lines for part in cut.parts] == [300, 2500, 300]
    assert sorted(line for part in range(3) for line in lines_of(journal(cut, part))) == before[0]
    assert sorted(line for part in range(3) for line in lines_of(ledger(cut, part))) == before[1]


def test_an_entry_that_is_too_large_for_any_part(tmp_path: Path) -> None:
    rows = [*entries_of(2), *wide_entry(2, 100), *entry(3, "2025-01-04")]
    outcome = convert(tmp_path, rows, part_bytes=SIGNATURE_ROOM + 40_000)
    finding = only(outcome)
    assert (finding.rule, finding.file, finding.line) == ("part.entry_too_large", "yevmiye.csv", 4)
    assert (finding.entry, finding.voucher) == ("2", "00002")
    assert not list((tmp_path / "out").iterdir())
    assert outcome.end == Counters()


# ---- spans -------------------------------------------------------------------------------------------------------


def test_a_part_ends_with_each_span(tmp_path: Path) -> None:
    outcome = convert(tmp_path, entries_of(10, 11, 20, 31), spans=spans(10, 20))
    assert days(outcome) == [(1, 10), (11, 20), (21, 31)]
    assert [part.totals.entries for part in outcome.parts] == [1, 2, 1]


def test_an_empty_span_is_an_empty_part(tmp_path: Path) -> None:
    outcome = convert(tmp_path, entries_of(15), spans=spans(10, 20))
    assert [part.totals.entries for part in outcome.parts] == [0, 1, 0]
    assert [part.ledger.unique_id for part in outcome.parts] == [f"KEB20250100000{number}" for number in (1, 2, 3)]
    assert journal(outcome) == ledger(outcome) == []


def test_spans_are_cut_by_size_too(tmp_path: Path) -> None:
    rows = entries_of(2, 3, 4, 12)
    size = convert(tmp_path, entries_of(2, 3)).parts[0].journal.written.size
    outcome = convert(tmp_path, rows, spans=spans(10), part_bytes=size + SIGNATURE_ROOM)
    assert days(outcome) == [(1, 3), (4, 10), (11, 31)]


def test_a_drop_of_one_stretch_goes_on_with_the_numbers(tmp_path: Path) -> None:
    start = Counters(entry=3, line=6, journal=2, ledger=2)
    changes: dict[str, Any] = {"spans": spans(10, 20)[1:2], "first_part": 3, "start": start}
    outcome = convert(tmp_path, entries_of(12), **changes)
    (part,) = outcome.parts
    assert (part.part, part.journal.unique_id) == ("000003", "YEV202501000003")
    assert outcome.end == Counters(entry=4, line=8, journal=3, ledger=3)
    room = part.journal.written.size + 100 + SIGNATURE_ROOM
    cut = convert(tmp_path, entries_of(12, 12), **changes, part_bytes=room)
    assert [part.part for part in cut.parts] == ["000003", "000004"]
    assert errors(convert(tmp_path, entries_of(9), **changes)) == [("entry.date_outside_period", 2)]


def test_no_rows_are_enough_for_a_part_but_not_for_a_month(tmp_path: Path) -> None:
    assert errors(convert(tmp_path, [])) == [("drop.no_rows", None)]
    assert convert(tmp_path, [], spans=spans(10)[:1], first_part=1).made


# ---- numbering ---------------------------------------------------------------------------------------------------


def numbered(numbering: str, rows: list[Row], folder: Path) -> ConversionOutcome:
    return convert(folder, rows, tenant=tenant(profile=ExportProfile(numbering=numbering)))


def test_a_profile_says_whose_numbers_count(tmp_path: Path) -> None:
    rows = [*entry(2, "2025-01-02"), *entry(1, "2025-01-03")]
    assert errors(convert(tmp_path, rows)) == [("entry.order", 2)]
    assert [header.voucher for header in journal(numbered("platform", rows, tmp_path))] == ["00002", "00001"]
    bare = [{**row, "entrynumbercounter": "", "linenumbercounter": ""} for row in rows]
    assert convert(tmp_path, bare).made
    assert errors(numbered("erp", bare, tmp_path)) == [("counter.missing", 2), ("counter.missing", 4)]


# ---- attachments -------------------------------------------------------------------------------------------------


def members(rows: list[Row], **more: bytes) -> dict[str, bytes]:
    return {"yevmiye.csv": written(rows).encode(), **{f"{name}.pdf": data for name, data in more.items()}}


@pytest.mark.parametrize("size", [0, 1, 2, 3, 3 * 65536, 3 * 65536 + 1, 500_000])
def test_an_attachment_comes_back_as_it_was(tmp_path: Path, size: int) -> None:
    data = PDF + bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    outcome = convert_members(tmp_path, members(entries_of(2), ek=data))
    document = outcome.parts[0].journal.path.read_bytes()
    assert document == DECLARATION + canonical(document)
    (found,) = etree.fromstring(document, etree.XMLParser(huge_tree=True)).findall(
        f"extensions/extension/{{{NAMESPACES['defterek']}}}binaryObject"
    )
    assert dict(found.attrib) == {"filename": "ek.pdf", "mimeCode": "application/pdf"}
    assert base64.b64decode(found.text or "") == data
    assert b"extensions" not in outcome.parts[0].ledger.path.read_bytes()


def test_attachments_are_measured_to_the_byte(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.pdf", "ç & ğ.pdf")]
    for number, file in enumerate(files):
        file.write_bytes(PDF + b"y" * (100_000 + number))
    made = [Attachment(file.name, file.stat().st_size, lambda file=file: file.open("rb")) for file in files]
    assert measure(made) == len(b"".join(render(made)))
    assert measure([]) == len(b"".join(render([]))) == 0


def test_only_the_first_part_carries_attachments(tmp_path: Path) -> None:
    outcome = convert_members(tmp_path, members(entries_of(2, 20), ek=PDF), spans=spans(10))
    assert [b"<extensions>" in part.journal.path.read_bytes() for part in outcome.parts] == [True, False]


def test_attachments_count_towards_the_size_of_the_first_part(tmp_path: Path) -> None:
    plain = convert(tmp_path, entries_of(2, 3)).parts[0].journal.written.size
    outcome = convert_members(tmp_path, members(entries_of(2, 3), ek=PDF), part_bytes=plain + SIGNATURE_ROOM)
    assert [part.totals.entries for part in outcome.parts] == [1, 1]
    assert all(made.written.size <= plain for made in outcome.documents)


def test_attachments_that_leave_no_room_for_an_entry_have_a_part_of_their_own(tmp_path: Path) -> None:
    one = convert(tmp_path, entries_of(2)).parts[0].journal.written.size
    rows = members(entries_of(2), ek=PDF + b"z" * 1000)
    outcome = convert_members(tmp_path, rows, part_bytes=one + SIGNATURE_ROOM)
    assert [part.totals.entries for part in outcome.parts] == [0, 1]
    assert days(outcome) == [(1, 1), (2, 31)]


def test_attachments_that_fit_into_no_journal(tmp_path: Path) -> None:
    rows = members(entries_of(2), ek=PDF + b"z" * 60_000)
    outcome = convert_members(tmp_path, rows, part_bytes=SIGNATURE_ROOM + 60_000)
    assert (only(outcome).rule, only(outcome).value) == ("attachment.too_large", "ek.pdf")
    assert not list((tmp_path / "out").iterdir())


def test_what_is_no_pdf_is_not_attached(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    pictures = tmp_path / "pictures"
    pictures.write_bytes(b"\x89PNG")
    drop = Drop(
        (), (), (Member("ek/boş.pdf", "drop.zip", None, file), Member("ek/resim.pdf", "drop.zip", None, pictures))
    )
    findings = Findings()
    assert attachments_of(drop, findings) == ()
    assert [(finding.rule, finding.file, finding.value) for finding in findings] == [
        ("attachment.empty", "ek/boş.pdf", "ek/boş.pdf"),
        ("attachment.not_pdf", "ek/resim.pdf", "ek/resim.pdf"),
    ]


@pytest.mark.parametrize(
    ("member", "name"), [("a.pdf", "a.pdf"), ("ekler/B.PDF", "B.pdf"), ("ekler\\c .pdf", "c.pdf"), (".pdf", "ek.pdf")]
)
def test_an_attachments_name_is_its_own_without_folders(tmp_path: Path, member: str, name: str) -> None:
    file = tmp_path / "file"
    file.write_bytes(PDF)
    (found,) = attachments_of(Drop((), (), (Member(member, "drop.zip", None, file),)), Findings())
    assert (found.name, found.size) == (name, len(PDF))


def test_what_is_left_behind_are_the_documents_alone(tmp_path: Path) -> None:
    outcome = convert(tmp_path, entries_of(2, 20), spans=spans(10))
    assert {made.path for made in outcome.documents} == set((tmp_path / "out").iterdir())


# ---- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "most"),
    [("entry", 10**12), ("line", 10**12), ("journal", 990_000), ("ledger", 990_000), ("report", 990_000)],
)
def test_numbers_with_which_books_begin_here_leave_room(name: str, most: int) -> None:
    assert getattr(Opening(period="2025-01", **{name: most}).counters, name) == most
    with pytest.raises(ValidationError):
        Opening(period="2025-01", **{name: most + 1})


def test_the_largest_numbers_are_told_whole(tmp_path: Path) -> None:
    start = Opening(period="2025-01", entry=10**12, line=10**12, journal=990_000, ledger=990_000).counters
    outcome = convert(tmp_path, entries_of(2), start=start)
    (header,) = journal(outcome)
    assert (header.counter, [detail.number for detail in header.details]) == (10**12 + 1, [10**12 + 1, 10**12 + 2])
    assert [made.unique_id[-6:] for made in outcome.documents] == ["990001", "990001"]


def test_a_day_may_lie_in_three_parts(tmp_path: Path) -> None:
    rows = entries_of(8, 8, 8)
    size = convert(tmp_path, entries_of(8)).parts[0].journal.written.size
    cut = convert(tmp_path, rows, part_bytes=size + SIGNATURE_ROOM, spans=spans(8, 9))
    assert days(cut) == [(1, 8), (8, 8), (8, 8), (9, 9), (10, 31)]
    assert [part.totals.entries for part in cut.parts] == [1, 1, 1, 0, 0]
