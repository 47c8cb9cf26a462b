"""A document's page as a reader sees it."""

import base64
import re
import zlib
from pathlib import Path

from lxml import html

from defterhane.edefter.kinds import DocumentKind
from defterhane.texts import Language
from defterhane_cli.view import write_view
from support.golden_documents import Change, changed, name_of, verdict


class Page:
    """The page of some bytes; its findings are marked where it is checked."""

    def __init__(
        self, folder: Path, data: bytes, language: Language = "tr", name: str = "document.xml", *, check: bool = False
    ) -> None:
        source, self.path = folder / name, folder / "page.html"
        found = verdict(data, folder) if check else None
        source.write_bytes(data)
        self.written = write_view(source, self.path, language, found)
        self.text = self.path.read_text("utf-8")
        self.root = html.fromstring(self.text.encode())
        self.title = self.root.findtext(".//h1")
        self.badges = [badge.text_content() for badge in self.root.find_class("badges")[0]]

    def facts(self, section: str) -> dict[str, str]:
        """Names and values of one card."""
        card = self.root.find_class(section)[0]
        return {row.findtext("dt"): row.findtext("dd") for row in card.iterfind("dl/div")}

    @property
    def headings(self) -> list[str]:
        """Of each entry or account."""
        return [" ".join(row.text_content().split()) for row in self.root.find_class("h")]

    def rows(self, block: int = 0) -> list[list[str]]:
        """The lines of one entry or account, or of the summary."""
        body = self.root.findall(".//section[@class='sheet']//tbody")[block]
        return [[" ".join(cell.text_content().split()) for cell in row] for row in body.find_class("l")]

    def sums(self, block: int = 0) -> list[str]:
        """Its sums."""
        body = self.root.findall(".//section[@class='sheet']//tbody")[block]
        return [cell.text_content() for cell in body.find_class("sum")[-1]][1:]

    def packed(self) -> list[str]:
        """The pages that are not shown at once."""
        found = re.findall(r'<script type="text/plain" data-page="[0-9]+">([^<]*)</script>', self.text)
        return [zlib.decompress(base64.b64decode(one)).decode() for one in found]


def page(folder: Path, kind: DocumentKind, *changes: Change, language: Language = "tr", check: bool = False) -> Page:
    """The page of a golden document with changes."""
    return Page(folder, changed(kind, *changes), language, name_of(kind), check=check)
