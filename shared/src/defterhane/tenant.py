"""A tenant's master data: what documents say of the firm, and how its months are run.

The same model is read from a TOML file (docs/examples/tenant.toml) and kept in the database.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from defterhane.edefter.names import check_branch
from defterhane.edefter.period import FiscalYear, Period
from defterhane.edefter.taxid import is_person, tax_id

TaxIdText = Annotated[str, AfterValidator(tax_id)]
BranchText = Annotated[str, AfterValidator(check_branch)]
Required = Annotated[str, Field(min_length=1, max_length=500)]
Name = Annotated[str, Field(min_length=2, max_length=500)]

Gate = Literal["convert", "sign", "submit"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Address(_Strict):
    """A postal address (organizationAddress, accountantAddress)."""

    building_number: Required
    street: Required
    street2: str | None = None
    city: Required
    postal_code: Required
    country: Required = "Türkiye"


class Accountant(_Strict):
    """Who keeps the books (accountantInformation; rules Y065-Y067)."""

    name: Required
    engagement: Required
    """Kind, date and number of the contract, as one text."""
    address: Address | None = None
    phone: str | None = None
    fax: str | None = None
    email: str | None = None


class Branch(_Strict):
    """A branch that keeps books of its own."""

    number: BranchText
    name: Name


class Tenant(_Strict):
    """One taxpayer."""

    tax_id: TaxIdText
    title: Name
    """The firm's title, or the person's full name where the number is a TCKN."""
    phone: Required
    fax: str | None = None
    email: Required
    website: Required
    address: Address
    business_description: Required
    """NACE code."""
    accountant: Accountant
    branches: tuple[Branch, ...] = ()
    creator: Required
    """Who makes the ledgers (gl-bus:creator)."""
    fiscal_year_first_month: int = Field(default=1, ge=1, le=12)
    automatic: bool = True
    """Convert as soon as a file has come; else when somebody asks."""
    gates: tuple[Gate, ...] = ()
    """Where a month waits until a person lets it go on."""
    signer: str = Field(default="main", pattern=r"^[a-z0-9-]{1,40}$")
    """The name of the signer that holds the tenant's key."""
    authorised_signers: tuple[str, ...] = ()
    """serialNumbers of certificates that may sign besides the tenant's own: an accountant, a software firm."""
    sftp_keys: tuple[str, ...] = ()
    """Public keys in OpenSSH's one-line form."""
    sftp_password_hash: str | None = None
    """scrypt, as `defterhane.passwords` writes it."""

    @model_validator(mode="after")
    def _branches_once(self) -> "Tenant":
        numbers = [branch.number for branch in self.branches]
        if len(numbers) != len(set(numbers)):
            raise ValueError("a branch number stands twice")
        return self

    @property
    def is_person(self) -> bool:
        """True where the books are a person's (TCKN)."""
        return is_person(tax_id(self.tax_id))

    def branch(self, number: str) -> Branch | None:
        """The branch of that number, or None."""
        return next((branch for branch in self.branches if branch.number == number), None)

    def fiscal_year(self, period: Period) -> FiscalYear:
        """The fiscal year in which a month lies."""
        return FiscalYear.containing(period, self.fiscal_year_first_month)


def read_tenant(path: Path) -> Tenant:
    """Read a tenant from a TOML file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not TOML, or a field is missing or wrong (pydantic's ValidationError).
    """
    return Tenant.model_validate(tomllib.loads(path.read_text("utf-8")))
