"""Checks of documents that end badly, for tests: run in child processes."""

import os
import signal
import time
from pathlib import Path

from defterhane_cli import checking
from defterhane_cli.checking import Checked
from defterhane_cli.documents_found import Candidate

_check = checking.check_one


def die_on_reports(candidate: Candidate, target: Path, package: Path | None) -> Checked:
    """As the real one, but the process dies over a report."""
    if "-DR-" in candidate.name:
        os.kill(os.getpid(), signal.SIGKILL)
    return _check(candidate, target, package)


def take_long(candidate: Candidate, target: Path, package: Path | None) -> Checked:
    """Takes longer than anybody waits."""
    (target.parent / f"at-work-{os.getpid()}").touch()
    time.sleep(600)
    return _check(candidate, target, package)
