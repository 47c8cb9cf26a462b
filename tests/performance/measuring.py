"""How a piece of work is measured, in a process of its own.

Figures: `seconds` (wall) and `cpu` of the work alone, without start-up; `peak_mb`, the process's largest resident size,
start-up included; `amount`, what has been got through, in the row's unit.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

FIRM = "6090408038"
MEGA = 1_000_000

Figures: TypeAlias = dict[str, float]


@dataclass
class Clock:
    """How long a block took."""

    seconds: float = 0.0
    cpu: float = 0.0


@contextmanager
def timed() -> Iterator[Clock]:
    """Measures a block."""
    clock = Clock()
    wall, cpu = time.perf_counter(), time.process_time()
    yield clock
    clock.seconds, clock.cpu = time.perf_counter() - wall, time.process_time() - cpu


def figures(clock: Clock, amount: float, peak_mb: float | None = None) -> Figures:
    """What a task answers."""
    return {"seconds": clock.seconds, "cpu": clock.cpu, "amount": amount, "peak_mb": peak_mb or _peak_mb()}


def megabytes(path: Path) -> float:
    """A file's size."""
    return path.stat().st_size / MEGA


def run(*tasks: Callable[..., Figures]) -> None:
    """The program: `python FILE TASK JSON` runs a task and prints its figures as JSON."""
    found = {task.__name__: task for task in tasks}[sys.argv[1]](**json.loads(sys.argv[2]))
    print(json.dumps(found))


def _peak_mb() -> float:
    """Of this program; `getrusage` would know of the one before exec too."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / MEGA
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGA
