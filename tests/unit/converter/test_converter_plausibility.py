"""What looks wrong without being forbidden is told, with figures; what is usual is not."""

from pathlib import Path

import pytest

from converter.convert import ConversionOutcome
from defterhane.findings import LISTED, Severity
from support.exports import Row, convert, convert_members, entry, errors, job, only, written

Voucher = tuple[tuple[str, str, str], ...]
"""Account, D or C, amount."""


def booked(*vouchers: Voucher, day: str = "2025-01-02", **changes: str) -> list[Row]:
    """Vouchers as rows; `changes` go to all."""
    rows = []
    for number, lines in enumerate(vouchers, 1):
        for account, side, amount in lines:
            (row, _) = entry(number, day, amount, **changes)
            main = {"accmainid": account[:3], "accmainiddesc": f"HESAP {account[:3]}"}
            rows.append({**row, **main, "accsubid": account, "accsubdesc": "ALT HESAP", "debitcreditcode": side})
    for number, row in enumerate(rows, 1):
        row["linenumber"] = str(number)
    return rows


def sale(net: str, tax: str, total: str, account: str = "600.01") -> Voucher:
    return (("120.01", "D", total), (account, "C", net), ("391.01", "C", tax))


def purchase(net: str, tax: str, total: str, account: str = "153.01") -> Voucher:
    return ((account, "D", net), ("191.01", "D", tax), ("320.01", "C", total))


def keys(outcome: ConversionOutcome) -> list[str]:
    assert outcome.made, errors(outcome)
    assert all(finding.severity is Severity.WARNING for finding in outcome.findings)
    return [finding.rule for finding in outcome.findings]


# ---- VAT ---------------------------------------------------------------------------------------------------------


def test_more_vat_than_sales_can_carry(tmp_path: Path) -> None:
    rows = booked(sale("1000.00", "200.00", "1200.00"), sale("200.00", "1000.00", "1200.00"))
    finding = only(convert(tmp_path, rows))
    assert (finding.rule, finding.value) == ("vat.output_too_high", "1200.00")
    for text, figures in (
        (finding.message.tr, ("1.200,00", "240,00", "%20")),
        (finding.message.en, ("1,200.00", "240.00", "20%")),
    ):
        assert all(figure in text for figure in figures), text
    assert (finding.file, finding.line) == ("1234567808-202501.zip", None)


def test_more_vat_than_purchases_can_carry(tmp_path: Path) -> None:
    finding = only(convert(tmp_path, booked(purchase("1000.00", "250.00", "1250.00"))))
    assert (finding.rule, finding.value) == ("vat.input_too_high", "250.00")
    assert "1.000,00" in finding.message.tr


@pytest.mark.parametrize(
    "vouchers",
    [
        (sale("1000.00", "200.00", "1200.00"), purchase("1000.00", "200.00", "1200.00")),
        (sale("1000.00", "10.00", "1010.00"), purchase("1000.00", "100.00", "1100.00", "770.01")),
        # purchases sent back, a car that is sold, costs charged on, income that is no sale
        (
            sale("5000.00", "1000.00", "6000.00"),
            (("320.01", "D", "480.00"), ("153.01", "C", "400.00"), ("391.01", "C", "80.00")),
        ),
        (sale("1000.00", "200.00", "1200.00", "254.01"), sale("1000.00", "200.00", "1200.00", "770.01")),
        (sale("1000.00", "200.00", "1200.00", "649.01"), sale("1000.00", "200.00", "1200.00", "679.01")),
        # sales taken back, a machine, costs paid in advance
        (purchase("1000.00", "200.00", "1200.00", "610.01"), purchase("1000.00", "200.00", "1200.00", "253.01")),
        (purchase("1000.00", "200.00", "1200.00", "180.01"), purchase("1000.00", "200.00", "1200.00", "689.01")),
        # the month's VAT is settled, and the year closed
        (
            sale("1000.00", "200.00", "1200.00"),
            (("391.01", "D", "200.00"), ("360.01", "C", "200.00")),
            (("600.01", "D", "1000.00"), ("690.01", "C", "1000.00")),
        ),
        # exports, and other income without VAT
        ((("120.01", "D", "5000.00"), ("601.01", "C", "5000.00")),),
        ((("120.01", "D", "5000.00"), ("602.01", "C", "5000.00")),),
        # small change
        ((("100.01", "D", "999.99"), ("600.01", "C", "999.99")),),
        ((("100.01", "D", "10.00"), ("391.01", "C", "10.00")),),
    ],
)  # fmt: skip
def test_usual_vat(tmp_path: Path, vouchers: tuple[Voucher, ...]) -> None:
    assert keys(convert(tmp_path, booked(*vouchers))) == []


def test_sales_without_any_vat(tmp_path: Path) -> None:
    finding = only(convert(tmp_path, booked((("100.01", "D", "1000.00"), ("600.01", "C", "1000.00")))))
    assert (finding.rule, finding.value) == ("vat.output_missing", "1000.00")


@pytest.mark.parametrize(("period", "rate"), [("2023-06", "18"), ("2023-07", "20")])
def test_the_highest_rate_is_that_of_the_month(tmp_path: Path, period: str, rate: str) -> None:
    rows = booked(sale("1000.00", "230.00", "1230.00"), day=f"{period}-30")
    finding = only(convert(tmp_path, rows, filing=job(period).filing))
    assert f"%{rate}" in finding.message.tr


# ---- what stands twice -------------------------------------------------------------------------------------------

INVOICE = {"documenttype": "invoice", "documentnumber": "ABC2025000000001", "documentdate": "2025-01-02"}


def test_a_document_booked_twice(tmp_path: Path) -> None:
    rows = [*entry(1, **INVOICE), *entry(2), *entry(3, **INVOICE), *entry(4, **INVOICE)]
    finding = only(convert(tmp_path, rows))
    assert (finding.rule, finding.severity) == ("document.repeated", Severity.WARNING)
    assert (finding.file, finding.line, finding.voucher, finding.account) == ("yevmiye.csv", 6, "00003", "100.01")
    assert finding.value == INVOICE["documentnumber"]
    for text, amount in ((finding.message.tr, "100,00"), (finding.message.en, "100.00")):
        assert all(told in text for told in ("'00001'", amount, "yevmiye.csv", " 2)")), text


def reversed_sides(rows: list[Row]) -> list[Row]:
    return [{**row, "debitcreditcode": "C" if row["debitcreditcode"] == "D" else "D"} for row in rows]


@pytest.mark.parametrize(
    "rows",
    [
        [*entry(1, **INVOICE), *entry(2, amount="100.01", **INVOICE)],
        [*entry(1, **INVOICE), *entry(2, **{**INVOICE, "documentnumber": "ABC2025000000002"})],
        [*entry(1, **INVOICE), *reversed_sides(entry(2, **INVOICE))],
        [*entry(1, **INVOICE), *reversed_sides(entry(2, **INVOICE)), *entry(3, **INVOICE)],
        [*entry(1, **INVOICE), *entry(1, linenumber="7", **INVOICE)],
    ],
    ids=["another amount", "another number", "reversed", "reversed and booked anew", "twice in one entry"],
)
def test_a_document_that_is_not_booked_twice(tmp_path: Path, rows: list[Row]) -> None:
    for number, row in enumerate(rows, 1):
        row["linenumber"] = str(number)
    assert keys(convert(tmp_path, rows)) == []


def test_many_documents_booked_twice_are_counted(tmp_path: Path) -> None:
    rows = []
    for number in range(1, LISTED + 12):
        told = {**INVOICE, "documentnumber": f"A{number}"}
        rows += [*entry(2 * number - 1, amount="0.01", **told), *entry(2 * number, amount="0.01", **told)]
    outcome = convert(tmp_path, rows)
    assert outcome.counts == {"document.repeated": LISTED + 11}
    assert len(outcome.findings) == LISTED


def test_a_file_that_is_sent_twice_in_one_drop(tmp_path: Path) -> None:
    text = written([*entry(1), *entry(2)]).encode()
    outcome = convert_members(tmp_path, {"a.csv": text, "b.csv": text})
    finding = only(outcome)
    assert not outcome.made
    assert (finding.rule, finding.file, finding.line, finding.value) == ("row.repeated", "a.csv", 2, "1")
    assert "4" in finding.message.tr
    assert "4" in finding.message.en


def test_alike_rows_with_numbers_of_their_own_are_no_repeats(tmp_path: Path) -> None:
    rows = [*entry(1), *entry(1)]
    for number, row in enumerate(rows, 1):
        row["linenumber"] = str(number)
    assert keys(convert(tmp_path, rows)) == []
    for row in rows:
        row["linenumber"] = ""
    assert keys(convert(tmp_path, rows)) == []


# ---- noughts that were cut ---------------------------------------------------------------------------------------


def test_vouchers_whose_noughts_were_cut(tmp_path: Path) -> None:
    short = {"entrynumber": "3", "documentreference": "3"}
    finding = only(convert(tmp_path, [*entry(1), *entry(2), *entry(3, **short), *entry(4, **short)]))
    assert (finding.rule, finding.line, finding.value) == ("value.zeros_cut", 6, "3")
    assert (finding.where, finding.voucher) == ("entrynumber", "3")
    assert "00001" in finding.message.tr
    assert "fiş numarası" in finding.message.tr


def test_accounts_whose_noughts_were_cut(tmp_path: Path) -> None:
    rows = [*entry(1), *entry(2, accmainid="100", accmainiddesc="KASA", accsubid="100.1"), *entry(3)]
    finding = only(convert(tmp_path, rows))
    assert (finding.rule, finding.line, finding.value, finding.account) == ("value.zeros_cut", 4, "100.1", "100.1")
    assert finding.where == "accsubid"
    assert "100.01" in finding.message.en


@pytest.mark.parametrize(
    ("vouchers", "accounts"),
    [
        (("1", "2", "10"), ("100.1", "100.2", "100.10")),
        (("00001", "123456", "A3"), ("100.01", "100.02", "100.123")),
        (("001", "00002", "3"), ("100.01", "100.002", "100.3")),
        (("00001", "00002", "A-3"), ("100.01", "100.01.1", "100.02")),
        (("00001", "00002", ""), ("100.01", "100", "100.A")),
    ],
)
def test_numbers_as_they_are(tmp_path: Path, vouchers: tuple[str, ...], accounts: tuple[str, ...]) -> None:
    rows = []
    for number, (voucher, account) in enumerate(zip(vouchers, accounts, strict=True), 1):
        changes = {"entrynumber": voucher or f"{number:05}", "documentreference": ""}
        rows += entry(number, accmainid="100", accmainiddesc="KASA", accsubid=account, accsubdesc="ALT", **changes)
    assert keys(convert(tmp_path, rows)) == []
