"""Settings of the portal."""

from pydantic import Field, SecretStr

from defterhane.settings import Settings


class PortalSettings(Settings):
    """Who may come in, and how closely the pages follow what happens."""

    operator_token: SecretStr = Field(min_length=24)
    """The first operator's bearer token, and the root of the key that signs session cookies: changing it ends all
    sessions. It is never stored."""
    secure_cookies: bool = True
    """Off only where the portal is reached over plain HTTP: on one machine, at 127.0.0.1."""
    session_hours: int = Field(default=12, ge=1, le=24 * 7)
    """So long after a log-in its session ends."""
    feed_seconds: float = Field(default=0.5, gt=0, le=60)
    """How often changes are looked for, for those who watch."""
    change_hours: int = Field(default=24, ge=1)
    """So long a watcher may be away and still resume where it was."""
