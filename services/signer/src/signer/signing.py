"""Signs one document, so that however often it is tried, by whomever, and wherever it stops, one signed document
comes of it: what the key has given is kept before anything is made of it."""

from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy.dialects.postgresql import insert

from defterhane.db import Transaction
from defterhane.errors import DefterhaneError, Problem, TryLater
from defterhane.events import Document, DocumentSigned, ObjectRef
from defterhane.house import House
from defterhane.tenancy import get_tenant
from defterhane.xades.algorithms import one_line
from defterhane.xades.errors import DigestDiffers, NotSignable
from defterhane.xades.names import EDEFTER
from signer.documents import Body, Plan, look_at, put_together
from signer.models import SignatureRow
from signer.ring import KeyRing


@dataclass(frozen=True)
class Order:
    """A validated document that is to be signed."""

    document: Document
    object: ObjectRef
    body_sha256: str

    @property
    def tenant(self) -> str:
        """Whose it is."""
        return self.document.filing.tenant

    @property
    def key(self) -> str:
        """Names the work on it: nobody else does it at the same time."""
        return f"document/{self.document.name}/{self.document.revision}"


@dataclass(frozen=True)
class Refusal:
    """The document cannot be signed, and a person has to see to it."""

    problem: Problem


class Signing:
    """Documents in, signed documents out."""

    def __init__(self, house: House, ring: KeyRing) -> None:
        self._house = house
        self._database = house.database("signer")
        self._ring = ring

    async def sign(self, order: Order) -> DocumentSigned | Refusal:
        """Sign a document, or find that it has been signed.

        Raises:
            TryLater: the token or a store is away.
        """
        try:
            return await self._sign(order)
        except TryLater:
            raise
        except DefterhaneError as error:
            return Refusal(error.problem)

    async def _sign(self, order: Order) -> DocumentSigned:
        async with self._database.tenant(order.tenant) as tx:
            row = await find(tx, order)
        if row is not None and row.object is not None:
            return _signed(order, row, ObjectRef.model_validate(row.object))
        async with self._house.objects.fetch(order.tenant, order.object) as path:
            body = await self._house.pool.run(look_at, path)
            if body.sha256 != order.body_sha256:
                raise DigestDiffers(expected=order.body_sha256, found=body.sha256)
            if body.root != (EDEFTER, order.document.kind.traits.root):
                raise NotSignable(why=f"{{{body.root[0]}}}{body.root[1]}")
            row = row or await self._ask_key(order, body)
            with self._house.scratch() as folder:
                target = folder / "signed.xml"
                await self._house.pool.run(put_together, path, target, _plan(body, row), row.value)
                stored = await self._house.objects.put_file(order.tenant, target)
        return _signed(order, row, stored)

    async def _ask_key(self, order: Order, body: Body) -> SignatureRow:
        async with self._database.tenant(order.tenant) as tx:
            tenant = await get_tenant(tx, order.tenant)
        key = await self._ring.key_for(tenant)
        values = {
            **_key(order),
            "unique_id": self._house.new_id(),
            "signing_time": self._house.clock().replace(microsecond=0),
            "certificate": key.certificate.public_bytes(Encoding.DER),
        }
        preparation = _plan(body, SignatureRow(**values)).preparation
        value = await key.sign(preparation.signed_info)
        async with self._database.tenant(order.tenant) as tx:
            await tx.session.execute(insert(SignatureRow).values(**values, value=value).on_conflict_do_nothing())
            row = await find(tx, order)  # another worker's, where that was quicker
        assert row is not None
        return row


async def find(tx: Transaction, order: Order) -> SignatureRow | None:
    """The signature that was made over a document, if there is one."""
    return await tx.session.get(SignatureRow, tuple(_key(order).values()))


async def keep_object(tx: Transaction, order: Order, stored: ObjectRef) -> None:
    """Note where the signed document lies."""
    row = await find(tx, order)
    assert row is not None
    row.object = stored.model_dump(mode="json")


def _key(order: Order) -> dict[str, object]:
    return {
        "tenant": order.tenant,
        "name": str(order.document.name),
        "revision": order.document.revision,
        "body_sha256": order.body_sha256,
    }


def _plan(body: Body, row: SignatureRow) -> Plan:
    return Plan(body, row.certificate, row.signing_time, row.unique_id)


def _signed(order: Order, row: SignatureRow, stored: ObjectRef) -> DocumentSigned:
    certificate = x509.load_der_x509_certificate(row.certificate)
    return DocumentSigned(
        document=order.document,
        object=stored,
        signature_value=one_line(row.value),
        signing_time=row.signing_time,
        certificate_sha256=certificate.fingerprint(SHA256()).hex(),
    )
