"""Places as staff name them: their own and what lies in them, tapped or typed."""

import re
from collections.abc import Iterable

from bot.staff.may import Deed, may
from bot.staff.said import Said, buttons
from bot.staff.work import Words, Work
from content.places import Place, Places
from content.render import say
from storage.staff import Staff

MOST_BUTTONS = 12
MOST = 20
"""Places that somebody works for, or that a notice is for."""

_BETWEEN = re.compile(r"[、，,；;\s]+")


def names(said: str) -> list[str]:
    """The names of places in what somebody typed."""
    return [name for name in _BETWEEN.split(said.strip()) if name]


def theirs(who: Staff, places: Places, name: str, deed: Deed) -> list[Place]:
    """The places that are called so and for which somebody may do a deed."""
    found = {one.stem: one for own_one in who.places for one in places.find(name, own_one)}
    return [one for one in found.values() if may(who, deed, one.stem)]


def widest(stems: Iterable[str]) -> tuple[str, ...]:
    """What lies in another one that is named too is named once."""
    each = dict.fromkeys(stems)
    return tuple(one for one in each if not any(other != one and one.startswith(other) for other in each))


def own(work: Work, action: str) -> list[tuple[str, str]]:
    """One's places, and of a single one what lies directly below it, as (label, action)."""
    mine = [work.places.get(stem) for stem in work.who.places]
    below = work.places.children(mine[0].stem) if len(mine) == 1 else ()
    return [(one.short, f"{action}:{one.stem}") for one in (*mine, *below)][:MOST_BUTTONS]


def which(work: Work, asked: str, found: Iterable[Place], action: str) -> Words:
    """Ask which of several places of one name is meant."""
    ways = (("".join(part.short for part in work.places.path(one.stem)), one.stem) for one in found)
    offered = buttons(*((label[-40:], f"{action}:{stem}") for label, stem in ways))
    return [Said(text=asked, buttons=offered[:MOST_BUTTONS])]


def typed_place(work: Work, said: str, deed: Deed, action: str) -> str | Words:
    """The stem of a place of theirs by its name, or what to say where there is none or several."""
    found = theirs(work.who, work.places, said, deed)
    if len(found) == 1:
        return found[0].stem
    if not found:
        return [Said(text=say("entry", "place_unknown", said=said[:20]))]
    return which(work, say("entry", "place_which", said=said[:20]), found, action)
