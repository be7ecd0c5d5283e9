"""Places that staff type in a form: names or codes of places of theirs."""

import re
from dataclasses import dataclass

from bot.desk.at import At
from bot.staff.may import Deed
from bot.staff.where import MOST, names, theirs, widest
from content.places import Place, PlaceError
from content.render import say


@dataclass(frozen=True)
class Typed:
    """The stems that were meant, the widest only; or what is wrong, as it is told beside the field."""

    stems: tuple[str, ...] = ()
    wrong: str = ""


def read(at: At, said: str, deed: Deed) -> Typed:
    """Read names and codes of places for which they may do a deed."""
    stems: list[str] = []
    for name in names(said):
        found = _meant(at, name, deed)
        if len(found) != 1:
            return Typed(wrong=_unclear(at, name, found))
        stems.append(found[0].stem)
    wide = widest(stems)
    return Typed(wide) if 0 < len(wide) <= MOST else Typed(wrong=say("desk", "places_count", most=MOST))


def _meant(at: At, name: str, deed: Deed) -> list[Place]:
    if not re.fullmatch(r"[0-9]{2,12}", name):
        return theirs(at.who, at.places, name, deed)
    try:
        found = at.places.get(name)
    except PlaceError:
        return []
    return [found] if at.may(deed, found.stem) else []


def _unclear(at: At, name: str, found: list[Place]) -> str:
    if not found:
        return say("desk", "place_unknown", said=name[:20])
    ways = [f"{at.name(one.stem)}（{one.code}）" for one in found[:8]]
    return say("desk", "place_which", said=name[:20], names=ways)
