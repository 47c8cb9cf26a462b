"""The API for operators' own affairs: tokens, log-in links, moved deadlines."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, status
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from defterhane.tenant import PeriodText, TaxIdText
from portal.accounts import Principal, make_link, make_token
from portal.api import ERRORS
from portal.doors import MAX_BODY, ApiRoute, Doorkeeper
from portal.errors import NotThere
from portal.models import ExtensionRow, TokenRow
from portal.office import Office


class NewToken(BaseModel):
    """Whose token it is to be."""

    name: str = Field(min_length=2, max_length=100)
    """Who has it: releases are made in this name."""
    tenant: TaxIdText | None = None
    """The one tenant that it may see; null = an operator."""
    expires_at: AwareDatetime | None = None


class TokenView(BaseModel):
    """A token, without its secret."""

    id: UUID
    name: str
    tenant: str | None
    created_at: datetime
    expires_at: datetime | None


class MadeToken(TokenView):
    """A new token, with its secret."""

    token: str
    """Told this once."""


class MadeLink(BaseModel):
    """A link that logs in once."""

    path: str
    expires_at: datetime


class Extension(BaseModel):
    """The last day to which the authority has moved a month's berats."""

    person: bool
    """For persons' books (income tax), or companies' (corporate tax)."""
    day: date | None
    """Null = as the calendar says."""


def access_router(office: Office) -> APIRouter:
    """The routes for operators."""
    router = APIRouter(prefix="/api", route_class=ApiRoute, max_body_size=MAX_BODY, responses=ERRORS, tags=["access"])
    door = Doorkeeper(office.accounts)
    anybody, operator = Depends(door.anybody), Depends(door.operator)

    @router.get("/tokens", dependencies=[operator])
    async def tokens() -> list[TokenView]:
        """All tokens but the first operator's."""
        async with office.database.system() as tx:
            rows = await tx.session.scalars(select(TokenRow).order_by(TokenRow.created_at, TokenRow.id))
            return [TokenView.model_validate(row, from_attributes=True) for row in rows]

    @router.post("/tokens", status_code=status.HTTP_201_CREATED, dependencies=[operator])
    async def new_token(body: NewToken) -> MadeToken:
        """Make a token for an operator or for one tenant."""
        async with office.database.system() as tx:
            row, secret = await make_token(
                tx,
                token_id=office.house.new_id(),
                name=body.name,
                tenant=body.tenant,
                expires_at=body.expires_at,
            )
            view = TokenView.model_validate(row, from_attributes=True)
        return MadeToken(**view.model_dump(), token=secret)

    @router.delete("/tokens/{token_id}", status_code=status.HTTP_204_NO_CONTENT, dependencies=[operator])
    async def revoke(token_id: UUID) -> None:
        """Revoke a token; its sessions end with it."""
        async with office.database.system() as tx:
            gone = delete(TokenRow).where(TokenRow.id == token_id).returning(TokenRow.id)
            if await tx.session.scalar(gone) is None:
                raise NotThere(what=str(token_id))

    @router.post("/links", status_code=status.HTTP_201_CREATED)
    async def new_link(who: Annotated[Principal, anybody]) -> MadeLink:
        """Make a link that logs its maker into the pages, once."""
        async with office.database.system() as tx:
            secret, expires_at = await make_link(tx, who)
        return MadeLink(path=f"/login?token={secret}", expires_at=expires_at)

    @router.put("/deadlines/{period}", dependencies=[operator])
    async def extend(period: PeriodText, body: Extension) -> Extension:
        """Set, or take back, the day to which the authority has moved a month's deadline."""
        async with office.database.system() as tx:
            if body.day is None:
                mine = (ExtensionRow.period == period, ExtensionRow.person == body.person)
                await tx.session.execute(delete(ExtensionRow).where(*mine))
            else:
                values = {"period": period, "person": body.person, "day": body.day}
                statement = insert(ExtensionRow).values(values)
                await tx.session.execute(
                    statement.on_conflict_do_update(index_elements=["period", "person"], set_={"day": body.day})
                )
        return body

    return router
