"""Reads XML files of a package, and whatever these pull in, from the package's folder only: no network, no DTD."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from lxml import etree

from defterhane.documents.errors import XmlRefused
from defterhane.documents.safe_xml import parse_small

LARGEST: Final = 20_000_000
"""Bytes that one file of a package may have."""


class Inside(etree.Resolver):
    """Knows which files may be read: those in the given folders.

    Official schemas name some of their parts by addresses in the network: the file of that name in the folder stands
    for it.
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = [folder.resolve() for folder in folders]
        self._by_name: dict[str, Path] = {}
        for path in sorted(self._folders[0].rglob("*")):
            if path.is_file():
                self._by_name.setdefault(path.name, path)

    def parse(self, path: Path) -> etree._ElementTree:
        """A file that is well-formed and declares no document type.

        Raises:
            XmlRefused: it is not.
            OSError: it cannot be read.
        """
        with path.open("rb") as file:
            parse_small(file.read(LARGEST + 1), LARGEST)
        parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
        parser.resolvers.add(self)
        try:
            return etree.parse(path, parser)
        except etree.XMLSyntaxError as error:
            raise XmlRefused from error

    def local(self, address: str, source: Path) -> Path | None:
        """The file that an address in `source` stands for; None where it is not in the folders."""
        parts = urlsplit(address)
        if parts.scheme in ("http", "https"):
            return self._by_name.get(parts.path.rpartition("/")[2])
        if parts.scheme not in ("", "file") or not parts.path:
            return None
        return self._allowed(source.parent / unquote(parts.path))

    def _allowed(self, path: Path) -> Path | None:
        found = path.resolve()
        if found.is_file() and any(found.is_relative_to(folder) for folder in self._folders):
            return found
        return None

    def resolve(self, system_url: str, public_id: str, context: object = None) -> Any:
        """lxml asks where something lies that a file names. What is not inside does not exist."""
        found = self.local(system_url, self._folders[0] / "_")
        if found is None:
            raise ValueError(f"{system_url} is not in the package")
        return self.resolve_filename(str(found), context)  # type: ignore[attr-defined] # the stubs leave it out
