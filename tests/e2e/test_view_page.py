"""A document's page in a real browser: large ones jump and search, findings are marked, nothing hostile runs."""

import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from defterhane.edefter.kinds import DocumentKind
from defterhane_cli.view import write_view
from support.golden_documents import FIRM, changed, golden, signed, text
from validator.check import check_document

pytestmark = pytest.mark.browser

Y, K, YB, _, DR = DocumentKind
ENTRIES = 1_500
HOSTILE = (
    "</script><script>window.harm=1</script><img src=x onerror='window.harm=1'><a href='https://example.invalid/x'>"
)
HEADER = re.compile(r"<gl-cor:entryHeader>.*?</gl-cor:entryHeader>", re.DOTALL)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CONTRAST = """
() => {
  const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color.length < 4 || color[3] > 0.99) return color;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll("main *")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()) || element.disabled) continue;
    const [front, back] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (ratio < 4.5) poor.push(`${element.className}: ${element.textContent.trim()} ${ratio.toFixed(2)}`);
  }
  return poor;
}
"""


def large_journal() -> str:
    """4,500 lines; the entry 1,010 has an amount, an account and a voucher of its own."""
    data = golden(Y).decode()
    entry = HEADER.search(data)[0]
    start, end = data.index(entry), data.rindex("</gl-cor:entryHeader>") + len("</gl-cor:entryHeader>")
    parts = []
    for number in range(11, 11 + ENTRIES):
        part = re.sub(r"(Counter [^>]*>)\d+", rf"\g<1>{number}", entry)
        for line in range(3):
            part = part.replace(f">{31 + line}</gl-cor:lineNumber>", f">{3 * number - 2 + line}</gl-cor:lineNumber>")
        if number == 1_010:
            part = part.replace("1000.00<", "12345.67<", 1).replace("KUMAŞ", "Çağrı Işık").replace("M-0007", "X-99")
            part = part.replace("2025-03-05</gl-cor:postingDate>", "2025-04-09</gl-cor:postingDate>", 1)
        parts.append(part)
    return data[:start] + "\n".join(parts) + data[end:]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    source, page = folder / f"{FIRM}-202503-Y-000001.xml", folder / "page.html"
    source.write_text(large_journal(), "utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("defterhane_cli.view.writing.PRINTED", 4)
        write_view(source, page, "tr", check_document(source, source.name))
    return page


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield launched
        await launched.close()


class Opened:
    """A page, what goes wrong in it, and what it asks for."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context, self.page = context, page
        self.wrong: list[str] = []
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda message: self.wrong.append(message.text))
        page.on("dialog", lambda dialog: self.wrong.append(dialog.message))
        page.on("request", lambda request: self.asked(request.url))

    def asked(self, url: str) -> None:
        if not url.startswith(("file://", "blob:")):
            self.wrong.append(url)


async def opened(browser: Browser, path: Path, **settings: object) -> Opened:
    context = await browser.new_context(locale="tr-TR", **settings)
    found = Opened(context, await context.new_page())
    await found.page.goto(path.as_uri())
    return found


async def search(page: Page, scope: str, query: str) -> None:
    await page.get_by_label("Nerede").select_option(scope)
    await page.get_by_label("Ara", exact=True).fill(query)
    await page.keyboard.press("Enter")


async def test_a_large_journal_opens_at_once_and_leafs_through(browser: Browser, large: Path) -> None:
    start = time.monotonic()
    shown = await opened(browser, large)
    page = shown.page
    await expect(page.locator("#tools")).to_be_visible()
    assert time.monotonic() - start < 5
    assert await page.locator("tr.l").count() < 700
    await page.get_by_role("button", name="Sonraki sayfa").click()
    await expect(page.locator("#page-number")).to_have_value("2")
    await expect(page.locator("#pages")).not_to_contain_text("Yevmiye no 11 ")
    await page.locator("#page-number").fill("3")
    await page.keyboard.press("Enter")
    await expect(page.locator(".sheet")).to_have_attribute("aria-label", "Sayfa 3")
    await page.get_by_role("button", name="Son sayfa").click()
    await expect(page.locator("#pages")).to_contain_text(f"Yevmiye no {10 + ENTRIES}")
    await expect(page.get_by_role("button", name="Sonraki sayfa")).to_be_disabled()
    await expect(page.locator(".all .sum").last).to_contain_text("1.811.345,67")
    assert shown.wrong == []


async def test_searching_finds_what_is_on_any_page(browser: Browser, large: Path) -> None:
    shown = await opened(browser, large)
    page = shown.page
    for scope, query, found in (
        ("entry", str(10 + ENTRIES), f"Yevmiye no {10 + ENTRIES}"),
        ("line", "3028", "12.345,67"),
        ("entry", "1010", "Yevmiye no 1010"),
        ("text", "cagri isik", "Çağrı Işık"),
        ("text", "153.01 ÇAĞRI", "Çağrı Işık"),
        ("account", "çağrı", "Çağrı Işık"),
        ("voucher", "x-99", "X-99"),
        ("amount", "12345,67", "12.345,67"),
        ("amount", "12.345", "12.345,67"),
    ):
        await page.get_by_role("button", name="İlk sayfa").click(force=True)
        await search(page, scope, query)
        await expect(page.locator("#status")).to_have_text("1 sonuç")
        await expect(page.locator(".here")).to_be_in_viewport()
        await expect(page.locator(".here")).to_contain_text(found)
    await search(page, "account", "191.20")
    await expect(page.locator("#status")).to_contain_text("İlk 200 sonuç")
    assert await page.locator("#hits li").count() == 200
    await page.locator("#hits a").last.click()
    await expect(page.locator(".here")).to_be_in_viewport()
    await expect(page.locator(".here")).to_contain_text("191.20")
    assert shown.wrong == []


async def test_what_is_not_there_is_said(browser: Browser, large: Path) -> None:
    shown = await opened(browser, large)
    for scope, query in (("text", "yok böyle bir şey"), ("entry", "1"), ("amount", "elma"), ("text", "<b>\"&'")):
        await search(shown.page, scope, query)
        await expect(shown.page.locator("#status")).to_have_text("Sonuç yok.")
    assert shown.wrong == []


async def test_a_finding_leads_to_its_line_on_another_page(browser: Browser, large: Path) -> None:
    shown = await opened(browser, large)
    page = shown.page
    await page.locator("#findings li", has_text="Y104").first.get_by_role("link").click()
    await expect(page.locator("tr.here.bad")).to_be_in_viewport()
    await expect(page.locator("tr.here .mark").first).to_have_text(re.compile("09.04.2025"))
    await expect(page.locator("tr.here + tr.f")).to_contain_text("Y104")
    address = page.url
    again = await shown.context.new_page()
    await again.goto(address)
    await expect(again.locator("tr.here.bad")).to_be_in_viewport()
    assert shown.wrong == []


async def test_all_pages_up_to_a_bound_are_printed(browser: Browser, large: Path) -> None:
    shown = await opened(browser, large)
    page = shown.page
    await page.evaluate(
        "() => { window.print = () => { window.printed = document.querySelectorAll('.sheet').length; }; }"
    )
    await page.get_by_role("button", name="Buradan itibaren 4 sayfa yazdır").click()
    while await page.evaluate("window.printed") is None:
        await page.wait_for_timeout(20)
    assert await page.evaluate("window.printed") == 4
    await page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert await page.locator(".sheet").count() == 1
    await page.emulate_media(media="print")
    await expect(page.locator("#tools")).to_be_hidden()
    assert (await page.pdf(prefer_css_page_size=True)).startswith(b"%PDF")
    assert shown.wrong == []


async def test_without_scripts_the_first_page_is_there(browser: Browser, large: Path) -> None:
    shown = await opened(browser, large, java_script_enabled=False)
    await expect(shown.page.locator("tr.l").first).to_be_visible()
    await expect(shown.page.locator(".note")).to_contain_text("JavaScript")
    await expect(shown.page.locator("#tools")).to_be_hidden()


async def test_hostile_texts_are_inert_on_every_page(browser: Browser, tmp_path: Path) -> None:
    source, target = tmp_path / "document.xml", tmp_path / "page.html"
    hostile = HOSTILE.replace("<", "&lt;")
    source.write_text(large_journal().replace(">Banka<", f">{hostile}<").replace(">X-99<", f">{hostile}<"), "utf-8")
    write_view(source, target, "tr")
    shown = await opened(browser, target)
    await search(shown.page, "text", "<img src=x onerror")
    await expect(shown.page.locator("#hits li").first).to_contain_text("window.harm")
    await shown.page.get_by_role("button", name="Son sayfa").click()
    await expect(shown.page.locator("#pages")).to_contain_text("<img src=x onerror='window.harm=1'>")
    assert await shown.page.locator("#pages img, #pages script, #hits img").count() == 0
    assert await shown.page.evaluate("window.harm") is None
    assert shown.wrong == []


async def test_the_policy_stops_what_an_escape_would_have_missed(browser: Browser, large: Path, tmp_path: Path) -> None:
    """Markup is put into the page on purpose: the browser refuses to run it, and to ask for it."""
    harm = "<img src='https://example.invalid/x.png' onerror='window.harm=1'><script>window.harm=1</script>"
    target = tmp_path / "page.html"
    target.write_text(large.read_text("utf-8").replace("<main>", f"<main>{harm}", 1), "utf-8")
    shown = await opened(browser, target)
    await expect(shown.page.locator("#tools")).to_be_visible()
    assert await shown.page.evaluate("window.harm") is None
    assert len(shown.wrong) >= 2
    told = [one for one in shown.wrong if "Content Security Policy" not in one]
    assert told in ([], ["https://example.invalid/x.png"])  # a request that was blocked is told as well


@pytest.mark.parametrize("kind", list(DocumentKind))
async def test_every_kind_reads_on_a_phone_and_in_the_dark(
    browser: Browser, tmp_path: Path, kind: DocumentKind
) -> None:
    source, target = tmp_path / "document.xml", tmp_path / "page.html"
    source.write_bytes(changed(kind, signed, text("gl-cor:amount", "x"), text("gl-cor:uniqueID", "y" * 200)))
    write_view(source, target, "tr", check_document(source))
    shown = await opened(browser, target)
    await shown.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    for scheme in ("light", "dark"):
        await shown.page.emulate_media(color_scheme=scheme)
        for width in (390, 1280):
            await shown.page.set_viewport_size({"width": width, "height": 800})
            assert await shown.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
            assert await shown.page.evaluate(CONTRAST) == []
    assert shown.wrong == []
