"""The board's vocabulary: its seven columns, the states and stages of a cell, and how users read them."""

from enum import StrEnum
from typing import Final

from defterhane.edefter.kinds import DocumentKind
from defterhane.texts import Text


class Column(StrEnum):
    """The seven things that a month shows in the archive (e-Saklama), in the order of GİB's own tool."""

    LEDGER = "ledger"
    JOURNAL = "journal"
    LEDGER_BERAT = "ledger_berat"
    JOURNAL_BERAT = "journal_berat"
    APPROVED_LEDGER_BERAT = "approved_ledger_berat"
    APPROVED_JOURNAL_BERAT = "approved_journal_berat"
    REPORT = "report"

    @property
    def kind(self) -> DocumentKind:
        """The document that the column speaks of."""
        return _KINDS[self]

    @property
    def approved(self) -> bool:
        """True for GİB's counter-signed copies."""
        return self in (Column.APPROVED_LEDGER_BERAT, Column.APPROVED_JOURNAL_BERAT)


class State(StrEnum):
    """How a cell, or a whole month, stands."""

    EMPTY = "empty"
    """Nothing has come for it yet."""
    RUNNING = "running"
    HELD = "held"
    FAILED = "failed"
    DONE = "done"
    """It lies in the archive."""


class Stage(StrEnum):
    """How far a document has come; in order."""

    WAITING = "waiting"
    WRITTEN = "written"
    VALIDATED = "validated"
    SIGNED = "signed"
    SENT = "sent"
    APPROVED = "approved"
    ARCHIVED = "archived"

    @property
    def rank(self) -> int:
        """Its place in the order."""
        return _RANKS[self]


_KINDS: Final = {
    Column.LEDGER: DocumentKind.LEDGER,
    Column.JOURNAL: DocumentKind.JOURNAL,
    Column.LEDGER_BERAT: DocumentKind.LEDGER_BERAT,
    Column.JOURNAL_BERAT: DocumentKind.JOURNAL_BERAT,
    Column.APPROVED_LEDGER_BERAT: DocumentKind.LEDGER_BERAT,
    Column.APPROVED_JOURNAL_BERAT: DocumentKind.JOURNAL_BERAT,
    Column.REPORT: DocumentKind.REPORT,
}
_RANKS: Final = {stage: rank for rank, stage in enumerate(Stage)}

COLUMN_TITLES: Final = {
    Column.LEDGER: Text(tr="Kebir", en="Ledger"),
    Column.JOURNAL: Text(tr="Yevmiye", en="Journal"),
    Column.LEDGER_BERAT: Text(tr="Kebir Beratı", en="Ledger berat"),
    Column.JOURNAL_BERAT: Text(tr="Yevmiye Beratı", en="Journal berat"),
    Column.APPROVED_LEDGER_BERAT: Text(tr="GİB Onaylı Kebir Beratı", en="GİB-approved ledger berat"),
    Column.APPROVED_JOURNAL_BERAT: Text(tr="GİB Onaylı Yevmiye Beratı", en="GİB-approved journal berat"),
    Column.REPORT: Text(tr="Defter Raporu", en="Ledger report"),
}

KIND_TITLES: Final = {
    DocumentKind.LEDGER: COLUMN_TITLES[Column.LEDGER],
    DocumentKind.JOURNAL: COLUMN_TITLES[Column.JOURNAL],
    DocumentKind.LEDGER_BERAT: COLUMN_TITLES[Column.LEDGER_BERAT],
    DocumentKind.JOURNAL_BERAT: COLUMN_TITLES[Column.JOURNAL_BERAT],
    DocumentKind.REPORT: COLUMN_TITLES[Column.REPORT],
}

STATE_WORDS: Final = {
    State.EMPTY: Text(tr="Dosya yok", en="No file"),
    State.RUNNING: Text(tr="Sürüyor", en="Running"),
    State.HELD: Text(tr="Bekletiliyor", en="Held"),
    State.FAILED: Text(tr="Hata", en="Failed"),
    State.DONE: Text(tr="Tamam", en="Done"),
}

STAGE_WORDS: Final = {
    Stage.WAITING: Text(tr="Sırada", en="Waiting"),
    Stage.WRITTEN: Text(tr="Yazıldı", en="Written"),
    Stage.VALIDATED: Text(tr="Doğrulandı", en="Validated"),
    Stage.SIGNED: Text(tr="İmzalandı", en="Signed"),
    Stage.SENT: Text(tr="GİB'de", en="At GİB"),
    Stage.APPROVED: Text(tr="Onaylandı", en="Approved"),
    Stage.ARCHIVED: Text(tr="Arşivde", en="Archived"),
}

GATE_WORDS: Final = {
    "convert": Text(tr="dönüştürmeden önce", en="before conversion"),
    "sign": Text(tr="imzadan önce", en="before signing"),
    "submit": Text(tr="GİB'e göndermeden önce", en="before sending to GİB"),
}
