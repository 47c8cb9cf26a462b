"""The line to GİB: bounds on time and size, no redirects; and what it knows about whether a message has left."""

import asyncio
import gzip
import socket
import ssl
import subprocess
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import Response

from defterhane.soap.names import Operation
from gib_gateway.answers import Lost, NotSent
from gib_gateway.breaker import Breaker
from gib_gateway.client import get_status
from gib_gateway.line import Line, Reply
from gib_gateway.settings import GatewaySettings
from support.gib_papers import gib as gib_seal
from support.gib_wire import NOW, authority, signed_message
from support.scripted_gib import ScriptedGib, answers, floods, hangs, scripted_gib

PACKAGE = "1234567808-202501-YB-000000"


@pytest.fixture
async def gib() -> AsyncIterator[ScriptedGib]:
    async with scripted_gib(gib_seal()) as server:
        yield server


def line(endpoint: str, **changes: object) -> Line:
    values = {
        "database_url": "postgresql://x", "objects_url": "file:///x", "gib_endpoint": endpoint,
        "gib_call_seconds": 2, "gib_connect_seconds": 1, "gib_answer_limit": 200_000, **changes,
    }  # fmt: skip
    return Line(GatewaySettings.model_validate(values))


def message() -> bytes:
    holder = authority().issue_seal("1234567808", "ÖRNEK", now=datetime.now(UTC))
    return signed_message(get_status(PACKAGE), holder, now=datetime.now(UTC))


async def ask(endpoint: str, **changes: object) -> Reply | Lost | NotSent:
    return await line(endpoint, **changes).call(Operation.STATUS, message())


async def test_a_message_goes_out_as_documented(gib: ScriptedGib) -> None:
    reply = await ask(gib.url)
    assert isinstance(reply, Reply)
    assert reply.status == 500  # nothing was sent: 304
    assert b"304" in reply.body
    (call,) = gib.calls
    assert call.content_type == 'application/soap+xml; charset=utf-8; action="getBatchStatus"'
    assert call.package == PACKAGE
    assert "1234567808" in call.signer


async def test_an_answer_without_end_is_cut_off(gib: ScriptedGib) -> None:
    gib.script[Operation.STATUS].append(floods(10_000))
    assert await ask(gib.url) == Lost("more than 200000 bytes")


async def test_a_slow_answer_is_given_up(gib: ScriptedGib) -> None:
    gib.script[Operation.STATUS].append(hangs(30))
    began = time.monotonic()
    assert isinstance(await ask(gib.url, gib_call_seconds=0.3), Lost)
    assert time.monotonic() - began < 5


async def test_an_answer_in_drops_is_given_up() -> None:
    """Each byte comes in time, the whole does not."""

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/soap+xml\r\n\r\n")
        try:
            while True:
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.05)
        except (ConnectionError, asyncio.CancelledError):
            writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert isinstance(await ask(f"http://127.0.0.1:{port}/", gib_call_seconds=0.5), Lost)
    server.close()


async def test_a_redirect_is_not_followed(gib: ScriptedGib) -> None:
    for status in (301, 302, 307, 308):
        away = Response(status_code=status, headers={"Location": gib.url + "/elsewhere"})
        gib.script[Operation.STATUS].append(answers(away))
        reply = await ask(gib.url)
        assert isinstance(reply, Reply)
        assert reply.status == status
    assert len(gib.calls) == 4


async def test_a_compressed_answer_is_not_unpacked(gib: ScriptedGib) -> None:
    bomb = Response(gzip.compress(b" " * 50_000_000), headers={"Content-Encoding": "gzip"}, media_type="text/xml")
    gib.script[Operation.STATUS].append(answers(bomb))
    assert await ask(gib.url) == Lost("a compressed answer")


@pytest.mark.parametrize("kind", ["text/html", "application/json", "multipart/related", ""])
async def test_an_answer_of_another_type_is_none(gib: ScriptedGib, kind: str) -> None:
    response = Response(b"<html/>")
    if kind:
        response.headers["Content-Type"] = kind
    gib.script[Operation.STATUS].append(answers(response))
    assert isinstance(await ask(gib.url), Lost)


async def test_nobody_there_means_that_nothing_has_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert isinstance(await ask(f"http://127.0.0.1:{port}/"), NotSent)


async def test_a_connection_that_breaks_off_means_that_it_may_have_left() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    assert isinstance(await ask(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"), Lost)
    server.close()


async def test_a_web_server_that_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    """The certificate is checked against the configured authorities, and against the name."""
    for name, host in (("known", "127.0.0.1"), ("stranger", "127.0.0.1"), ("other", "10.0.0.1")):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
             "-addext", f"subjectAltName=IP:{host}",
             "-keyout", f"{tmp_path}/{name}.key", "-out", f"{tmp_path}/{name}.pem"],
            check=True, capture_output=True,
        )  # fmt: skip
    got = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    found = {}
    for name in ("known", "stranger", "other"):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(tmp_path / f"{name}.pem", tmp_path / f"{name}.key")
        server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
        endpoint = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        authority_file = tmp_path / ("other.pem" if name == "other" else "known.pem")
        found[name] = await ask(endpoint, gib_tls_ca=authority_file)
        server.close()
    assert found["known"] == Reply(503, b"")
    assert isinstance(found["stranger"], NotSent)
    assert isinstance(found["other"], NotSent)
    assert len(got) == 1


def test_the_breaker_opens_lets_one_through_and_closes() -> None:
    breaker = Breaker(failures=3, pause=timedelta(seconds=10), longest=timedelta(seconds=30))
    for _ in range(2):
        breaker.failed(NOW)
    assert not breaker.is_open
    breaker.failed(NOW)
    assert breaker.is_open
    assert breaker.blocked_until(NOW) == NOW + timedelta(seconds=10)
    later = NOW + timedelta(seconds=10)
    assert breaker.blocked_until(later) is None
    breaker.called(later)
    assert breaker.blocked_until(later) == later + timedelta(seconds=10)
    for expected in (20, 30, 30):
        breaker.failed(later)
        assert breaker.blocked_until(later) == later + timedelta(seconds=expected)
    breaker.answered()
    assert breaker.blocked_until(later) is None
    assert not breaker.is_open
