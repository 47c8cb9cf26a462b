"""The validator's settings."""

from pydantic import Field

from defterhane.settings import Settings


class ValidatorSettings(Settings):
    """`DEFTERHANE_VALIDATION_SECONDS`…"""

    validation_seconds: float = Field(default=1800, gt=0)
    """After so long the check of one document is ended, and tried again later."""
