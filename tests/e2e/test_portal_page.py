"""The pages in a real browser: log-in, board, live updates, release, both languages, phone and dark."""

import json
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect
from sqlalchemy import text

from defterhane.events import Envelope
from defterhane.house import House
from defterhane.tenancy import put_tenant
from support.portal_app import OPERATOR, Portal, portal_of
from support.portal_months import OTHER, TENANT, YB, Story, Y, finding, problem, warning
from support.tenants import tenant

pytestmark = [pytest.mark.postgres, pytest.mark.browser]

_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

_CONTRAST = """
() => {
  const channel = (value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
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
  for (const element of document.querySelectorAll("main *, header *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!own || element.closest(".hidden, svg")) continue;
    const [front, back] = [light(parse(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (ratio < 4.5) poor.push(`${element.className}: ${element.textContent.trim()} ${ratio.toFixed(2)}`);
  }
  return poor;
}
"""


@pytest.fixture
async def portal(house: House) -> AsyncIterator[Portal]:
    async with portal_of(house) as serving:
        yield serving


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_FLAGS)
        yield launched
        await launched.close()


async def firms(portal: Portal) -> None:
    for number, title in ((TENANT, "ANADOLU GIDA A.Ş."), (OTHER, "BOĞAZİÇİ TEKSTİL LTD. ŞTİ.")):
        async with portal.house.database("portal").tenant(number) as tx:
            await put_tenant(tx, tenant(number, title=title))


async def opened(browser: Browser, portal: Portal, **settings: object) -> tuple[BrowserContext, Page, list[str]]:
    """A page of somebody who has logged in through the form, and what goes wrong in it."""
    context = await browser.new_context(locale="tr-TR", **settings)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    await page.goto(portal.address)
    assert "/login" in page.url
    await page.get_by_label("Erişim anahtarı").fill(OPERATOR)
    await page.get_by_role("button", name="Oturum aç").click()
    await page.wait_for_url(f"{portal.address}/")
    return context, page, wrong


async def test_a_wrong_token_is_refused_with_words(browser: Browser, portal: Portal) -> None:
    page = await browser.new_page()
    await page.goto(f"{portal.address}/login")
    await page.get_by_label("Erişim anahtarı").fill("yanlış")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("geçerli değil")


async def test_the_empty_board_explains_how_to_start(browser: Browser, portal: Portal) -> None:
    _, page, wrong = await opened(browser, portal)
    await expect(page.get_by_role("heading", name="Henüz mükellef tanımlı değil")).to_be_visible()
    await firms(portal)
    await page.goto(f"{portal.address}/?period=2025-01")
    await expect(page.get_by_role("heading", name="Bu ay için henüz dosya gelmedi")).to_be_visible()
    await expect(page.locator("main")).to_contain_text("SFTP")
    await expect(page.locator("main")).to_contain_text(f"{TENANT}-202501.zip")
    assert wrong == []


async def test_the_board_follows_a_month_by_itself_from_drop_to_archive(browser: Browser, portal: Portal) -> None:
    await firms(portal)
    _, page, wrong = await opened(browser, portal)
    await page.goto(f"{portal.address}/?period=2025-01")
    await expect(page.locator("#live-state")).to_have_text("Canlı")
    await page.evaluate("window.sameDocument = true")
    row = page.locator(f'[data-key="{TENANT}/"]')
    journal = row.locator('[data-column="journal"]')
    await expect(row.get_by_role("cell")).to_have_count(7)
    link = page.get_by_role("link", name="ANADOLU GIDA")
    await link.focus()

    story = Story()
    await portal.deliver([story.received()])
    await expect(journal).to_have_text(re.compile("Sırada"))
    await portal.deliver([story.conversion_failed()])
    await expect(journal).to_contain_text("Hata")
    await expect(journal).to_contain_text("Borç ve alacak eşit değil")
    await expect(page.locator("#said")).to_contain_text("ANADOLU GIDA A.Ş.: Hata")
    await expect(page.locator("#f-failed")).to_contain_text("1")
    await portal.deliver([story.received("f2"), story.made("f2"), story.written(Y, file_id="f2")])
    await expect(journal).to_contain_text("Yazıldı")

    rest = Story(start=story.now, salt="rest")
    rest.whole(file_id="f2")
    await portal.deliver(rest.envelopes)
    await expect(row.get_by_text("Tamam", exact=True)).to_have_count(7)
    assert await page.evaluate("window.sameDocument") is True
    assert await page.evaluate("document.activeElement.id") == f"m-{TENANT}-"
    other = page.locator(f'[data-key="{OTHER}/"]')
    await expect(other).not_to_contain_text("Tamam")
    assert wrong == []


async def test_a_held_month_is_released_with_one_click(browser: Browser, portal: Portal) -> None:
    await firms(portal)
    story = Story()
    story.received()
    story.books()
    story.held("submit")
    await portal.deliver(story.envelopes)
    _, page, wrong = await opened(browser, portal)
    await page.get_by_role("link", name="ANADOLU GIDA").click()
    await expect(page.get_by_role("heading", name="Onayınızı bekleyenler")).to_be_visible()
    await page.get_by_role("button", name="Serbest bırak").click()
    await expect(page.locator("main")).to_contain_text("birazdan burada görünür")
    async with portal.house.database("portal").system() as tx:
        (envelope,) = await tx.session.scalars(text("SELECT envelope FROM portal.outbox"))
    released = Envelope.model_validate_json(envelope)
    assert (released.data["gate"], released.data["by"]) == ("submit", "operator")
    await portal.deliver([released])
    await expect(page.get_by_role("button", name="Serbest bırak")).to_have_count(0)
    await expect(page.locator(".timeline li").first).to_contain_text("serbest bıraktı")
    assert wrong == []


async def test_what_gib_has_refused_can_be_tried_again(browser: Browser, portal: Portal) -> None:
    await firms(portal)
    story = Story()
    story.received()
    story.books()
    story.sent(YB)
    story.refused(YB)
    await portal.deliver(story.envelopes)
    _, page, wrong = await opened(browser, portal)
    await page.goto(f"{portal.address}/months/{TENANT}/2025-01")
    await page.get_by_role("button", name="Yeniden dene").click()
    await expect(page.locator("main")).to_contain_text("birazdan burada görünür")
    async with portal.house.database("portal").system() as tx:
        (envelope,) = await tx.session.scalars(text("SELECT envelope FROM portal.outbox"))
    await portal.deliver([Envelope.model_validate_json(envelope)])
    await expect(page.locator('[data-column="approved_journal_berat"]')).not_to_contain_text("Hata")
    assert wrong == []


async def test_a_months_page_shows_findings_documents_and_story_and_updates(browser: Browser, portal: Portal) -> None:
    await firms(portal)
    story = Story()
    story.received()
    story.conversion_failed(lines=3)
    await portal.deliver(story.envelopes)
    _, page, wrong = await opened(browser, portal)
    await page.goto(f"{portal.address}/months/{TENANT}/2025-01")
    row = page.locator(".findings tbody tr").nth(1)
    for word in ("Borç ve alacak eşit değil", "Fişi düzeltin", "yevmiye.csv", "F-0042", "100.01", "10,00"):
        await expect(row).to_contain_text(word)
    await expect(page.get_by_role("button", name="Yeniden dönüştür")).to_be_visible()
    await portal.deliver([story.received("f2"), story.made("f2"), story.written(Y, file_id="f2")])
    await expect(page.locator(".documents")).to_contain_text(f"{TENANT}-202501-Y-000000")
    await expect(page.locator(".digest").first).to_have_text(re.compile("[0-9a-f]{64}"))
    await expect(page.locator("#earlier")).to_be_attached()
    assert wrong == []


async def failed_with_a_report(portal: Portal, story: Story) -> Envelope:
    """A file with 60 errors and 60 warnings, and more that are only counted."""
    found = [finding(line=line) for line in range(1, 61)] + [warning(line=line) for line in range(1, 61)]
    data = json.dumps([one.model_dump(mode="json") for one in found]).encode()
    report = await portal.house.objects.put_bytes(story.tenant, data)
    story.received()
    return story.conversion_failed(lines=900, report=report)


async def test_findings_are_filtered_paged_and_downloaded(browser: Browser, portal: Portal) -> None:
    await firms(portal)
    story = Story()
    failed = await failed_with_a_report(portal, story)
    await portal.deliver(story.envelopes)
    _, page, wrong = await opened(browser, portal)
    await page.goto(f"{portal.address}/months/{TENANT}/2025-01")
    rows = page.locator(".findings tbody tr")
    await expect(rows).to_have_count(50)
    await page.get_by_role("link", name="Sonraki").click()
    await expect(rows.first.locator("[data-label=Satır]")).to_have_text("51")
    await page.get_by_role("link", name="Uyarılar 60").click()
    await expect(rows.first).to_contain_text("Metin temizlendi")
    await page.get_by_role("link", name="Sonraki").click()
    await expect(rows).to_have_count(10)
    await expect(page.locator("main")).to_contain_text("780 bulgu daha var")
    # What comes meanwhile changes the page, and leaves the reader where they are.
    await portal.deliver([story.received("f2")])
    await expect(page.locator("#convert-f2")).to_be_visible()
    await expect(rows).to_have_count(10)
    for name, beginning in (("CSV", b"\xef\xbb\xbffile;line;"), ("JSON", b"{")):
        async with page.expect_download() as started:
            await page.get_by_role("link", name=name).click()
        download = await started.value
        assert (await download.path()).read_bytes().startswith(beginning)
        assert download.suggested_filename.endswith(f"-bulgular.{name.lower()}")
    assert str(failed.id) in page.url
    assert wrong == []


async def test_parts_of_a_month_stand_by_their_days(browser: Browser, portal: Portal) -> None:
    async with portal.house.database("portal").tenant(TENANT) as tx:
        await put_tenant(tx, tenant(TENANT, title="ANADOLU GIDA A.Ş.", part_ends=(10, 20)))
    story = Story()
    for number, part in enumerate(("000001", "000002"), 1):
        story.received(f"f{number}", part)
        days = ((10 * number - 9, 10 * number),)
        story.made(f"f{number}", number, part, (part,), warnings=9 if number == 1 else 0, spans=days)
        story.books(part, number, f"f{number}")
    await portal.deliver(story.envelopes)
    _, page, wrong = await opened(browser, portal)
    await page.goto(f"{portal.address}/months/{TENANT}/2025-01")
    await expect(page.locator("#part-000001 summary")).to_contain_text("1–10 Ocak")
    await expect(page.locator("#part-000002 summary")).to_contain_text("4 / 6 arşivde")
    warnings = page.locator("details[id^=list-]")
    await expect(warnings.locator("table")).to_be_hidden()
    await warnings.locator("summary").click()
    await expect(warnings.locator("table")).to_be_visible()
    await portal.deliver([story.withdrawn(2, "f2", "000002", ("000002",))])
    await expect(page.locator('[data-column="journal"]')).to_contain_text("Geri çekildi")
    await expect(page.locator('[data-column="journal"]')).to_contain_text("Önceki ay değişti")
    await expect(page.locator("main")).to_contain_text("Geri çekildi, yenisi bekleniyor")
    await expect(warnings.locator("table")).to_be_visible()
    await page.get_by_text("Nasıl okundu").first.click()
    await expect(page.locator("#read-f2")).to_contain_text("25 sütunlu düzen")
    assert wrong == []


async def test_months_are_switched_and_the_language_is_remembered(browser: Browser, portal: Portal) -> None:
    await firms(portal)
    await portal.deliver([Story().received()])
    _, page, wrong = await opened(browser, portal)
    await expect(page.get_by_role("heading", level=1)).to_have_text("Ocak 2025")
    await page.get_by_role("link", name="Sonraki ay").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Şubat 2025")
    assert await page.locator("html").get_attribute("lang") == "tr"
    await page.get_by_role("link", name="English").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("February 2025")
    await page.goto(f"{portal.address}/?period=2025-01")
    await expect(page.get_by_role("columnheader", name="GİB-approved journal berat")).to_be_visible()
    assert await page.locator("html").get_attribute("lang") == "en"
    await page.get_by_role("button", name="Log out").click()
    await page.wait_for_url("**/login")
    assert wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
async def test_everything_is_readable(browser: Browser, portal: Portal, scheme: str, width: int) -> None:
    await firms(portal)
    whole, failed = Story(), Story(OTHER)
    whole.received()
    whole.books()
    whole.held("submit")
    failed.received()
    failed.conversion_failed()
    parts = Story(period="2025-02")
    for number, part in enumerate(("000001", "000002"), 1):
        parts.received(f"f{number}", part)
        parts.made(f"f{number}", number, part, (part,), warnings=9)
        parts.books(part, number, f"f{number}")
    parts.withdrawn(2, "f2", "000002", ("000002",))
    mixed = Story(period="2025-03")
    await failed_with_a_report(portal, mixed)
    missing = Story(period="2025-04")
    missing.received()
    missing.held("convert", reason=problem("month.earlier_missing"))
    failed.refused_file("stray", name="ocak ayı defterleri son hali düzeltilmiş (kopya) yeni.xlsx")
    stories = (whole, failed, parts, mixed, missing)
    await portal.deliver([envelope for story in stories for envelope in story.envelopes])
    size = {"width": width, "height": 900}
    _, page, wrong = await opened(browser, portal, viewport=size, color_scheme=scheme)
    months = [f"/months/{story.tenant}/{story.period}" for story in stories]
    for path in ("/?period=2025-01", "/?period=2025-02", *months):
        await page.goto(portal.address + path)
        await page.evaluate("document.querySelectorAll('details').forEach((details) => details.open = true)")
        overflow = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0, path
        assert await page.evaluate(_CONTRAST) == [], path
    assert wrong == []


async def test_a_session_that_has_ended_leads_to_the_log_in(browser: Browser, portal: Portal) -> None:
    await firms(portal)
    context, page, _ = await opened(browser, portal)
    await expect(page.locator("#live-state")).to_have_text("Canlı")
    await context.clear_cookies()
    await page.reload()
    await expect(page).to_have_url(re.compile(r"/login\?next="))
