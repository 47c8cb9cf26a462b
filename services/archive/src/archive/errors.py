"""What can go wrong in the archive."""

from defterhane.errors import CallOperator, TryLater
from defterhane.texts import Text


class NotSignedYet(TryLater):
    """The approval of a document has come before the news of its signature."""

    key = "later.not_signed_yet"
    text = Text(
        tr="{name} belgesinin imza haberi henüz gelmedi.", en="The news of the signature of {name} has not come yet."
    )


class ArchiveConflict(CallOperator):
    """Another file lies at this place already, and what is archived is never changed."""

    key = "operator.archive_conflict"
    text = Text(
        tr="Arşivde {path} yerinde başka bir dosya var; arşivdeki dosyalar değiştirilmez.",
        en="The archive holds another file at {path}; what is archived is never changed.",
    )


class ArchiveDamaged(CallOperator):
    """An archived file is not what was archived."""

    key = "operator.archive_damaged"
    text = Text(
        tr="Arşivdeki {path} dosyası bozulmuş ya da kayıp.", en="The archived file {path} is damaged or missing."
    )
