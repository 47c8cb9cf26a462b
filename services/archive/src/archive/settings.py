"""Settings of the archive."""

from defterhane.settings import Settings


class ArchiveSettings(Settings):
    """Where archived files are kept."""

    archive_url: str
    """`file:///folder` or `s3://bucket/prefix`: not the objects' place, so that it can have its own guards."""
