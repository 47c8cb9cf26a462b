"""`validate` with child processes: the same answers, and a clean end however it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from defterhane.edefter.kinds import DocumentKind
from defterhane_cli import checking
from defterhane_cli.main import app
from support import dying_check
from support.authority_files import asserted, put, rule, schematron
from support.golden_documents import FOLDER, name_of

TESTS = Path(__file__).parents[2]


@pytest.fixture
def spread(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Even small documents go to child processes."""
    monkeypatch.setattr(checking, "_ALONE", 0)
    return monkeypatch


def answer(*options: str) -> tuple[int, list[dict[str, object]]]:
    done = CliRunner().invoke(app, ["validate", str(FOLDER), "--json", *options])
    assert isinstance(done.exception, SystemExit | None), done.exception
    assert done.stderr == ""
    return done.exit_code, json.loads(done.stdout)


def test_the_answer_is_the_same_however_many_are_at_work(spread: pytest.MonkeyPatch) -> None:
    alone = answer("--jobs", "1")
    assert alone[0] == 0
    assert len(alone[1]) == 5
    assert answer("--jobs", "2") == alone


def test_a_document_that_ends_its_process_has_no_answer_and_the_others_have_theirs(spread: pytest.MonkeyPatch) -> None:
    spread.setattr(checking, "check_one", dying_check.die_on_reports)
    code, answers = answer("--jobs", "2")
    assert code == 2
    assert [one["document"] for one in answers] == [None, "K", "KB", "Y", "YB"]
    assert [finding["rule"] for finding in answers[0]["findings"]] == ["cli.check_lost"]


# The authority's own files


def test_the_authoritys_own_files_are_asked_as_well(tmp_path: Path) -> None:
    failing = rule("/*", asserted("false()", "Uydurma kural."))
    put(tmp_path / "paket" / "2020-01-01", {"edefter_berat.sch": schematron(failing)})
    berat, target = FOLDER / name_of(DocumentKind.JOURNAL_BERAT), tmp_path / "bulgular.json"
    options = "--package", tmp_path / "paket", "--findings", target, "--lang", "en"
    done = CliRunner().invoke(app, ["validate", *map(str, (berat, FOLDER / name_of(DocumentKind.REPORT), *options))])
    assert isinstance(done.exception, SystemExit | None), done.exception
    assert done.exit_code == 1, done.output
    assert "  ✗ authority.assert GİB's own check says: “Uydurma kural.”" in done.stdout
    assert (
        "  ‼ The authority's own files (2020-01-01) came to another verdict: only theirs: Uydurma kural." in done.stdout
    )
    answer, report = json.loads(target.read_text("utf-8"))
    assert answer["authority"] == {"package": "2020-01-01", "only_ours": [], "only_theirs": ["Uydurma kural."]}
    assert report["valid"]


def test_a_package_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    berat = FOLDER / name_of(DocumentKind.JOURNAL_BERAT)
    for folder, told in ((tmp_path / "yok", f"{tmp_path / 'yok'} is not there."), (tmp_path, "cannot be used: ")):
        done = CliRunner().invoke(app, ["validate", str(berat), "--package", str(folder), "--lang", "en"])
        assert isinstance(done.exception, SystemExit), done.exception
        assert (done.exit_code, done.stdout) == (2, "")
        assert told in done.stderr


# The end


def of_group(group: int) -> set[int]:
    """The processes of a group that have not ended."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, in_group, *_ = path.read_text().rpartition(") ")[2].split()
        except OSError:
            continue
        if int(in_group) == group and state != "Z":
            found.add(int(path.parent.name))
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interruption_leaves_no_process(number: signal.Signals, tmp_path: Path) -> None:
    script = (
        "from defterhane_cli import checking; from support import dying_check; from defterhane_cli.main import app\n"
        f"checking._ALONE = 0; checking.check_one = dying_check.take_long\napp(['validate', {str(FOLDER)!r}])"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(TESTS), "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 60
        while len(list(tmp_path.glob("*/at-work-*"))) < min(2, len(os.sched_getaffinity(0))):
            assert time.monotonic() < deadline
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert "Traceback" not in out + err
        if number == signal.SIGINT:
            assert process.returncode == 130
            assert not list(tmp_path.iterdir())
        while of_group(process.pid):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        for left in of_group(process.pid):
            os.kill(left, signal.SIGKILL)


@pytest.mark.parametrize("option", ["--json", "--lang=tr"])
def test_a_reader_that_leaves_is_no_error(option: str) -> None:
    read, write = os.pipe()
    os.close(read)
    command = Path(sys.executable).with_name("defterhane")
    done = subprocess.run(
        [str(command), "validate", str(FOLDER), option], stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert done.stderr == ""
    assert done.returncode in (0, 1)
