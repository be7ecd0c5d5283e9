"""A hostile tour: forged forms, scripts in every text field, ids of other places, lists of ten thousand rows."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.channels.web.guarding import HEADERS
from bot.desk import cookies
from bot.desk.app import LARGEST_FORM
from bot.desk.built import Desk
from storage import residents, tickets
from storage.staff import Role
from storage.tables.staff import trail
from tests.desk.conftest import BANNER, VILLAGE, Clock, Come, Seat, Sit
from tests.desk.walking import Form, Page, paths
from tests.notices.broadcasting import approved, submitted, villagers

SCRIPT = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}${7*7}\0\u202e"
LEFT_OUT = ("/leave", "/out", "/end", "/gone", "/enter")
"""Forms that end the tour, or that are tried elsewhere."""

OF_A_KIND = 3
"""Pages that are visited of one kind: cards, people, windows."""


async def handed_over(desk: Desk, words: str) -> None:
    """A resident hands a question to the village."""
    async with desk.database.begin() as conn:
        who = await residents.meet(conn, channel="telegram", account="bot", address="herder", now=desk.now())
        await tickets.hand_over(conn, who.id, place=VILLAGE, question=words, now=desk.now())


@pytest.mark.parametrize(("role", "place"), [("cadre", VILLAGE), ("editor", BANNER), ("administrator", BANNER)])
async def test_a_script_in_every_text_field_runs_nowhere(sit: Sit, built: Desk, role: Role, place: str) -> None:
    await handed_over(built, SCRIPT)
    await sit("cadre", VILLAGE, name=SCRIPT[:36])
    seat = await sit(role, place, name=SCRIPT[:36], trusted=True)
    seen: dict[str, str] = {}
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        if path in seen or list(seen.values()).count(kind(path)) >= OF_A_KIND:
            continue
        seen[path] = kind(path)
        found = await harmless(await seat.get(path), path)
        for form in found.forms:
            if form.method == "post" and not form.action.endswith(LEFT_OUT):
                await harmless(await filled(seat, form), form.action)
        waiting += sorted(paths(found.links))
    assert {"/me", "/people", "/people/invite", "/help"} <= seen.keys()
    await seat.see("/")


def kind(path: str) -> str:
    """What an address shows, whichever of them it is."""
    parts = re.sub(r"\d+", "1", path.partition("?")[0]).split("/")
    return "/".join(parts[:3]) if len(parts) > 3 else "/".join(parts)


async def filled(seat: Seat, form: Form) -> Any:
    """Send a form with the script in every text field and something that is no spreadsheet for each file."""
    given = form.filled(SCRIPT) | {"csrf": [cookies.form_token(seat.token)]}
    files = {name: ("x.xlsx", SCRIPT.encode()) for name in form.files}
    return await seat.client.post(f"/desk{form.action}", data=given, files=files or None, follow_redirects=True)


async def harmless(shown: Any, path: str) -> Page:
    """Hold an answer to the rules: it did not break, it has the headers, and nothing in it would run."""
    assert shown.status_code < 500, (path, shown.status_code)
    for name, value in HEADERS.items():
        assert shown.headers[name] == value, (path, name)
    if "html" not in shown.headers.get("content-type", ""):
        return Page("")
    assert "<script>alert" not in shown.text, path
    assert "<img src=x" not in shown.text, path
    found = Page(shown.text)
    assert not found.inline, (path, found.inline)
    return found


def test_the_policy_lets_no_inline_script_or_style_run() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


async def test_forms_from_elsewhere_are_refused_before_they_are_read(sit: Sit, built: Desk) -> None:
    seat = await sit("administrator", BANNER)
    form = {"csrf": cookies.form_token(seat.token), "role": "cadre", "where": VILLAGE}
    for headers in (
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ):
        sent = await seat.client.post("/desk/people/invite", data=form, headers=headers)
        assert sent.status_code == 403, headers
    large = await seat.client.post("/desk/people/invite", content=b"x" * (LARGEST_FORM + 1))
    assert large.status_code == 413
    assert "4兆" in large.text


async def test_the_form_at_the_door_is_guarded_too(sit: Sit, come: Come) -> None:
    victim, other = come(), come()
    await victim.get("/enter")
    await other.get("/enter")
    for csrf in ("", cookies.form_token(other.token), cookies.form_token("")):
        assert (await victim.send("/enter", csrf=csrf, code="1")).status_code == 403
    bare = come()
    assert (await bare.send("/enter", csrf=cookies.form_token(""), code="1")).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "é" * 50, "a" * 5000, '"; DROP TABLE staff', "\x7f"])
async def test_a_cookie_of_one_s_own_making_lets_nobody_in(come: Come, token: str) -> None:
    seat = come()
    shown = await seat.client.get("/desk/", headers={b"cookie": f"{cookies.SESSION}={token}".encode()})
    assert shown.status_code == 401


@pytest.mark.parametrize(
    "query", ["done=<script>", "done=__class__", "done=name", "done=entered%00", "after=-9", "after=x"]
)
async def test_an_address_of_somebody_s_own_making_says_nothing(sit: Sit, query: str) -> None:
    seat = await sit()
    shown = await seat.get(f"/people?{query}")
    assert shown.status_code in (200, 404)
    assert 'class="done"' not in shown.text


@pytest.mark.parametrize(
    "path",
    [
        "/people/0",
        "/people/-1",
        f"/people/{2**70}",
        "/people/1e3",
        "/people/%00",
        "/x",
        "//",
        "/static/../app.py",
        "/static/..%2fapp.py",
    ],
)
async def test_an_address_that_leads_nowhere_says_so_in_our_words(sit: Sit, path: str) -> None:
    shown = await (await sit()).get(path)
    assert shown.status_code == 404
    assert "没有这一页" in shown.text


async def test_a_trail_of_ten_thousand_rows_comes_in_pages(sit: Sit, built: Desk) -> None:
    seat = await sit("administrator", "15")
    one = {"actor": f"staff:{seat.member.id}", "verb": "answered", "object_id": "ticket:1", "mac": b"x"}
    rows = [one | {"number": n, "at": built.now() - timedelta(minutes=n)} for n in range(1, 10_001)]
    async with built.database.begin() as conn:
        await conn.execute(insert(trail), rows)
    first = await seat.see("/trail")
    assert first.count("第") >= 50
    assert "第10000条" in first
    more = re.search(r'href="/desk(/trail\?before=\d+)"', first)
    assert more
    assert "第9950条" in await seat.see(more[1])


async def test_an_administrator_sees_the_trail_of_their_places_only(sit: Sit) -> None:
    other = await sit("administrator", "150622", name="准旗的钱")
    await other.send("/people/invite", role="cadre", where="150622")
    mine = await sit("administrator", BANNER, name="达旗的赵")
    await mine.send("/people/invite", role="cadre", where=BANNER)
    page = await mine.see("/trail")
    assert "达旗的赵" in page
    assert "准旗的钱" not in page
    whole = await (await sit("administrator", "15")).see("/trail")
    assert "准旗的钱" in whole


@pytest.mark.parametrize("path", ["/notices/T%00", "/notices/T00000%00", "/notices/draft/%00", "/notices/%00/correct"])
async def test_a_number_that_no_notice_has_is_no_page(sit: Sit, path: str) -> None:
    assert (await (await sit("cadre", VILLAGE)).get(path)).status_code == 404


@pytest.mark.parametrize("kind", ["windows", "details"])
async def test_a_reason_may_hold_what_the_database_refuses(sit: Sit, built: Desk, kind: str) -> None:
    seat = await sit("cadre", VILLAGE)
    entered = {"place": VILLAGE, "subject": "粮食大豆保险", "kind": "standard", "says": "每亩交3元", "where": "村委会"}
    sent = await seat.send(f"/{kind}/new", then="draft", closes="12月27日", **entered)
    assert sent.status_code == 303, sent.text
    path = sent.headers["location"].removeprefix("/desk").partition("?")[0]
    assert "\ufffd" in await seat.done(f"{path}/cancel", reason="\0")


async def test_a_list_of_notices_tells_a_village_how_many_got_its_own_and_of_wider_ones_nothing(
    sit: Sit, built: Desk, clock: Clock
) -> None:
    boss, cadre = await sit("administrator", BANNER), await sit("cadre", VILLAGE)
    await villagers(built.database, 3)
    wide = await submitted(built.database, boss.member, BANNER, now=clock())
    await approved(built.database, wide, boss.member, now=clock())
    listed = await cadre.see("/notices")
    assert wide.number in listed
    assert "3人" not in listed
    assert "3人" in await boss.see("/notices")
    own = await submitted(built.database, cadre.member, VILLAGE, now=clock())
    await approved(built.database, own, cadre.member, now=clock())
    assert (await cadre.see("/notices")).count("3人") == 1
