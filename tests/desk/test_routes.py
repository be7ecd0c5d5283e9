"""Every route of the desk says who may enter, and is held to it: one test over all of them."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from bot.desk import cookies
from bot.desk.app import PARTS
from bot.desk.at import At
from bot.desk.routes import Declared
from bot.staff.may import MAY, Deed
from storage.staff import ROLES, Role
from tests.desk.conftest import BANNER, VILLAGE, Come, Sit

ONESELF = ("/me", "/leave", "/again", "/enter")
"""What one changes by who one is, and no place is asked for."""

OF_NO_PLACE = {
    "/windows/sheet": "every row is asked for by itself",
    "/content/phrase": "content is the same everywhere",
    "/content/unanswered/{id_}/drop": "kept texts are of no place",
}


def routes() -> Iterator[tuple[APIRoute, Declared]]:
    """Every route with what it says of itself."""
    for part in PARTS:
        for route in part.router.routes:
            assert isinstance(route, APIRoute)
            assert route.openapi_extra, f"{route.path}: make routes by bot/desk/routes.py, which asks for a deed"
            yield route, route.openapi_extra["desk"]


def address(route: APIRoute) -> str:
    """An address of a route, about a place and a thing that are nobody's here."""
    filled = route.path.replace(":int", "").replace(":path", "")
    known = {"place": "150722", "programme": "x", "month": "2026-10"}
    for name in route.param_convertors:
        filled = filled.replace(f"{{{name}}}", known.get(name, "123456"))
    return filled


def method(route: APIRoute) -> str:
    """Its one method."""
    (only,) = set(route.methods or [])
    return str(only)


def test_only_the_door_is_open_to_strangers() -> None:
    assert {route.path for route, said in routes() if said.deed is None} == {"/enter"}


def test_every_other_route_takes_who_is_at_the_desk() -> None:
    bare = [
        route.path
        for route, said in routes()
        if said.deed is not None
        and not any(At.__name__ in str(one.call.__annotations__) for one in route.dependant.dependencies if one.call)
    ]
    assert not bare, "a handler takes `at: Here`: only that looks who it is"


def test_what_changes_something_of_a_place_asks_whether_it_is_theirs() -> None:
    unasked = [
        route.path
        for route, said in routes()
        if method(route) == "POST" and said.scope == "own"
        if not route.path.startswith(ONESELF) and route.path not in OF_NO_PLACE
    ]
    assert not unasked, "say `named`, or `looked-up` and call at.allow(place) before the deed"


def test_nothing_is_changed_by_a_look() -> None:
    assert {method(route) for route, _ in routes()} == {"GET", "POST"}


async def test_a_stranger_is_shown_the_door_everywhere(come: Come) -> None:
    seat = come()
    for route, said in routes():
        if said.deed is not None:
            path = address(route)
            shown = await (seat.get(path) if method(route) == "GET" else seat.send(path))
            assert shown.status_code == 401, path
            assert "登录码" in shown.text


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_enters_what_its_deeds_allow_and_nothing_else(sit: Sit, role: Role) -> None:
    seat = await sit(role, BANNER)
    for route, said in routes():
        if said.deed is None or said.deed in MAY[role]:
            continue
        path = address(route)
        shown = await (seat.get(path) if method(route) == "GET" else seat.send(path))
        assert shown.status_code == 403, path
        assert "不归您" in shown.text


async def test_the_navigation_offers_what_may_be_entered(sit: Sit) -> None:
    for role in ROLES:
        seat = await sit(role, BANNER)
        page = await seat.see("/")
        assert ('href="/desk/trail"' in page) is (Deed.TRAIL in MAY[role])
        assert ('href="/desk/people"' in page) is (Deed.PEOPLE in MAY[role])


async def test_no_form_is_taken_without_the_token_of_this_browser(sit: Sit) -> None:
    seat, other = await sit("administrator", VILLAGE), await sit("administrator", VILLAGE)
    stolen = cookies.form_token(other.token)
    for route, said in routes():
        if method(route) == "POST" and said.deed is not None:
            for csrf in ("", "x", stolen, "ü.ü", f"{stolen}x"):
                sent = await seat.send(address(route), csrf=csrf)
                assert sent.status_code == 403, (route.path, csrf)
                assert "没收下" in sent.text


async def test_what_is_nobody_s_here_is_not_there(sit: Sit) -> None:
    seat = await sit("administrator", VILLAGE)
    for route, said in routes():
        if said.deed is not None and route.param_convertors and "/me/" not in route.path:
            path = address(route)
            shown = await (seat.get(path) if method(route) == "GET" else seat.send(path))
            assert shown.status_code in (404, 422), (path, shown.status_code)
