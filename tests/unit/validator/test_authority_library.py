"""The versions in use: taken in, replaced, refused; and judging files by the one that holds for their period."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from defterhane.edefter.kinds import DocumentKind
from support.authority_files import asserted, put, rule, schematron
from support.golden_documents import golden, name_of
from validator.authority import FolderJudge, PackageBroken
from validator.authority.children import Child, Limits
from validator.authority.errors import NoAnswer
from validator.authority.library import Library
from validator.authority.wire import Reply, Request, Trial, Tried
from validator.check import Verdict, check_document

KIND = DocumentKind.JOURNAL_BERAT


def saying(text: str) -> dict[str, str]:
    """A package whose berat rule always fails with these words."""
    return {"berat.sch": schematron(rule("/*", asserted("false()", text)))}


class Children:
    """Counts what it is asked to try; answers as told."""

    def __init__(self) -> None:
        self.tried: list[str] = []
        self.error: Exception | None = None
        self.answers = asyncio.Event()
        self.answers.set()

    async def ask(self, request: Request) -> Reply:
        assert isinstance(request, Trial)
        self.tried.append(request.package.digest)
        if self.error is not None:
            raise self.error
        await self.answers.wait()
        return Tried()


@pytest.fixture
def children() -> Children:
    return Children()


@pytest.fixture
def library(tmp_path: Path, children: Children) -> Iterator[Library]:
    made = Library(tmp_path, children.ask)
    yield made
    made.close()


def words(library: Library, day: date | None = None) -> str:
    package = library.package_for(day)
    assert package is not None
    return package.stylesheets[KIND].path.read_text("utf-8")


async def test_a_day_is_judged_by_the_newest_version_that_holds(tmp_path: Path, library: Library) -> None:
    put(tmp_path / "2020-01-01", saying("old"))
    put(tmp_path / "2025-07-01", saying("new"))
    await library.ready()
    assert library.package_for(date(2019, 12, 31)) is None
    assert "old" in words(library, date(2025, 6, 30))
    assert "new" in words(library, date(2025, 7, 1))
    assert "new" in words(library)


async def test_what_changes_is_taken_in_once_it_rests_and_tried_once(
    tmp_path: Path, library: Library, children: Children
) -> None:
    put(tmp_path / "2020-01-01", saying("old"))
    await library.ready()
    await library.refresh()
    assert len(children.tried) == 1
    put(tmp_path / "2020-01-01", saying("half of the"))
    await library.refresh()
    assert "old" in words(library)
    put(tmp_path / "2020-01-01", saying("the whole of the new"))
    await library.refresh()
    assert "old" in words(library), "it has changed since the last look"
    await library.refresh()
    assert "the whole of the new" in words(library)
    await library.refresh()
    assert len(children.tried) == 2
    put(tmp_path / "2021-01-01", saying("another"))
    await library.refresh()
    await library.refresh()
    assert "another" in words(library)


async def test_what_is_in_use_is_a_copy(tmp_path: Path, library: Library) -> None:
    put(tmp_path / "2020-01-01", saying("old"))
    await library.ready()
    put(tmp_path / "2020-01-01", saying("something else"))
    assert "old" in words(library)


async def test_a_broken_version_is_refused_loudly_and_the_old_one_stays(
    tmp_path: Path, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path / "2020-01-01", saying("old"))
    await library.ready()
    put(tmp_path / "2020-01-01", {"package.toml": "= ="})
    put(tmp_path / "2024-01-01", {"readme.xml": "<a/>"})
    await library.refresh()
    await library.refresh()
    assert "old" in words(library)
    assert set(library.refused) == {"2020-01-01", "2024-01-01"}
    assert caplog.text.count("authority.package_refused") == 2
    await library.refresh()
    assert caplog.text.count("authority.package_refused") == 2, "once for each change"
    (tmp_path / "2020-01-01" / "package.toml").unlink()
    put(tmp_path / "2020-01-01", saying("mended"))
    await library.refresh()
    await library.refresh()
    assert "mended" in words(library)
    assert set(library.refused) == {"2024-01-01"}


async def test_a_trial_without_an_answer_is_tried_again_but_not_for_ever(
    tmp_path: Path, library: Library, children: Children
) -> None:
    put(tmp_path / "2020-01-01", saying("old"))
    children.error = NoAnswer(reason="slow")
    for _ in range(6):
        await library.refresh()
    assert len(children.tried) == 3
    assert library.package_for(None) is None
    assert "slow" in library.refused["2020-01-01"]


async def test_documents_that_wait_for_the_first_look_share_it(
    tmp_path: Path, library: Library, children: Children
) -> None:
    put(tmp_path / "2020-01-01", saying("old"))
    children.error = NoAnswer(reason="slow")
    await asyncio.gather(library.ready(), library.ready(), library.ready())
    assert len(children.tried) == 1


async def test_trouble_of_the_machine_is_said_once_and_tried_until_it_has_passed(
    tmp_path: Path, library: Library, children: Children, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path / "2020-01-01", saying("old"))
    children.error = OSError(28, "No space left on device", "/some/where/copy")
    for _ in range(6):
        await library.refresh()
    assert library.refused == {"2020-01-01": "No space left on device: copy"}
    assert caplog.text.count("authority.package_refused") == 1
    children.error = None
    await library.refresh()
    assert "old" in words(library)
    assert library.refused == {}


async def test_what_is_taken_away_is_not_used_any_more_but_a_lost_folder_loses_nothing(
    tmp_path: Path, library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path / "2020-01-01", saying("old"))
    put(tmp_path / "2025-01-01", saying("new"))
    await library.ready()
    for _ in range(2):  # another may come in its place
        (tmp_path / "2025-01-01").rename(tmp_path / "away")
        await library.refresh()
        assert "new" in words(library)
        (tmp_path / "away").rename(tmp_path / "2025-01-01")
        await library.refresh()
    (tmp_path / "2025-01-01").rename(tmp_path / "away")
    await library.refresh()
    await library.refresh()
    assert "old" in words(library)
    tmp_path.rename(tmp_path.with_name("elsewhere"))
    for _ in range(3):
        await library.refresh()
    assert "old" in words(library)
    assert caplog.text.count("authority.folder_unreadable") == 1
    tmp_path.with_name("elsewhere").rename(tmp_path)


async def test_watching_ends_when_told(tmp_path: Path, library: Library) -> None:
    put(tmp_path / "2020-01-01", saying("old"))
    stop = asyncio.Event()
    watching = asyncio.create_task(library.watch(stop, 0.01))
    while library.package_for(None) is None:
        await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(watching, 5)


async def test_a_trial_without_end_does_not_keep_the_service_from_stopping(
    tmp_path: Path, library: Library, children: Children
) -> None:
    put(tmp_path / "2020-01-01", saying("old"))
    children.answers.clear()
    stop = asyncio.Event()
    watching = asyncio.create_task(library.watch(stop, 0.01))
    while not children.tried:
        await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(watching, 5)
    assert library.package_for(None) is None


def berat(folder: Path, start: str | None = None) -> tuple[Path, Verdict]:
    """A berat's file, and our verdict on it; `start` moves its period."""
    data = golden(KIND)
    if start is not None:
        data = data.replace(b">2025-03-01<", f">{start}<".encode())
    path = folder / name_of(KIND)
    path.write_bytes(data)
    return path, check_document(path, path.name)


def test_a_file_is_judged_by_the_version_for_its_period(tmp_path: Path) -> None:
    folder = tmp_path / "authority"
    put(folder / "2020-01-01", saying("eski kural"))
    put(folder / "2025-02-01", saying("yeni kural"))
    with FolderJudge(folder) as judge:
        for start, package, words in (
            (None, "2025-02-01", "yeni kural"),
            ("2024-03-01", "2020-01-01", "eski kural"),
        ):
            opinion = judge.judge(*berat(tmp_path, start))
            assert opinion.package == package
            assert [words in finding.message.tr for finding in opinion.findings] == [True]
            assert opinion.disagreement is not None
            assert opinion.disagreement.authority == (words,)
        assert judge.judge(*berat(tmp_path, "2019-03-01")).package is None
        path = tmp_path / "junk.xml"
        path.write_text("<junk/>")
        assert judge.judge(path, check_document(path)).findings == ()


def test_a_folder_that_is_one_package_holds_for_all_and_a_broken_one_is_an_error(tmp_path: Path) -> None:
    folder = put(tmp_path / "gib", saying("her zaman"))
    with FolderJudge(folder) as judge:
        assert judge.judge(*berat(tmp_path, "2009-03-01")).package == "undated"
    for files in ({}, {"berat.sch": schematron(rule("/*", asserted("(", "x")))}):
        broken = put(tmp_path / f"broken{len(files)}", files)
        broken.mkdir(exist_ok=True)
        with FolderJudge(broken) as judge, pytest.raises(PackageBroken):
            judge.judge(*berat(tmp_path))


def test_a_silent_child_leaves_our_verdict_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(self: Child, request: Request) -> Reply:
        if isinstance(request, Trial):
            return Tried()
        raise NoAnswer(reason="slow")

    monkeypatch.setattr(Child, "ask", ask)
    folder = put(tmp_path / "gib", saying("x"))
    path, verdict = berat(tmp_path)
    with FolderJudge(folder, replace(Limits(), seconds=1)) as judge:
        opinion = judge.judge(path, verdict)
    assert [finding.rule for finding in opinion.findings] == ["authority.silent"]
    assert opinion.disagreement is None
