"""The validator's errors.

TryLater
└── BesideLate    what a document is held against is not known yet
"""

from defterhane.errors import TryLater
from defterhane.texts import Text


class BesideLate(TryLater):
    """What a document has to agree with is on its way: a signature, or the news of which conversions count."""

    key = "later.beside"
    text = Text(
        tr="{document} belgesinin karşılaştırılacağı bilgi henüz gelmedi.",
        en="What {document} is to be compared with has not arrived yet.",
    )
