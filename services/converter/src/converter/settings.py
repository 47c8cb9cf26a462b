"""The converter's settings."""

from typing import Final

from pydantic import Field

from converter.convert import SIZE_LIMIT
from converter.reading.archive import Limits
from defterhane.settings import Settings

SOURCE_APPLICATION: Final = "1234567808##Defterhane##Defterhane##0.1"
"""What documents name as the program that made them, where nobody says otherwise."""


class ConverterSettings(Settings):
    """`DEFTERHANE_SOURCE_APPLICATION`, `DEFTERHANE_PART_BYTES`…"""

    source_application: str = Field(default=SOURCE_APPLICATION, pattern=r"^\d{10,11}##[^#]+##[^#]+##[^#]+$")
    """`<maker VKN>##<maker>##<program>##<version>`: as the operator is registered with GİB."""
    part_bytes: int = Field(default=SIZE_LIMIT, ge=1_000_000, le=SIZE_LIMIT)
    """The most bytes that one Y or K file may have."""
    unpacked_bytes: int = Field(default=Limits().total_bytes, ge=1)
    """The most bytes that a drop may unpack to."""
    conversion_seconds: float = Field(default=3600, gt=0)
    """After so long a conversion is ended, and tried again later."""
