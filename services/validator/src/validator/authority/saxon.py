"""Saxon, for one child process: one processor that reads and writes nothing but what it is given.

Saxon aborts the process where several threads make and drop processors, and holds the interpreter's lock while it
works: only a child process may make a `Saxon`, and only one.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lxml import etree

_FEATURE: Final = "http://saxon.sf.net/feature/"
_CODE: Final = re.compile(r"^\s*([A-Z]{4}[0-9]{4})\b", re.MULTILINE)
_OF_THE_RUN: Final = ("SX", "FODC", "FOUT", "XTDE1490")
"""Codes that tell of the run, not of the document: recursion without end, files that may not be opened, output."""
_FOLDER: Final = re.compile(r"file:\S*/")
"""Where on this machine a file lies is nobody's business."""
_WRITING: Final = "Failure writing to"
_SAID: Final = 500


class RunFailed(Exception):
    """A stylesheet did not compile, or its run ended for a reason that is not the document's."""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a run ended."""

    error: str | None = None
    """The dynamic error that stopped it, in Saxon's words."""
    cut: bool = False
    """It wrote more than it may; what it wrote before is there."""


class Saxon:
    """Compiles stylesheets and runs them on files."""

    def __init__(self) -> None:
        import saxonche  # noqa: PLC0415 — only in children

        self._error: type[Exception] = saxonche.PySaxonApiError
        self._processor: Any = saxonche.PySaxonProcessor(license=False)
        # No extension functions; with them go xsl:result-document, system properties, the environment's variables.
        self._set("allow-external-functions", "false")
        self._set("disableXslEvaluate", "true")
        self._set("allowedProtocols", "none")

    def _set(self, name: str, value: str) -> None:
        self._processor.set_configuration_property(f"{_FEATURE}{name}", value)

    def compile(self, stylesheet: etree._ElementTree | Path) -> Any:
        """An executable of a stylesheet: of a tree, or of a file with what it includes.

        Raises:
            RunFailed: it has static errors.
        """
        compiler = self._processor.new_xslt30_processor()
        compiler.set_jit_compilation(False)  # else errors in a template are found when it is first used
        try:
            if not isinstance(stylesheet, Path):
                return compiler.compile_stylesheet(stylesheet_text=etree.tostring(stylesheet, encoding="unicode"))
            self._set("allowedProtocols", "file")
            try:
                return compiler.compile_stylesheet(stylesheet_file=str(stylesheet))
            finally:
                self._set("allowedProtocols", "none")
        except self._error as error:
            raise RunFailed(_one_line(str(error))) from None

    def run(self, executable: Any, source: Path, target: Path) -> Ran:
        """Run an executable on a file; what it writes goes into another one.

        Raises:
            RunFailed: it ended for a reason that is not the document's.
        """
        try:
            executable.transform_to_file(source_file=str(source), output_file=str(target))
        except self._error as error:
            said = str(error)
            code = _CODE.search(said)
            if _WRITING in said:
                return Ran(cut=True)
            if code is None or code[1].startswith(_OF_THE_RUN):
                raise RunFailed(_one_line(said)) from None
            return Ran(error=_one_line(said))
        return Ran()


def _one_line(text: str) -> str:
    return " ".join(_FOLDER.sub("", text).split())[:_SAID]
