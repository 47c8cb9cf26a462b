"""Who may come in: bearer tokens, sessions of pages, links that log in once.

A token is 256 random bits, so a plain SHA-256 is all that is kept of it. A session is a signed cookie that names the
token by which it was opened and ends with it; nothing about sessions is stored.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, select

from defterhane.db import Database, Transaction
from portal.models import LinkRow, TokenRow
from portal.settings import PortalSettings

FIRST: Final = "first"
"""Names the operator token of the settings, where other tokens have an id."""
LINK_MINUTES: Final = 15
_SESSION_FIELDS: Final = 4


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who has come in."""

    name: str
    """As the token's maker has called them; events say it."""
    tenant: str | None
    """The one tenant whose rows they see; None = an operator, who sees all."""
    token: str
    """The token's id, or `FIRST`."""

    @property
    def is_operator(self) -> bool:
        """True for those who see all tenants."""
        return self.tenant is None


class Accounts:
    """Knows tokens, opens sessions, makes and uses links."""

    def __init__(self, database: Database, settings: PortalSettings) -> None:
        self._database = database
        self._first = digest(settings.operator_token.get_secret_value())
        self._session_key = _key(settings, b"defterhane portal session")
        self._csrf_key = _key(settings, b"defterhane portal form")
        self._clock: Callable[[], datetime] = database.clock
        self.session_length = timedelta(hours=settings.session_hours)

    async def by_token(self, token: str) -> Principal | None:
        """Who has this bearer token."""
        wanted = digest(token)
        if hmac.compare_digest(wanted, self._first):
            return _FIRST_OPERATOR
        async with self._database.system() as tx:
            row = await tx.session.scalar(select(TokenRow).where(TokenRow.digest == wanted))
        return self._principal(row)

    async def by_session(self, cookie: str) -> Principal | None:
        """Whose session a cookie is, if it is ours, has not ended, and its token still stands."""
        fields = cookie.split(".")
        if len(fields) != _SESSION_FIELDS:
            return None
        token, ends, _, _ = fields
        body = cookie.rpartition(".")[0]
        if not hmac.compare_digest(self._sign(self._session_key, body).encode(), fields[-1].encode()):
            return None
        if self._clock().timestamp() >= int(ends):
            return None
        return await self.by_id(token)

    async def by_id(self, token: str) -> Principal | None:
        """Who has the token of this id, if it still stands."""
        if token == FIRST:
            return _FIRST_OPERATOR
        async with self._database.system() as tx:
            return self._principal(await tx.session.get(TokenRow, UUID(token)))

    def open_session(self, principal: Principal) -> str:
        """A new session's cookie."""
        ends = int((self._clock() + self.session_length).timestamp())
        body = f"{principal.token}.{ends}.{secrets.token_urlsafe(9)}"
        return f"{body}.{self._sign(self._session_key, body)}"

    def form_token(self, cookie: str) -> str:
        """What a form of a session must carry, so that no other site can send it."""
        return self._sign(self._csrf_key, cookie)

    def is_form_token(self, cookie: str, given: str) -> bool:
        """Whether a form carries its session's token."""
        return hmac.compare_digest(self.form_token(cookie).encode(), given.encode())

    async def use_link(self, secret: str) -> Principal | None:
        """Who a link logs in; it works once."""
        async with self._database.system() as tx:
            used = delete(LinkRow).where(LinkRow.digest == digest(secret))
            row = (await tx.session.execute(used.returning(LinkRow.token, LinkRow.expires_at))).one_or_none()
        if row is None or row.expires_at <= self._clock():
            return None
        return await self.by_id(row.token)

    def _principal(self, row: TokenRow | None) -> Principal | None:
        if row is None or (row.expires_at is not None and row.expires_at <= self._clock()):
            return None
        return Principal(name=row.name, tenant=row.tenant, token=str(row.id))

    @staticmethod
    def _sign(key: bytes, text: str) -> str:
        mac = hmac.digest(key, text.encode(), "sha256")
        return base64.urlsafe_b64encode(mac).decode().rstrip("=")


_FIRST_OPERATOR: Final = Principal(name="operator", tenant=None, token=FIRST)


def digest(secret: str) -> str:
    """What is kept of a token or a link."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def make_token(
    tx: Transaction,
    *,
    token_id: UUID,
    name: str,
    tenant: str | None,
    expires_at: datetime | None,
) -> tuple[TokenRow, str]:
    """Make a bearer token for an operator, or for one tenant; it is told this once."""
    secret = f"dh_{secrets.token_urlsafe(32)}"
    row = TokenRow(
        id=token_id, tenant=tenant, name=name, digest=digest(secret), created_at=tx.now(), expires_at=expires_at
    )
    tx.session.add(row)
    await tx.session.flush()
    return row, secret


async def make_link(tx: Transaction, principal: Principal | None = None) -> tuple[str, datetime]:
    """Make a link's secret that logs somebody in once, soon; without `principal`, the first operator.

    The page is `/login?token=<secret>`.
    """
    who = principal or _FIRST_OPERATOR
    secret = secrets.token_urlsafe(32)
    now = tx.now()
    expires_at = now + timedelta(minutes=LINK_MINUTES)
    await tx.session.execute(delete(LinkRow).where(LinkRow.expires_at <= now))
    tx.session.add(LinkRow(digest=digest(secret), tenant=who.tenant, token=who.token, expires_at=expires_at))
    return secret, expires_at


def _key(settings: PortalSettings, purpose: bytes) -> bytes:
    root = settings.operator_token.get_secret_value().encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(root)
