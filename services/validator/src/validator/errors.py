"""What can go wrong in the validator, besides what is wrong with a document."""

from defterhane.errors import CallOperator
from defterhane.texts import Text


class DigestDiffers(CallOperator):
    """A document's bytes are not those whose digest its writer took: it must never be signed."""

    key = "operator.digest_differs"
    text = Text(
        tr="{name} belgesinin özeti, yazılırken alınan özetle tutmuyor.",
        en="The digest of {name} is not the one that was taken while it was written.",
    )
