"""Who may do what, and for which places: decided here and nowhere else, for the staff bot and the desk alike.

Pure: who somebody is comes from `storage/staff.py`, and a place is a stem, below which everything that begins with it
lies.
"""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from storage.staff import Role, Staff


class Deed(StrEnum):
    """What staff can do."""

    ANSWER = "answer"  # read a resident's question and answer it
    NOTICE = "notice"  # write a notice
    WINDOWS = "windows"  # see and keep windows and local details
    APPROVE = "approve"  # let a notice go, and stop one
    REACH = "reach"  # see how many residents could be reached, rounded
    DESK = "desk"  # enter the desk
    CONTENT = "content"  # look behind the programmes, and teach search how people ask
    INTEREST = "interest"  # look at what people asked for
    PEOPLE = "people"  # see colleagues, and invite some
    TRAIL = "trail"  # see who did what


MAY: Mapping[Role, frozenset[Deed]] = {
    "cadre": frozenset({Deed.ANSWER, Deed.NOTICE, Deed.APPROVE, Deed.WINDOWS, Deed.REACH, Deed.DESK, Deed.PEOPLE}),
    "editor": frozenset({Deed.APPROVE, Deed.WINDOWS, Deed.DESK, Deed.CONTENT, Deed.PEOPLE}),
    "administrator": frozenset(Deed),
}

THIS_VERY_PLACE = frozenset({Deed.ANSWER})
"""Deeds for the place itself and nothing below it: the resident chose who reads it, so a banner does not read along."""


def may(who: Staff, deed: Deed, place: str | None = None) -> bool:
    """Whether somebody may do this, and for this place (a stem) where one is meant."""
    if who.revoked_at is not None or deed not in MAY[who.role]:
        return False
    if place is None:
        return True
    if deed in THIS_VERY_PLACE:
        return place in who.places
    return any(place.startswith(own) for own in who.places)


def may_all(who: Staff, deed: Deed, places: Iterable[str]) -> bool:
    """Whether somebody may do this for each of these places (stems)."""
    return all(may(who, deed, place) for place in places)


def roles(deed: Deed) -> tuple[Role, ...]:
    """The roles that may do this."""
    return tuple(role for role, deeds in MAY.items() if deed in deeds)


def may_invite(who: Staff, role: Role, places: Collection[str]) -> bool:
    """Whether somebody may bring in a colleague of a role for these places (stems): none above themselves in either.

    An editor is not above a cadre: somebody whom they brought in could do what they may not.
    """
    return MAY[role] <= MAY[who.role] and may_all(who, Deed.PEOPLE, places)


def stands_above(who: Staff, other: Staff) -> bool:
    """Whether somebody may let another go, or make them a link to enter: above them, and for all of their places.

    Of the same role it takes wider places: who makes a link could enter with it, and of equals nobody should.
    """
    wider = who.role != other.role or not set(who.places) & set(other.places)
    return who.id != other.id and wider and may_invite(who, other.role, other.places)
