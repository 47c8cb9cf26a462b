"""What a file was taken for, said so that an accountant can see whether that is right."""

from dataclasses import dataclass, field

from defterhane.texts import Text


@dataclass(frozen=True)
class Recognised:
    """One file of a drop: its layout and form, found out by its content or fixed by the tenant's profile."""

    file: str
    layout: str
    """`columns25`, `header-detail`, `columns23`, `xml` or `report`."""
    text: Text
    """What it was taken for and why, in one or two sentences."""
    facts: dict[str, str] = field(default_factory=dict)
    """The same for programs: `encoding`, `line_ends`, `separator`, `quoted`, `header`, `decimal_mark`, `date_order`,
    `columns_unread`, `sheet`, `sheets_unread`, as far as a layout has them."""
