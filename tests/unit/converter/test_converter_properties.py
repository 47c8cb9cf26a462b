"""What holds for any month, however it is written and cut: books that agree, canonical bytes, the same bytes again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from converter.convert import SIGNATURE_ROOM, ConversionJob, ConversionOutcome, convert_drop
from defterhane.edefter.counters import Counters
from defterhane.edefter.money import format_kurus, parse_kurus
from defterhane.edefter.period import Period, Span
from defterhane.edefter.vocabulary import DECLARATION
from support.agreement import check_agreement
from support.books import Header, canonical, headers, write_documents
from support.drops import zipped
from support.exports import Row, entry, job, written

NASTY = ("&amp;", "]]>", 'contextRef="journal_context">', "a > b", "'\"", "İıŞğ€", "𝛑")
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters='<"\ufeff\ufffd'), max_size=15),
)
SUBS = st.text(st.characters(codec="cp1254", categories=("Lu", "Nd", "Po", "Zs"), exclude_characters=';"'), max_size=6)
FRAME = 8_000
"""Bytes that the books' own heads and ends have at most."""


@dataclass(frozen=True)
class Month:
    """A good export, in several files, and where it is to be cut."""

    files: tuple[list[Row], ...]
    part_ends: tuple[int, ...]
    room: int | None
    """Bytes for entries in a part."""

    @property
    def rows(self) -> list[Row]:
        return [row for file in self.files for row in file]

    @property
    def spans(self) -> tuple[Span, ...]:
        month = Period(2025, 1)
        ends = [*self.part_ends, 31]
        starts = [1, *(end + 1 for end in self.part_ends)]
        return tuple(
            Span(month.first.replace(day=start), month.first.replace(day=end))
            for start, end in zip(starts, ends, strict=True)
        )

    def job(self) -> ConversionJob:
        part_bytes = SIGNATURE_ROOM + FRAME + self.room if self.room is not None else None
        return job(spans=self.spans, part_bytes=part_bytes, start=Counters(entry=7, line=70, journal=3, ledger=3))


@st.composite
def months(draw: st.DrawFn) -> Month:
    """Entries of 2 to 6 lines that balance, dates that do not fall."""
    rows: list[Row] = []
    days = sorted(draw(st.lists(st.integers(1, 31), min_size=1, max_size=12)))
    line = 0
    for number, day in enumerate(days, 1):
        amounts = draw(st.lists(st.integers(1, 10**11), min_size=1, max_size=4))
        comment = draw(TEXTS)
        for kurus in [*amounts, -sum(amounts)]:
            line += 1
            main = draw(st.sampled_from(["100", "120", "191", "391", "600", "7700"]))
            sub = draw(st.one_of(st.just(""), SUBS.map(lambda text, main=main: main + text)))
            rows.append(
                {
                    **entry(number, f"2025-01-{day:02}")[0],
                    "linenumber": str(line),
                    "accmainid": main,
                    "accsubid": sub,
                    "accsubdesc": "ALT HESAP" if sub else "",
                    "amount": format_kurus(abs(kurus)),
                    "debitcreditcode": "D" if kurus > 0 else "C",
                    "detailcomment": comment,
                }
            )
    cut = draw(st.integers(1, len(rows)))
    ends = tuple(sorted(draw(st.sets(st.integers(1, 27), max_size=3))))
    return Month((rows[:cut], rows[cut:]), ends, draw(st.one_of(st.none(), st.integers(7_000, 40_000))))


def converted(month: Month, folder: Path, files: Sequence[list[Row]] | None = None) -> ConversionOutcome:
    members = {f"{number}.csv": written(rows).encode() for number, rows in enumerate(files or month.files) if rows}
    out = folder / "out"
    out.mkdir()
    outcome = convert_drop(zipped(folder / "drop.zip", members), out, month.job())
    assert outcome.made, outcome.findings
    return outcome


@settings(deadline=None, max_examples=60)
@given(months())
def test_books_agree_however_they_are_cut(month: Month) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        outcome = converted(month, folder)
        paths = write_documents(outcome, month.job(), folder)
        for path in paths:
            data = path.read_bytes()
            assert data == DECLARATION + canonical(data)
        check_agreement(paths)
        journals = [headers(part.journal.path.read_bytes()) for part in outcome.parts]
        assert sum(month_debits(month)) == sum(total.debit for total in outcome.totals.accounts.values())
        check_lines([header for journal in journals for header in journal], month)
        check_parts(outcome, month)


@settings(deadline=None, max_examples=15)
@given(months())
def test_the_same_bytes_again_wherever_the_rows_stand(month: Month) -> None:
    found = []
    for files in (month.files, month.files, (month.rows[::-1],)):
        with TemporaryDirectory() as name:
            outcome = converted(month, Path(name), files)
            found.append([(part.part, part.span, part.journal.written, part.ledger.written) for part in outcome.parts])
    assert found[0] == found[1] == found[2]


@settings(deadline=None, max_examples=15)
@given(months())
def test_parts_hold_what_the_whole_month_does(month: Month) -> None:
    with TemporaryDirectory() as name, TemporaryDirectory() as other:
        cut = converted(month, Path(name))
        whole = converted(replace(month, part_ends=(), room=None), Path(other))
        assert [part.part for part in whole.parts] == ["000000"]
        for number in (0, 1):
            books = [headers(made.path.read_bytes()) for made in cut.documents[number::2]]
            together = sorted(detail for book in books for header in book for detail in map(repr, header.details))
            (one,) = (headers(made.path.read_bytes()) for made in whole.documents[number::2])
            assert together == sorted(repr(detail) for header in one for detail in header.details)
        assert (cut.end.entry, cut.end.line) == (whole.end.entry, whole.end.line)
        assert cut.totals == whole.totals


@settings(deadline=None, max_examples=25)
@given(months(), st.randoms(use_true_random=False))
def test_the_platform_orders_what_the_erp_does_not(month: Month, random: Random) -> None:
    rows = [{**row, "linenumber": "", "linenumbercounter": "", "entrynumbercounter": ""} for row in month.rows]
    vouchers = {row["entryref"]: f"F{random.randrange(200)}" for row in rows}
    rows = [{**row, "entrynumber": vouchers[row["entryref"]], "documentreference": ""} for row in rows]
    random.shuffle(rows)
    with TemporaryDirectory() as name:
        folder = Path(name)
        outcome = converted(month, folder, [rows])
        check_agreement(write_documents(outcome, month.job(), folder))
        journal = [header for part in outcome.parts for header in headers(part.journal.path.read_bytes())]
        in_order = [(header.date, int((header.voucher or "")[1:])) for header in journal]
        assert in_order == sorted(in_order)
        for header in journal:
            sides = [detail.side for detail in header.details]
            assert sides == sorted(sides, reverse=True)


def month_debits(month: Month) -> list[int]:
    return [parse_kurus(row["amount"]) for row in month.rows if row["debitcreditcode"] == "D"]


def check_lines(journal: list[Header], month: Month) -> None:
    details = [detail for header in journal for detail in header.details]
    assert [detail.number for detail in details] == list(range(71, 71 + len(month.rows)))
    assert [header.counter for header in journal] == list(range(8, 8 + len(journal)))
    assert [(detail.main, detail.amount, detail.side) for detail in details] == [
        (row["accmainid"], row["amount"], row["debitcreditcode"]) for row in month.rows
    ]


def check_parts(outcome: ConversionOutcome, month: Month) -> None:
    parts = outcome.parts
    numbers = [part.part for part in parts]
    assert numbers == (["000000"] if len(parts) == 1 else [f"{number:06}" for number in range(1, len(parts) + 1)])
    assert [part.journal.unique_id[-6:] for part in parts] == [f"{4 + number:06}" for number in range(len(parts))]
    assert [part.ledger.unique_id[-6:] for part in parts] == [f"{4 + number:06}" for number in range(len(parts))]
    assert parts[0].span.start == date(2025, 1, 1)
    assert parts[-1].span.end == date(2025, 1, 31)
    assert {span.end for span in month.spans} <= {part.span.end for part in parts}
    limit = month.job().part_bytes
    for made in outcome.documents:
        assert made.written.size == made.path.stat().st_size
        assert limit is None or made.written.size <= limit - SIGNATURE_ROOM
    assert sum(part.totals.entries for part in parts) == outcome.totals.entries
    assert sum(part.totals.lines for part in parts) == outcome.totals.lines
