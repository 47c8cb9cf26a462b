"""A tenant's master data: what documents say of the firm, and how its months are run.

The same model is read from a TOML file (docs/examples/tenant.toml) and kept in the database.
"""

import tomllib
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from defterhane.edefter.counters import LAST_SEQUENCE, Counters
from defterhane.edefter.names import check_branch
from defterhane.edefter.period import FiscalYear, Period, Span
from defterhane.edefter.taxid import is_person, tax_id
from defterhane.edefter.vocabulary import BOOK_CURRENCY


def _period_text(text: str) -> str:
    return str(Period.parse(text))


PeriodText = Annotated[str, AfterValidator(_period_text)]
"""A month as text, `2025-01`."""
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


_MOST_ENTRIES = 10**12
"""More than any books have; what documents and programs that read them can hold."""
_MOST_DOCUMENTS = LAST_SEQUENCE - 9_999
"""Leaves numbers for what a fiscal year may still bring."""


class Opening(_Strict):
    """Where a branch's books begin here: its first month, and the last numbers that another product gave before it
    in that fiscal year (a firm that moves); all 0 for a firm whose books begin with that month."""

    period: PeriodText
    branch: BranchText | None = None
    entry: int = Field(default=0, ge=0, le=_MOST_ENTRIES)
    line: int = Field(default=0, ge=0, le=_MOST_ENTRIES)
    journal: int = Field(default=0, ge=0, le=_MOST_DOCUMENTS)
    """Of the last YEV uniqueID."""
    ledger: int = Field(default=0, ge=0, le=_MOST_DOCUMENTS)
    """Of the last KEB uniqueID."""
    report: int = Field(default=0, ge=0, le=_MOST_DOCUMENTS)
    """Of the last EDR uniqueID."""

    @property
    def counters(self) -> Counters:
        """The last numbers given."""
        return Counters(self.entry, self.line, self.journal, self.ledger, self.report)


class SpecialYear(_Strict):
    """A fiscal year that is not twelve months from its usual first month: the first, the last, or one between."""

    start: date
    end: date

    @model_validator(mode="after")
    def _in_order(self) -> "SpecialYear":
        FiscalYear(self.start, self.end)
        return self


class ExportProfile(_Strict):
    """How a tenant's exports are to be read; what is not said is found out file by file."""

    layout: Literal["columns25", "header-detail", "columns23", "xml", "report"] | None = None
    encoding: Literal["utf-8", "utf-16", "windows-1254", "iso-8859-9"] | None = None
    delimiter: Literal[";", "\t", ",", "|"] | None = None
    quoted: bool | None = None
    """Whether `"` encloses cells."""
    header: bool | None = None
    """Whether the first row holds the columns' names."""
    decimal_mark: Literal[".", ","] | None = None
    date_order: Literal["year-month-day", "day-month-year", "month-day-year"] | None = None
    columns: dict[str, str] = {}
    """The layout's name of a column → its name in the tenant's exports."""
    numbering: Literal["erp", "platform"] | None = None
    """Whose entry numbers count; None = the ERP's where the export has any."""


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
    special_years: tuple[SpecialYear, ...] = ()
    """Fiscal years that differ from the usual twelve months."""
    openings: tuple[Opening, ...] = ()
    """Where books begin here, branch by branch; the first month of a fiscal year needs none."""
    currency: str = Field(default=BOOK_CURRENCY, pattern=r"^[A-Z]{3}$")
    """ISO 4217 code of the currency in which the books are kept."""
    tax_detail: bool = True
    """False: the berats tell no tax accounts (`VERGI_DETAYSIZ`)."""
    part_ends: tuple[Annotated[int, Field(ge=1, le=27)], ...] = ()
    """Days of the month with which a part ends: 10 and 20 make 1-10, 11-20, 21-31. None: parts by size alone."""
    part_bytes: int | None = Field(default=None, ge=1_000_000, le=200_000_000)
    """The most bytes that one Y or K file may have; None: as the operator has set."""
    profile: ExportProfile | None = None
    """How exports are to be read."""
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

    @model_validator(mode="after")
    def _part_ends_rise(self) -> "Tenant":
        if any(one >= other for one, other in pairwise(self.part_ends)):
            raise ValueError("the days with which parts end must rise")
        return self

    @model_validator(mode="after")
    def _years_apart(self) -> "Tenant":
        years = sorted((year.start, year.end) for year in self.special_years)
        if any(one[1] >= other[0] for one, other in pairwise(years)):
            raise ValueError("special fiscal years overlap")
        return self

    @property
    def is_person(self) -> bool:
        """True where the books are a person's (TCKN)."""
        return is_person(tax_id(self.tax_id))

    def branch(self, number: str) -> Branch | None:
        """The branch of that number, or None."""
        return next((branch for branch in self.branches if branch.number == number), None)

    def fiscal_year(self, period: Period) -> FiscalYear:
        """The fiscal year in which a month lies; where one ends within it, the one that ends."""
        for special in sorted(self.special_years, key=lambda year: year.start):
            year = FiscalYear(special.start, special.end)
            if period in year:
                return year
        return FiscalYear.containing(period, self.fiscal_year_first_month)

    def opening(self, branch: str | None, period: Period) -> Opening | None:
        """Where a branch's books begin here, if they do so within the fiscal year of a month, before it or after."""
        year = self.fiscal_year(period)
        found = (one for one in self.openings if one.branch == branch and Period.parse(one.period) in year)
        return min(found, key=lambda one: one.period, default=None)

    def spans(self, period: Period) -> tuple[Span, ...]:
        """The days of a month, cut where the tenant has its parts end."""
        ends = [period.first.replace(day=day) for day in self.part_ends] + [period.last]
        starts = [period.first] + [end + timedelta(days=1) for end in ends[:-1]]
        return tuple(Span(start, end) for start, end in zip(starts, ends, strict=True))


def read_tenant(path: Path) -> Tenant:
    """Read a tenant from a TOML file.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not TOML, or a field is missing or wrong (pydantic's ValidationError).
    """
    return Tenant.model_validate(tomllib.loads(path.read_text("utf-8")))
