"""Documents held against a slow, simple calculation of their own: from the facts in the rows straight to what each
document must say, without anything of the converter's."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from converter.convert import SIGNATURE_ROOM, ConversionJob, convert_drop
from defterhane.edefter.counters import Counters
from support.books import write_documents
from support.drops import zipped
from support.exports import job

COLUMNS = (
    *("entryref", "linenumber", "linenumbercounter", "accmainid", "accmainiddesc", "accsubid", "accsubdesc", "amount"),
    *("debitcreditcode", "postingdate", "documenttype", "doctypedesc", "documentnumber", "documentreference"),
    *("entrynumbercounter", "documentdate", "paymentmethod", "detailcomment", "enteredby", "entereddate"),
    *("entrynumber", "entrycomment"),
)
NAMES = {"100": "KASA", "1000": "KASALAR", "191": "İNDİRİLECEK KDV", "391": "HESAPLANAN KDV", "600": "SATIŞLAR"}
COMMENTS = (
    "", "satış", "]]>", "a & b < c > d", 'contextRef="journal_context">', "\ue000", "e\u0301", "\u200fsağdan", "𝛑",
    "'\"", "ﬁ\ufb01", "çok uzun " * 500 + "metin", "&#1;", "<A>", "\\x01",
)  # fmt: skip
TAXES = ("391", "191", "600", "601", "602")
START = Counters(entry=999_990, line=9_999_995, journal=41, ledger=52, report=3)


@dataclass(frozen=True)
class Fact:
    """One row of the export, and what it means."""

    entry: str
    number: int
    """The ERP's, of its entry."""
    voucher: str
    day: int
    line: int
    """The ERP's number of the line."""
    main: str
    sub: str
    kurus: int
    side: str
    comment: str

    def row(self, *, numbered: bool) -> list[str]:
        day = f"2025-01-{self.day:02}"
        told = {
            "entryref": self.entry, "accmainid": self.main, "accmainiddesc": NAMES[self.main], "accsubid": self.sub,
            "accsubdesc": self.sub and f"ALT {self.sub}", "amount": f"{self.kurus // 100},{self.kurus % 100:02}",
            "debitcreditcode": {"D": "B", "C": "A"}[self.side], "postingdate": f"{self.day:02}.01.2025",
            "enteredby": "Ö.M.", "entereddate": day, "entrynumber": self.voucher, "detailcomment": self.comment,
        }  # fmt: skip
        if numbered:
            told |= {"linenumber": str(self.line), "entrynumbercounter": str(self.number)}
        return [told.get(name, "") for name in COLUMNS]


@dataclass(frozen=True)
class Line:
    """What a document must say of one fact, as it says it."""

    counter: str
    number: str
    main: str
    sub: str
    amount: str
    side: str
    day: str
    comment: str


@dataclass(frozen=True)
class Month:
    facts: list[Fact]
    """In the order of the export."""
    numbered: bool
    cut: int
    """Where the second file begins."""
    spans: int
    room: int | None

    def job(self) -> ConversionJob:
        whole = job(start=START)
        firm = whole.tenant.model_copy(update={"part_ends": (10, 20)[: self.spans]})
        limit = SIGNATURE_ROOM + self.room if self.room is not None else None
        return job(start=START, tenant=firm, spans=firm.spans(whole.filing.month), part_bytes=limit)


@st.composite
def months(draw: st.DrawFn) -> Month:
    """Entries that balance, on any days, their rows strewn over the export."""
    facts: list[Fact] = []
    line = 0
    days = sorted(draw(st.lists(st.integers(1, 31), min_size=1, max_size=9)))
    for number, day in enumerate(days, draw(st.sampled_from((1, 7, START.entry + 1)))):
        voucher = draw(st.sampled_from(("9", "10", "F-9", "F-10", "F-010", "A")))
        amounts = draw(st.lists(st.integers(1, 10**16), min_size=1, max_size=4))
        amounts = [*amounts, *([-sum(amounts)] if draw(st.booleans()) else [-one for one in amounts])]
        for kurus in amounts:
            line += draw(st.integers(1, 3))
            main = draw(st.sampled_from(sorted(NAMES)))
            sub = draw(st.sampled_from(("", f"{main}.1", f"{main}.01", f"{main} ı", f"{main}.É", f"{main}-𝛑")))
            side = "D" if kurus > 0 else "C"
            comment = draw(st.sampled_from(COMMENTS))
            facts.append(Fact(f"R{number}", number, voucher, day, line, main, sub, abs(kurus), side, comment))
    room = draw(st.one_of(st.none(), st.integers(30_000, 60_000)))
    strewn = draw(st.permutations(facts))
    return Month(strewn, draw(st.booleans()), draw(st.integers(0, len(facts))), draw(st.integers(0, 2)), room)


def natural(voucher: str) -> list[object]:
    return [int(piece) if at % 2 else piece for at, piece in enumerate(re.split(r"(\d+)", voucher))]


def expected(month: Month) -> list[list[Line]]:
    """The journal's entries, line by line."""
    entries: dict[str, list[Fact]] = defaultdict(list)
    for fact in month.facts:
        entries[fact.entry].append(fact)
    found = list(entries.values())
    if month.numbered:
        found.sort(key=lambda facts: facts[0].number)
        found = [sorted(facts, key=lambda fact: fact.line) for facts in found]
    else:
        found.sort(key=lambda facts: (facts[0].day, natural(facts[0].voucher)))
        found = [sorted(facts, key=lambda fact: fact.side != "D") for facts in found]
    journal = []
    number = START.line
    for counter, facts in enumerate(found, START.entry + 1):
        lines = []
        for fact in facts:
            number += 1
            amount = f"{fact.kurus // 100}.{fact.kurus % 100:02}"
            day = f"2025-01-{fact.day:02}"
            lines.append(
                Line(str(counter), str(number), fact.main, fact.sub, amount, fact.side, day, fact.comment.strip())
            )
        journal.append(lines)
    return journal


# ---- what documents say ------------------------------------------------------------------------------------------


def text(element: etree._Element, name: str) -> str:
    found = element.xpath(f".//*[local-name() = '{name}']")
    assert len(found) <= 1, name
    return found[0].text or "" if found else ""


def headers(document: Path) -> list[etree._Element]:
    return list(etree.parse(str(document)).xpath("//*[local-name() = 'entryHeader']"))


def lines(header: etree._Element) -> list[Line]:
    names = (
        "lineNumberCounter", "lineNumber", "accountMainID", "accountSubID", "amount", "debitCreditCode", "postingDate",
        "detailComment",
    )  # fmt: skip
    details = header.xpath("./*[local-name() = 'entryDetail']")
    return [Line(*(text(detail, name) for name in names)) for detail in details]


def kurus(amount: str) -> int:
    whole, hundredths = amount.split(".")
    return int(whole + hundredths)


def written(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02}"


def sums(told: Iterable[Line]) -> dict[tuple[str, str], tuple[int, int]]:
    """(main account, side) → kuruş, lines."""
    found: dict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for line in told:
        amount, count = found[line.main, line.side]
        found[line.main, line.side] = amount + kurus(line.amount), count + 1
    return found


def totals(document: Path) -> list[tuple[str, str, str, str]]:
    """Lines of a berat or report: main account, side, amount, number of lines."""
    details = etree.parse(str(document)).xpath("//*[local-name() = 'entryDetail']")
    names = ("accountMainID", "debitCreditCode", "amount", "documentApplyToNumber")
    return [tuple(text(detail, name) for name in names) for detail in details]


def check_journal(document: Path, entries: list[list[Line]]) -> None:
    found = headers(document)
    assert [lines(header) for header in found] == entries
    for header, told in zip(found, entries, strict=True):
        debit = sum(kurus(line.amount) for line in told if line.side == "D")
        assert (text(header, "totalDebit"), text(header, "totalCredit")) == (written(debit), written(debit))
        assert (text(header, "entryNumberCounter"), text(header, "enteredDate")) == (told[0].counter, told[0].day)


def check_ledger(document: Path, told: list[Line]) -> None:
    accounts = sorted({(line.main, line.sub) for line in told})
    found = headers(document)
    assert len(found) == len(accounts)
    for header, account in zip(found, accounts, strict=True):
        of_account = [line for line in told if (line.main, line.sub) == account]
        assert lines(header) == of_account
        balance = sum(kurus(line.amount) * (1 if line.side == "D" else -1) for line in of_account)
        sides = written(max(balance, 0)), written(max(-balance, 0))
        assert (text(header, "totalDebit"), text(header, "totalCredit")) == sides


def check_berat(document: Path, told: list[Line]) -> None:
    by_account = sums(told)
    assert totals(document) == [
        (main, side, written(by_account[main, side][0]), "") for main in TAXES for side in ("D", "C")
    ]


def check_report(document: Path, told: list[Line]) -> None:
    by_account = sums(told)
    mains = sorted({main for main, _ in by_account})
    assert totals(document) == [
        (main, side, written(by_account[main, side][0]), str(by_account[main, side][1]))
        for main in mains
        for side in ("D", "C")
    ]


@settings(deadline=None, max_examples=80)
@given(months())
def test_documents_say_what_the_facts_do(month: Month) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = (month.facts[: month.cut], month.facts[month.cut :])
        members = {f"{number}.csv": export(facts, month) for number, facts in enumerate(files) if facts}
        out = folder / "out"
        out.mkdir()
        outcome = convert_drop(zipped(folder / "drop.zip", members), out, month.job())
        assert outcome.made, outcome.findings
        documents = {path.name.split("-", 2)[2]: path for path in write_documents(outcome, month.job(), folder)}
        journal = expected(month)
        begun = 0
        for part in outcome.parts:
            entries = journal[begun : begun + part.totals.entries]
            begun += len(entries)
            told = [line for entry in entries for line in entry]
            check_journal(documents[f"Y-{part.part}.xml"], entries)
            check_ledger(documents[f"K-{part.part}.xml"], told)
            for kind in ("YB", "KB"):
                check_berat(documents[f"{kind}-{part.part}.xml"], told)
            assert text(etree.parse(str(documents[f"YB-{part.part}.xml"])).getroot(), "numberOfEntries") == str(
                len(entries)
            )
        assert begun == len(journal)
        check_report(documents["DR-000000.xml"], [line for entry in journal for line in entry])


def export(facts: list[Fact], month: Month) -> bytes:
    """A file of rows."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(fact.row(numbered=month.numbered) for fact in facts)
    return out.getvalue().encode()
