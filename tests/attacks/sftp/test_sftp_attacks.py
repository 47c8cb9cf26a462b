"""What a hostile client may try over SFTP; each test is named after the attempt that it reproduces."""

import asyncio
import gc
import logging
import random
import struct
import time
from pathlib import Path

import asyncssh
import pytest
from asyncssh import constants as protocol

from ingest.outbox import Outbox
from ingest.sftp_server import Connection
from ingest.spool import Spool
from support.drop_box import OTHER, OWN, PASSWORD, FixedAccounts, open_box, until


def string(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def packet(kind: int, number: int, *parts: bytes) -> bytes:
    body = struct.pack(">BI", kind, number) + b"".join(parts)
    return struct.pack(">I", len(body)) + body


INIT = struct.pack(">IBI", 5, protocol.FXP_INIT, 3)


async def raw(connection, window: int = 2**21):
    """An SFTP channel without a client behind it, past its greeting."""
    writer, reader, _ = await connection.open_session(subsystem="sftp", encoding=None, window=window)
    writer.write(INIT)
    size = struct.unpack(">I", await reader.readexactly(4))[0]
    await reader.readexactly(size)
    return writer, reader


async def answer(reader) -> tuple[int, int, bytes]:
    size, kind, number = struct.unpack(">IBI", await reader.readexactly(9))
    return kind, number, await reader.readexactly(size - 5)


def deliver(box, name: str, content: bytes, tenant: str = OWN) -> None:
    with Outbox(Spool(box.spool), tenant) as outbox:
        outbox.deliver(name, content)


def everything(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


HOSTILE_PATHS = [
    b"../../../../etc/passwd",
    b"/etc/passwd",
    b"inbox/../../../etc/passwd",
    b"inbox/../../" + OTHER.encode() + b"/inbox/x",
    b"/" + OTHER.encode() + b"/outbox/berat.xml",
    b"outbox/../../" + OTHER.encode() + b"/outbox/berat.xml",
    b".lock",
    b"inbox/.",
    b"inbox/..",
    b"inbox/x/y",
    b"inbox/" + b"A" * 4000,
    b"inbox/" + b"A" * 200,
    b"/" * 5000,
    b"inbox/a\0b",
    b"inbox/a\nb",
    b"inbox/a\rb",
    b"inbox/\x1b[2J",
    b"inbox/a\\..\\b",
    b"inbox/\xc0\xae\xc0\xae",
    b"inbox/\xff",
    "inbox/\u202egnp.zip".encode(),
    b"inbox",
    b"/",
    b"",
    b"~/x",
    b"inbox/C:x",
    b"inbox/ x",
]


@pytest.mark.parametrize("path", HOSTILE_PATHS)
async def test_hostile_path(tmp_path: Path, path: bytes) -> None:
    async with open_box(tmp_path) as box:
        deliver(box, "berat.xml", b"theirs", OTHER)
        async with box.connect() as connection:
            writer, reader = await raw(connection)
            before = everything(box.spool)
            write = protocol.FXF_WRITE | protocol.FXF_CREAT | protocol.FXF_TRUNC
            requests = [
                packet(protocol.FXP_OPEN, 0, string(path), struct.pack(">II", write, 0)),
                packet(protocol.FXP_OPEN, 1, string(path), struct.pack(">II", protocol.FXF_READ, 0)),
                packet(protocol.FXP_REMOVE, 2, string(path)),
                packet(protocol.FXP_RENAME, 3, string(b"inbox/mine"), string(path)),
                packet(protocol.FXP_RENAME, 4, string(path), string(b"inbox/mine")),
                packet(protocol.FXP_MKDIR, 5, string(path), struct.pack(">I", 0)),
                packet(protocol.FXP_RMDIR, 6, string(path)),
            ]
            for request in requests:
                writer.write(request)
                kind, _, body = await answer(reader)
                assert kind == protocol.FXP_STATUS
                assert struct.unpack(">I", body[:4])[0] != protocol.FX_OK
                assert b"Traceback" not in body
                assert str(tmp_path).encode() not in body
            assert everything(box.spool) == before


async def test_links_cannot_be_made_or_read(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.connect() as connection:
        writer, reader = await raw(connection)
        before = everything(box.spool)
        for kind, parts in (
            (protocol.FXP_SYMLINK, (string(b"/etc/passwd"), string(b"inbox/x"))),
            (protocol.FXP_LINK, (string(b"inbox/x"), string(b"/etc/passwd"), b"\1")),
            (protocol.FXP_READLINK, (string(b"inbox/x"),)),
            (protocol.FXP_EXTENDED, (string(b"hardlink@openssh.com"), string(b"inbox/x"), string(b"inbox/y"))),
            (protocol.FXP_EXTENDED, (string(b"statvfs@openssh.com"), string(b"/"))),
            (protocol.FXP_EXTENDED, (string(b"copy-data"), string(b"x") * 2)),
            (protocol.FXP_EXTENDED, (string(b"ranges@asyncssh.com"), string(b"x"))),
            (protocol.FXP_BLOCK, (string(b"x"),)),
            (250, ()),
        ):
            writer.write(packet(kind, 7, *parts))
            kind_back, number, body = await answer(reader)
            assert (kind_back, number) == (protocol.FXP_STATUS, 7)
            assert struct.unpack(">I", body[:4])[0] == protocol.FX_OP_UNSUPPORTED
        assert everything(box.spool) == before


async def test_planted_links_are_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    async with open_box(tmp_path) as box, box.client() as client:
        await client.listdir("/")
        for folder in (box.inbox(), box.outbox()):
            (folder / "link").symlink_to(secret)
            (folder / "up").symlink_to("..")
        assert await client.listdir("inbox") == await client.listdir("outbox") == [".", ".."]
        for attempt in (
            client.open("outbox/link", "rb"),
            client.open("inbox/link", "wb"),
            client.open("inbox/link", "ab"),
            client.rename("inbox/link", "inbox/mine"),
            client.stat("inbox/link"),
            client.remove("inbox/link"),
            client.listdir("inbox/up"),
        ):
            with pytest.raises(asyncssh.SFTPError):
                await attempt
    assert secret.read_text() == "secret"
    assert secret.exists()


async def test_outbox_cannot_be_written(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box:
        deliver(box, "berat.xml", b"genuine")
        async with box.client() as client:
            async with client.open("inbox/forged.part", "wb") as file:
                await file.write(b"forged")
            for attempt in (
                client.open("outbox/berat.xml", "wb"),
                client.open("outbox/berat.xml", "ab"),
                client.open("outbox/berat.xml", "r+b"),
                client.open("outbox/new.xml", "wb"),
                client.rename("inbox/forged.part", "outbox/new.xml"),
                client.posix_rename("inbox/forged.part", "outbox/berat.xml"),
                client.rename("outbox/berat.xml", "inbox/berat.xml"),
                client.rename("outbox/berat.xml", "outbox/other.xml"),
                client.truncate("outbox/berat.xml", 0),
                client.chmod("outbox/berat.xml", 0o777),
                client.utime("outbox/berat.xml", (0, 0)),
            ):
                with pytest.raises(asyncssh.SFTPError):
                    await attempt
            async with client.open("outbox/berat.xml", "rb") as file:
                with pytest.raises(asyncssh.SFTPError):
                    await file.setstat(asyncssh.SFTPAttrs(size=0))
        assert box.outbox().joinpath("berat.xml").read_bytes() == b"genuine"
        assert [path.name for path in box.outbox().iterdir()] == ["berat.xml"]


async def test_half_written_deliveries_are_not_seen(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.client() as client:
        await client.listdir("/")
        (box.outbox() / ".berat.xml").write_bytes(b"<be")
        assert await client.listdir("outbox") == [".", ".."]
        for attempt in (client.open("outbox/.berat.xml", "rb"), client.remove("outbox/.berat.xml")):
            with pytest.raises(asyncssh.SFTPNoSuchFile):
                await attempt
        with pytest.raises(asyncssh.SFTPNoSuchFile):
            await client.stat("outbox/.berat.xml")


async def test_inbox_gives_nothing_back(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.client() as client:
        async with client.open("inbox/x.csv", "wb") as file:
            await file.write(b"entries")
        with pytest.raises(asyncssh.SFTPPermissionDenied):
            await client.open("inbox/x.csv", "rb")
        async with client.open("inbox/x.csv", "r+b") as file:
            with pytest.raises(asyncssh.SFTPPermissionDenied):
                await file.read(10, 0)


async def test_attributes_cannot_mark_a_file_or_make_it_large(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.client() as client:
        file = await client.open("inbox/x.csv", "wb")
        await file.write(b"half")
        before = box.inbox().joinpath("x.csv").stat()
        for attributes in (
            asyncssh.SFTPAttrs(permissions=0o1777),
            asyncssh.SFTPAttrs(permissions=0o4755, uid=0, gid=0),
            asyncssh.SFTPAttrs(atime=0, mtime=0),
        ):
            await file.setstat(attributes)
            await client.setstat("inbox/x.csv", attributes)
        for size in (0, 2**62):
            with pytest.raises(asyncssh.SFTPError):
                await file.truncate(size)
            with pytest.raises(asyncssh.SFTPError):
                await client.truncate("inbox/x.csv", size)
        after = box.inbox().joinpath("x.csv").stat()
        assert (before.st_mode, before.st_size, before.st_mtime_ns) == (after.st_mode, after.st_size, after.st_mtime_ns)
        await file.close()


async def test_file_is_made_with_our_permissions(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.connect() as connection:
        writer, reader = await raw(connection)
        flags = protocol.FXF_WRITE | protocol.FXF_CREAT
        attributes = struct.pack(">II", protocol.FILEXFER_ATTR_PERMISSIONS, 0o107777)
        writer.write(packet(protocol.FXP_OPEN, 1, string(b"inbox/x"), struct.pack(">I", flags), attributes))
        assert (await answer(reader))[0] == protocol.FXP_HANDLE
        assert box.inbox().joinpath("x").stat().st_mode & 0o7777 == 0o600


async def test_rename_over_a_file_that_waits(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.client() as client:
        for name in ("a.part", "b.csv"):
            async with client.open(f"inbox/{name}", "wb") as file:
                await file.write(name.encode())
        with pytest.raises(asyncssh.SFTPError, match="there already"):
            await client.rename("inbox/a.part", "inbox/b.csv")
        assert box.inbox().joinpath("b.csv").read_bytes() == b"b.csv"


async def test_only_sftp_is_served(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.connect() as connection:
        for attempt in (
            connection.run("id"),
            connection.run(None),
            connection.run(None, subsystem="shell"),
            connection.run("scp -t /"),
            connection.open_connection("127.0.0.1", box.port),
            connection.open_unix_connection("/var/run/docker.sock"),
        ):
            with pytest.raises(asyncssh.ChannelOpenError):
                await attempt
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", 1)
        process = await connection.create_process(subsystem="sftp", encoding=None, env={"LD_PRELOAD": "/tmp/x.so"})
        process.stdin.write(INIT)
        assert len(await process.stdout.read(5)) == 5


async def test_terminal_and_agent_are_refused(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.connect() as connection:
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.create_process(term_type="xterm", subsystem="sftp")
        channel, _ = await connection.create_session(asyncssh.SSHClientSession, subsystem="sftp", encoding=None)
        assert await channel._make_request(b"auth-agent-req@openssh.com") is False
        assert await channel._make_request(b"env", string(b"A"), string(b"B")) is False


async def test_thousands_of_opens(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box:
        deliver(box, "berat.xml", b"x")
        async with box.client() as client:
            before = len(list(Path("/proc/self/fd").iterdir()))
            files = []
            refused = 0
            for _ in range(2000):
                try:
                    files.append(await client.open("outbox/berat.xml", "rb"))
                except asyncssh.SFTPError:
                    refused += 1
            assert len(files) == 32
            assert refused == 1968
            assert len(list(Path("/proc/self/fd").iterdir())) - before <= 40
            for file in files:
                await file.close()
            async with client.open("outbox/berat.xml", "rb") as file:
                assert await file.read() == b"x"


async def test_thousands_of_listings(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.connect() as connection:
        writer, reader = await raw(connection)
        opened = []
        for number in range(2000):
            writer.write(packet(protocol.FXP_OPENDIR, number, string(b"/inbox")))
            kind, _, body = await answer(reader)
            if kind == protocol.FXP_HANDLE:
                opened.append(body)
        assert len(opened) == 32
        for handle in opened:
            writer.write(packet(protocol.FXP_CLOSE, 1, handle))
            assert struct.unpack(">I", (await answer(reader))[2][:4])[0] == protocol.FX_OK
        gc.collect()
        writer.write(packet(protocol.FXP_OPENDIR, 1, string(b"/inbox")))
        assert (await answer(reader))[0] == protocol.FXP_HANDLE


async def test_thousands_of_files(tmp_path: Path) -> None:
    async with open_box(tmp_path, inbox_files=20) as box, box.client() as client:
        for number in range(20):
            async with client.open(f"inbox/{number}.csv", "wb") as file:
                await file.write(b"x")
        for number in range(20, 1000):
            with pytest.raises(asyncssh.SFTPError, match="inbox is full"):
                await client.open(f"inbox/{number}.csv", "wb")
        assert len(list(box.inbox().iterdir())) == 20
        await client.remove("inbox/0.csv")
        async with client.open("inbox/again.csv", "wb") as file:
            await file.write(b"x")


async def test_endless_file(tmp_path: Path) -> None:
    async with open_box(tmp_path, file_bytes=1_000_000) as box, box.client() as client:
        file = await client.open("inbox/x.csv", "wb")
        with pytest.raises(asyncssh.SFTPError, match="at most 1000000 bytes"):
            for _ in range(100):
                await file.write(b"x" * 50_000)
        await file.close()
        assert box.inbox().joinpath("x.csv").stat().st_size <= 1_000_000
        async with client.open("inbox/y.csv", "wb") as file:
            for offset in (2**40, 2**63 - 1, 2**64 - 1):
                with pytest.raises(asyncssh.SFTPError):
                    await file.write(b"x", offset)


async def test_full_spool(tmp_path: Path) -> None:
    async with open_box(tmp_path, inbox_bytes=1_000_000) as box, box.client() as client, box.client(OTHER) as other:
        with pytest.raises(asyncssh.SFTPError, match="inbox"):
            for number in range(50):
                async with client.open(f"inbox/{number}.csv", "wb") as file:
                    await file.write(b"x" * 100_000)
        assert sum(path.stat().st_size for path in box.inbox().iterdir()) <= 1_000_000
        async with other.open("inbox/x.csv", "wb") as file:  # one tenant's flood is not the other's
            await file.write(b"x" * 100_000)


@pytest.mark.parametrize("where", ["channel", "socket"])
async def test_reader_who_never_reads(tmp_path: Path, where: str) -> None:
    def waiting() -> int:
        """Bytes that the server keeps for its clients."""
        ssh = [connection._connection for connection in box.server.connections]
        channels = [channel for one in ssh for channel in one._channels.values()]
        return sum(one._transport.get_write_buffer_size() for one in ssh) + sum(
            channel.get_write_buffer_size() for channel in channels
        )

    async with open_box(tmp_path) as box:
        deliver(box, "big.xml", b"x" * 1_000_000)
        async with box.connect() as connection:
            writer, reader = await raw(connection, window=2**30 if where == "socket" else 2**21)
            writer.write(packet(protocol.FXP_OPEN, 1, string(b"outbox/big.xml"), struct.pack(">II", 1, 0)))
            handle = (await answer(reader))[2]
            if where == "socket":
                connection._transport.pause_reading()
            else:
                reader.channel.pause_reading()
            for number in range(1000):  # a quarter of a gigabyte of answers
                writer.write(packet(protocol.FXP_READ, number, handle, struct.pack(">QI", 0, 262_144)))
            await asyncio.sleep(1.5)
            assert 0 < waiting() < 12_000_000
            async with box.client() as client:  # others are served meanwhile
                assert "big.xml" in await client.listdir("outbox")
            connection.abort()
        await until(lambda: not box.server.sessions)


async def test_many_sessions_in_one_connection(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.connect() as connection:
        clients = [await connection.start_sftp_client() for _ in range(4)]
        for _ in range(20):
            with pytest.raises(asyncssh.ChannelOpenError):
                await connection.start_sftp_client()
        clients[0].exit()
        await clients[0].wait_closed()
        assert "inbox" in await (await connection.start_sftp_client()).listdir("/")


@pytest.mark.parametrize(
    "bytes_sent",
    [
        struct.pack(">I", 0xFFFFFFFF) + b"x" * 100,
        struct.pack(">I", 0),
        struct.pack(">IB", 1, protocol.FXP_OPEN),
        packet(protocol.FXP_OPEN, 1, struct.pack(">I", 0xFFFFFFF0), b"short"),
        packet(protocol.FXP_WRITE, 1, string(b"no such handle"), struct.pack(">Q", 0), string(b"x")),
        packet(protocol.FXP_CLOSE, 1, string(b"")),
        INIT * 3,
    ],
)
async def test_malformed_packets(tmp_path: Path, bytes_sent: bytes) -> None:
    async with open_box(tmp_path) as box, box.connect() as connection:
        writer, _ = await raw(connection)
        writer.write(bytes_sent)
        writer.write_eof()
        async with asyncio.timeout(10):
            await writer.channel.wait_closed()
        async with box.client() as client:
            assert "inbox" in await client.listdir("/")


async def test_random_packets(tmp_path: Path) -> None:
    chance = random.Random(1)
    kinds = [*range(1, 21), protocol.FXP_EXTENDED]
    async with open_box(tmp_path) as box:
        for _ in range(30):
            async with box.connect() as connection:
                writer, _ = await raw(connection)
                for number in range(20):
                    body = chance.choice(
                        [chance.randbytes(chance.randrange(60)), string(b"inbox/x") + chance.randbytes(8)]
                    )
                    writer.write(packet(chance.choice(kinds), number, body))
                writer.write_eof()
                async with asyncio.timeout(10):
                    await writer.channel.wait_closed()
        async with box.client() as client:
            assert "inbox" in await client.listdir("/")
        await until(lambda: not box.server.sessions)
    inside = {path.split("/")[0] for path in everything(box.spool)}
    assert inside <= {OWN}


async def test_connections_that_never_log_in(tmp_path: Path) -> None:
    async with open_box(tmp_path, sftp_unauthenticated=5, sftp_login_seconds=1) as box:
        opened = [await asyncio.open_connection("127.0.0.1", box.port) for _ in range(20)]
        await until(lambda: len(box.server.connections) <= 5)
        await until(lambda: not box.server.connections, 10)
        async with box.client() as client:
            assert "inbox" in await client.listdir("/")
        for _, writer in opened:
            writer.close()


async def test_many_tries_in_one_connection(tmp_path: Path) -> None:
    keys = [asyncssh.generate_private_key("ssh-ed25519") for _ in range(30)]
    async with open_box(tmp_path) as box:
        with pytest.raises(asyncssh.DisconnectError) as raised:
            await box.connect(password=None, client_keys=keys)
        assert not isinstance(raised.value, asyncssh.PermissionDenied) or "tries" in raised.value.reason


async def test_guessing_passwords_gets_slower_and_names_no_users(tmp_path: Path) -> None:
    async def seconds(user: str) -> float:
        started = time.perf_counter()
        with pytest.raises(asyncssh.PermissionDenied):
            await box.connect(user, "wrong")
        return time.perf_counter() - started

    async with open_box(tmp_path, sftp_failures=0, sftp_failures_per_address=0) as box:
        await seconds(OWN)
        known = min([await seconds(OWN) for _ in range(4)])
        unknown = min([await seconds("1111111111") for _ in range(4)])
        assert unknown > known / 2


async def test_next_password_before_the_answer_to_the_last(tmp_path: Path) -> None:
    """asyncssh gives a check up when the client's next try comes in; the failure counts all the same."""
    async with open_box(tmp_path, sftp_failures=3) as box:
        connection = Connection(box.server)
        connection._account = await box.accounts.find(OWN)
        for _ in range(3):
            check = asyncio.create_task(connection.validate_password(OWN, "wrong"))
            await asyncio.sleep(0)
            check.cancel()
        await until(lambda: box.server.passwords._by_pair.is_blocked(f"{OWN}@?"))
        assert not await connection.validate_password(OWN, PASSWORD)


async def test_one_connection_asks_for_many_users(tmp_path: Path) -> None:
    asked = []

    class Asked(FixedAccounts):
        async def find(self, user: str):
            asked.append(user)
            return await super().find(user)

    async with open_box(tmp_path, Asked()) as box:
        connection = Connection(box.server)
        for number in range(100):
            await connection.begin_auth(str(number))
    assert len(asked) == 12


async def test_one_address_guesses_many_users(tmp_path: Path) -> None:
    async with open_box(tmp_path, sftp_failures_per_address=3) as box:
        for user in ("1111111111", "2222222222", "3333333333"):
            with pytest.raises(asyncssh.PermissionDenied):
                await box.connect(user, "wrong")
        with pytest.raises(asyncssh.PermissionDenied):
            await box.connect(OWN, PASSWORD)


async def test_secrets_reach_no_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with open_box(tmp_path) as box:
        with pytest.raises(asyncssh.PermissionDenied):
            await box.connect(password="an-attempted-password")
        async with box.client() as client:
            await client.listdir("/")
    assert "an-attempted-password" not in caplog.text
    assert PASSWORD not in caplog.text
    assert "scrypt" not in repr(FixedAccounts().accounts)
