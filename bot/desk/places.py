"""Places that staff type in a form: names or codes of places of theirs."""

import re
from dataclasses import dataclass

from bot.desk.at import At
from bot.staff.may import Deed, may
from content.places import Place, PlaceError
from content.render import say

MOST = 20
"""Places of one member of staff."""

_BETWEEN = re.compile(r"[、，,；;\s]+")


@dataclass(frozen=True)
class Typed:
    """The stems that were meant, the widest only; or what is wrong, as it is told beside the field."""

    stems: tuple[str, ...] = ()
    wrong: str = ""


def read(at: At, said: str, deed: Deed) -> Typed:
    """Read names and codes of places for which they may do a deed."""
    stems: dict[str, None] = {}
    for name in filter(None, _BETWEEN.split(said.strip())):
        found = _theirs(at, name, deed)
        if len(found) != 1:
            return Typed(wrong=_unclear(at, name, found))
        stems[found[0].stem] = None
    widest = tuple(one for one in stems if not any(other != one and one.startswith(other) for other in stems))
    if not 0 < len(widest) <= MOST:
        return Typed(wrong=say("desk", "places_count", most=MOST))
    return Typed(widest)


def _theirs(at: At, name: str, deed: Deed) -> list[Place]:
    found = {one.stem: one for own in at.who.places for one in _meant(at, name, own)}
    return [one for one in found.values() if may(at.who, deed, one.stem)]


def _meant(at: At, name: str, within: str) -> tuple[Place, ...]:
    if re.fullmatch(r"[0-9]{2,12}", name):
        try:
            return (at.places.get(name),)
        except PlaceError:
            return ()
    return at.places.find(name, within)


def _unclear(at: At, name: str, found: list[Place]) -> str:
    if not found:
        return say("desk", "place_unknown", said=name[:20])
    ways = [f"{at.name(one.stem)}（{one.code}）" for one in found[:8]]
    return say("desk", "place_which", said=name[:20], names=ways)
