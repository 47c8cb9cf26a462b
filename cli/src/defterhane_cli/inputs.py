"""What users write on the command line, and the small files that they name, read with errors in words."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from defterhane.edefter.names import WHOLE, DropName, check_branch
from defterhane.edefter.period import Period, Span
from defterhane.edefter.taxid import TaxId, tax_id
from defterhane.events import Filing
from defterhane.tenant import Tenant, read_tenant
from defterhane_cli.errors import (
    BranchWrong,
    DaysWrong,
    DropMonthMissing,
    DropMonthWrong,
    DropNameWrong,
    DropOfAnother,
    DropTaxIdWrong,
    NotCertificates,
    PeriodWrong,
    TaxIdWrong,
    TenantFieldsMissing,
    TenantFieldsUnknown,
    TenantFieldWrong,
    TenantUnreadable,
)

if TYPE_CHECKING:
    from cryptography import x509

_LIKE_A_DROP: Final = re.compile(r"(?P<tax_id>\d{10,11})(?:-\d{4})?(?:-(?P<period>\d{6})(?:-\d{6})?)?\.\w+", re.ASCII)
_DAYS: Final = re.compile(r"(\d{1,2})-(\d{1,2})", re.ASCII)


def read_tax_id(text: str) -> TaxId:
    """A VKN or TCKN.

    Raises:
        TaxIdWrong: it is neither.
    """
    try:
        return tax_id(text)
    except ValueError:
        raise TaxIdWrong(value=text) from None


def read_period(text: str) -> Period:
    """A month.

    Raises:
        PeriodWrong: it is none.
    """
    try:
        return Period.parse(text)
    except ValueError:
        raise PeriodWrong(value=text) from None


def read_branch(text: str | None) -> str | None:
    """A branch's number, or None where there is none.

    Raises:
        BranchWrong: it is no such number.
    """
    try:
        return None if text is None else check_branch(text)
    except ValueError:
        raise BranchWrong(value=text) from None


def read_days(text: str | None, period: Period) -> Span | None:
    """Some days of a month, such as `11-20`, or None where there are none.

    Raises:
        DaysWrong: the month has no such days.
    """
    if text is None:
        return None
    match = _DAYS.fullmatch(text)
    try:
        if match is not None:
            return Span(period.first.replace(day=int(match[1])), period.first.replace(day=int(match[2])))
    except ValueError:
        pass
    raise DaysWrong(value=text, period=period)


def filing_of(file: Path, tenant: Tenant) -> Filing:
    """Which filing an export is, by its name.

    Raises:
        DropNameWrong: the name does not say.
        DropOfAnother: it is not the tenant's.
    """
    try:
        name = DropName.parse(file.name)
    except ValueError:
        raise _name_error(file) from None
    if name.tax_id != tenant.tax_id:
        raise DropOfAnother(path=file, found=name.tax_id, expected=tenant.tax_id)
    return Filing(tenant=name.tax_id, period=str(name.period), part=name.part or WHOLE, branch=name.branch)


def _name_error(file: Path) -> DropNameWrong:
    """What of a name is not as it should be."""
    match = _LIKE_A_DROP.fullmatch(file.name)
    if match is None:
        return DropNameWrong(path=file)
    try:
        tax_id(match["tax_id"])
    except ValueError:
        return DropTaxIdWrong(path=file, value=match["tax_id"])
    if match["period"] is None:
        return DropMonthMissing(path=file)
    try:
        Period.parse(match["period"])
    except ValueError:
        return DropMonthWrong(path=file, value=match["period"])
    return DropNameWrong(path=file)


def read_certificates(path: Path) -> "list[x509.Certificate]":
    """The certificates in a PEM file.

    Raises:
        OSError: it cannot be read.
        NotCertificates: there are none in it.
    """
    from cryptography import x509  # noqa: PLC0415 — only `verify --root` needs it

    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError:
        raise NotCertificates(path=path) from None


def read_tenant_file(path: Path) -> Tenant:
    """A tenant from its TOML file.

    Raises:
        OSError: the file cannot be read.
        TenantUnreadable: it is not as it should be.
    """
    try:
        return read_tenant(path)
    except ValidationError as error:
        raise _tenant_error(path, error) from None
    except ValueError as error:
        raise TenantUnreadable(path=path, reason=error) from None


def _tenant_error(path: Path, error: ValidationError) -> TenantUnreadable:
    """What is missing before what is unknown, and that before what is wrong."""
    found = error.errors(include_url=False, include_input=False)
    for kind, type_ in ((TenantFieldsMissing, "missing"), (TenantFieldsUnknown, "extra_forbidden")):
        fields = [_place(one["loc"]) for one in found if one["type"] == type_]
        if fields:
            return kind(path=path, fields=", ".join(fields))
    return TenantFieldWrong(path=path, field=_place(found[0]["loc"]), reason=found[0]["msg"])


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "branches"
