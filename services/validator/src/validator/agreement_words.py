"""Words for what findings of agreement name: kinds, sides, numbers, branches."""

from typing import Final

from defterhane.texts import Text
from validator.shown import shown

DEBIT: Final = Text(tr="borç", en="debit")
CREDIT: Final = Text(tr="alacak", en="credit")
HEAD_OFFICE: Final = Text(tr="merkez", en="the head office")
BRANCH: Final = Text(tr="{number} numaralı şube", en="branch {number}")
MONTHS_BOOKS: Final = Text(tr="ayın defterleri", en="the month's ledgers")
ENTRY_NUMBERS: Final = Text(tr="madde numaraları", en="entry numbers")
LINE_NUMBERS: Final = Text(tr="satır numaraları", en="line numbers")
UNIQUE_IDS: Final = Text(tr="tekil numaralar", en="unique numbers")
KINDS: Final[dict[str, Text]] = {
    "Y": Text(tr="yevmiye (Y)", en="journal (Y)"),
    "K": Text(tr="kebir (K)", en="ledger (K)"),
    "YB": Text(tr="yevmiye beratı (YB)", en="journal berat (YB)"),
    "KB": Text(tr="kebir beratı (KB)", en="ledger berat (KB)"),
    "DR": Text(tr="defter raporu (DR)", en="ledger report (DR)"),
}
IDENTITY: Final[dict[str, Text]] = {
    "kind": Text(tr="tür", en="kind"),
    "tenant": Text(tr="VKN/TCKN", en="tax number"),
    "period": Text(tr="dönem", en="month"),
    "branch": Text(tr="şube", en="branch"),
    "unique_id": Text(tr="tekil numara", en="unique number"),
}


def branch_text(branch: str | None) -> Text:
    """A branch, or the head office, in words."""
    return BRANCH.format(number=shown(branch)) if branch else HEAD_OFFICE
