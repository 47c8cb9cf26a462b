"""The order of months, parts and kinds."""

from dataclasses import replace

import pytest

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import DocumentName
from defterhane.edefter.period import Period
from sandbox.gib.facts import Facts
from sandbox.gib.order import check_order
from sandbox.gib.packages import Rejected

TOTALS = {f"{account}{side}": 0 for account in ("391", "191", "600", "601", "602") for side in "DC"} | {"391C": 5}


def facts(text: str, sequence: int = 1, days: tuple[int, int] | None = None, **changes: object) -> Facts:
    """`202501-YB-000000[-0001]`."""
    name = DocumentName.parse(f"1234567808-{text}")
    start, end = name.period.first, name.period.last
    if days:
        start, end = start.replace(day=days[0]), start.replace(day=days[1])
    made = Facts(
        kind=name.kind,
        period=name.period.compact,
        part=name.part,
        branch=name.branch or "",
        start=start.isoformat(),
        end=end.isoformat(),
        fiscal_year=f"{name.period.year}-01-01",
        sequence=sequence,
        totals=dict(TOTALS),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def month(period: str, sequence: int = 1, branch: str = "") -> list[Facts]:
    tail = f"-{branch}" if branch else ""
    return [facts(f"{period}-{kind}-000000{tail}", sequence) for kind in ("YB", "KB", "DR")]


def accepts(document: Facts, approved: list[Facts]) -> bool:
    try:
        check_order(document, approved)
    except Rejected:
        return False
    return True


def reason(document: Facts, approved: list[Facts]) -> str:
    with pytest.raises(Rejected) as caught:
        check_order(document, approved)
    return str(caught.value)


def test_two_years_month_after_month():
    approved: list[Facts] = []
    period, sequence = Period(2024, 3), 5  # moved from another product in March
    while period <= Period(2026, 2):
        for document in month(period.compact, sequence):
            check_order(document, approved)
            approved.append(document)
        period = period.next
        sequence = 1 if period.month == 1 else sequence + 1
    assert len(approved) == 72


def test_any_month_may_be_the_first_but_no_earlier_one_comes_after_it():
    assert accepts(facts("202507-YB-000000", 7), [])
    assert "Sonraki dönemin" in reason(facts("202506-YB-000000", 6), month("202507", 7))


def test_no_month_is_left_out():
    assert "Bir önceki dönem" in reason(facts("202503-YB-000000", 2), month("202501"))


def test_the_month_before_must_be_whole():
    january = month("202501")
    february = facts("202502-YB-000000", 2)
    assert accepts(february, january)
    assert accepts(february, january[:2]), "the report does not hold the next month up"
    assert "Bir önceki dönem" in reason(february, january[:1])
    parts = [facts("202501-YB-000001", days=(1, 10)), facts("202501-KB-000001", days=(1, 10))]
    assert "Bir önceki dönem" in reason(february, parts)


def test_branches_go_their_own_ways():
    head = month("202501")
    assert accepts(facts("202506-YB-000000-0001", 9), head)
    assert "Bir önceki dönem" in reason(facts("202503-YB-000000-0001", 2), month("202501", branch="0001"))
    assert "Yevmiye beratı onaylanmadan" in reason(facts("202501-KB-000000-0001"), head[:1])


def test_the_ledgers_berat_comes_after_the_journals():
    assert "Yevmiye beratı onaylanmadan" in reason(facts("202501-KB-000000"), [])
    journal = facts("202501-YB-000000")
    assert accepts(facts("202501-KB-000000"), [journal])
    assert "tarihleri" in reason(facts("202501-KB-000000", days=(1, 30)), [journal])
    other = facts("202501-KB-000000", totals=TOTALS | {"391C": 6})
    assert "vergi detayları" in reason(other, [journal])


def test_the_report_comes_last():
    journal, ledger, report = month("202501")
    assert "bütün beratları" in reason(report, [])
    assert "bütün beratları" in reason(report, [journal])
    assert accepts(report, [journal, ledger])
    assert "ayın tümünü" in reason(facts("202501-DR-000000", days=(1, 30)), [journal, ledger])
    assert "tek parça olarak" in reason(facts("202501-DR-000001"), [journal, ledger])
    wrong = facts("202501-DR-000000", totals=TOTALS | {"391C": 4})
    assert "391 hesabının" in reason(wrong, [journal, ledger])
    assert "Defter raporu onaylanmış" in reason(facts("202501-YB-000001", 2), [journal, ledger, report])


def test_parts_go_in_order_without_holes():
    approved: list[Facts] = []
    spans = ((1, 10), (10, 20), (21, 31), (31, 31))  # the 10th and the 31st are split
    for number, span in enumerate(spans, start=1):
        journal = facts(f"202501-YB-{number:06}", number, span)
        ledger = facts(f"202501-KB-{number:06}", number, span)
        if number > 1:
            hole = facts(f"202501-YB-{number:06}", number, (span[0] + 1, 31)) if span[0] < 31 else None
            assert hole is None or number == 2 or "boşluk" in reason(hole, approved)
        check_order(journal, approved)
        approved.append(journal)
        skipped = facts(f"202501-YB-{number + 1:06}", number + 1, (span[1], 31))
        assert "Önceki parça" in reason(skipped, approved), "its KB is not approved yet"
        check_order(ledger, approved)
        approved.append(ledger)
    totals = {key: 4 * value for key, value in TOTALS.items()}
    assert accepts(facts("202501-DR-000000", totals=totals), approved)
    assert accepts(facts("202502-YB-000001", 5, (1, 10)), approved)


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (facts("202501-YB-000002", days=(11, 20)), "Önceki parça"),
        (facts("202501-YB-000001", days=(2, 10)), "ilk günü"),
        (facts("202501-YB-000000", days=(1, 30)), "ayın tümünü"),
    ],
)
def test_the_first_part_begins_the_month(document, why):
    assert why in reason(document, [])


def test_one_piece_and_parts_never_live_in_one_month():
    assert "hem tek parça" in reason(facts("202501-YB-000001", 2), [facts("202501-YB-000000")])
    parts = [facts("202501-YB-000001", days=(1, 10)), facts("202501-KB-000001", days=(1, 10))]
    assert "hem tek parça" in reason(facts("202501-YB-000000", 2), parts)


@pytest.mark.parametrize(("sequence", "good"), [(1, False), (2, True), (3, False)])
def test_sequences_run_on(sequence, good):
    assert accepts(facts("202502-YB-000000", sequence), month("202501")) is good


def test_sequences_begin_anew_with_the_fiscal_year():
    december = month("202412", 12)
    assert accepts(facts("202501-YB-000000", 1), december)
    assert "sıra numarası" in reason(facts("202501-YB-000000", 13), december)


def test_kinds_count_apart():
    january = month("202501")
    approved = [*january[:2], replace(january[2], sequence=40)]
    february = [facts("202502-YB-000000", 2), facts("202502-KB-000000", 2)]
    assert accepts(facts("202502-DR-000000", 41), [*approved, *february])
    assert january[2].kind is DocumentKind.REPORT
