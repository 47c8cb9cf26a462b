"""The outside judge: what Saxon says of documents by the stylesheets of `support.schematron`.

Saxon holds the interpreter's lock and does not bear threads, so it runs in spawned child processes, in each one
processor, with each stylesheet compiled once.
"""

import multiprocessing
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from defterhane.edefter.kinds import DocumentKind
from support.schematron import RULES, Document, document_of, write_stylesheet

if TYPE_CHECKING:
    from saxonche import PyXsltExecutable

_BATCH = 40
_FAILED = re.compile(r'<svrl:failed-assert [^>]*?\bid="([^"]+)"')
_FOUND = re.compile(r'<(failed|error) id="([^"]+)"/>')


@dataclass(frozen=True)
class Brief:
    """A document to judge."""

    kind: DocumentKind
    """Whose rules it is judged by; those of both berats are the same. The report has none."""
    name: str
    """Its file name, which some rules look at."""
    data: bytes
    signed: bool
    """With the rules for signed documents."""
    newer: bool = False
    """By the newer journal file."""


@dataclass(frozen=True)
class Answer:
    """What the judge says."""

    failed: frozenset[str]
    """Rules that fail somewhere."""
    stopped: frozenset[str]
    """Rules whose test stops with a dynamic error somewhere."""

    @property
    def ids(self) -> frozenset[str]:
        """The rules that the document does not keep."""
        return self.failed | self.stopped


class Judge:
    """Judges documents; made by `open_judge`."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def judge(self, briefs: Iterable[Brief]) -> list[Answer]:
        """Judge documents, in their order."""
        return [answer for answers in self._pool.map(_judge_all, _batches(briefs)) for answer in answers]

    def judge_plainly(self, briefs: Iterable[Brief]) -> list[frozenset[str] | None]:
        """The rules that fail, as a compiled Schematron says it; None where it stops."""
        return [found for all_found in self._pool.map(_judge_all_plainly, _batches(briefs)) for found in all_found]


@contextmanager
def open_judge(processes: int = 2, rules: Path = RULES) -> Iterator[Judge]:
    """Start the judge; to be kept for a whole session."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_start, initargs=(rules,)) as pool:
        yield Judge(pool)


class _Saxon:
    """The one processor of a child."""

    def __init__(self, rules: Path) -> None:
        from saxonche import PySaxonProcessor  # noqa: PLC0415 -- never in the process that starts the children

        self._rules = rules
        self._processor = PySaxonProcessor(license=False)
        self._compiler: Any = self._processor.new_xslt30_processor()
        self._compiled: dict[tuple[Document, bool, bool, bool], PyXsltExecutable] = {}
        self._folder = TemporaryDirectory()

    def judge(self, brief: Brief) -> Answer:
        found = _FOUND.findall(self._run(brief, plain=False))
        return Answer(
            frozenset(rule for kind, rule in found if kind == "failed"),
            frozenset(rule for kind, rule in found if kind == "error"),
        )

    def judge_plainly(self, brief: Brief) -> frozenset[str] | None:
        from saxonche import PySaxonApiError  # noqa: PLC0415 -- as above

        try:
            return frozenset(_FAILED.findall(self._run(brief, plain=True)))
        except PySaxonApiError:
            return None

    def _run(self, brief: Brief, *, plain: bool) -> str:
        path = Path(self._folder.name) / brief.name
        path.write_bytes(brief.data)
        document = self._processor.parse_xml(xml_file_name=str(path))
        return str(self._stylesheet(brief, plain=plain).transform_to_string(xdm_node=document))

    def _stylesheet(self, brief: Brief, *, plain: bool) -> Any:
        key = document_of(brief.kind), brief.signed, brief.newer, plain
        if key not in self._compiled:
            path = Path(self._folder.name) / "rules.xsl"
            write_stylesheet(brief.kind, brief.signed, path, plain, newer=brief.newer, rules=self._rules)
            self._compiled[key] = self._compiler.compile_stylesheet(stylesheet_file=str(path))
        return self._compiled[key]


_saxon: list[_Saxon] = []  # the child's own, made as it starts


def _start(rules: Path) -> None:
    _saxon.append(_Saxon(rules))


def _batches(briefs: Iterable[Brief]) -> list[list[Brief]]:
    found = list(briefs)
    return [found[at : at + _BATCH] for at in range(0, len(found), _BATCH)]


def _judge_all_plainly(briefs: list[Brief]) -> list[frozenset[str] | None]:
    return [_saxon[0].judge_plainly(brief) for brief in briefs]


def _judge_all(briefs: list[Brief]) -> list[Answer]:
    return [_saxon[0].judge(brief) for brief in briefs]
