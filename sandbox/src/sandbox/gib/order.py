"""The order in which a taxpayer's documents may come, judged from what has been approved before.

Per taxpayer and branch: any month may be the first; then a month only when all of the month before is approved,
or when it has itself begun. Within a month the parts in order, YB before KB, the report last.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.names import WHOLE
from defterhane.edefter.period import Period
from sandbox.gib.facts import Facts, demand

_JOURNAL, _LEDGER, _REPORT = DocumentKind.JOURNAL_BERAT, DocumentKind.LEDGER_BERAT, DocumentKind.REPORT
_FIRST_PART: Final = "000001"


def check_order(document: Facts, approved: Sequence[Facts]) -> None:
    """Check that a document may come now.

    Args:
        document: what it says.
        approved: what the taxpayer's approved documents said, of all branches, in the order of approval.

    Raises:
        Rejected: something else has to come first, or it comes too late.
    """
    books = [item for item in approved if item.branch == document.branch]
    month = [item for item in books if item.period == document.period]
    _check_months(document, books, month)
    _check_sequence(document, books)
    if document.kind is _REPORT:
        _check_report(document, month)
    elif document.kind is _JOURNAL:
        _check_journal(document, month)
    else:
        _check_ledger(document, month)


def _check_months(document: Facts, books: Sequence[Facts], month: Sequence[Facts]) -> None:
    demand(
        not any(item.kind is _REPORT for item in month),
        "Defter raporu onaylanmış bir döneme yeni paket yüklenemez.",
    )
    demand(
        document.kind is _REPORT or all(item.period <= document.period for item in books),
        "Sonraki dönemin beratları onaylandığından bu döneme berat yüklenemez.",
    )
    if month or not books:
        return
    before = Period.parse(document.period).previous.compact
    demand(
        _is_complete([item for item in books if item.period == before]),
        "Bir önceki dönemin beratları onaylanmadan bu dönemin beratı yüklenemez.",
    )


def _check_sequence(document: Facts, books: Sequence[Facts]) -> None:
    same = [item for item in books if item.kind is document.kind]
    if not same:
        return
    year = [item.sequence for item in same if item.fiscal_year == document.fiscal_year]
    demand(
        document.sequence == (max(year) + 1 if year else 1),
        "gl-cor:uniqueID sıra numarası, hesap dönemi içerisinde bir öncekini izlemelidir.",
    )


def _check_journal(document: Facts, month: Sequence[Facts]) -> None:
    journals = _of_kind(month, _JOURNAL)
    first, last = _month(document)
    demand(
        all((item.part == WHOLE) == (document.part == WHOLE) for item in journals),
        "Bir dönemde hem tek parça hem çok parça berat bulunamaz.",
    )
    if not journals:
        demand(document.part in (WHOLE, _FIRST_PART), "Önceki parçanın beratları onaylanmadan bu parça yüklenemez.")
        demand(document.start == first, "Dönemin ilk parçası ayın ilk günü başlamalıdır.")
        demand(document.part != WHOLE or document.end == last, "Tek parça berat ayın tümünü kapsamalıdır.")
        return
    before = journals[-1]
    demand(
        document.part == f"{int(before.part) + 1:06}" and len(_of_kind(month, _LEDGER)) == len(journals),
        "Önceki parçanın beratları onaylanmadan bu parça yüklenemez.",
    )
    next_day = (date.fromisoformat(before.end) + timedelta(days=1)).isoformat()
    demand(document.start in (before.end, next_day), "Parçaların tarihleri arasında boşluk bulunamaz.")


def _check_ledger(document: Facts, month: Sequence[Facts]) -> None:
    journal = next((item for item in _of_kind(month, _JOURNAL) if item.part == document.part), None)
    demand(journal, "Yevmiye beratı onaylanmadan kebir beratı yüklenemez.")
    assert journal is not None
    demand(
        (journal.start, journal.end) == (document.start, document.end),
        "Yevmiye ve kebir beratlarının tarihleri aynı olmalıdır.",
    )
    demand(journal.totals == document.totals, "Yevmiye ve kebir beratlarının vergi detayları aynı olmalıdır.")


def _check_report(document: Facts, month: Sequence[Facts]) -> None:
    demand(document.part == WHOLE, "Defter raporu ay için tek parça olarak hazırlanır.")
    demand(_is_complete(month), "Dönemin bütün beratları onaylanmadan defter raporu yüklenemez.")
    demand((document.start, document.end) == _month(document), "Defter raporu ayın tümünü kapsamalıdır.")
    journals = _of_kind(month, _JOURNAL)
    if document.totals is None or any(item.totals is None for item in journals):
        return
    for key in journals[0].totals or {}:
        told = sum((item.totals or {})[key] for item in journals)
        demand(
            document.totals.get(key, 0) == told,
            f"Defter raporundaki {key[:-1]} hesabının toplamı beratlarla uyuşmuyor.",
        )


def _is_complete(month: Sequence[Facts]) -> bool:
    """True where every part has both berats, and the last part ends with the month."""
    journals, ledgers = _of_kind(month, _JOURNAL), _of_kind(month, _LEDGER)
    return bool(journals) and len(journals) == len(ledgers) and ledgers[-1].end == _month(ledgers[-1])[1]


def _of_kind(month: Sequence[Facts], kind: DocumentKind) -> list[Facts]:
    return sorted((item for item in month if item.kind is kind), key=lambda item: item.part)


def _month(document: Facts) -> tuple[str, str]:
    period = Period.parse(document.period)
    return period.first.isoformat(), period.last.isoformat()
