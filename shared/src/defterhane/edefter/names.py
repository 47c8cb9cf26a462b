"""File names, both ways: documents' names, the names under which ERPs drop files, folders."""

import re
from dataclasses import dataclass, replace

from defterhane.edefter.kinds import DocumentKind
from defterhane.edefter.period import FiscalYear, Period
from defterhane.edefter.taxid import TaxId, tax_id

WHOLE = "000000"
"""The part number of a month that is in one piece."""

_DOCUMENT = re.compile(
    r"(?P<approved>GIB-)?(?P<tax_id>[0-9]{10,11})-(?P<period>[0-9]{6})-(?P<kind>Y|K|YB|KB|DR)-(?P<part>[0-9]{6})"
    r"(?:-(?P<branch>[0-9]{4}))?(?:\.(?P<suffix>xml|zip))?"
)
_DROP = re.compile(
    r"(?P<tax_id>[0-9]{10,11})(?:-(?P<branch>[0-9]{4}))?-(?P<period>[0-9]{6})(?:-(?P<part>[0-9]{6}))?\.(?P<suffix>zip|csv|txt|xlsx|xml)",
    re.IGNORECASE,
)


def check_part(text: str) -> str:
    """A part's number: six digits, `000000` = the whole month.

    Raises:
        ValueError: not six digits.
    """
    if not (len(text) == 6 and text.isascii() and text.isdigit()):
        raise ValueError(f"{text!r} is not a part number of six digits")
    return text


def check_branch(text: str) -> str:
    """A branch's number: four digits, never `0000` (the head office has none).

    Raises:
        ValueError: not such a number.
    """
    if not (len(text) == 4 and text.isascii() and text.isdigit()) or text == "0000":
        raise ValueError(f"{text!r} is not a branch number: four digits, not 0000")
    return text


@dataclass(frozen=True, slots=True)
class DocumentName:
    """`[GIB-]<VKN|TCKN>-<YYYYMM>-<TYPE>-<PPPPPP>[-<SSSS>]`: the name of one document."""

    tax_id: TaxId
    period: Period
    kind: DocumentKind
    part: str = WHOLE
    branch: str | None = None
    approved: bool = False

    @classmethod
    def parse(cls, text: str) -> "DocumentName":
        """Read a name, with or without `.xml` or `.zip`.

        Raises:
            ValueError: not a document's name.
        """
        match = _DOCUMENT.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not the name of an e-Defter document")
        return cls(
            tax_id(match["tax_id"]),
            Period.parse(match["period"]),
            DocumentKind(match["kind"]),
            match["part"],
            check_branch(match["branch"]) if match["branch"] else None,
            bool(match["approved"]),
        )

    @property
    def as_approved(self) -> "DocumentName":
        """The name of GİB's counter-signed copy."""
        return replace(self, approved=True)

    def file(self, suffix: str) -> str:
        """The file name with `xml` or `zip` as its suffix."""
        return f"{self}.{suffix}"

    def folder(self, year: FiscalYear) -> str:
        """`<VKN>/01.01.2025-31.12.2025/01`: where GİB's viewer and storage tool look for it."""
        return f"{self.tax_id}/{year.folder}/{self.period.month:02}"

    def __str__(self) -> str:
        branch = f"-{self.branch}" if self.branch else ""
        prefix = "GIB-" if self.approved else ""
        return f"{prefix}{self.tax_id}-{self.period.compact}-{self.kind}-{self.part}{branch}"


@dataclass(frozen=True, slots=True)
class DropName:
    """`<VKN>[-<branch>]-<YYYYMM>[-<part>].<zip|csv|txt|xlsx|xml>`: under which an ERP drops a month's export."""

    tax_id: TaxId
    period: Period
    branch: str | None
    part: str | None
    suffix: str

    @classmethod
    def parse(cls, text: str) -> "DropName":
        """Read a drop's name.

        Raises:
            ValueError: not a drop's name, or a number in it is not one.
        """
        match = _DROP.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a name such as 6090408038-202501.zip")
        branch = match["branch"]
        return cls(
            tax_id(match["tax_id"]),
            Period.parse(match["period"]),
            check_branch(branch) if branch and branch != "0000" else None,
            match["part"],
            match["suffix"].lower(),
        )
