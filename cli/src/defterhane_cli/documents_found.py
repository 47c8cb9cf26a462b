"""Finds the e-Defter documents in what a user names: files, ZIPs, and folders of any nesting.

In a folder, a document is told by its name or by its first bytes; what else lies there (viewers, exports, notes) is
counted and passed over. What the user names himself is taken at his word.
"""

import os
import re
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from defterhane.errors import DefterhaneError, Problem
from defterhane.zips import DAMAGE, STARTS, Flaw, ZipBounds, ZipFlaw, check_start, open_zip, shown
from defterhane_cli.errors import of_os_error
from defterhane_cli.errors_found import NoDocuments, NotAFile, ZipWithoutDocument, of_zip_flaw

_NAMED: Final = re.compile(r"(?:GIB-)?[0-9]{10,11}-[0-9]{6}-(?:Y|K|YB|KB|DR)-[0-9]{6}(?:-[0-9]{4})?", re.ASCII)
_INVENTORY: Final = re.compile(r"(?:GIB-)?[0-9]{10,11}-[0-9]{6}-(?:E|EB)-[0-9]{6}(?:-[0-9]{4})?", re.ASCII)
"""Opening and closing inventories: a kind of book of its own, with rules of its own."""
_VIEWERS: Final = (".xslt", ".xsl")
"""Lie beside the documents by GİB's wish, and come with them where a shell fills in `*`."""
_NAMESPACE: Final = b"http://www.edefter.gov.tr"
_LOOK: Final = 1 << 16
"""Bytes in which a document's root has declared its namespace."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that is to be checked, or that should be and cannot."""

    file: Path
    """As it is reached from what the user named."""
    member: str | None = None
    """Its name in the ZIP `file`."""
    size: int = 0
    """Bytes to read."""
    given: bool = False
    """The user named it himself; else it was found in a folder."""
    problem: Problem | None = None
    """Why it cannot be checked."""
    unreadable: bool = False
    """The system does not let it be read, or it is not there."""

    @property
    def name(self) -> str:
        """The document's own file name."""
        return self.file.name if self.member is None else PurePosixPath(self.member).name

    @property
    def shown(self) -> str:
        """What it is called before users; the name in a ZIP only where it is another than the ZIP's."""
        return self._with_member(printable(self.file))

    @property
    def shown_below(self) -> str:
        """The same below its folder's name."""
        return self._with_member(printable(self.file.name))

    def _with_member(self, path: str) -> str:
        if self.member is None or PurePosixPath(self.member).stem == self.file.stem:
            return path
        return f"{path}:{shown(self.member)}"


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to check, in the order of what was named and of paths below it."""

    candidates: tuple[Candidate, ...]
    passed: int
    """So many files that are no documents."""
    inventories: int
    """So many inventory books and their berats (E, EB), which have rules of their own."""


def find_documents(paths: Iterable[Path]) -> Found:
    """Look through files, ZIPs and folders; what is found twice counts once. Links to folders are not followed."""
    search = _Search()
    named = list(paths)
    for path in named:
        search.look_at(path)
    if not search.found:
        search.add(_broken(named[0], NoDocuments(path=printable(named[0])), given=True))
    return Found(tuple(search.found.values()), search.passed, search.inventories)


def printable(path: Path | str) -> str:
    """A path as it may be printed: no control characters, no bytes that are no text."""
    return "".join(character if character.isprintable() else "\ufffd" for character in str(path))


class _Search:
    def __init__(self) -> None:
        self.found: dict[tuple[str, str | None], Candidate] = {}
        self.passed = self.inventories = 0
        self._passed: set[str] = set()

    def look_at(self, path: Path) -> None:
        """A path that the user named."""
        try:
            mode = path.stat().st_mode
        except OSError as error:
            self.add(_unreadable(path, error, given=True))
            return
        except ValueError:  # a NUL in it
            self.add(_broken(path, NotAFile(path=printable(path)), given=True))
            return
        if stat.S_ISDIR(mode):
            before = len(self.found), self.inventories
            for file in _below(path, self._add_unreadable):
                self._take(file, given=False)
            if before == (len(self.found), self.inventories):
                self.add(_broken(path, NoDocuments(path=printable(path)), given=True))
        elif stat.S_ISREG(mode):
            self._take(path, given=True)
        else:
            self.add(_broken(path, NotAFile(path=printable(path)), given=True))

    def _take(self, file: Path, *, given: bool) -> None:
        if _INVENTORY.fullmatch(file.stem):
            self._pass(file, inventory=True)
            return
        if file.suffix.lower() in _VIEWERS:
            self._pass(file)
            return
        named = bool(_NAMED.fullmatch(file.stem))
        try:
            size, start = file.stat().st_size, _start(file)
            if file.suffix.lower() == ".zip" or (given and start.startswith(STARTS)):
                candidates = list(_in_zip(file, given=given, named=named))
            elif given or (file.suffix.lower() == ".xml" and (named or _NAMESPACE in start)):
                candidates = [Candidate(file, size=size, given=given)]
            else:
                candidates = []
        except OSError as error:
            candidates = [_unreadable(file, error, given=given)]
        for candidate in candidates:
            self.add(candidate)
        if not candidates:
            self._pass(file)

    def add(self, candidate: Candidate) -> None:
        """One more, unless it is there already."""
        self.found.setdefault((os.path.realpath(candidate.file), candidate.member), candidate)

    def _add_unreadable(self, error: OSError) -> None:
        self.add(_unreadable(Path(error.filename or "?"), error, given=False))

    def _pass(self, file: Path, *, inventory: bool = False) -> None:
        real = os.path.realpath(file)
        if real in self._passed:
            return
        self._passed.add(real)
        if inventory:
            self.inventories += 1
        else:
            self.passed += 1


def _below(folder: Path, on_error: Callable[[OSError], None]) -> Iterator[Path]:
    """All files below a folder, by path; hidden ones and links to folders are left out."""
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                names = sorted(
                    (entry.name, entry.is_dir(follow_symlinks=False))
                    for entry in entries
                    if not entry.name.startswith(".")
                )
        except OSError as error:
            on_error(error)
            continue
        yield from (here / name for name, is_folder in names if not is_folder and (here / name).is_file())
        waiting.extend(here / name for name, is_folder in reversed(names) if is_folder)


def _start(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(_LOOK)


def _in_zip(file: Path, *, given: bool, named: bool) -> Iterator[Candidate]:
    """The documents in an archive; one that must be a document's and is not to be opened is a candidate itself."""
    found = 0
    try:
        with open_zip(file, ZipBounds()) as archive:
            for member in archive.infolist():
                if _is_document(archive, member):
                    found += 1
                    yield Candidate(file, member=member.filename, size=member.file_size, given=given)
    except ZipFlaw as flaw:
        if given or named:
            yield _broken(file, of_zip_flaw(printable(file), flaw), given=given)
        return
    if not found and (given or named):
        yield _broken(file, ZipWithoutDocument(path=printable(file)), given=given)


def _is_document(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Raises: ZipFlaw — it cannot be unpacked, or is an archive itself."""
    name = PurePosixPath(member.filename)
    if member.is_dir() or name.suffix.lower() != ".xml" or name.name.startswith(".") or _INVENTORY.fullmatch(name.stem):
        return False
    check_start(archive, member)
    if _NAMED.fullmatch(name.stem):
        return True
    try:
        with archive.open(member) as stream:
            return _NAMESPACE in stream.read(_LOOK)
    except DAMAGE:
        raise ZipFlaw(Flaw.DAMAGED, shown(member.orig_filename)) from None


def _unreadable(path: Path, error: OSError, *, given: bool) -> Candidate:
    told = of_os_error(OSError(error.errno, error.strerror, printable(path)))
    return Candidate(path, given=given, problem=told.problem, unreadable=True)


def _broken(path: Path, error: DefterhaneError, *, given: bool) -> Candidate:
    return Candidate(path, given=given, problem=error.problem)
