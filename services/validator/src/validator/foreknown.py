"""The rules' global variables, and what else rules need of a document before it comes."""

from dataclasses import dataclass, field
from typing import Final

from validator.node import Node, one_of

_KEPT: Final = 1000
"""So many elements of one name are kept; a document with more is wrong by the schema."""
_ASKED_BY_LINES: Final = frozenset(
    {"gl-cor:entryNumber", "gl-cor:entryNumberCounter", "gl-cor:enteredDate", "gl-cor:qualifierEntry"}
)
_LATE_KEPT: Final = 20_000
"""So many latecomers are remembered."""


@dataclass(slots=True)
class Globals:
    """The rules' global variables: each is all of its elements in the document, in their order."""

    starts: list[str] = field(default_factory=list)
    """$periodCoveredStart."""
    ends: list[str] = field(default_factory=list)
    """$periodCoveredEnd."""
    tax_ids: list[str] = field(default_factory=list)
    """$vknTckn."""
    entries_types: list[str] = field(default_factory=list)
    """$beratTipi."""
    authority_codes: list[str] = field(default_factory=list)
    """$vergiDetaysizMi."""
    currencies: list[str] = field(default_factory=list)
    """gl-muc:defaultCurrency."""

    def of_context(self, context: Node) -> None:
        """Take in what an xbrli:context has."""
        self._take(self.tax_ids, context, "xbrli:entity/xbrli:identifier")
        self._take(self.authority_codes, context, "xbrli:entity/xbrli:segment/gl-cor:identifierAuthorityCode")

    def of_info(self, info: Node) -> None:
        """Take in what a gl-cor:documentInfo has."""
        self._take(self.starts, info, "gl-cor:periodCoveredStart")
        self._take(self.ends, info, "gl-cor:periodCoveredEnd")
        self._take(self.entries_types, info, "gl-cor:entriesType")
        self._take(self.currencies, info, "gl-muc:defaultCurrency")

    @property
    def size(self) -> int:
        """How many elements there are."""
        return sum(
            map(
                len,
                (self.starts, self.ends, self.tax_ids, self.entries_types, self.authority_codes, self.currencies),
            )
        )

    @property
    def start(self) -> str:
        """$periodCoveredStart as functions take it. Raises Undecidable where there are several."""
        return one_of(self.starts)

    @property
    def month(self) -> str:
        """$donem: YYYYMM of the start. Raises Undecidable where there are several."""
        return self.start[0:4] + self.start[5:7]

    @property
    def tax_id(self) -> str:
        """$vknTckn as functions take it. Raises Undecidable where there are several."""
        return one_of(self.tax_ids)

    @staticmethod
    def _take(known: list[str], node: Node, path: str) -> None:
        known.extend(node.strings(path)[: max(_KEPT - len(known), 0)])


class Latecomers:
    """Elements of an entry that rules on its lines ask for: they should come before the lines, and may come after."""

    def __init__(self) -> None:
        self.found: dict[int, dict[str, list[str]]] = {}
        """By the entry's number from 1 and the element's name."""
        self._count = 0

    def take(self, item: Node, entry: int) -> None:
        """An element of an entry has come after its first line."""
        if item.name in _ASKED_BY_LINES and self._count < _LATE_KEPT:
            self.found.setdefault(entry, {}).setdefault(item.name, []).append(item.string)
            self._count += 1


@dataclass(frozen=True, slots=True)
class Foreknown:
    """What rules need to know of a document before it comes, where it does not stand at its usual place.

    A first reading finds it out, a second one judges by it.
    """

    globals: Globals
    late: dict[int, dict[str, list[str]]]
    """See `Latecomers.found`."""
