"""What the page refuses, what it forbids the browser, and what it stores of a visitor."""

import hashlib
from dataclasses import replace
from http.cookies import SimpleCookie

import pytest
from httpx import Response
from sqlalchemy import select

from bot.channels.web.guarding import LARGEST_FORM
from bot.channels.web.site import Site
from storage.database import Database
from storage.tables import resident
from tests.web.conftest import HOST, Arrive, Visitor

DIBAO = "低保咋申请"
FORM = {"content-type": "application/x-www-form-urlencoded"}
PATHS = ["/", "/topics", "/topic/home", "/card/dibao", "/about", "/nothing", "/card/nothing", "/ask", "/healthz"]


async def post(visitor: Visitor, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await visitor.client.post("/ask", data={"text": DIBAO}, headers=named)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://elsewhere.example"},
        {"origin": "null"},
        {"origin": HOST.replace("page", "other")},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site", "origin": HOST},
    ],
)
async def test_a_form_of_another_site_is_refused_kindly(
    visitor: Visitor, database: Database, headers: dict[str, str]
) -> None:
    answer = await post(visitor, **headers)
    assert answer.status_code == 403
    assert "请在这里再问一遍" in answer.text
    assert "set-cookie" not in answer.headers
    async with database.begin() as conn:
        assert (await conn.execute(select(resident))).all() == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": HOST}, {"sec_fetch_site": "same-origin"}, {"sec_fetch_site": "same-origin", "origin": "null"}],
)
async def test_our_own_form_is_taken_also_from_a_browser_that_does_not_say_where_it_comes_from(
    visitor: Visitor, headers: dict[str, str]
) -> None:
    assert (await post(visitor, **headers)).status_code == 200


async def test_a_body_that_is_too_large_is_refused_unread_and_kindly(visitor: Visitor) -> None:
    answer = await visitor.client.post("/ask", content=b"text=" + b"a" * LARGEST_FORM, headers=FORM)
    assert answer.status_code == 413
    assert "话太长了" in answer.text
    endless = await visitor.client.post("/ask", content=iter_([b"text=a"]), headers=FORM)
    assert endless.status_code == 411


async def iter_(chunks: list[bytes]):  # type: ignore[no-untyped-def]
    for chunk in chunks:
        yield chunk


@pytest.mark.parametrize("text", ["低" * 10_000, "👨‍👩‍👧" * 2_000, "a" * 10_000], ids=["Chinese", "emoji", "letters"])
async def test_ten_thousand_characters_are_taken(visitor: Visitor, text: str) -> None:
    answer = await visitor.send(text=text)
    assert answer.status_code == 200
    assert "<article" in answer.text


@pytest.mark.parametrize(
    "form",
    [{"message_id": "x" * 65}, {"action": "y" * 65}, {"about": "z" * 65}, {"text": ["a", "b"]}, {}],
    ids=["long id", "long action", "long card", "two texts", "nothing"],
)
async def test_a_garbled_form_breaks_nothing(visitor: Visitor, form: dict[str, str]) -> None:
    answer = await visitor.client.post("/ask", data=form)
    assert answer.status_code in (200, 422)
    assert '<main id="main">' in answer.text
    broken = await visitor.client.post("/ask", content=b"\xff\xfe%zz=%&&=text", headers=FORM)
    assert broken.status_code in (200, 422)
    other = await visitor.client.post("/ask", content=b"{", headers={"content-type": "multipart/form-data; boundary=x"})
    assert other.status_code in (200, 400, 422)
    assert '<main id="main">' in other.text


@pytest.mark.parametrize(
    "cookie", ["", "x", "é", "a" * 22 + "!", "../../etc/passwd", "a" * 5000, "'; drop table resident; --"]
)
async def test_a_cookie_that_we_did_not_make_counts_as_none(visitor: Visitor, cookie: str) -> None:
    answer = await visitor.client.post(
        "/ask", data={"text": DIBAO}, headers=[(b"cookie", f"mingbai={cookie}".encode())]
    )
    assert answer.status_code == 200
    assert len(SimpleCookie(answer.headers["set-cookie"])["mingbai"].value) == 22


@pytest.mark.parametrize(
    "action", ["quotes:no-such-card", "card:", "nothing", "in:999999", "topic:x", "here:1", "::", "删"]
)
async def test_an_unknown_action_is_answered_and_breaks_nothing(visitor: Visitor, action: str) -> None:
    answer = await visitor.send(action=action)
    assert answer.status_code == 200
    assert "<article" in answer.text
    assert "没答上来" not in answer.text


@pytest.mark.parametrize(
    "path", ["/card/no-such-card", "/topic/no-such-topic", "/nothing", "/card/低保", "/card/%00", "/static/../app.py"]
)
async def test_an_unknown_address_says_so_kindly(visitor: Visitor, path: str) -> None:
    answer = await visitor.client.get(path)
    assert answer.status_code == 404
    assert "没有这一页" in answer.text


@pytest.mark.parametrize("place", ["999999", "x", "15060", "110000", "'", "１５０６００", "150600" * 100])
async def test_an_unknown_place_shows_the_card_as_everybody_sees_it(visitor: Visitor, place: str) -> None:
    answer = await visitor.client.get("/card/dibao", params={"place": place})
    assert answer.status_code == 200
    assert "先列的是" not in answer.text


async def test_a_methods_that_a_page_does_not_know_is_refused(visitor: Visitor) -> None:
    assert (await visitor.client.request("DELETE", "/card/dibao", headers={"content-length": "0"})).status_code == 405
    assert (await visitor.client.get("/ask")).headers["location"] == "/"


async def test_every_answer_carries_the_headers(visitor: Visitor) -> None:
    answers = [await visitor.client.get(path) for path in PATHS]
    answers += [await visitor.client.get(one) for one in styles(answers[0].text)]
    answers += [await visitor.send(text=DIBAO), await post(visitor, origin="null"), await visitor.send(action="y" * 65)]
    answers.append(await visitor.client.post("/ask", content=b"a" * (LARGEST_FORM + 1), headers=FORM))
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "camera=()" in answer.headers["permissions-policy"]
        assert "cache-control" in answer.headers
        assert "server" not in answer.headers


def styles(page: str) -> list[str]:
    """The addresses of the page's files."""
    return [part.split('"')[0] for part in page.split('="') if part.startswith("/static/")]


async def test_an_answer_is_never_kept_by_caches_and_files_are_kept_for_good(visitor: Visitor) -> None:
    assert (await visitor.send(text=DIBAO)).headers["cache-control"] == "no-store"
    home = await visitor.client.get("/")
    assert home.headers["cache-control"] == "private, no-cache"
    for one in styles(home.text):
        assert "immutable" in (await visitor.client.get(one)).headers["cache-control"]
    assert "immutable" not in (await visitor.client.get("/static/nothing.css")).headers["cache-control"]


@pytest.mark.parametrize("secure", [False, True])
async def test_the_cookie_is_shut_to_scripts_and_other_sites(arrive: Arrive, site: Site, *, secure: bool) -> None:
    visitor = arrive(replace(site, secure=secure))
    assert "set-cookie" not in (await visitor.client.get("/")).headers, "looking at a page leaves no trace"
    cookie = SimpleCookie((await visitor.send(text=DIBAO)).headers["set-cookie"])["mingbai"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "lax"
    assert bool(cookie["secure"]) is secure
    assert int(cookie["max-age"]) == 30 * 24 * 3600


async def test_what_is_stored_is_a_digest_and_not_the_cookie(visitor: Visitor, database: Database) -> None:
    await visitor.send(text=DIBAO)
    token = visitor.client.cookies["mingbai"]
    async with database.begin() as conn:
        row = (await conn.execute(select(resident))).one()
    assert len(row.address) == 64
    assert token not in str(row)
    assert row.address != hashlib.sha256(token.encode()).hexdigest(), "and one that only we make of it"
