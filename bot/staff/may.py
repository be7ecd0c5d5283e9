"""Who may do what, and for which places: decided here and nowhere else, for the staff bot and the desk alike.

Pure: who somebody is comes from `storage/staff.py`, and a place is a stem, below which everything that begins with it
lies.
"""

from collections.abc import Mapping
from enum import StrEnum

from storage.staff import Role, Staff


class Deed(StrEnum):
    """What staff can do."""

    ANSWER = "answer"  # read a resident's question and answer it
    NOTICE = "notice"  # write a notice
    WINDOWS = "windows"  # see and keep windows and local details
    REACH = "reach"  # see how many residents could be reached, rounded
    DESK = "desk"  # enter the desk
    CONTENT = "content"  # look behind the programmes, and teach search how people ask
    INTEREST = "interest"  # look at what people asked for


MAY: Mapping[Role, frozenset[Deed]] = {
    "cadre": frozenset({Deed.ANSWER, Deed.NOTICE, Deed.WINDOWS, Deed.REACH, Deed.DESK}),
    "editor": frozenset({Deed.WINDOWS, Deed.DESK, Deed.CONTENT}),
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


def roles(deed: Deed) -> tuple[Role, ...]:
    """The roles that may do this."""
    return tuple(role for role, deeds in MAY.items() if deed in deeds)
