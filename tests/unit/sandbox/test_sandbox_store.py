"""GİB's memory survives restarts and files nothing twice."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta

import pytest

from defterhane.edefter.names import DocumentName
from sandbox.gib.statuses import Status
from sandbox.gib.store import AlreadyUploaded, QueueFull, Store

NOW = datetime(2025, 4, 14, 9, tzinfo=UTC)
YB, KB = (DocumentName.parse(f"1234567808-202501-{kind}-000000") for kind in ("YB", "KB"))


def add(store, name=YB, content=b"package", due=NOW, limit=10):
    return store.add(name, content, sent_by="1234567808", now=NOW, due=due, limit=limit)


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path)
    yield made
    made.close()


def test_everything_is_there_after_a_restart(tmp_path):
    before = Store(tmp_path)
    add(before)
    add(before, KB, b"other", due=NOW - timedelta(seconds=1))
    before.approve(before.newest(str(YB)), facts="{}", approved=b"approved", now=NOW)
    before.log_call(operation="sendDocumentFile", package=str(YB), sent_by="1", outcome="ok", now=NOW)
    # no close: a killed process does not close either
    after = Store(tmp_path)
    attempt = after.newest(str(YB))
    assert (attempt.status, attempt.name, attempt.sent_by) == (Status.APPROVED, YB, "1234567808")
    assert after.content(attempt.sha256) == b"package"
    assert after.content(attempt.approved_sha256) == b"approved"
    assert after.next_waiting().name == KB
    assert after.sends() == {str(YB): {"ok": 1}}
    assert after.outcomes() == {str(YB): {"2": 1}, str(KB): {"1": 1}}
    after.close()
    before.close()


def test_a_package_comes_again_only_after_its_rejection(store):
    add(store)
    with pytest.raises(AlreadyUploaded):
        add(store)
    store.reject(store.newest(str(YB)), reason="neden", now=NOW)
    second = add(store, content=b"mended")
    newest = store.newest(str(YB))
    assert (newest.id, newest.status) == (second, Status.WAITING)
    store.approve(newest, facts="{}", approved=None, now=NOW)
    with pytest.raises(AlreadyUploaded):
        add(store)
    assert store.outcomes() == {str(YB): {"2": 1, "3": 1}}


def test_the_database_itself_refuses_a_second_live_attempt(store, tmp_path):
    add(store)
    with pytest.raises(sqlite3.IntegrityError), sqlite3.connect(tmp_path / "gib.sqlite3") as connection:
        connection.execute(
            "INSERT INTO attempts (package, tax_id, sent_by, sha256, received_at, due_at, status)"
            " SELECT package, tax_id, sent_by, sha256, received_at, due_at, '2' FROM attempts"
        )


def test_of_many_at_once_one_gets_through(store):
    outcomes = []

    def send():
        try:
            add(store)
            outcomes.append("ok")
        except AlreadyUploaded:
            outcomes.append("already")

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already"] * 7 + ["ok"]


def test_a_verdict_counts_once(store):
    add(store)
    attempt = store.newest(str(YB))
    store.approve(attempt, facts="{}", approved=None, now=NOW)
    store.reject(attempt, reason="too late", now=NOW)
    assert store.newest(str(YB)).status is Status.APPROVED


def test_waiting_goes_by_due_time_then_receipt(store):
    third = DocumentName.parse("1234567808-202502-YB-000000")
    add(store, YB, due=NOW + timedelta(seconds=5))
    add(store, KB, due=NOW)
    add(store, third, due=NOW)
    order = []
    while (attempt := store.next_waiting()) is not None:
        order.append(attempt.name)
        store.reject(attempt, reason="", now=NOW)
    assert order == [KB, third, YB]


def test_the_queue_is_bounded(store):
    add(store, limit=1)
    with pytest.raises(QueueFull):
        add(store, KB, limit=1)
    store.approve(store.newest(str(YB)), facts="{}", approved=None, now=NOW)
    add(store, KB, limit=1)


def test_damage_on_disk_is_noticed(store, tmp_path):
    add(store)
    digest = store.newest(str(YB)).sha256
    (tmp_path / "files" / digest).write_bytes(b"changed")
    with pytest.raises(OSError, match="damaged"):
        store.content(digest)
    (tmp_path / "files" / digest).unlink()
    with pytest.raises(FileNotFoundError):
        store.content(digest)


def test_pages(store):
    for name in (YB, KB):
        add(store, name)
    first = store.attempts(after=0, limit=1)
    assert [item.name for item in first] == [YB]
    assert [item.name for item in store.attempts(after=first[0].id, limit=5)] == [KB]
    assert [item.name for item in store.approved("1234567808")] == []
