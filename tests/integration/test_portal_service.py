"""The portal on a real Postgres: its read model, its API, its event stream, and who may see what."""

import asyncio
import html
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, text

from defterhane.edefter.taxid import vkn_from_stem
from defterhane.events import Envelope, ObjectRef, SignatureMade, SignatureRefused, SignatureRequested
from defterhane.house import House
from defterhane.passwords import check_password
from defterhane.rulebook import RULES
from defterhane.tenancy import get_tenant, put_tenant
from defterhane.texts import Text
from portal.accounts import make_link
from portal.models import ChangeRow, HappeningRow, MonthRow
from portal.store import take
from support.portal_app import OPERATOR, Portal, portal_of
from support.portal_months import KB, OTHER, RECOGNISED, TENANT, YB, Story, Y, finding, problem, warning
from support.tenants import tenant

pytestmark = pytest.mark.postgres


@pytest.fixture
async def portal(house: House) -> AsyncIterator[Portal]:
    async with portal_of(house) as serving:
        for number, title in ((TENANT, "ANADOLU GIDA A.Ş."), (OTHER, "BOĞAZİÇİ TEKSTİL LTD. ŞTİ.")):
            async with house.database("portal").tenant(number) as tx:
                await put_tenant(tx, tenant(number, title=title))
        yield serving


async def token_of(portal: Portal, number: str | None, name: str = "Ayşe Yılmaz") -> str:
    answer = await portal.client.post("/api/tokens", headers=portal.as_(), json={"name": name, "tenant": number})
    assert answer.status_code == 201, answer.text
    return answer.json()["token"]


async def get(portal: Portal, path: str, token: str = OPERATOR) -> httpx.Response:
    return await portal.client.get(path, headers=portal.as_(token))


async def outbox(house: House) -> list[Envelope]:
    async with house.database("portal").system() as tx:
        rows = await tx.session.scalars(text("SELECT envelope FROM portal.outbox ORDER BY id"))
        return [Envelope.model_validate_json(row) for row in rows]


# --- the read model


async def test_any_order_and_duplication_ends_in_the_same_rows(portal: Portal) -> None:
    story, shuffled = Story(), Story(period="2025-02")
    for one in (story, shuffled):
        one.received("f1")
        one.conversion_failed("f1")
        one.received("f2")
        one.made("f2", parts=("000001",), warnings=1)
        one.written(Y, "000001", file_id="f2")
        one.withdrawn(1, "f2", parts=("000001",))
        one.whole(("000001", "000002"), revision=2, file_id="f3")
    envelopes = shuffled.envelopes * 2
    random.Random(7).shuffle(envelopes)
    await portal.deliver(story.envelopes)
    await portal.deliver(envelopes)
    async with portal.house.database("portal").tenant(TENANT) as tx:
        boards = {row.period: row.board for row in await tx.session.scalars(select(MonthRow))}
        happenings = (await tx.session.scalars(select(HappeningRow).filter_by(period="2025-02"))).all()
    assert boards["2025-01"]["state"] == "done"
    assert boards["2025-01"] == boards["2025-02"]
    assert len(happenings) == len(shuffled.envelopes)


async def test_consumers_at_the_same_month_at_once_lose_nothing(portal: Portal) -> None:
    story = Story()
    story.whole(("000001", "000002"))
    random.Random(3).shuffle(story.envelopes)
    lanes = [story.envelopes[lane::4] for lane in range(4)]
    await asyncio.gather(*(portal.deliver(lane) for lane in lanes), *(portal.deliver(lane) for lane in lanes[:2]))
    row = (await get(portal, "/api/board?period=2025-01")).json()["rows"][0]
    assert row["month"]["state"] == "done"
    assert row["month"]["closed"]


async def test_a_request_for_another_month_moves_the_file(portal: Portal) -> None:
    story = Story()
    story.received()
    story.conversion_failed()
    moved = Story(period="2025-02", start=story.now, salt="moved")
    moved.requested()
    await portal.deliver(story.envelopes + moved.envelopes)
    january = (await get(portal, f"/api/tenants/{TENANT}/months/2025-01")).json()
    february = (await get(portal, f"/api/tenants/{TENANT}/months/2025-02")).json()
    assert january["files"] == []
    assert january["row"]["month"]["state"] == "empty"
    assert [file["file_id"] for file in february["files"]] == ["f1"]


async def test_numbers_of_changes_show_in_their_order_though_transactions_overlap(portal: Portal) -> None:
    """A reader that has seen a number has seen all below it: the second writer waits for the first."""
    database = portal.house.database("portal")
    stories = [Story(), Story(OTHER)]
    started, finish = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with database.tenant(TENANT) as tx:
            await take(tx, stories[0].received())
            started.set()
            await finish.wait()

    first = asyncio.create_task(slow())
    await started.wait()
    second = asyncio.create_task(portal.deliver([stories[1].received()]))
    await asyncio.sleep(0.3)
    assert not second.done()
    finish.set()
    await asyncio.gather(first, second)
    async with database.system() as tx:
        changes = (await tx.session.scalars(select(ChangeRow).order_by(ChangeRow.number))).all()
    assert [change.tenant for change in changes] == [TENANT, OTHER]


# --- the API


async def test_the_board_lists_firms_and_branches_with_their_seven_things(portal: Portal) -> None:
    async with portal.house.database("portal").tenant(OTHER) as tx:
        branches = [{"number": "0001", "name": "İzmir Şubesi"}]
        await put_tenant(tx, tenant(OTHER, title="BOĞAZİÇİ TEKSTİL LTD. ŞTİ.", branches=branches))
    whole, branch = Story(), Story(OTHER, branch="0001")
    whole.whole()
    branch.received()
    branch.conversion_failed()
    await portal.deliver(whole.envelopes + branch.envelopes)
    board = (await get(portal, "/api/board")).json()
    assert board["period"] == "2025-01"
    listed = [(row["tenant"], row["branch"], row["month"]["state"]) for row in board["rows"]]
    assert listed == [(TENANT, None, "done"), (OTHER, None, "empty"), (OTHER, "0001", "failed")]
    assert len(board["rows"][0]["month"]["cells"]) == 7
    assert board["rows"][2]["branch_name"] == "İzmir Şubesi"
    assert board["counts"] == {"done": 1, "empty": 1, "failed": 1, "held": 0, "running": 0}
    assert board["rows"][0]["due"] == {"berat": "2025-05-14", "secondary_copy": "2025-05-29", "extended": False}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("search=bogazici", [OTHER]),
        ("search=BOĞAZİÇİ", [OTHER]),
        ("search=" + TENANT[:6], [TENANT]),
        ("search=100%25", []),
        ("state=done", [TENANT]),
        ("state=empty", [OTHER]),
        ("limit=1&offset=1", [OTHER]),
    ],
)
async def test_the_board_can_be_searched_filtered_and_paged(portal: Portal, query: str, expected: list[str]) -> None:
    story = Story()
    story.whole()
    await portal.deliver(story.envelopes)
    board = (await get(portal, f"/api/board?period=2025-01&{query}")).json()
    assert [row["tenant"] for row in board["rows"]] == expected


async def test_a_month_tells_its_documents_findings_and_story(portal: Portal) -> None:
    story = Story()
    story.received("f1")
    story.conversion_failed("f1", lines=3)
    story.received("f2")
    story.made("f2")
    story.books(file_id="f2")
    story.sent(YB)
    story.approved(YB)
    story.archived(YB, approved=True)
    await portal.deliver(story.envelopes)
    month = (await get(portal, f"/api/tenants/{TENANT}/months/2025-01")).json()
    names = [document["name"] for document in month["documents"]]
    assert names == [f"{TENANT}-202501-{kind}-000000" for kind in ("K", "Y", "KB", "YB")] + [
        f"GIB-{TENANT}-202501-YB-000000"
    ]
    journal = month["documents"][1]
    assert journal["path"].endswith(f"/01/{TENANT}-202501-Y-000000.xml")
    assert set(journal["times"]) == {"written", "validated", "signed", "archived"}
    assert len(journal["object"]["sha256"]) == 64
    assert [file["state"] for file in month["files"]] == ["converted", "failed"]
    assert [file["counts"] for file in month["files"]] == [True, False]
    assert month["files"][0]["conversions"][0]["entries"] == 12
    assert month["files"][1]["recognised"][0]["tr"] == RECOGNISED.tr
    assert [(part["part"], part["is_made"]) for part in month["parts"]] == [("000000", True)]
    (group,) = month["findings"]
    assert group["counts"] == {"entry.unbalanced": 3}
    assert group["findings"][0]["line"] == 1
    assert group["findings"][0]["cure"]["tr"] == "Fişi düzeltin."
    assert len(month["happenings"]) == len(story.envelopes)
    assert month["happenings"][-1]["line"]["tr"].startswith("Dosya alındı")


async def report_of(portal: Portal, tenant: str = TENANT, errors: int = 600, warnings: int = 400) -> ObjectRef:
    """A stored report."""
    found = [finding(line=line) for line in range(1, errors + 1)]
    found += [warning(line=line) for line in range(1, warnings + 1)]
    data = json.dumps([one.model_dump(mode="json") for one in found]).encode()
    return await portal.house.objects.put_bytes(tenant, data)


async def test_all_findings_of_a_conversion_are_read_from_its_report(portal: Portal) -> None:
    story = Story(branch="0001")
    story.received()
    failed = story.conversion_failed(lines=5000, report=await report_of(portal))
    await portal.deliver(story.envelopes)
    month = (await get(portal, f"/api/tenants/{TENANT}/months/2025-01?branch=0001")).json()
    (group,) = month["findings"]
    assert (group["event"], group["current"], len(group["findings"])) == (str(failed.id), True, 100)
    path = f"/api/tenants/{TENANT}/months/2025-01/findings/{failed.id}"
    whole = (await get(portal, f"{path}?branch=0001")).json()
    assert len(whole["findings"]) == 1000
    assert whole["counts"] == {"entry.unbalanced": 5000}
    table = await get(portal, f"{path}.csv?branch=0001")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.headers["content-disposition"] == f'attachment; filename="{TENANT}-0001-202501-bulgular.csv"'
    lines = table.content.decode("utf-8-sig").split("\r\n")
    assert len(lines) == 1 + 1000 + 1 + 1
    assert lines[1].startswith("yevmiye.csv;1;F-0042;;100.01;error;entry.unbalanced;;10,00;Borç ve alacak eşit değil.;")
    assert "5000 findings of this rule in all; 600" in lines[1001]
    assert (await get(portal, path)).status_code == 404  # the head office has no such event
    nothing = path.replace(str(failed.id), "00000000-0000-0000-0000-000000000000")
    assert (await get(portal, f"{nothing}?branch=0001")).status_code == 404


async def test_a_months_page_shows_findings_page_by_page_and_by_severity(portal: Portal) -> None:
    story = Story()
    story.received()
    failed = story.conversion_failed(lines=5000, report=await report_of(portal))
    await portal.deliver(story.envelopes)

    async def rows(query: str = "") -> tuple[int, str]:
        page = (await get(portal, f"/months/{TENANT}/2025-01{query}")).text
        return page.count('class="message"'), page

    number, page = await rows()
    assert number == 50
    assert f"/findings/{failed.id}.csv" in page
    assert "1 / 20" in page
    number, page = await rows(f"?group={failed.id}&severity=warning&page=8")
    assert number == 50
    assert page.count('<span class="badge">Uyarı</span>') == 50
    assert "8 / 8" in page
    assert "4.000 bulgu daha var" in page
    assert (await rows(f"?group={failed.id}&severity=nonsense&page=9999"))[0] == 50
    assert (await get(portal, f"/months/{TENANT}/2025-01?page=0")).status_code == 422


async def test_a_report_that_cannot_be_read_leaves_the_first_findings(portal: Portal) -> None:
    theirs = await report_of(portal, OTHER)
    missing = ObjectRef(uri=f"object:{TENANT}/{'1' * 64}", sha256="1" * 64, size=10)
    nonsense = await portal.house.objects.put_bytes(TENANT, b"{}")
    for number, report in enumerate((theirs, missing, nonsense)):
        story = Story(period=f"2025-0{number + 1}")
        story.received()
        failed = story.conversion_failed(lines=3, report=report)
        await portal.deliver(story.envelopes)
        path = f"/api/tenants/{TENANT}/months/{story.period}/findings/{failed.id}"
        assert len((await get(portal, path)).json()["findings"]) == 3
        assert (await get(portal, f"/months/{TENANT}/{story.period}")).status_code == 200


async def test_releasing_publishes_who_let_what_go_on_to_the_tenants_signer(portal: Portal) -> None:
    async with portal.house.database("portal").tenant(TENANT) as tx:
        await put_tenant(tx, tenant(TENANT, signer="izmir"))
    story = Story()
    story.received()
    story.books()
    story.held("submit")
    await portal.deliver(story.envelopes)
    token = await token_of(portal, TENANT)
    wanted = {"filing": {"tenant": TENANT, "period": "2025-01"}, "gate": "submit"}
    wrong = await portal.client.post("/api/filings/release", headers=portal.as_(token), json={**wanted, "gate": "sign"})
    assert (wrong.status_code, wrong.json()["key"]) == (409, "portal.not_held")
    answer = await portal.client.post("/api/filings/release", headers=portal.as_(token), json=wanted)
    assert answer.status_code == 202
    (envelope,) = await outbox(portal.house)
    assert str(envelope.id) == answer.json()["event"]
    assert (envelope.type, envelope.route, envelope.tenant) == ("filing.released", "izmir", TENANT)
    assert (envelope.data["gate"], envelope.data["by"]) == ("submit", "Ayşe Yılmaz")
    await portal.deliver([envelope])
    again = await portal.client.post("/api/filings/release", headers=portal.as_(token), json=wanted)
    assert again.status_code == 409


async def test_asking_for_a_conversion_publishes_the_files_own_month_and_object(portal: Portal) -> None:
    story = Story()
    story.received("f1", part="000002")
    refused = story.refused_file("f2")
    await portal.deliver(story.envelopes)
    answer = await portal.client.post("/api/files/f1/convert", headers=portal.as_())
    assert answer.status_code == 202
    (envelope,) = await outbox(portal.house)
    assert envelope.type == "conversion.requested"
    assert envelope.data["part"] == "000002"
    assert envelope.data["object"] == story.envelopes[0].data["object"]
    refusal = await portal.client.post(f"/api/files/{refused.data['file_id']}/convert", headers=portal.as_())
    assert (refusal.status_code, refusal.json()["key"]) == (409, "portal.not_convertible")
    missing = await portal.client.post("/api/files/nothing/convert", headers=portal.as_())
    assert missing.status_code == 404


async def test_master_data_keep_the_password_that_nobody_speaks_of_and_never_show_it(portal: Portal) -> None:
    database = portal.house.database("portal")

    async def put(**extra: object) -> httpx.Response:
        data = tenant(TENANT, title="YENİ UNVAN A.Ş.").model_dump(mode="json", exclude={"sftp_password_hash"})
        return await portal.client.put(f"/api/tenants/{TENANT}", headers=portal.as_(), json={**data, **extra})

    async def kept() -> str | None:
        async with database.tenant(TENANT) as tx:
            return (await get_tenant(tx, TENANT)).sftp_password_hash

    first = await put(sftp_password="a long enough password")
    assert first.status_code == 200, first.text
    assert first.json()["sftp_password_hash"] is None
    stored = await kept()
    assert stored is not None
    assert check_password("a long enough password", stored)
    assert (await put()).json()["title"] == "YENİ UNVAN A.Ş."
    assert await kept() == stored
    listed = (await get(portal, "/api/tenants")).text
    assert stored not in listed
    assert "a long enough password" not in listed
    assert (await put(sftp_password="short")).status_code == 422
    assert "short" not in (await put(sftp_password="short")).text
    assert (await put(sftp_password=None)).status_code == 200
    assert await kept() is None
    other = await portal.client.put(
        f"/api/tenants/{OTHER}", headers=portal.as_(), json=tenant(TENANT).model_dump(mode="json")
    )
    assert (other.status_code, other.json()["key"]) == (422, "portal.wrong_number")


async def test_an_operator_moves_a_deadline_and_takes_it_back(portal: Portal) -> None:
    async def extend(day: str | None) -> None:
        body = {"person": False, "day": day}
        answer = await portal.client.put("/api/deadlines/2025-01", headers=portal.as_(), json=body)
        assert answer.status_code == 200

    async def last_day() -> tuple[str, bool]:
        row = (await get(portal, "/api/board?period=2025-01")).json()["rows"][0]
        return row["due"]["berat"], row["due"]["extended"]

    await extend("2025-05-20")
    assert await last_day() == ("2025-05-20", True)
    await extend(None)
    assert await last_day() == ("2025-05-14", False)


async def test_a_signer_in_trouble_shows_until_it_works_again(portal: Portal) -> None:
    story = Story()
    refused = story.say(SignatureRefused(tenant=TENANT, request_id="r1", problem=problem("signer.no_card")))
    story.say(SignatureRequested(request_id="r2", tenant=TENANT, references=()))
    made = story.say(SignatureMade(request_id="r2", tenant=TENANT, signed_info="", signature_value="", certificates=()))

    async def trouble() -> object:
        return (await get(portal, f"/api/tenants/{TENANT}/months/2025-01")).json()["signer_trouble"]

    await portal.deliver([refused])
    assert (await trouble())["key"] == "signer.no_card"
    await portal.deliver([made, refused])
    assert await trouble() is None


async def test_openapi_is_clean(portal: Portal) -> None:
    described = portal.app.openapi()
    assert all(path.startswith("/api/") for path in described["paths"])
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    identifiers = [operation["operationId"] for operation in operations]
    assert len(identifiers) == len(set(identifiers))
    assert all(operation["description"] for operation in operations)
    assert all(operation["security"] for operation in operations)
    assert "HTTPValidationError" not in described["components"]["schemas"]
    assert "text/event-stream" in described["paths"]["/api/events"]["get"]["responses"]["200"]["content"]


# --- who may come in


@pytest.mark.parametrize("path", ["/api/board", f"/api/tenants/{TENANT}/months/2025-01", "/api/tenants", "/api/events"])
@pytest.mark.parametrize("token", [None, "nonsense", "dh_ğ"])
async def test_nobody_comes_in_without_a_valid_token(portal: Portal, path: str, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": f"Bearer {token}".encode()}
    answer = await portal.client.get(path, headers=headers)
    assert answer.status_code == 401
    assert answer.json()["key"] == "portal.not_logged_in"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_tokens_are_kept_as_hashes_expire_and_can_be_revoked(portal: Portal) -> None:
    token = await token_of(portal, TENANT)
    async with portal.house.database("portal").system() as tx:
        kept = (await tx.session.execute(text("SELECT * FROM portal.token"))).mappings().one()
    assert token not in str(dict(kept))
    assert token not in (await get(portal, "/api/tokens")).text
    assert (await get(portal, "/api/board", token)).status_code == 200
    async with portal.house.database("portal").system() as tx:
        await tx.session.execute(text("UPDATE portal.token SET expires_at = now() - interval '1 second'"))
    assert (await get(portal, "/api/board", token)).status_code == 401
    async with portal.house.database("portal").system() as tx:
        await tx.session.execute(text("UPDATE portal.token SET expires_at = NULL"))
    assert (await get(portal, "/api/board", token)).status_code == 200
    gone = await portal.client.delete(f"/api/tokens/{kept['id']}", headers=portal.as_())
    assert gone.status_code == 204
    assert (await get(portal, "/api/board", token)).status_code == 401


async def test_a_link_logs_in_once_and_its_secret_leaves_the_address(portal: Portal) -> None:
    async with portal.house.database("portal").system() as tx:
        secret, _ = await make_link(tx)
    first = await portal.client.get(f"/login?token={secret}")
    assert (first.status_code, first.headers["location"]) == (303, "/")
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert secret not in cookie
    second = await portal.client.get(f"/login?token={secret}")
    assert second.status_code == 401
    assert (await portal.client.get("/", headers={"Cookie": cookie.split(";")[0]})).status_code == 200


async def test_cookies_are_secure_unless_told_otherwise(house: House) -> None:
    async with portal_of(house, secure_cookies=True) as serving:
        answer = await serving.client.post("/login", data={"token": OPERATOR})
        assert "; Secure" in answer.headers["set-cookie"]


@asynccontextmanager
async def logged_in(portal: Portal, token: str = OPERATOR) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=portal.address, trust_env=False, timeout=20) as client:
        answer = await client.post("/login", data={"token": token})
        assert answer.status_code == 303, answer.text
        yield client


@pytest.mark.parametrize("damage", ["token", "ends", "signature", "fields"])
async def test_a_forged_session_is_none(portal: Portal, damage: str) -> None:
    async with logged_in(portal, await token_of(portal, TENANT)) as client:
        token, ends, nonce, signature = client.cookies["defterhane_session"].split(".")
    forged = {
        "token": f"first.{ends}.{nonce}.{signature}",
        "ends": f"{token}.{int(ends) + 9999}.{nonce}.{signature}",
        "signature": f"{token}.{ends}.{nonce}.{signature[:-2]}AA",
        "fields": f"{token}.{ends}.{nonce}",
    }[damage]
    answer = await portal.client.get("/api/board", headers={"Cookie": f"defterhane_session={forged}"})
    assert answer.status_code == 401
    page = await portal.client.get("/", headers={"Cookie": f"defterhane_session={forged}"})
    assert page.headers["location"].startswith("/login")


async def test_a_session_ends_with_its_time_and_with_its_token(portal: Portal, house: House) -> None:
    async with logged_in(portal, await token_of(portal, TENANT)) as client:
        assert (await client.get("/api/board")).status_code == 200
        cookie = {"Cookie": f"defterhane_session={client.cookies['defterhane_session']}"}
        for hours, status in ((11, 200), (13, 401)):
            later = replace(house, clock=lambda hours=hours: house.clock() + timedelta(hours=hours))
            async with portal_of(later) as tomorrow:
                assert (await tomorrow.client.get("/api/board", headers=cookie)).status_code == status
        async with house.database("portal").system() as tx:
            await tx.session.execute(text("DELETE FROM portal.token"))
        assert (await client.get("/api/board")).status_code == 401


async def test_writes_of_a_session_need_its_form_token_and_its_own_site(portal: Portal) -> None:
    story = Story()
    story.received()
    story.books()
    story.held("submit")
    await portal.deliver(story.envelopes)
    async with logged_in(portal) as client:
        page = (await client.get(f"/months/{TENANT}/2025-01")).text
        form_token = page.split('name="form_token" value="')[1].split('"')[0]
        form = {"gate": "submit", "part": "000000", "branch": "", "form_token": form_token}
        path = f"/months/{TENANT}/2025-01/release"
        refused = [
            await client.post(path, data={**form, "form_token": ""}),
            await client.post(path, data={**form, "form_token": form_token[:-1] + "ğ"}),
            await client.post(path, data=form, headers={"Sec-Fetch-Site": "cross-site"}),
            await client.post(path, data=form, headers={"Sec-Fetch-Site": "same-site"}),
            await client.post(path, data=form, headers={"Origin": "https://elsewhere.invalid"}),
            await client.post("/api/filings/release", json={"filing": story.filing().model_dump(), "gate": "submit"}),
        ]
        assert [answer.status_code for answer in refused] == [403] * len(refused)
        assert await outbox(portal.house) == []
        done = await client.post(path, data=form, headers={"Sec-Fetch-Site": "same-origin"})
        assert done.status_code == 303
        assert [envelope.type for envelope in await outbox(portal.house)] == ["filing.released"]
        assert (await client.post("/logout", headers={"Sec-Fetch-Site": "cross-site"})).status_code == 403
        assert (await client.post("/logout")).status_code == 303
        assert (await client.get("/")).status_code == 303


async def test_every_answer_carries_the_guards(portal: Portal) -> None:
    paths = ["/login", "/", "/api/board", "/assets/portal.js", "/login?token=wrong", "/months/1/2"]
    for path in paths:
        for answer in (await portal.client.get(path), await get(portal, path)):
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["x-frame-options"] == "DENY"
            assert "frame-ancestors 'none'" in policy
            assert answer.headers["cache-control"]


async def test_pages_hold_no_inline_script_or_style(portal: Portal) -> None:
    story = Story()
    story.whole()
    await portal.deliver(story.envelopes)
    for path in ("/login", "/", f"/months/{TENANT}/2025-01"):
        page = (await get(portal, path)).text
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick" not in page
        assert "<script>" not in page


async def test_what_outsiders_wrote_is_shown_as_text(portal: Portal) -> None:
    story = Story()
    story.refused_file(name='<script>alert("x")</script>.zip')
    await portal.deliver(story.envelopes)
    page = (await get(portal, "/")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


async def test_what_exports_say_is_shown_as_text_everywhere(portal: Portal) -> None:
    evil = '<img src=x onerror="alert(1)">'
    said = Text(tr=evil, en=evil)
    bad = finding().model_copy(update={"message": said, "cure": said, "value": evil, "file": evil, "account": evil})
    story = Story()
    story.received()
    failed = story.conversion_failed(lines=1)
    event = failed.event.model_copy(
        update={"file_id": evil, "findings": (bad,), "recognised": (said,), "counts": {evil: 1, "x": 2}}
    )
    story.say(event)
    story.made(file_id="f1")
    story.written(Y)
    story.withdrawn(reason=problem(evil, evil, evil))
    story.held("convert", reason=problem("month.earlier_missing", evil, evil))
    await portal.deliver(story.envelopes)
    for path in ("/", f"/months/{TENANT}/2025-01"):
        page = (await get(portal, path)).text
        assert "<img" not in page
        assert "&lt;img" in page


async def test_a_refused_berat_says_what_the_rules_demand_and_what_to_do(portal: Portal) -> None:
    story = Story()
    story.received()
    story.made()
    story.books()
    story.sent(YB)
    refused = story.refused(YB)
    again = refused.event.model_copy(update={"rules": ("B064", "B100", "B999")})  # one that is not known here
    await portal.deliver([*story.envelopes[:-1], story.say(again)])
    path = f"/months/{TENANT}/2025-01"
    for language in ("tr", "en"):
        page = html.unescape((await get(portal, f"{path}?lang={language}")).text)
        assert f"<code>B999</code> {1}" in page
        for rule in (RULES["B064"], RULES["B100"]):
            assert rule.demand.to(language) in page
            assert f'<span class="cure">{rule.cure.to(language)}</span>' in page
            assert f"<code>{rule.id}</code>" in page
    assert "Önceki bulgular" not in (await get(portal, f"{path}?lang=tr")).text
    await portal.deliver([story.sent(YB)])
    assert "Önceki bulgular" in (await get(portal, f"{path}?lang=tr")).text


async def test_a_missing_predecessor_is_released_with_words_of_its_own(portal: Portal) -> None:
    story = Story()
    story.received()
    story.held("convert", reason=problem("month.earlier_missing", "Aralık gelmedi.", "December has not come."))
    await portal.deliver(story.envelopes)
    page = (await get(portal, f"/months/{TENANT}/2025-01")).text
    for words in ("Aralık gelmedi.", "Defterlere bu ayla başla", "gerçekten bu ayla başlıyorsa"):
        assert words in page
    english = (await get(portal, f"/months/{TENANT}/2025-01?lang=en")).text
    assert "Begin the books with this month" in english
    wanted = {"filing": story.filing().model_dump(), "gate": "convert"}
    answer = await portal.client.post("/api/filings/release", headers=portal.as_(), json=wanted)
    assert answer.status_code == 202


@pytest.mark.parametrize("goal", ["//evil.invalid", "https://evil.invalid/", "/\\evil.invalid", "javascript:1", "\t/x"])
async def test_a_log_in_leads_nowhere_else(portal: Portal, goal: str) -> None:
    answer = await portal.client.post("/login", data={"token": OPERATOR, "next": goal})
    assert answer.headers["location"] == "/"


async def test_bodies_are_bounded(portal: Portal) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 65536

    for body in (b"x" * 400_000, endless()):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await portal.client.post("/login", content=body, headers=headers)
        assert answer.status_code == 413


async def test_a_request_that_cannot_be_read_says_where_in_both_languages(portal: Portal) -> None:
    answer = await get(portal, "/api/board?period=2025-13")
    assert answer.status_code == 422
    assert "period" in answer.json()["text"]["tr"]
    assert "period" in answer.json()["text"]["en"]
    assert (await get(portal, "/api/tenants/123/months/2025-01")).status_code == 422
    assert (await get(portal, f"/api/tenants/{vkn_from_stem('555555555')}/months/2025-01")).status_code == 404


# --- a tenant sees its own rows only


async def test_one_tenants_token_shows_nothing_of_another_by_any_route(portal: Portal) -> None:
    mine, theirs = Story(), Story(OTHER)
    for story in (mine, theirs):
        story.received(f"file-{story.tenant}")
        story.made(f"file-{story.tenant}", warnings=1)
        story.books(file_id=f"file-{story.tenant}")
        story.held("submit")
        story.refused_file(f"stray-{story.tenant}", name=f"sır-{story.tenant}.pdf")
    await portal.deliver(mine.envelopes + theirs.envelopes)
    token = await token_of(portal, TENANT)
    headers = portal.as_(token)
    tried = 0
    for path, operations in portal.app.openapi()["paths"].items():
        for method in operations:
            if path == "/api/events":
                continue
            place = path.format(
                tax_id=OTHER,
                period="2025-01",
                file_id=f"file-{OTHER}",
                token_id="00000000-0000-0000-0000-000000000000",
                event=theirs.envelopes[1].id,
            )
            body = {
                "/api/filings/release": {"filing": theirs.filing().model_dump(), "gate": "submit"},
                f"/api/tenants/{OTHER}": tenant(OTHER).model_dump(mode="json"),
                "/api/tokens": {"name": "thief", "tenant": OTHER},
                "/api/deadlines/2025-01": {"person": False, "day": "2030-01-01"},
            }.get(place)
            answer = await portal.client.request(method, place, headers=headers, json=body)
            if answer.is_success:
                assert OTHER not in answer.text, (method, path)
            else:  # an error may say again what it was asked for, and nothing more
                assert answer.status_code in (403, 404), (method, path, answer.text)
                assert answer.json().keys() == {"key", "text", "cure"}
            assert "BOĞAZİÇİ" not in answer.text, (method, path)
            assert answer.is_error or "{" not in path, (method, path)
            tried += 1
    assert tried >= 13
    assert await outbox(portal.house) == []
    async with logged_in(portal, token) as client:
        board = await client.get("/?period=2025-01")
        assert TENANT in board.text
        assert OTHER not in board.text
        assert (await client.get(f"/months/{OTHER}/2025-01")).status_code == 404
        page = (await client.get(f"/months/{TENANT}/2025-01")).text
        form_token = page.split('name="form_token" value="')[1].split('"')[0]
        for action, form in (("release", {"gate": "submit", "part": "000000"}), ("convert", {"file": f"file-{OTHER}"})):
            answer = await client.post(f"/months/{OTHER}/2025-01/{action}", data={**form, "form_token": form_token})
            assert answer.status_code == 404
    assert await outbox(portal.house) == []


async def test_the_database_itself_hides_other_tenants_rows(portal: Portal) -> None:
    story = Story(OTHER)
    story.whole()
    story.held("sign")
    story.say(SignatureRefused(tenant=OTHER, request_id="r1", problem=problem()))
    await portal.deliver(story.envelopes)
    await token_of(portal, OTHER)
    await token_of(portal, None)
    tables = ("document", "conversion", "file", "hold", "month", "signer", "happening", "change", "token")
    for table in tables:
        async with portal.house.database("portal").tenant(TENANT) as tx:
            assert await tx.session.scalar(text(f"SELECT count(*) FROM portal.{table}")) == 0
        async with portal.house.database("portal").system() as tx:
            assert await tx.session.scalar(text(f"SELECT count(*) FROM portal.{table}"))


# --- the event stream


class Watching:
    """One client of the event stream."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def next(self, seconds: float = 10) -> tuple[str, dict, str]:
        """The next event: its type, data and id."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(seconds):
            async for line in self._lines:
                if line == "" and "event" in fields:
                    return fields["event"], json.loads(fields["data"]), fields["id"]
                name, _, value = line.partition(": ")
                fields[name] = value
        raise AssertionError("the stream has ended")

    async def nothing(self, seconds: float = 0.5) -> bool:
        try:
            await self.next(seconds)
        except TimeoutError:
            return True
        return False


@asynccontextmanager
async def watching(portal: Portal, token: str, query: str = "", **headers: str) -> AsyncIterator[Watching]:
    asked = {**portal.as_(token), **headers}
    async with portal.client.stream("GET", f"/api/events{query}", headers=asked) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Watching(answer.aiter_lines())


async def test_watchers_hear_of_their_own_tenants_months_only(portal: Portal) -> None:
    mine, theirs = Story(), Story(OTHER)
    token = await token_of(portal, TENANT)
    async with watching(portal, token) as tenants, watching(portal, OPERATOR) as operators:
        assert (await tenants.next())[0] == (await operators.next())[0] == "ready"
        await portal.deliver([theirs.received()])
        await portal.deliver([mine.received()])
        event, data, _ = await tenants.next()
        assert (event, data["tenant"], data["period"]) == ("month", TENANT, "2025-01")
        assert data["month"]["cells"]["journal"]["stage"] == "waiting"
        assert {(await operators.next())[1]["tenant"], (await operators.next())[1]["tenant"]} == {TENANT, OTHER}
        await portal.deliver([theirs.written(Y)])
        assert await tenants.nothing()


async def test_watchers_hear_that_a_conversion_counts_no_more(portal: Portal) -> None:
    story = Story()
    await portal.deliver([story.received(), story.made(), story.written(Y)])
    async with watching(portal, await token_of(portal, TENANT)) as watcher:
        await watcher.next()
        await portal.deliver([story.withdrawn()])
        _, data, _ = await watcher.next()
        assert data["month"]["state"] == "held"
        journal = data["month"]["cells"]["journal"]
        assert (journal["state"], journal["withdrawn"]) == ("held", True)
        assert journal["problem"]["key"] == "month.earlier_changed"


async def test_resuming_with_an_older_number_tells_nothing_of_other_tenants(portal: Portal) -> None:
    theirs = Story(OTHER)
    theirs.whole()
    await portal.deliver(theirs.envelopes)
    async with watching(portal, await token_of(portal, TENANT), "?after=0") as tenants:
        assert (await tenants.next())[0] == "ready"
        assert await tenants.nothing()


async def test_a_watcher_resumes_where_it_was_and_misses_nothing(portal: Portal) -> None:
    story = Story()
    async with watching(portal, OPERATOR) as watcher:
        await watcher.next()
        await portal.deliver([story.received()])
        _, _, seen = await watcher.next()
    await portal.deliver([story.written(Y), story.validated(Y)])
    async with watching(portal, OPERATOR, **{"Last-Event-ID": seen}) as watcher:
        assert (await watcher.next())[0] == "ready"
        event, data, _ = await watcher.next()
        assert event == "month"
        assert data["month"]["cells"]["journal"]["stage"] == "validated"
        assert await watcher.nothing()  # two changes of one month are told once


async def test_the_boards_cursor_leaves_no_gap_before_the_stream(portal: Portal) -> None:
    story = Story()
    await portal.deliver([story.received()])
    cursor = (await get(portal, "/api/board?period=2025-01")).json()["cursor"]
    await portal.deliver([story.written(Y)])
    async with watching(portal, OPERATOR, f"?after={cursor}") as watcher:
        await watcher.next()
        assert (await watcher.next())[1]["month"]["cells"]["journal"]["stage"] == "written"


async def test_a_watcher_who_was_away_too_long_is_told_to_read_anew(portal: Portal, house: House) -> None:
    story = Story()
    await portal.deliver([story.received()])
    async with house.database("portal").system() as tx:
        await tx.session.execute(text("UPDATE portal.change SET at = now() - interval '2 days'"))
    await portal.deliver([story.written(Y)])
    async with portal_of(house):  # its feed forgets what is old when it starts
        await asyncio.sleep(0.5)
    async with watching(portal, OPERATOR, "?after=0") as watcher:
        assert (await watcher.next())[0] == "ready"
        assert (await watcher.next())[0] == "reset"
    async with watching(portal, OPERATOR, "?after=99999") as watcher:
        assert (await watcher.next())[0] == "ready"
        assert (await watcher.next())[0] == "reset"


async def test_a_replica_tells_what_another_has_taken_in(portal: Portal, house: House) -> None:
    async with portal_of(house) as other, watching(other, OPERATOR) as watcher:
        await watcher.next()
        await portal.deliver([Story().received()])
        assert (await watcher.next())[1]["tenant"] == TENANT


async def test_a_revoked_token_ends_its_streams(portal: Portal, house: House) -> None:
    token = await token_of(portal, TENANT)
    async with watching(portal, token) as watcher:
        await watcher.next()
        async with house.database("portal").system() as tx:
            await tx.session.execute(text("DELETE FROM portal.token"))
        await portal.deliver([Story().received()])
        with pytest.raises(AssertionError, match="ended"):
            await watcher.next()


async def test_streams_end_when_the_service_stops(house: House) -> None:
    async with portal_of(house) as serving:
        stream = serving.client.stream("GET", "/api/events", headers=serving.as_())
        answer = await stream.__aenter__()
        lines = answer.aiter_lines()
        await anext(lines)
    async with asyncio.timeout(10):
        await stream.__aexit__(None, None, None)


async def test_kb_and_yb_have_columns_of_their_own(portal: Portal) -> None:
    story = Story()
    story.received()
    story.books()
    story.sent(KB)
    await portal.deliver(story.envelopes)
    cells = (await get(portal, "/api/board?period=2025-01")).json()["rows"][0]["month"]["cells"]
    assert cells["approved_ledger_berat"]["stage"] == "sent"
    assert cells["approved_journal_berat"]["stage"] == "waiting"
