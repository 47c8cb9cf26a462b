"""What people set going: releases of held filings, conversions, changes of master data."""

import asyncio
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field, SecretStr
from sqlalchemy import select

from defterhane.errors import UnknownTenant
from defterhane.events import ConversionRequested, Filing, FilingReleased
from defterhane.log import logger
from defterhane.passwords import hash_password
from defterhane.tenancy import find_tenant, get_tenant, put_tenant
from defterhane.tenant import Gate, Tenant
from portal.accounts import Principal
from portal.dropped import convertible
from portal.errors import NotConvertible, NotHeld, NotThere, WrongNumber
from portal.facts import MonthKey
from portal.models import FileRow
from portal.month import holds_of
from portal.office import Office, scope
from portal.store import facts_of, file_facts, note_change

_log = logger(__name__)

_SHORTEST_PASSWORD: Final = 12


class TenantBody(Tenant):
    """A tenant's master data as they are sent. The SFTP password's hash is never shown, and kept where nothing is
    said of it; `sftp_password` sets a new one, or removes it (null)."""

    sftp_password: Annotated[SecretStr, Field(min_length=_SHORTEST_PASSWORD)] | None = None


async def release(office: Office, who: Principal, filing: Filing, gate: Gate) -> UUID:
    """Let a held filing go on; returns the event's id.

    Raises:
        NotThere: no such tenant's month, as far as they may see.
        NotHeld: it does not wait at that gate.
    """
    if who.tenant not in (None, filing.tenant):
        raise NotThere(what=filing.key)
    async with office.database.tenant(filing.tenant) as tx:
        key = MonthKey(tenant=filing.tenant, branch=filing.branch, period=filing.period)
        held = holds_of(await facts_of(tx, key))
        if not any((hold.filing, hold.gate) == (filing, gate) for hold in held):
            raise NotHeld
        try:
            signer = (await get_tenant(tx, filing.tenant)).signer
        except UnknownTenant as error:
            raise NotThere(what=filing.tenant) from error
        # The tenant's signer reads its own queue alone: its name is the route.
        event = await tx.publish(FilingReleased(filing=filing, gate=gate, by=who.name), route=signer)
    _log.info("filing.released", filing=filing.key, gate=gate, by=who.name)
    return event


async def convert(office: Office, who: Principal, file_id: str) -> UUID:
    """Ask for a file to be converted (once more); returns the event's id.

    Raises:
        NotThere: no such file, as far as they may see.
        NotConvertible: it was refused, or its bytes are not stored.
    """
    async with scope(office.database, who) as tx:
        row = await tx.session.scalar(select(FileRow).where(FileRow.file_id == file_id).limit(1))
        if row is None:
            raise NotThere(what=file_id)
        file = file_facts(row)
        drop, month = file.drop, file.month
        if drop is None or drop.object is None or month is None or not convertible(file):
            raise NotConvertible
        requested = ConversionRequested(
            tenant=file.tenant,
            file_id=file_id,
            name=drop.name,
            period=month.period,
            branch=month.branch,
            part=drop.part,
            object=drop.object,
        )
        event = await tx.publish(requested)
    _log.info("file.conversion_requested", file=file_id, by=who.name)
    return event


async def write_tenant(office: Office, who: Principal, number: str, body: TenantBody) -> Tenant:
    """Add a tenant, or replace its master data; returns them without secrets.

    Raises:
        WrongNumber: the data are another tenant's.
    """
    if body.tax_id != number:
        raise WrongNumber
    data = body.model_dump(exclude={"sftp_password"})
    if body.sftp_password is not None:
        secret = body.sftp_password.get_secret_value()
        data["sftp_password_hash"] = await asyncio.to_thread(hash_password, secret)
    async with office.database.tenant(number) as tx:
        if body.sftp_password_hash is None and "sftp_password" not in body.model_fields_set:
            before = await find_tenant(tx, number)
            data["sftp_password_hash"] = before.sftp_password_hash if before is not None else None
        tenant = Tenant.model_validate(data)
        await put_tenant(tx, tenant)
        await note_change(tx, number)
    _log.info("tenant.written", tenant=number, by=who.name)
    return without_secrets(tenant)


def without_secrets(tenant: Tenant) -> Tenant:
    """Master data as they may be shown."""
    return tenant.model_copy(update={"sftp_password_hash": None})
