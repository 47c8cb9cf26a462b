"""What an export says in one row, whatever its layout: the neutral form between reading and checking."""

from typing import Final, NamedTuple

BOTH_SIDES: Final = "D+C"
"""The side of a row that has an amount under debit and another one under credit."""


class Cells(NamedTuple):
    """What an export says in one row: clean texts, empty where there is nothing.

    The names are the common layout's; the last six are those of other layouts and of optional columns.
    """

    entryref: str
    linenumber: str
    linenumbercounter: str
    accmainid: str
    accmainiddesc: str
    accsubid: str
    accsubdesc: str
    amount: str
    debitcreditcode: str
    """Or `BOTH_SIDES`; the amount then holds both, with a slash between them."""
    postingdate: str
    documenttype: str
    documenttypedesc: str
    documentnumber: str
    documentreference: str
    entrynumbercounter: str
    documentdate: str
    paymentmethod: str
    detailcomment: str
    divisionno: str
    enteredby: str
    entereddate: str
    entrynumber: str
    entrycomment: str
    batchid: str = ""
    batchdescription: str = ""
    originalamount: str = ""
    """In the original currency."""
    originalcurrency: str = ""
    """ISO 4217 code."""
    exchangerate: str = ""
    exchangeratedate: str = ""


NUMBERS: Final = frozenset({"linenumber", "linenumbercounter", "entrynumbercounter"})
"""What the platform gives itself where an export, or a profile, leaves it to it."""

NOTHING: Final = Cells._make([""] * len(Cells._fields))
"""A row that says nothing."""


class Row(NamedTuple):
    """One row, and the number of the line on which it begins (1 = the first, the header counts)."""

    line: int
    cells: Cells
    head: tuple[str, int] | None = None
    """File and line of its entry's head, where heads stand in a table of their own."""
    told: tuple[str, ...] = ()
    """Fields of `cells` that are empty because what stands there cannot be read, which has been told."""
