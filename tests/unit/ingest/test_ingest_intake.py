"""Names of drops against tenant and calendar."""

from datetime import UTC, date, datetime

import pytest

from defterhane.edefter.period import Period
from defterhane.edefter.taxid import vkn_from_stem
from defterhane.tenant import Tenant
from ingest.errors import BadName, BadPeriod, DropRefused, Empty, OtherTenant, TooLarge, UnknownBranch
from ingest.intake import check_size, local_time, read_name
from support.tenants import tenant

OWN = str(vkn_from_stem("609040803"))
OTHER = str(vkn_from_stem("111111111"))
TODAY = date(2025, 3, 10)
EARLIEST = Period(2012, 1)


@pytest.fixture
def firm() -> Tenant:
    return tenant(OWN, branches=[{"number": "0001", "name": "ÇANKAYA"}])


@pytest.mark.parametrize(
    ("name", "period", "branch", "part"),
    [
        (f"{OWN}-202502.zip", "2025-02", None, None),
        (f"{OWN}-202503.CSV", "2025-03", None, None),
        (f"{OWN}-201201.txt", "2012-01", None, None),
        (f"{OWN}-202502.xlsx", "2025-02", None, None),
        (f"{OWN}-202502.XML", "2025-02", None, None),
        (f"{OWN}-0001-202502-000002.zip", "2025-02", "0001", "000002"),
        (f"{OWN}-0000-202502.zip", "2025-02", None, None),
    ],
)
def test_good_names(firm: Tenant, name: str, period: str, branch: str | None, part: str | None) -> None:
    drop = read_name(name, firm, TODAY, EARLIEST)
    assert (str(drop.period), drop.branch, drop.part) == (period, branch, part)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("ocak.zip", BadName),
        (f"{OWN}-202513.zip", BadName),
        (f"{OWN}-202502.xlsm", BadName),
        (f"{OWN}-202502.xls", BadName),
        (f"{OWN}-202502.pdf", BadName),
        (f"{OWN}-202502.zip.zip", BadName),
        (f"{OWN}-202502.zip\n", BadName),
        ("6090408039-202502.zip" if OWN != "6090408039" else "6090408030-202502.zip", BadName),  # wrong check digit
        (f"{OTHER}-202502.zip", OtherTenant),
        (f"{OWN}-202504.zip", BadPeriod),
        (f"{OWN}-201112.zip", BadPeriod),
        (f"{OWN}-0002-202502.zip", UnknownBranch),
    ],
)
def test_bad_names(firm: Tenant, name: str, error: type[DropRefused]) -> None:
    with pytest.raises(error) as raised:
        read_name(name, firm, TODAY, EARLIEST)
    problem = raised.value.problem
    assert problem.cure is not None
    for words in (problem.text.tr, problem.text.en, problem.cure.tr, problem.cure.en):
        assert words
        assert "{" not in words


def test_the_example_in_the_cure_is_the_tenant_s_own(firm: Tenant) -> None:
    with pytest.raises(BadName) as raised:
        read_name("ocak.zip", firm, TODAY, EARLIEST)
    assert raised.value.problem.cure is not None
    assert f"{OWN}-202502.zip" in raised.value.problem.cure.tr


def test_sizes() -> None:
    check_size(1, 10)
    check_size(10, 10)
    with pytest.raises(Empty):
        check_size(0, 10)
    with pytest.raises(TooLarge):
        check_size(11, 10)


def test_the_new_month_begins_at_midnight_in_turkiye() -> None:
    assert local_time(datetime(2025, 3, 31, 20, 59, tzinfo=UTC)).date() == date(2025, 3, 31)
    assert local_time(datetime(2025, 3, 31, 21, 0, tzinfo=UTC)).date() == date(2025, 4, 1)
