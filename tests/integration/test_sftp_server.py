"""The SFTP server with real clients: asyncssh's and OpenSSH's."""

import asyncio
import os
import shutil
import stat
import subprocess
from pathlib import Path

import asyncssh
import pytest

from ingest.inbox import Inbox, InboxBounds
from ingest.outbox import Outbox
from ingest.spool import Spool
from support.drop_box import OTHER, OWN, PASSWORD, FixedAccounts, open_box, until, zip_of

BOUNDS = InboxBounds(1 << 20, 100, 1 << 24)


def deliver(box, name: str, content: bytes, tenant: str = OWN) -> None:
    with Outbox(Spool(box.spool), tenant) as outbox:
        outbox.deliver(name, content)


def listed(box, tenant: str = OWN):
    inbox = Inbox(Spool(box.spool), tenant, BOUNDS)
    try:
        return {file.name: file for file in inbox.folder.files()}
    finally:
        inbox.close()


async def test_upload_then_rename_hands_the_file_over(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.client() as client:
        async with client.open("inbox/x.zip.part", "wb") as file:
            await file.write(b"some bytes")
        await client.rename("inbox/x.zip.part", "inbox/x.zip")
        assert sorted(await client.listdir("inbox")) == [".", "..", "x.zip"]
        assert (await client.stat("inbox/x.zip")).size == 10
    assert box.inbox().joinpath("x.zip").read_bytes() == b"some bytes"
    assert [(tenant, file.name, renamed) for tenant, file, renamed in box.handed] == [
        (OWN, "x.zip.part", False),
        (OWN, "x.zip", True),
    ]
    assert listed(box)["x.zip"].finished


async def test_an_answer_that_is_replaced_while_it_is_read_is_read_to_its_end(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.client() as client:
        deliver(box, "x.zip.failed.txt", b"the first answer")
        async with client.open("outbox/x.zip.failed.txt", "rb") as file:
            deliver(box, "x.zip.failed.txt", b"the second")
            assert await file.read() == b"the first answer"
        async with client.open("outbox/x.zip.failed.txt", "rb") as file:
            assert await file.read() == b"the second"


async def test_tenants_see_only_their_own(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box:
        deliver(box, "own.txt", b"mine")
        deliver(box, "theirs.txt", b"theirs", OTHER)
        async with box.client() as client:
            assert sorted(await client.listdir("/")) == [".", "..", "inbox", "outbox"]
            assert sorted(await client.listdir("outbox")) == [".", "..", "own.txt"]
            async with client.open("outbox/own.txt", "rb") as file:
                assert await file.read() == b"mine"
            await client.remove("outbox/own.txt")
            assert sorted(await client.listdir("outbox")) == [".", ".."]
    assert box.outbox(OTHER).joinpath("theirs.txt").read_bytes() == b"theirs"


async def test_large_delivery_is_read_whole(tmp_path: Path) -> None:
    content = os.urandom(3_000_000)
    async with open_box(tmp_path) as box:
        deliver(box, "big.xml", content)
        async with box.client() as client:
            await client.get("outbox/big.xml", str(tmp_path / "got"))
    assert (tmp_path / "got").read_bytes() == content


async def test_many_deliveries_are_listed(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box:
        for number in range(350):
            deliver(box, f"{number:03}.txt", b"x")
        async with box.client() as client:
            names = await client.listdir("outbox")
    assert sorted(names) == [".", "..", *(f"{number:03}.txt" for number in range(350))]


async def test_upload_can_be_continued(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.client() as client:
        async with client.open("inbox/a.csv", "wb") as file:
            await file.write(b"first,")
        async with client.open("inbox/a.csv", "ab") as file:
            await file.write(b"second")
        async with client.open("inbox/a.csv", asyncssh.FXF_WRITE, encoding=None) as file:
            await file.write(b"FIRST", 0)
    assert box.inbox().joinpath("a.csv").read_bytes() == b"FIRST,second"


async def test_file_is_unfinished_while_it_is_written_again(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.client() as client:
        async with client.open("inbox/a.csv", "wb") as file:
            await file.write(b"one")
        assert listed(box)["a.csv"].finished
        async with client.open("inbox/a.csv", "ab") as file:
            await file.write(b"two")
            assert not listed(box)["a.csv"].finished
        assert listed(box)["a.csv"].finished


@pytest.mark.parametrize("how", ["abort", "end of channel"])
async def test_broken_upload_is_closed_but_never_finished(tmp_path: Path, how: str) -> None:
    async with open_box(tmp_path) as box:
        connection = await box.connect()
        client = await connection.start_sftp_client()
        file = await client.open("inbox/x.zip", "wb")
        await file.write(zip_of(a_csv=b"1;2;3\n" * 1000)[:-40])
        if how == "abort":
            connection.abort()
        else:
            client.exit()  # what a killed `sftp` does: the channel ends in good order, the file was never closed
        await until(lambda: not box.server.sessions)
        connection.abort()
        await until(lambda: not box.server.connections)
        assert not listed(box)["x.zip"].finished
        assert box.handed == []
        # nobody holds it any more
        inbox = Inbox(Spool(box.spool), OWN, BOUNDS)
        held = inbox.hold("x.zip")
        assert held is not None
        held.release()
        inbox.close()


async def test_file_in_use_is_left_alone(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.client() as client, box.client() as second:
        async with client.open("inbox/x.zip", "wb") as file:
            await file.write(b"PK")
            inbox = Inbox(Spool(box.spool), OWN, BOUNDS)
            assert inbox.hold("x.zip") is None
            inbox.close()
            for attempt in (
                second.open("inbox/x.zip", "wb"),
                second.rename("inbox/x.zip", "inbox/y.zip"),
                second.remove("inbox/x.zip"),
            ):
                with pytest.raises(asyncssh.SFTPError, match="being uploaded or taken in"):
                    await attempt
        await second.rename("inbox/x.zip", "inbox/y.zip")


async def test_file_being_taken_in_cannot_be_changed(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box, box.client() as client:
        async with client.open("inbox/x.zip", "wb") as file:
            await file.write(b"PK")
        async with client.open("inbox/y.part", "wb") as file:
            await file.write(b"other")
        inbox = Inbox(Spool(box.spool), OWN, BOUNDS)
        held = inbox.hold("x.zip")
        assert held is not None
        for attempt in (
            client.open("inbox/x.zip", "ab"),
            client.remove("inbox/x.zip"),
            client.rename("inbox/x.zip", "inbox/z.zip"),
            client.posix_rename("inbox/y.part", "inbox/x.zip"),
        ):
            with pytest.raises(asyncssh.SFTPError, match="being uploaded or taken in"):
                await attempt
        held.remove()
        held.release()
        inbox.close()
        await client.posix_rename("inbox/y.part", "inbox/x.zip")
        assert box.inbox().joinpath("x.zip").read_bytes() == b"other"


async def test_keys_log_in(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    stranger = asyncssh.generate_private_key("ssh-ed25519")
    accounts = FixedAccounts(("not a key", key.export_public_key().decode()))
    async with open_box(tmp_path, accounts) as box:
        async with box.connect(password=None, client_keys=[key]) as connection:
            assert "inbox" in await (await connection.start_sftp_client()).listdir("/")
        with pytest.raises(asyncssh.PermissionDenied):
            await box.connect(password=None, client_keys=[stranger])
        with pytest.raises(asyncssh.PermissionDenied):
            await box.connect(OTHER, password=None, client_keys=[key])


async def test_wrong_passwords_have_to_wait(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    accounts = FixedAccounts((key.export_public_key().decode(),))
    async with open_box(tmp_path, accounts, sftp_failures=2) as box:
        for _ in range(2):
            with pytest.raises(asyncssh.PermissionDenied):
                await box.connect(password="wrong")
        with pytest.raises(asyncssh.PermissionDenied):
            await box.connect(password=PASSWORD)
        async with box.connect(OTHER):  # another user from the same address does not wait
            pass
        async with box.connect(password=None, client_keys=[key]):  # nor does a key
            pass


async def test_unknown_user_and_empty_password_are_refused(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box:
        for user, password in (("root", PASSWORD), ("", PASSWORD), (OWN, ""), (OWN, "x" * 5000)):
            with pytest.raises(asyncssh.PermissionDenied):
                await box.connect(user, password)


async def test_database_away_refuses_without_a_trace(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box:
        box.accounts.away = True
        with pytest.raises((asyncssh.DisconnectError, ConnectionError)):
            await box.connect()
        box.accounts.away = False
        async with box.client() as client:
            assert "inbox" in await client.listdir("/")


async def test_idle_connection_is_closed(tmp_path: Path) -> None:
    async with open_box(tmp_path, sftp_idle_seconds=0.4) as box:
        connection = await box.connect()
        async with asyncio.timeout(10):
            await connection.wait_closed()


async def test_connections_of_one_tenant_are_bounded(tmp_path: Path) -> None:
    async with open_box(tmp_path, sftp_connections_per_tenant=2) as box:
        first, second = await box.connect(), await box.connect()
        with pytest.raises((asyncssh.Error, OSError)):
            await (await box.connect()).start_sftp_client()
        async with box.connect(OTHER) as connection:
            await connection.start_sftp_client()
        first.close()
        await first.wait_closed()
        await until(lambda: box.server.by_tenant[OWN] == 1)
        async with box.connect() as connection:
            await connection.start_sftp_client()
        second.close()
        await second.wait_closed()


async def test_stopping_ends_sessions_and_leaves_uploads_unfinished(tmp_path: Path) -> None:
    async with open_box(tmp_path) as box:
        connection = await box.connect()
        client = await connection.start_sftp_client()
        file = await client.open("inbox/x.csv", "wb")
        await file.write(b"half")
    assert not listed(box)["x.csv"].finished
    assert not box.server.sessions
    connection.abort()


async def test_host_key_stays_the_same(tmp_path: Path) -> None:
    async def fingerprint() -> str:
        async with open_box(tmp_path) as box, box.connect() as connection:
            return connection.get_server_host_key().get_fingerprint()

    assert await fingerprint() == await fingerprint()
    assert stat.S_IMODE((tmp_path / "keys" / "sftp").stat().st_mode) == 0o600


@pytest.mark.skipif(shutil.which("sftp") is None, reason="OpenSSH's sftp is not installed")
async def test_openssh_client(tmp_path: Path) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    identity = tmp_path / "id"
    key.write_private_key(identity)
    identity.chmod(0o600)
    export = tmp_path / "export.zip"
    export.write_bytes(zip_of(a_csv=os.urandom(400_000)))
    batch = tmp_path / "batch"
    batch.write_text(
        f"put -p {export} inbox/x.zip.part\n"
        "rename inbox/x.zip.part inbox/x.zip\n"
        "ls -la inbox\n"
        "cd outbox\n"
        "pwd\n"
        f"get answer.txt {tmp_path}/got\n"
        "rm answer.txt\n"
    )
    accounts = FixedAccounts((key.export_public_key().decode(),))
    async with open_box(tmp_path, accounts) as box:
        deliver(box, "answer.txt", b"cevap")
        run = await asyncio.to_thread(
            subprocess.run,
            [
                *("sftp", "-b", str(batch), "-P", str(box.port), "-i", str(identity), "-F", "none"),
                *("-o", "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={tmp_path}/known"),
                *("-o", "IdentitiesOnly=yes", f"{OWN}@127.0.0.1"),
            ],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        assert "/outbox" in run.stdout
        assert box.inbox().joinpath("x.zip").read_bytes() == export.read_bytes()
        assert (tmp_path / "got").read_bytes() == b"cevap"
        assert list(box.outbox().iterdir()) == []
        assert box.handed[-1][2] is True
