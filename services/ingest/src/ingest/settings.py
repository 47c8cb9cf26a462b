"""The drop box's settings."""

from pathlib import Path

from pydantic import Field, field_validator

from defterhane.edefter.period import Period
from defterhane.settings import Settings
from defterhane.zips import ZipBounds

MIB = 1024 * 1024


class IngestSettings(Settings):
    """`DEFTERHANE_SPOOL`, `DEFTERHANE_SFTP_PORT`…; sizes in bytes, times in seconds where nothing else is said."""

    spool: Path
    """Folder with each tenant's `inbox` and `outbox`; a volume that several drop boxes may share."""

    sftp_host: str = "127.0.0.1"
    """Address to listen on; empty = all."""
    sftp_port: int = Field(default=2222, ge=0, le=65535)
    """0 = any free port."""
    sftp_host_key: Path
    """File with the server's private keys, one after the other; made at the first start where it is missing."""
    sftp_connections: int = Field(default=500, ge=1)
    sftp_unauthenticated: int = Field(default=64, ge=1)
    """So many connections may be at their log-in at once."""
    sftp_connections_per_tenant: int = Field(default=8, ge=1)
    sftp_login_seconds: float = Field(default=30, gt=0)
    sftp_idle_seconds: float = Field(default=900, gt=0)
    """A connection that asks for nothing for so long is closed."""
    sftp_threads: int = Field(default=8, ge=1)
    """Threads for file work and password checks."""
    sftp_failures: int = Field(default=5, ge=0)
    """Wrong passwords for one user from one address, before that pair has to wait; 0 = never."""
    sftp_failures_per_user: int = Field(default=100, ge=0)
    sftp_failures_per_address: int = Field(default=20, ge=0)
    """0 where a load balancer hides the clients' addresses. Log-ins by key never have to wait."""
    sftp_failure_seconds: float = Field(default=300, gt=0)
    """How long a password has to wait then."""

    file_bytes: int = Field(default=512 * MIB, ge=1)
    """The largest file that is taken."""
    inbox_files: int = Field(default=200, ge=1)
    """Files that may lie in a tenant's inbox at once."""
    inbox_bytes: int = Field(default=2048 * MIB, ge=1)
    """Bytes that may lie in a tenant's inbox at once."""

    grace_seconds: float = Field(default=2, ge=0)
    """A file stays so long in the inbox at least: clients ask for its size, or set its time, after an upload."""
    settle_seconds: float = Field(default=30, ge=0)
    """A file uploaded directly under its final name counts once it has been closed and unchanged for so long."""
    scan_seconds: float = Field(default=15, gt=0)
    """How often all inboxes are looked through, besides at once after an upload."""
    unfinished_seconds: float = Field(default=24 * 3600, gt=0)
    """An upload that was never finished is cleared away after so long, and the tenant is told."""
    intakes: int = Field(default=2, ge=1)
    """Tenants whose files are taken in at the same time."""

    zip_members: int = Field(default=ZipBounds().members, ge=1)
    zip_bytes: int = Field(default=ZipBounds().total_bytes, ge=1)
    """Unpacked, all members together."""
    zip_ratio: int = Field(default=ZipBounds().ratio, ge=1)
    """Unpacked bytes for one packed byte, at most."""
    zip_seconds: float = Field(default=300, gt=0)
    """For reading one archive."""

    earliest_period: str = "2012-01"
    """Months before this one had no e-Defter."""

    @field_validator("earliest_period")
    @classmethod
    def _is_period(cls, value: str) -> str:
        return str(Period.parse(value))
