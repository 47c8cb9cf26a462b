"""What users write on the command line, and the small files that they name, read with errors in words."""

from pathlib import Path
from typing import TYPE_CHECKING

from defterhane.edefter.names import WHOLE, DropName
from defterhane.edefter.period import Period
from defterhane.edefter.taxid import TaxId, tax_id
from defterhane.events import Filing
from defterhane.tenant import Tenant
from defterhane_cli.errors import DropNameWrong, DropOfAnother, NotCertificates, PeriodWrong, TaxIdWrong

if TYPE_CHECKING:
    from cryptography import x509


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


def filing_of(file: Path, tenant: Tenant) -> Filing:
    """Which filing an export is, by its name.

    Raises:
        DropNameWrong: the name does not say.
        DropOfAnother: it is not the tenant's.
    """
    try:
        name = DropName.parse(file.name)
    except ValueError:
        raise DropNameWrong(path=file) from None
    if name.tax_id != tenant.tax_id:
        raise DropOfAnother(path=file, found=name.tax_id, expected=tenant.tax_id)
    return Filing(tenant=name.tax_id, period=str(name.period), part=name.part or WHOLE, branch=name.branch)


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
