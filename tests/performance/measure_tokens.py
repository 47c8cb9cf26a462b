"""Signatures per second of a token: SoftHSM over PKCS#11, as the signer asks, and bare."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pkcs11
from measuring import FIRM, Figures, figures, run, timed
from pydantic import SecretStr

from defterhane.xades import SignatureAlgorithm
from sandbox.ca import Authority
from signer.tokens.session import TokenAddress
from signer.tokens.worker import TokenWorkers
from support import softhsm


def token_workers(signatures: int, processes: int) -> Figures:
    """Signatures by SoftHSM as the signer asks for them: from one event loop, over pipes to processes."""
    return asyncio.run(_token_workers(signatures, processes))


async def _token_workers(signatures: int, processes: int) -> Figures:
    with _filled_token() as token:
        address = TokenAddress(token.module, softhsm.LABEL, None, SecretStr(softhsm.PIN))
        workers = TokenWorkers(address, processes, seconds=60)
        (candidate,) = await workers.candidates()
        assert candidate.key is not None

        async def sign_one(number: int) -> None:
            await workers.sign(candidate.key, SignatureAlgorithm.RSA_SHA256, b"%d" % number)

        await asyncio.gather(*(sign_one(number) for number in range(20 * processes)))  # all of them are up now
        with timed() as clock:
            await asyncio.gather(*(sign_one(number) for number in range(signatures)))
        await workers.close()
    return figures(clock, signatures)


def bare_pkcs11(signatures: int) -> Figures:
    """C_Sign in a loop, in this process, with python-pkcs11 alone."""
    with _filled_token() as token:
        library = pkcs11.lib(str(token.module))
        with library.get_token(token_label=softhsm.LABEL).open(user_pin=softhsm.PIN) as session:
            (key,) = session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY})
            with timed() as clock:
                for number in range(signatures):
                    key.sign(b"%d" % number, mechanism=pkcs11.Mechanism.SHA256_RSA_PKCS)
    return figures(clock, signatures)


@contextmanager
def _filled_token() -> Iterator[softhsm.SoftToken]:
    now = datetime.now(UTC)
    with tempfile.TemporaryDirectory() as folder, softhsm.soft_token(Path(folder) / "token") as token:
        token.put(Authority.create(now).issue_seal(FIRM, "ÖRNEK TİCARET", now=now), f"{FIRM}SIGN0", 1)
        yield token


if __name__ == "__main__":
    run(token_workers, bare_pkcs11)
