"""Who may do what, and where: one table, held to whole."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.staff.may import MAY, Deed, may, may_invite, roles, stands_above
from storage.staff import ROLES, Role, Staff

VILLAGE, TOWNSHIP, BANNER = "150621106201", "150621106", "150621"


def member(role: Role, *places: str) -> Staff:
    return Staff(1, role, places, "", date(2026, 11, 22), date(2026, 11, 22), None)


def test_every_role_has_its_deeds() -> None:
    assert MAY.keys() == set(ROLES)
    assert roles(Deed.ANSWER) == ("cadre", "administrator")
    assert MAY["editor"] == {Deed.APPROVE, Deed.WINDOWS, Deed.DESK, Deed.CONTENT, Deed.PEOPLE}
    assert roles(Deed.INTEREST) == roles(Deed.TRAIL) == ("administrator",)


@pytest.mark.parametrize("deed", [deed for deed in Deed if deed is not Deed.ANSWER])
@pytest.mark.parametrize(
    ("own", "place", "allowed"),
    [
        (TOWNSHIP, TOWNSHIP, True), (TOWNSHIP, VILLAGE, True), (TOWNSHIP, BANNER, False),
        (TOWNSHIP, "150621107", False),
        (BANNER, VILLAGE, True), (VILLAGE, TOWNSHIP, False), ("1506", "150622", True), ("1506", "150721", False),
    ],
)  # fmt: skip
def test_a_place_is_one_s_own_with_all_that_lies_in_it(deed: Deed, own: str, place: str, allowed: bool) -> None:
    assert may(member("administrator", own), deed, place) is allowed
    assert may(member("cadre", "150722", own), deed, place) is (allowed and deed in MAY["cadre"])


@pytest.mark.parametrize(("place", "allowed"), [(VILLAGE, True), (TOWNSHIP, False), (BANNER, False)])
def test_a_question_is_for_the_very_place_that_was_chosen(place: str, allowed: bool) -> None:
    for role in roles(Deed.ANSWER):
        assert may(member(role, place), Deed.ANSWER, VILLAGE) is allowed


@pytest.mark.parametrize("deed", list(Deed))
@pytest.mark.parametrize("role", ROLES)
def test_who_was_let_go_may_do_nothing(role: Role, deed: Deed) -> None:
    gone = replace(member(role, VILLAGE), revoked_at=datetime(2026, 11, 22, tzinfo=UTC))
    assert not may(gone, deed, VILLAGE)
    assert not may(gone, deed)


@pytest.mark.parametrize(
    ("inviter", "role", "places", "allowed"),
    [
        (("cadre", VILLAGE), "cadre", [VILLAGE], True),
        (("cadre", VILLAGE), "cadre", [TOWNSHIP], False),
        (("cadre", TOWNSHIP), "cadre", [VILLAGE], True),
        (("cadre", VILLAGE), "editor", [VILLAGE], False),
        (("cadre", BANNER), "administrator", [VILLAGE], False),
        (("editor", BANNER), "editor", [BANNER], True),
        (("editor", BANNER), "cadre", [VILLAGE], False),  # who could write notices, which the editor may not
        (("administrator", BANNER), "administrator", [BANNER], True),
        (("administrator", BANNER), "editor", [VILLAGE, "150622"], False),
    ],
)
def test_nobody_is_invited_above_who_invites_in_role_or_place(
    inviter: tuple[Role, str], role: Role, places: list[str], allowed: bool
) -> None:
    assert may_invite(member(*inviter), role, places) is allowed


@pytest.mark.parametrize(
    ("who", "other", "above"),
    [
        (("administrator", BANNER), ("cadre", VILLAGE), True),
        (("administrator", BANNER), ("cadre", BANNER), True),
        (("administrator", BANNER), ("administrator", BANNER), False),
        (("administrator", "1506"), ("administrator", BANNER), True),
        (("administrator", BANNER), ("cadre", "150622"), False),
        (("cadre", TOWNSHIP), ("cadre", VILLAGE), True),
        (("cadre", VILLAGE), ("cadre", VILLAGE), False),
        (("editor", BANNER), ("cadre", VILLAGE), False),
    ],
)
def test_only_who_stands_above_may_enter_for_somebody_or_let_them_go(
    who: tuple[Role, str], other: tuple[Role, str], above: bool
) -> None:
    assert stands_above(member(*who), replace(member(*other), id=2)) is above


def test_nobody_stands_above_themselves() -> None:
    assert not stands_above(member("administrator", BANNER), member("administrator", BANNER))
