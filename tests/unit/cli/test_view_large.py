"""Large documents: pages that lie compressed in the file, what is carried from one to the next, and bounded memory."""

import json
import re
import subprocess
import sys
from pathlib import Path

from defterhane.edefter.kinds import DocumentKind
from support.golden_documents import golden, name_of
from support.view_pages import Page

HEADER = re.compile(r"<gl-cor:entryHeader>.*?</gl-cor:entryHeader>", re.DOTALL)
DETAIL = re.compile(r"<gl-cor:entryDetail>.*?</gl-cor:entryDetail>", re.DOTALL)

PEAK = """
import re, sys
from pathlib import Path
from defterhane_cli.view import write_view
write_view(Path(sys.argv[1]), Path(sys.argv[2]), "tr")
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


def journal(entries: int) -> bytes:
    """A journal of many entries of three lines, numbered from 11 and 31 on."""
    data = golden(DocumentKind.JOURNAL).decode()
    entry = HEADER.search(data)[0]
    start, end = data.index(entry), data.rindex("</gl-cor:entryHeader>") + len("</gl-cor:entryHeader>")
    parts = []
    for number in range(entries):
        numbers = iter(range(31 + 3 * number, 34 + 3 * number))
        part = re.sub(r"(<gl-cor:lineNumber [^>]*>)\d+", lambda found: f"{found[1]}{next(numbers)}", entry)  # noqa: B023
        parts.append(re.sub(r"(Counter [^>]*>)\d+", rf"\g<1>{11 + number}", part).replace("M-0007", f"M-{number:05}"))
    return (data[:start] + "\n".join(parts) + data[end:]).encode()


def ledger(lines: int) -> bytes:
    """A ledger whose first account has many lines of 600.00 on its debit side."""
    data = golden(DocumentKind.LEDGER).decode()
    detail = DETAIL.search(data)[0]
    return data.replace(detail, "\n".join([detail] * lines), 1).encode()


def test_a_few_pages_are_plain_html_without_a_script(tmp_path: Path) -> None:
    shown = Page(tmp_path, journal(600))
    assert shown.written.pages == 4
    assert not list(shown.root.iter("script"))
    assert len(shown.root.find_class("sheet")) == 4
    assert len(shown.root.find_class("l")) == 1_800


def test_the_pages_of_a_large_document_are_packed_and_whole(tmp_path: Path) -> None:
    shown = Page(tmp_path, journal(1_000), name=name_of(DocumentKind.JOURNAL))
    assert (shown.written.entries, shown.written.lines, shown.written.pages) == (1_000, 3_000, 6)
    packed = shown.packed()
    assert len(packed) == 5
    assert len(shown.root.find_class("sheet")) == 1
    everything = shown.text + "".join(packed)
    assert re.findall(r'id="l(\d+)"', everything) == [str(number) for number in range(1, 3_001)]
    assert re.findall(r'data-n="(\d+)"', everything) == [str(number) for number in range(31, 3_031)]
    assert re.findall(r'data-e="(\d+)"', everything) == [str(number) for number in range(11, 1_011)]
    index = json.loads(shown.root.get_element_by_id("index").text)
    assert index["pages"][0] == [1, 1, 11, 177, 31, 531]
    assert index["pages"][1] == [168, 502, 178, 344, 532, 1032]
    assert 'Sayfa toplamı</td><td class="n">200.400,00</td>' in shown.text
    assert packed[-1].count("1.200.000,00") == 2
    assert "<noscript>" in shown.text
    policy = shown.root.find(".//meta[@http-equiv]").get("content")
    assert re.search(r"script-src 'sha256-[\w+/=]+';", policy)


def test_an_account_goes_on_over_pages_with_what_is_carried_forward(tmp_path: Path) -> None:
    shown = Page(tmp_path, ledger(3_100))
    pages = [shown.text, *shown.packed()]
    assert len(pages) == 6
    assert 'Nakli yekûn</td><td class="n">360.000,00</td><td class="n">0,00</td><td class="n">360.000,00 B' in pages[0]
    assert "<i>(devam)</i>" in pages[1]
    assert 'Nakledilen</td><td class="n">360.000,00</td>' in pages[1]
    assert "1.860.000,00 B" in pages[5]
    assert sum(page.count('<tr class="l"') for page in pages) == 3_105
    assert "".join(pages).count('id="e1"') == 1


def test_texts_of_packed_pages_stay_texts(tmp_path: Path) -> None:
    hostile = "&lt;/script>&lt;img src=x onerror=alert(1)>"
    shown = Page(
        tmp_path, journal(1_000).replace(b">Banka<", f">{hostile}<".encode()).replace(b">M-", f">{hostile}M-".encode())
    )
    for page in shown.packed():
        assert "<img" not in page
        assert "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in page
    assert not list(shown.root.iter("img"))


def test_long_texts_make_more_pages_not_larger_ones(tmp_path: Path) -> None:
    shown = Page(tmp_path, journal(600).replace(b">Banka<", b">" + b"uzun " * 2_000 + b"<"))
    assert shown.written.pages > 6
    assert max(map(len, shown.packed())) < 2_500_000


def test_memory_does_not_grow_with_the_document(tmp_path: Path) -> None:
    peaks = []
    for entries in (700, 2_600):
        source = tmp_path / "large.xml"
        source.write_bytes(journal(entries))
        arguments = [sys.executable, "-c", PEAK, str(source), str(tmp_path / "page.html")]
        peaks.append(int(subprocess.run(arguments, capture_output=True, text=True, check=True).stdout))
    assert source.stat().st_size > 14_000_000
    assert peaks[1] - peaks[0] < 6_000
