"""The spool's folders on a real file system."""

import os
import time
from pathlib import Path

import pytest

from ingest.inbox import Inbox, InboxBounds
from ingest.names import Box
from ingest.outbox import Outbox
from ingest.spool import Spool
from support.drop_box import OTHER, OWN

BOUNDS = InboxBounds(file_bytes=1000, files=3, total_bytes=2000)
NEW = {"create": True, "exclusive": False, "truncate": True, "append": False}


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


@pytest.fixture
def inbox(spool: Spool) -> Inbox:
    return Inbox(spool, OWN, BOUNDS)


def put(inbox: Inbox, name: str, content: bytes, finished: bool = True) -> None:
    upload = inbox.upload(name, **NEW)
    upload.write(0, content)
    upload.end(finished)


def test_folders_are_the_owner_s_alone(spool: Spool, inbox: Inbox) -> None:
    for folder in (spool.root, spool.root / OWN, spool.root / OWN / "inbox"):
        assert folder.stat().st_mode & 0o077 == 0


def test_tenants_with_files(spool: Spool, inbox: Inbox) -> None:
    assert spool.tenants_with_files() == []
    put(inbox, "a", b"x")
    (spool.root / "lost+found").mkdir()
    Inbox(spool, OTHER, BOUNDS).close()
    assert spool.tenants_with_files() == [OWN]


def test_only_tax_numbers_have_folders(spool: Spool) -> None:
    for name in ("..", "../x", "6090408038/../x", "1234567890123", "", "lost+found"):
        with pytest.raises(ValueError, match="tax number"):
            spool.open(name, Box.INBOX)


def test_linked_folder_is_not_used(spool: Spool, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (spool.root / OWN).mkdir()
    (spool.root / OWN / "inbox").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
        Inbox(spool, OWN, BOUNDS)


def test_a_file_s_bound(inbox: Inbox) -> None:
    upload = inbox.upload("a", **NEW)
    upload.write(0, b"x" * 1000)
    with pytest.raises(OSError, match="at most 1000 bytes"):
        upload.write(1000, b"x")
    with pytest.raises(OSError, match="at most 1000 bytes"):
        upload.write(10**15, b"x")
    upload.end(True)
    assert inbox.folder.file("a").size == 1000


def test_the_inbox_s_bounds(inbox: Inbox) -> None:
    put(inbox, "a", b"x" * 900)
    put(inbox, "b", b"x" * 900)
    upload = inbox.upload("c", **NEW)
    with pytest.raises(OSError, match="at most 2000 bytes"):
        upload.write(0, b"x" * 300)
    upload.write(0, b"x" * 200)
    upload.end(True)
    with pytest.raises(OSError, match="inbox is full"):
        inbox.upload("d", **NEW)
    inbox.folder.remove("a")
    put(inbox, "d", b"x")


def test_continued_upload_counts_its_own_bytes_once(inbox: Inbox) -> None:
    put(inbox, "a", b"x" * 900)
    put(inbox, "b", b"x" * 1000)
    upload = inbox.upload("a", create=False, exclusive=False, truncate=False, append=True)
    upload.write(0, b"y" * 100)
    upload.end(True)
    assert inbox.folder.file("a").size == 1000


def test_finished_is_told_by_the_file_itself(spool: Spool, inbox: Inbox) -> None:
    put(inbox, "a", b"x", finished=False)
    assert not inbox.folder.file("a").finished
    inbox.upload("a", create=False, exclusive=False, truncate=False, append=False).end(True)
    assert Inbox(spool, OWN, BOUNDS).folder.file("a").finished
    upload = inbox.upload("a", create=False, exclusive=False, truncate=False, append=False)
    assert not inbox.folder.file("a").finished
    upload.end(False)
    assert not inbox.folder.file("a").finished


def test_renaming_to_a_final_name_finishes(inbox: Inbox) -> None:
    put(inbox, "a.part", b"x", finished=False)
    assert not inbox.rename("a.part", "b.part", replace=False).finished
    assert inbox.rename("b.part", "b.csv", replace=False).finished


def test_renaming_over_a_file(inbox: Inbox) -> None:
    put(inbox, "a.part", b"new")
    put(inbox, "a.csv", b"old")
    with pytest.raises(FileExistsError):
        inbox.rename("a.part", "a.csv", replace=False)
    inbox.rename("a.part", "a.csv", replace=True)
    assert [(file.name, file.size) for file in inbox.folder.files()] == [("a.csv", 3)]
    assert (inbox.folder.path / "a.csv").read_bytes() == b"new"


def test_a_file_keeps_its_mark_until_it_is_written_again(inbox: Inbox) -> None:
    put(inbox, "a.part", b"x")
    mark = inbox.folder.file("a.part").mark
    assert inbox.rename("a.part", "a.csv", replace=False).mark == mark
    (inbox.folder.path / "a.csv").chmod(0o640)  # as a volume's driver may do
    assert inbox.folder.file("a.csv").mark == mark
    time.sleep(0.02)
    put(inbox, "a.csv", b"x")
    assert inbox.folder.file("a.csv").mark != mark


def test_held_removal_spares_another_file_of_that_name(inbox: Inbox) -> None:
    put(inbox, "a", b"old")
    held = inbox.hold("a")
    assert held is not None
    _plain(inbox, "b", b"new").replace(inbox.folder.path / "a")  # behind the product's back
    held.remove()
    held.release()
    assert (inbox.folder.path / "a").read_bytes() == b"new"


def _plain(inbox: Inbox, name: str, content: bytes) -> Path:
    path = inbox.folder.path / name
    path.write_bytes(content)
    return path


def test_links_pipes_and_shared_files_are_not_there(spool: Spool, inbox: Inbox, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    outbox = Outbox(spool, OWN)
    for folder in (inbox.folder, outbox.folder):
        (folder.path / "link").symlink_to(secret)
        (folder.path / "hard").hardlink_to(secret)
        (folder.path / "folder").mkdir()
        os.mkfifo(folder.path / "pipe")
        assert list(folder.files()) == []
        for name in ("link", "hard", "folder", "pipe"):
            with pytest.raises((FileNotFoundError, FileExistsError)):
                folder.open_file(name, os.O_RDONLY)
            with pytest.raises(FileNotFoundError):
                folder.file(name)
            with pytest.raises((FileNotFoundError, FileExistsError)):
                folder.remove(name)
    for name in ("link", "hard", "pipe", "folder"):
        with pytest.raises((FileNotFoundError, FileExistsError)):
            outbox.download(name)
        with pytest.raises((FileNotFoundError, FileExistsError)):
            inbox.upload(name, **NEW)
    assert secret.read_text() == "secret"


def test_delivery_replaces_a_link_and_does_not_follow_it(spool: Spool, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    with Outbox(spool, OWN) as outbox:
        (outbox.folder.path / "a.txt").symlink_to(secret)
        (outbox.folder.path / ".b.txt").symlink_to(secret)
        outbox.deliver("a.txt", b"answer")
        assert (outbox.folder.path / "a.txt").read_bytes() == b"answer"
        with pytest.raises(FileNotFoundError):
            outbox.deliver("b.txt", b"answer")
    assert secret.read_text() == "secret"


def test_delivery_from_a_file(spool: Spool, tmp_path: Path) -> None:
    source = tmp_path / "berat.xml"
    source.write_bytes(os.urandom(3_000_000))
    with Outbox(spool, OWN) as outbox:
        outbox.deliver("b.xml", source)
        outbox.deliver("b.xml", source)
        assert [file.name for file in outbox.folder.files()] == ["b.xml"]
    assert (spool.root / OWN / "outbox" / "b.xml").read_bytes() == source.read_bytes()


def test_listings_do_not_disturb_each_other(inbox: Inbox) -> None:
    for number in range(3):
        put(inbox, str(number), b"x")
    first = inbox.folder.files()
    names = [next(first).name]
    assert len(list(inbox.folder.files())) == 3
    names += [file.name for file in first]
    assert sorted(names) == ["0", "1", "2"]
