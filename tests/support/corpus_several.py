"""What needs several elements at once: sequences with gaps, sums a kuruş off, things that stand there twice."""

from collections.abc import Callable, Iterable
from itertools import product
from typing import Final

from lxml import etree

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.vocabulary import NAMESPACES
from support.corpus_books import BRIEF, Month
from support.corpus_frames import BRIEF_MONTH, Made, all_of, of_frames, of_names
from support.document_changes import (
    Change,
    after,
    all_texts,
    at,
    attribute,
    inside,
    moved_before,
    text,
    twice,
    without,
)

FULL_MONTH: Final = Month()


def changes(kind: DocumentKind) -> Made:
    """By name: a month, and what to do with its document of a kind."""
    made = of_frames(kind) | of_names() | _of_sums(kind)
    if kind is DocumentKind.JOURNAL:
        return made | _of_journals()
    if kind is DocumentKind.LEDGER:
        return made | _of_ledgers()
    return made | _of_standard_entries(kind)


def texts(path: str, values: Iterable[str]) -> Change:
    """Give the elements at a path these texts, one after the other."""

    def change(root: etree._Element) -> None:
        for element, value in zip(root.xpath(f".//{path}", namespaces=NAMESPACES), values, strict=False):
            element.text = value

    return change


_SEQUENCES: Final[dict[str, Callable[[int, int], int | str]]] = {
    "twice the same": lambda index, _: index - (index >= 4),
    "a gap": lambda index, _: index + (index >= 4),
    "a fall": lambda index, _: {3: 4, 4: 3}.get(index, index),
    "a fall at the end": lambda index, count: index if index < count - 1 else 0,
    "high at first": lambda index, _: index if index else 900,
    "all the same": lambda *_: 0,
    "backwards": lambda index, count: count - index,
    "by tens": lambda index, _: index * 10,
    "by tens, filled up later": lambda index, count: index * 2 if index < count // 2 else (index - count // 2) * 2 + 1,
    "from one": lambda index, _: index - 1000,
    "with decimals": lambda index, _: f"{index + 1000}.0",
    "with halves": lambda index, _: f"{index + 1000}.5",
    "a word in the middle": lambda index, _: index if index != 4 else "x",
    "nothing in the middle": lambda index, _: index if index != 4 else "",
    "with blanks": lambda index, _: f" {index + 1000} ",
    "with noughts": lambda index, _: f"0{index + 1000}",
}


def _sequence(name: str, count: int, start: int) -> list[str]:
    told = (_SEQUENCES[name](index, count) for index in range(count))
    return [one if isinstance(one, str) else str(one + start) for one in told]


_DAYS: Final = {
    "falls once": ("01", "05", "04", "06", "11", "12", "20", "31"),
    "falls at the end": ("01", "05", "06", "06", "11", "12", "20", "19"),
    "backwards": ("31", "20", "12", "11", "06", "06", "05", "01"),
    "late at first": ("31", "05", "06", "06", "11", "12", "20", "30"),
    "all the same": ("15",) * 8,
}


def _of_journals() -> Made:
    made: Made = {}
    counter, line_counter = "gl-cor:entryNumberCounter", "gl-cor:lineNumberCounter"
    of_lines = [2, 3, 3, 2, 2, 2, 3, 3]
    for name in _SEQUENCES:
        numbers = _sequence(name, 8, 101)
        in_lines = [number for number, count in zip(numbers, of_lines, strict=True) for _ in range(count)]
        made[f"entries: {name}"] = FULL_MONTH, texts(counter, numbers)
        made[f"entries and their lines: {name}"] = (
            FULL_MONTH,
            all_of(texts(counter, numbers), texts(line_counter, in_lines)),
        )
        made[f"lines: {name}"] = FULL_MONTH, texts("gl-cor:lineNumber", _sequence(name, sum(of_lines), 1001))
    for name, days in _DAYS.items():
        dates = [f"2025-03-{day}" for day in days]
        in_lines = [day for day, count in zip(dates, of_lines, strict=True) for _ in range(count)]
        made[f"days: {name}"] = FULL_MONTH, texts("gl-cor:enteredDate", dates)
        made[f"days of entries and lines: {name}"] = (
            FULL_MONTH,
            all_of(texts("gl-cor:enteredDate", dates), texts("gl-cor:postingDate", in_lines)),
        )
    header, detail = "gl-cor:entryHeader", "gl-cor:entryDetail"
    made |= {
        "entries swapped": (FULL_MONTH, moved_before(header, header, 4, 3)),
        "lines swapped": (FULL_MONTH, moved_before(detail, detail, 19, 18)),
        "last line to the first entry": (FULL_MONTH, moved_before(detail, detail, 19, 0)),
        "entry with one line": (FULL_MONTH, without(detail, 1)),
        "entry without lines": (BRIEF_MONTH, all_of(*(without(detail) for _ in range(2)))),
        "header first, its counter last": (
            FULL_MONTH,
            lambda root: at(root, header, 3).append(at(root, "gl-cor:entryNumberCounter", 3)),
        ),
        "totals after the lines": (
            FULL_MONTH,
            lambda root: at(root, header, 6).append(at(root, "gl-bus:totalDebit", 6)),
        ),
        "sides in words": (
            FULL_MONTH,
            lambda root: all_of(
                all_texts("gl-cor:debitCreditCode[. = 'D']", "debit"),
                all_texts("gl-cor:debitCreditCode[. = 'C']", "credit"),
            )(root),
        ),
        "totals in lira": (FULL_MONTH, lambda root: _shortened(root, ".//gl-bus:totalDebit | .//gl-bus:totalCredit")),
        "one total in lira": (FULL_MONTH, lambda root: _shortened(root, ".//gl-bus:totalDebit")),
        "amounts in lira": (FULL_MONTH, lambda root: _shortened(root, ".//gl-cor:amount")),
        "two counters in an entry": (
            FULL_MONTH,
            after(
                counter, f'<{counter} contextRef="{{context}}" decimals="INF" unitRef="countable">999</{counter}>', 6
            ),
        ),
        "two amounts in a line": (FULL_MONTH, twice("gl-cor:amount", 15)),
        "two accounts in a line": (FULL_MONTH, twice("gl-cor:account", 15)),
        "two other accounts in a line": (
            FULL_MONTH,
            all_of(twice("gl-cor:account", 15), text("gl-cor:accountMainID", "15", 16)),
        ),
        "two papers in a line": (
            FULL_MONTH,
            all_of(twice("gl-cor:documentType", 3), text("gl-cor:documentType", "other", 3)),
        ),
        "two funds": (FULL_MONTH, twice("gl-bus:measurable")),
        "fund's price off": (FULL_MONTH, text("gl-bus:measurableCostPerUnit", "125.01")),
        "fund of thirds": (
            FULL_MONTH,
            all_of(
                text("gl-bus:measurableCostPerUnit", "0.1"),
                text("gl-bus:measurableQuantity", "3"),
                text("gl-cor:amount", "0.3", 12),
            ),
        ),
        **_beyond_ours(),
        "two attachments": (Month(BRIEF, attachment=True), twice("extension")),
        "attachment named elsewhere": (
            Month(BRIEF, attachment=True),
            attribute("defterek:binaryObject", "filename", "a.pdf.exe"),
        ),
        "attachment without a name": (
            Month(BRIEF, attachment=True),
            attribute("defterek:binaryObject", "filename", None),
        ),
    }
    return made


def _beyond_ours() -> Made:
    """What the official schema lets pass and ours does not."""
    with_seal, attached = Month(BRIEF, signed=True), Month(BRIEF, attachment=True)
    policy = "<xades:SignaturePolicyIdentifier><xades:SignaturePolicyImplied/></xades:SignaturePolicyIdentifier>"
    return {
        "HashValue in the signature's place": (
            with_seal,
            all_of(without("ds:Signature"), inside(".", "<HashValue>QQ==</HashValue>")),
        ),
        "an amount that is nil": (
            BRIEF_MONTH,
            all_of(text("gl-cor:amount", ""), attribute("gl-cor:amount", f"{{{NAMESPACES['xsi']}}}nil", "true")),
        ),
        "another thing attached": (
            attached,
            all_of(without("defterek:binaryObject"), inside("extension", "<xades:Anything/>")),
        ),
        "signature with a policy": (with_seal, after("xades:SigningCertificate", policy)),
        "method of signing with a parameter": (
            with_seal,
            inside("ds:CanonicalizationMethod", "<ds:DigestValue>QQ==</ds:DigestValue>"),
        ),
        "link that is extended": (
            BRIEF_MONTH,
            attribute("link:schemaRef", f"{{{NAMESPACES['xlink']}}}type", "extended"),
        ),
        "frame with a language": (
            BRIEF_MONTH,
            attribute("link:schemaRef", "{http://www.w3.org/XML/1998/namespace}lang", "tr"),
        ),
    }


def _of_ledgers() -> Made:
    made: Made = {}
    counter, header, detail = "gl-cor:lineNumberCounter", "gl-cor:entryHeader", "gl-cor:entryDetail"
    for name in _SEQUENCES:
        made[f"lines' entries: {name}"] = FULL_MONTH, texts(counter, _sequence(name, 20, 101))
    main, sub = "gl-cor:accountMainID", "gl-cor:accountSubID"
    made |= {
        "accounts swapped": (FULL_MONTH, moved_before(header, header, 4, 3)),
        "last account first": (FULL_MONTH, moved_before(header, header, 8, 0)),
        "sub-accounts swapped": (FULL_MONTH, moved_before(header, header, 6, 5)),
        "account twice": (FULL_MONTH, twice(header, 0)),
        "account with subs twice": (FULL_MONTH, twice(header, 5)),
        "another account's line": (FULL_MONTH, moved_before(detail, detail, 5, 4)),
        "another account's line at the end": (
            FULL_MONTH,
            lambda root: at(root, header, 0).append(at(root, detail, 12)),
        ),
        "an account of two": (FULL_MONTH, text(main, "101", 1)),
        "an account of two subs": (FULL_MONTH, text(sub, "153.99", 3)),
        "a line without its sub": (FULL_MONTH, without("gl-cor:accountSub", 3)),
        "an account without lines": (FULL_MONTH, all_of(*(without(detail, 0) for _ in range(3)))),
        "a longer code before a shorter": (FULL_MONTH, texts(main, ["1000", "1000", "1000", "101"])),
        "codes that sort as texts": (FULL_MONTH, texts(main, ["99", "99", "99", "101"])),
        "balance on both sides": (
            FULL_MONTH,
            all_of(text("gl-bus:totalDebit", "4000.00"), text("gl-bus:totalCredit", "300.00")),
        ),
        "balance on the other side": (
            FULL_MONTH,
            all_of(text("gl-bus:totalDebit", "0.00"), text("gl-bus:totalCredit", "3700.00")),
        ),
        "balance below nought": (FULL_MONTH, text("gl-bus:totalDebit", "-0.01", 1)),
        "no balance": (FULL_MONTH, all_of(text("gl-bus:totalDebit", "0", 4), text("gl-bus:totalCredit", "0", 4))),
        "sides in words": (
            FULL_MONTH,
            all_of(
                all_texts("gl-cor:debitCreditCode[. = 'D']", "debit"),
                all_texts("gl-cor:debitCreditCode[. = 'C']", "credit"),
            ),
        ),
        "days backwards": (FULL_MONTH, texts("gl-cor:postingDate", ("2025-03-31", "2025-03-06", "2025-03-01"))),
        "attachment": (BRIEF_MONTH, after("xbrli:xbrl", _ATTACHMENT)),
        "second amount": (FULL_MONTH, twice("gl-cor:amount", 12)),
        "a comment for a first line": (FULL_MONTH, lambda root: at(root, detail, 3).addprevious(etree.Comment("x"))),
    }
    return made


def _of_standard_entries(kind: DocumentKind) -> Made:
    detail, header = "gl-cor:entryDetail", "gl-cor:entryHeader"
    number, qualifier = "gl-cor:lineNumber", "gl-cor:qualifierEntry"
    made: Made = {
        f"lines: {name}": (BRIEF_MONTH, texts(number, _sequence(name, 10, 1)))
        for name in _SEQUENCES
        if kind is not DocumentKind.LEDGER_BERAT
    }
    made |= {
        "nine lines": (BRIEF_MONTH, without(detail, 7)),
        "eleven lines": (BRIEF_MONTH, twice(detail, 7)),
        "no lines": (BRIEF_MONTH, lambda root: [at(root, header).remove(one) for one in _all(root, detail)] and None),
        "a line of another account": (BRIEF_MONTH, text("gl-cor:accountMainID", "610", 3)),
        "a line of the same account": (BRIEF_MONTH, text("gl-cor:accountMainID", "391", 3)),
        "accounts as numbers": (BRIEF_MONTH, lambda root: _prefixed_texts(root, "gl-cor:accountMainID", "0")),
        "accounts with decimals": (BRIEF_MONTH, lambda root: _prefixed_texts(root, "gl-cor:accountMainID", "", ".0")),
        "a word for an account": (BRIEF_MONTH, text("gl-cor:accountMainID", "KDV", 3)),
        "two sides in a line": (BRIEF_MONTH, twice("gl-cor:debitCreditCode", 3)),
        "all on one side": (BRIEF_MONTH, all_texts("gl-cor:debitCreditCode", "D")),
        "sides in words": (BRIEF_MONTH, all_texts("gl-cor:debitCreditCode[. = 'D']", "debit")),
        "two entries": (BRIEF_MONTH, twice(header)),
        "lines swapped": (BRIEF_MONTH, moved_before(detail, detail, 3, 2)),
        "no entry": (BRIEF_MONTH, without(header)),
        "an entry without tax detail": (
            Month(BRIEF, tax_detail=False),
            inside("gl-cor:accountingEntries", f"<{header}/>"),
        ),
        "attachment": (BRIEF_MONTH, after("xbrli:xbrl", _ATTACHMENT)),
        "every include else": (BRIEF_MONTH, all_texts("gl-cor:xbrlInclude", "ending_balance")),
        "two includes": (
            BRIEF_MONTH,
            all_of(twice("gl-cor:xbrlInfo", 4), text("gl-cor:xbrlInclude", "ending_balance", 4)),
        ),
    }
    spoils = {
        "number": number,
        "account": "gl-cor:account",
        "account's code": "gl-cor:accountMainID",
        "account's name": "gl-cor:accountMainDescription",
        "amount": "gl-cor:amount",
        "side": "gl-cor:debitCreditCode",
        "include": "gl-cor:xbrlInfo",
    }
    for (what, path), line, standard in product(spoils.items(), (0, 1, 7), (True, False)):
        parts = (without(path, line),) if standard else (text(qualifier, "other"), without(path, line))
        made[f"no {what} in line {line + 1}{'' if standard else ', not standard'}"] = BRIEF_MONTH, all_of(*parts)
    for value, line, standard in product(("-0.01", "1.001", "x"), (0, 1, 7), (True, False)):
        change = text("gl-cor:amount", value, line)
        parts = (change,) if standard else (text(qualifier, "other"), change)
        made[f"amount {value} in line {line + 1}{'' if standard else ', not standard'}"] = BRIEF_MONTH, all_of(*parts)
    return made


def _of_sums(kind: DocumentKind) -> Made:
    if not kind.is_ledger:
        return {}
    debit, credit, amount = "gl-bus:totalDebit", "gl-bus:totalCredit", "gl-cor:amount"
    made: Made = {}
    for entry in (0, 4, 7):
        for path in (debit, credit):
            made[f"{path} of {entry} a kuruş more"] = FULL_MONTH, _off_by(path, entry)
    made["an amount a kuruş more"] = FULL_MONTH, _off_by(amount, 9)
    made["the last amount a kuruş more"] = FULL_MONTH, _off_by(amount, 19)
    made["a large sum"] = FULL_MONTH, all_texts(amount, "90071992547409.93")
    made["a line on the other side"] = FULL_MONTH, text("gl-cor:debitCreditCode", "C", 14)
    return made


def _off_by(path: str, index: int) -> Change:
    def change(root: etree._Element) -> None:
        element = at(root, path, index)
        lira, kurus = str(element.text).split(".")
        element.text = f"{lira}.{int(kurus) + 1:02}"

    return change


_ATTACHMENT: Final = (
    '<extensions><extension Id="e"><defterek:binaryObject mimeCode="application/pdf" filename="a.pdf">JVBERg=='
    "</defterek:binaryObject></extension></extensions>"
)


def _all(root: etree._Element, path: str) -> list[etree._Element]:
    return list(root.xpath(f".//{path}", namespaces=NAMESPACES))


def _shortened(root: etree._Element, path: str) -> None:
    for element in root.xpath(path, namespaces=NAMESPACES):
        element.text = str(element.text).removesuffix(".00")


def _prefixed_texts(root: etree._Element, path: str, prefix: str, suffix: str = "") -> None:
    for element in _all(root, path):
        element.text = f"{prefix}{element.text}{suffix}"
