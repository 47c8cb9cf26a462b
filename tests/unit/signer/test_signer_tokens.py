"""Keys on a token, over a real PKCS#11 library: choice, signatures, lost processes, wrong PINs."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import pkcs11
import pytest
from pydantic import SecretStr

from defterhane.xades import holds, sign_file, verify_file
from defterhane.xades.algorithms import SignatureAlgorithm
from signer.choice import Candidate, choose
from signer.errors import KeyMissing, NoCertificate, PinInDanger, TokenAway, TokenUnusable, WrongPin
from signer.ring import TokenRing
from signer.tokens.session import TokenAddress, TokenKey, TokenSession
from signer.tokens.worker import TokenWorkers
from support import softhsm
from support.signing import ALGORITHMS, NOW, VKN, authority, canonical_document, seal, trusted
from support.tenants import tenant as make_tenant

EC_VKN = "1234567808"
KEYLESS = "10000000146"

pytestmark = [
    pytest.mark.softhsm,
    pytest.mark.skipif(softhsm.missing() is not None, reason=f"{softhsm.missing()} is not here"),
]


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[softhsm.SoftToken]:
    with softhsm.soft_token(tmp_path_factory.mktemp("softhsm")) as token:
        token.put(seal("rsa"), f"{VKN}SIGN0", 1)
        token.put(authority().issue_seal(VKN, "X", now=NOW, purpose="encrypt"), f"{VKN}ENCR0", 2)
        token.put(authority().issue_seal(EC_VKN, "Y", "ec", now=NOW), f"{EC_VKN}SIGN0", 3)
        token.put(authority().issue_seal(KEYLESS, "Z", now=NOW), f"{KEYLESS}SIGN0", 4, key=False)
        token.put_certificate(authority().issuer.certificate, "issuer", 5)
        yield token


def address(token: softhsm.SoftToken, pin: str = softhsm.PIN, label: str | None = softhsm.LABEL) -> TokenAddress:
    return TokenAddress(token.module, label, None, SecretStr(pin))


@pytest.fixture
async def workers(token: softhsm.SoftToken) -> AsyncIterator[TokenWorkers]:
    workers = TokenWorkers(address(token), processes=2, seconds=20)
    yield workers
    await workers.close()


@pytest.fixture
def ring(workers: TokenWorkers) -> TokenRing:
    return TokenRing(workers, lambda: NOW)


def pids(workers: TokenWorkers) -> list[int]:
    return [worker._process.pid or 0 for worker in workers._idle]


async def test_rsa_and_ec_keys_sign(ring: TokenRing) -> None:
    for number, algorithm in ((VKN, SignatureAlgorithm.RSA_SHA256), (EC_VKN, SignatureAlgorithm.ECDSA_SHA384)):
        key = await ring.key_for(make_tenant(number))
        assert key.algorithm is algorithm
        value = await key.sign(b"data")
        assert holds(key.certificate, b"data", value)
        assert not holds(key.certificate, b"date", value)
        assert key.chain == (authority().issuer.certificate,)


async def test_who_has_no_key_is_told_why(ring: TokenRing) -> None:
    with pytest.raises(KeyMissing):
        await ring.key_for(make_tenant(KEYLESS))
    with pytest.raises(NoCertificate):
        await ring.key_for(make_tenant("3900383669"))


async def test_many_at_once_in_several_processes(ring: TokenRing, workers: TokenWorkers) -> None:
    key = await ring.key_for(make_tenant(VKN))
    values = await asyncio.gather(*(key.sign(f"{number}".encode()) for number in range(40)))
    assert all(holds(key.certificate, f"{number}".encode(), value) for number, value in enumerate(values))
    assert len(pids(workers)) == 2


async def test_a_killed_process_is_replaced_unnoticed(ring: TokenRing, workers: TokenWorkers) -> None:
    key = await ring.key_for(make_tenant(VKN))
    await key.sign(b"before")
    (before,) = pids(workers)
    os.kill(before, signal.SIGKILL)
    assert holds(key.certificate, b"after", await key.sign(b"after"))
    assert pids(workers) != [before]


async def test_a_process_that_hangs_is_ended(token: softhsm.SoftToken) -> None:
    workers = TokenWorkers(address(token), processes=1, seconds=1)
    try:
        key = await TokenRing(workers, lambda: NOW).key_for(make_tenant(VKN))
        (hanging,) = pids(workers)
        os.kill(hanging, signal.SIGSTOP)
        assert holds(key.certificate, b"after", await key.sign(b"after"))
        with pytest.raises(ProcessLookupError):
            os.kill(hanging, 0)
    finally:
        await workers.close()


async def test_closing_ends_the_processes(token: softhsm.SoftToken) -> None:
    workers = TokenWorkers(address(token), processes=1, seconds=20)
    await workers.candidates()
    (pid,) = pids(workers)
    await workers.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_wrong_pin_is_tried_once_whatever_is_asked(token: softhsm.SoftToken, monkeypatch) -> None:
    workers = TokenWorkers(address(token, pin="0000"), processes=4, seconds=20)
    started = []
    start = workers._in_thread

    async def counting(function, *args):
        started.append(function)
        return await start(function, *args)

    monkeypatch.setattr(workers, "_in_thread", counting)
    asked = await asyncio.gather(*(workers.candidates() for _ in range(8)), return_exceptions=True)
    assert {type(answer) for answer in asked} == {WrongPin}
    with pytest.raises(WrongPin) as caught:
        await workers.sign(b"\0\1", SignatureAlgorithm.RSA_SHA256, b"data")
    assert len(started) == 1
    assert "0000" not in str(caught.value.problem)
    assert token.tries()
    await workers.close()


async def test_a_pin_in_danger_is_not_even_tried(token: softhsm.SoftToken, monkeypatch) -> None:
    flags = pkcs11.TokenFlag.TOKEN_INITIALIZED | pkcs11.TokenFlag.USER_PIN_FINAL_TRY

    class Nearly:
        label = softhsm.LABEL

        def __init__(self) -> None:
            self.flags = flags
            self.slot = self

        def open(self, **_: object) -> None:
            raise AssertionError("the PIN has been tried")

    monkeypatch.setattr("signer.tokens.session._find", lambda address: Nearly())
    with pytest.raises(PinInDanger):
        TokenSession(address(token))


async def test_a_token_of_another_name(token: softhsm.SoftToken) -> None:
    workers = TokenWorkers(address(token, label="elsewhere"), processes=1, seconds=20)
    with pytest.raises(TokenUnusable):
        await workers.candidates()
    await workers.close()


async def test_a_library_that_is_none(tmp_path: Path, token: softhsm.SoftToken) -> None:
    workers = TokenWorkers(TokenAddress(tmp_path / "none.so", None, None, SecretStr("1")), processes=1, seconds=20)
    with pytest.raises(TokenUnusable):
        await workers.candidates()
    await workers.close()


async def test_a_card_that_is_out(tmp_path: Path, token: softhsm.SoftToken, monkeypatch) -> None:
    empty = tmp_path / "softhsm2.conf"
    (tmp_path / "tokens").mkdir()
    empty.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(empty))
    workers = TokenWorkers(address(token), processes=1, seconds=20)
    with pytest.raises(TokenAway):
        await workers.candidates()
    monkeypatch.setenv("SOFTHSM2_CONF", str(token.configuration))
    assert await workers.candidates()  # it is back
    await workers.close()


async def test_a_key_that_goes_away(tmp_path: Path, token: softhsm.SoftToken, monkeypatch) -> None:
    with softhsm.soft_token(tmp_path / "second") as second:
        second.put(seal("rsa"), f"{VKN}SIGN0", 1)
        workers = TokenWorkers(address(second), processes=1, seconds=20)
        key = await TokenRing(workers, lambda: NOW).key_for(make_tenant(VKN))
        second.remove_key(1)
        with pytest.raises(TokenAway):
            await key.sign(b"data")
        with pytest.raises(KeyMissing):
            await TokenRing(workers, lambda: NOW).key_for(make_tenant(VKN))
        await workers.close()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_documents_are_signed_in_one_process(tmp_path: Path, token: softhsm.SoftToken, algorithm) -> None:
    number = VKN if algorithm == "rsa" else EC_VKN
    source, target = tmp_path / "y.xml", tmp_path / "s.xml"
    source.write_bytes(canonical_document())
    session = TokenSession(address(token))
    candidates = session.candidates()
    key = TokenKey(session, choose(candidates, [number], NOW), candidates)
    sign_file(source, target, key, signing_time=NOW, new_id=uuid4)
    session.close()
    found = verify_file(target, roots=trusted())
    assert found.ok
    assert found.signer_serial_number == number


def test_a_token_that_does_not_hash_itself_signs_all_the_same(token: softhsm.SoftToken) -> None:
    session = TokenSession(address(token))
    session._mechanisms.discard(pkcs11.Mechanism.SHA256_RSA_PKCS)
    (chosen,) = [one for one in session.candidates() if one.label == f"{VKN}SIGN0"]
    assert isinstance(chosen, Candidate)
    assert chosen.key is not None
    value = session.sign(chosen.key, SignatureAlgorithm.RSA_SHA256, b"data")
    session.close()
    assert holds(chosen.certificate, b"data", value)
