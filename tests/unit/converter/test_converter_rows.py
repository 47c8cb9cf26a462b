"""Each kind of mistake in a row is found at its line, once, with value and cure, and what is just right is not."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from converter.documents import names_a_document
from converter.reading.cells import Cells
from converter.spool import Spool
from defterhane.findings import LISTED, Severity
from support.checked_rows import FILE, Recorder, check, checked, told
from support.exports import Row, entry

INVOICE = {"documenttype": "invoice", "documentnumber": "A1", "documentdate": "2025-01-02"}
OTHER = {"documenttype": "other", "doctypedesc": "Dekont", "documentnumber": "A1", "documentdate": "2025-01-02"}
DOLLARS = {
    "originalamount": "10.00",
    "originalcurrency": "USD",
    "exchangerate": "10",
    "exchangeratedate": "2025-01-02",
}


@dataclass
class Case:
    """What the first row of the second entry says instead, and what it says where it is just right."""

    wrong: Row
    right: Row
    value: str | None = None
    severity: Severity = Severity.ERROR
    changes: dict[str, object] = field(default_factory=dict)
    """Of the checker."""
    rows: int = 1
    """So many rows of the entry are changed."""
    amount: str = "100.00"
    """Of all other rows."""

    def told(self, changes: Row) -> list[Row]:
        """Three entries; the second one, on lines 4 and 5, has the changes."""
        rows = [row for number in range(1, 4) for row in entry(number, amount=self.amount)]
        for row in rows[2 : 2 + self.rows]:
            row.update(changes)
        return rows


WARNING = Severity.WARNING
CASES: dict[str, Case] = {
    "entry.reference_missing": Case({"entryref": ""}, {"entryref": "R2"}),
    "entry.voucher_missing": Case({"entrynumber": "", "documentreference": ""}, {"entrynumber": "00002"}),
    "entry.date_outside_period": Case(
        {"postingdate": "2025-02-01", "entereddate": "2025-02-01"},
        {"postingdate": "2025-01-31", "entereddate": "2025-01-31"},
        "2025-02-01",
        rows=2,
    ),
    "entered_by.too_short": Case({"enteredby": "Ö"}, {"enteredby": "ÖM"}, "Ö"),
    "account.main_missing": Case({"accmainid": "", "accmainiddesc": ""}, {"accmainid": "100"}),
    "account.main_malformed": Case(
        {"accmainid": "10", "accsubid": "10.1"}, {"accmainid": "1000", "accsubid": "1000"}, "10"
    ),
    "account.main_description_missing": Case({"accmainiddesc": ""}, {"accmainiddesc": "K"}, "100"),
    "account.sub_missing": Case({"accsubid": ""}, {"accsubid": "", "accsubdesc": ""}, "MERKEZ"),
    "account.sub_description_missing": Case({"accsubdesc": ""}, {"accsubid": "", "accsubdesc": ""}, "100.01"),
    "account.sub_not_under_main": Case({"accsubid": "600.01"}, {"accsubid": "100"}, "600.01"),
    "amount.missing": Case({"amount": ""}, {"amount": "1"}),
    "amount.unreadable": Case({"amount": "yüz"}, {"amount": "1,000.00"}, "yüz"),
    "amount.ambiguous": Case({"amount": "1.000"}, {"amount": "1.00"}, "1.000", amount="100"),
    "amount.too_many_decimals": Case({"amount": "100.001"}, {"amount": "100.01"}, "100.001"),
    "amount.damaged": Case({"amount": "1,00E+15"}, {"amount": "100.00"}, "1,00E+15"),
    "amount.not_positive": Case({"amount": "-0.01"}, {"amount": "0.01"}, "-0.01"),
    "amount.both_sides": Case(
        {"debitcreditcode": "D+C", "amount": "100.00/50.00"}, {"debitcreditcode": "B"}, "100.00/50.00"
    ),
    "side.unknown": Case({"debitcreditcode": "X"}, {"debitcreditcode": "Borç"}, "X"),
    "date.missing": Case({"postingdate": ""}, {"postingdate": "02.01.2025"}, ""),
    "date.unreadable": Case({"postingdate": "2025-13-01"}, {"postingdate": "2.1.2025"}, "2025-13-01"),
    "date.posting_differs": Case({"postingdate": "2025-01-03"}, {"postingdate": "2025-01-02"}, "2025-01-03"),
    "document.type_unknown": Case({"documenttype": "dekont"}, {**INVOICE, "documenttype": "e-Fatura"}, "dekont"),
    "document.type_missing": Case({"documentnumber": "A1"}, {"documentnumber": "0000"}, "A1"),
    "document.number_missing": Case({**INVOICE, "documentnumber": ""}, INVOICE),
    "document.date_missing": Case({"documenttype": "check", "documentnumber": "A1"}, {"documenttype": "receipt"}),
    "document.description_missing": Case({**OTHER, "doctypedesc": ""}, OTHER),
    "document.description_is_act": Case({**OTHER, "doctypedesc": "Gelen Havale"}, OTHER, "Gelen Havale", WARNING),
    "document.number_zero": Case(
        {**INVOICE, "documentnumber": "00"}, {**INVOICE, "documentnumber": "01"}, "00", WARNING
    ),
    "document.date_unlikely": Case(
        {**INVOICE, "documentdate": "2025-01-03"}, {**INVOICE, "documentdate": "2024-12-31"}, "2025-01-03", WARNING
    ),
    "document.reference_differs": Case({"documentreference": "99"}, {"documentreference": ""}, "99"),
    "division.mismatch": Case(
        {"divisionno": "3"}, {"divisionno": "0000"}, "3", changes={"divisions": frozenset({"0003", "0004"})}
    ),
    "division.unknown": Case(
        {"divisionno": "7"}, {"divisionno": "0"}, "7", WARNING, changes={"divisions": frozenset({"0003"})}
    ),
    "value.damaged": Case(
        {"documentnumber": "1,00E+15", "documenttype": "receipt"}, {"accsubid": "100.1E7"}, "1,00E+15"
    ),
    "counter.unreadable": Case({"linenumber": "3a"}, {"linenumber": "3,00"}, "3a"),
    "currency.unknown": Case({**DOLLARS, "originalcurrency": "ABC"}, {**DOLLARS, "originalcurrency": "euro"}, "ABC"),
    "currency.incomplete": Case({**DOLLARS, "exchangeratedate": ""}, {"exchangerate": "35.1"}, "10.00"),
    "currency.rate_unreadable": Case({**DOLLARS, "exchangerate": "0,00"}, {**DOLLARS, "exchangerate": "10,00"}, "0,00"),
    "currency.rate_unlikely": Case(
        {**DOLLARS, "exchangerate": "11"}, {**DOLLARS, "exchangerate": "10.4"}, "11", WARNING
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", CASES)
def test_it_is_told_at_its_row(tmp_path: Path, key: str) -> None:
    case = CASES[key]
    found = checked(tmp_path, case.told(case.wrong), **case.changes)
    assert [(finding.rule, finding.line) for finding in found] == [(key, 4)]
    (finding,) = found
    assert finding.file == FILE
    assert finding.severity is case.severity
    assert finding.voucher == (case.wrong.get("entrynumber", "00002") or None)
    assert finding.entry == "2"
    first = {"accmainid": "100", "accsubid": "100.01", **case.wrong}
    assert finding.account == (first["accsubid"] or first["accmainid"])
    assert finding.cure is not None
    assert finding.value == case.value
    for text in (finding.message.tr, finding.message.en):
        shown = finding.value or ""
        assert shown in text or (finding.rule == "amount.not_positive" and shown.replace(".", ",") in text)
        assert "{" not in text + finding.cure.tr + finding.cure.en


@pytest.mark.parametrize("key", CASES)
def test_what_is_just_right_is_not_told(tmp_path: Path, key: str) -> None:
    case = CASES[key]
    assert told(tmp_path, case.told(case.right), **case.changes) == []


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"entrynumber": "77", "documentreference": ""}, "entry.several_vouchers"),
        ({"entrynumbercounter": "9"}, "entry.several_numbers"),
        ({"linenumbercounter": "9"}, "entry.several_numbers"),
        ({"entereddate": "2025-01-05"}, "entry.several_dates"),
        ({"entereddate": "2025-01-05", "postingdate": "2025-01-05"}, "entry.several_dates"),
    ],
)
def test_rows_of_one_entry_that_contradict_each_other(tmp_path: Path, changes: Row, key: str) -> None:
    rows = [*entry(1), *entry(2), *entry(2), *entry(3)]
    for row in rows[3:6]:
        row.update(changes)
    assert told(tmp_path, rows) == [(key, 5)]


def test_an_entrys_rows_need_not_repeat_its_head(tmp_path: Path) -> None:
    rows = entry(1)
    head = ("entrynumber", "entereddate", "entrynumbercounter", "linenumbercounter", "enteredby", "entrycomment")
    rows[1].update(dict.fromkeys(head, ""))
    assert told(tmp_path, rows) == []


# ---- one mistake, one finding ------------------------------------------------------------------------------------


def many(**changes: str) -> list[Row]:
    return [row for number in range(1, 21) for row in entry(number, **changes)]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"documenttype": "dekont"}, [("document.type_unknown", 2)]),
        ({**OTHER, "doctypedesc": "EFT"}, [("document.description_is_act", 2)]),
        ({**OTHER, "documentdate": "1900-01-01"}, [("document.date_unlikely", 2)]),
        ({"debitcreditcode": "?"}, [("side.unknown", 2)]),
        ({"enteredby": "Ö"}, [("entered_by.too_short", 2)]),
        ({"divisionno": "1"}, [("division.unknown", 2)]),
        ({"accmainiddesc": ""}, [("account.main_description_missing", 2), ("account.main_description_missing", 3)]),
        ({**DOLLARS, "originalcurrency": "XYZ"}, [("currency.unknown", 2)]),
        ({"entryref": "1,00E+15"}, [("value.damaged", 2)]),
    ],
)
def test_the_same_mistake_in_every_row_is_told_once(tmp_path: Path, changes: Row, found: list[tuple[str, int]]) -> None:
    assert told(tmp_path, many(**changes)) == found


def test_entries_whose_references_were_damaged_stay_apart(tmp_path: Path) -> None:
    with Recorder(tmp_path) as spool:
        check(spool, many(entryref="1,00E+15"))
        assert {line[0] for line in spool.lines} == set(range(1, 21))


def test_a_file_of_another_month_is_told_by_its_first_entry(tmp_path: Path) -> None:
    rows = [row for number in range(1, 21) for row in entry(number, f"2025-02-{number:02}")]
    assert told(tmp_path, rows) == [("entry.date_outside_period", 2)]


def test_some_entries_of_another_month_are_told_one_by_one(tmp_path: Path) -> None:
    days = ("2024-12-30", "2024-12-31", "2025-01-01", "2025-02-01", "2025-01-02")
    rows = [row for number, day in enumerate(days, 1) for row in entry(number, day)]
    found = told(tmp_path, rows)
    assert found == [
        ("entry.date_outside_period", 2),
        ("entry.date_outside_period", 4),
        ("entry.date_outside_period", 8),
    ]


def test_a_row_without_its_entry_does_not_unbalance_the_entry_too(tmp_path: Path) -> None:
    first, last = entry(1), entry(2)
    first[1]["entryref"] = last[0]["entryref"] = ""
    with Spool(tmp_path) as spool:
        findings = check(spool, [*first, *last])
        assert [finding.rule for finding in findings] == ["entry.reference_missing"] * 2
        for ref in ("R1", "R2"):
            found = spool.find(ref)
            assert found is not None
            assert found.broken


def test_one_kind_of_mistake_does_not_hide_the_others(tmp_path: Path) -> None:
    rows = [row for number in range(1, LISTED) for row in entry(number, amount="0")]
    rows[-1]["accmainid"] = ""
    with Spool(tmp_path) as spool:
        findings = check(spool, rows)
    assert [finding.rule for finding in findings][-1] == "account.main_missing"
    assert findings.counts == {"amount.not_positive": 2 * (LISTED - 1), "account.main_missing": 1}


# ---- what is taken, and how --------------------------------------------------------------------------------------


def spooled(folder: Path, rows: list[Row], **changes: object) -> list[tuple[object, ...]]:
    with Recorder(folder) as spool:
        findings = check(spool, rows, **changes)
        assert not [finding for finding in findings if finding.severity is Severity.ERROR]
        return spool.lines


def test_a_row_becomes_a_line(tmp_path: Path) -> None:
    changes = {**OTHER, "paymentmethod": "Banka", "detailcomment": "Açıklama", **DOLLARS, "batchid": "P1"}
    line, _ = spooled(tmp_path, entry(1, accsubid="100  01", **changes)[:1] + entry(1)[1:])
    assert line == (
        1, 0, 1, 1, 10_000, True, "other", "Dekont", "A1", "00001",
        "2025-01-02", "Banka", "Açıklama", "10.00\x1fUSD\x1f10\x1f2025-01-02", 2,
    )  # fmt: skip


def test_an_entry_keeps_its_batch(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        check(spool, entry(1, batchid="P1", batchdescription="Ocak partisi"))
        found = spool.find("R1")
        assert found is not None
        assert (found.batch_id, found.batch_description) == ("P1", "Ocak partisi")


def test_noughts_are_no_numbers(tmp_path: Path) -> None:
    rows = entry(1, entrynumbercounter="0", linenumbercounter="", documentnumber="0")
    with Recorder(tmp_path) as spool:
        assert check(spool, rows).items == []
        found = spool.find("R1")
        assert found is not None
        assert found.counter is None
        assert [line[8] for line in spool.lines] == ["", ""]


@pytest.mark.parametrize(
    "changes",
    [
        {"originalamount": "100.00", "originalcurrency": "TL", "exchangerate": "1"},
        {"originalamount": "100.00"},
        {"originalamount": "0,00", "originalcurrency": "USD", "exchangerate": "35,1"},
        {"originalcurrency": "USD", "exchangerate": "35,1", "exchangeratedate": "2025-01-02"},
    ],
)
def test_amounts_in_the_books_own_currency_are_no_originals(tmp_path: Path, changes: Row) -> None:
    assert [line[13] for line in spooled(tmp_path, entry(1, amount="100", **changes))] == [None, None]


@pytest.mark.parametrize(
    ("changes", "original"),
    [
        ({"exchangerate": "010,50"}, "10.00\x1fUSD\x1f10.50\x1f2025-01-02"),
        ({"originalcurrency": "$", "exchangeratedate": "31.12.2024"}, "10.00\x1fUSD\x1f10\x1f2024-12-31"),
        ({"originalamount": "1000", "exchangerate": "0.1"}, "1000.00\x1fUSD\x1f0.1\x1f2025-01-02"),
        ({"originalamount": "1000", "exchangerate": "10"}, "1000.00\x1fUSD\x1f10\x1f2025-01-02"),
    ],
)
def test_original_amounts_in_their_forms(tmp_path: Path, changes: Row, original: str) -> None:
    lines = spooled(tmp_path, entry(1, amount="100", **{**DOLLARS, **changes}))
    assert [line[13] for line in lines] == [original, original]


def test_books_in_another_currency(tmp_path: Path) -> None:
    assert [line[13] for line in spooled(tmp_path, entry(1, **DOLLARS), currency="USD")] == [None, None]
    lira = {**DOLLARS, "originalcurrency": "TRY"}
    assert [line[13] for line in spooled(tmp_path, entry(2, **lira), currency="USD")] == [
        "10.00\x1fTRY\x1f10\x1f2025-01-02"
    ] * 2


def test_a_currency_lacks_several_things_in_one_finding(tmp_path: Path) -> None:
    found = checked(tmp_path, entry(1, originalamount="10.00", exchangerate="10"))
    assert [finding.rule for finding in found] == ["currency.incomplete"]
    assert "döviz kodu, kur tarihi." in found[0].message.tr
    assert "the foreign currency, the exchange rate's date." in found[0].message.en


@pytest.mark.parametrize(
    ("branch", "number", "found"),
    [
        ("0003", "3", []),
        ("0003", "0003", []),
        ("0003", "0", []),
        ("0003", "", []),
        ("0003", "4", ["division.mismatch"]),
        ("0003", "9", ["division.mismatch"]),
        (None, "4", ["division.mismatch"]),
        (None, "9", ["division.unknown"]),
        (None, "MERKEZ", ["division.unknown"]),
        (None, "000", []),
    ],
)
def test_divisions_belong_to_their_branch(tmp_path: Path, branch: str | None, number: str, found: list[str]) -> None:
    rows = entry(1, divisionno=number)
    divisions = frozenset({"0003", "0004"})
    assert [key for key, _ in told(tmp_path, rows, branch=branch, divisions=divisions)] == found


DOCUMENTS = (
    "dekont", "Banka Dekontu", "Z raporu", "GIDER PUSULASI", "Ücret bordrosu icmali", "çek bordrosu",
    "TAHSİLAT MAKBUZU", "Ödeme emri", "İade faturası", "Kira sözleşmesi", "Sigorta poliçesi", "Gümrük beyannamesi",
    "Hesap özeti", "GB", "Kurban bağışı",
)  # fmt: skip
ACTS = (
    "Havale", "EFT", "ÖDEME", "Tahsilat", "TAHSILAT", "virman", "Mahsup", "Gelen havale", "Kredi kartı tahsilatı",
    "Açılış", "Kur farkı", "Maaş", "Diğer", "Muhtelif", "-", "1", "x",
)  # fmt: skip


@pytest.mark.parametrize("description", DOCUMENTS)
def test_names_of_documents(description: str) -> None:
    assert names_a_document(description)


@pytest.mark.parametrize("description", ACTS)
def test_names_of_acts(description: str) -> None:
    assert not names_a_document(description)


def test_a_file_seen_twice_meets_its_own_entries(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        check(spool, entry(1))
        again = check(spool, entry(1, entrynumber="00009", documentreference=""), file="öbür.csv")
        assert [(finding.rule, finding.file, finding.line) for finding in again] == [
            ("entry.several_vouchers", "öbür.csv", 2)
        ]


NASTY = st.sampled_from(
    ["", "0", "00", "1", "-1", "1,00E+15", "{}", "{value}", "%s", "D+C", "1/2", "D", "\u0130", "²", "١٢", "9" * 40,
     "1.000", "2025-01-02", "31.12.9999", "0001-01-01", "100", "100.01", "USD", "invoice", "other", "x" * 5000,
     "a\x1fb", "\x00"]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(st.lists(st.lists(NASTY, min_size=len(Cells._fields), max_size=len(Cells._fields)), max_size=6))
def test_whatever_cells_hold_there_is_an_answer(tmp_path: Path, rows: list[list[str]]) -> None:
    named = [dict(zip(Cells._fields, cells, strict=True)) for cells in rows]
    with Recorder(tmp_path) as spool:
        findings = check(spool, named)
        assert len(spool.lines) + findings.counts["entry.reference_missing"] <= len(rows)
        if len(spool.lines) < len(rows):
            assert findings.errors
        for finding in findings:
            assert len(finding.value or "") <= 200
            assert finding.line is not None
