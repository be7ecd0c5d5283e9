"""Whom a notice is for: places below one's own, tapped or typed."""

import re

from bot.staff.may import Deed, may
from bot.staff.said import Said, buttons
from bot.staff.work import Words, Work
from content.places import Place
from content.render import say

MOST = 20
MOST_BUTTONS = 12
_BETWEEN = re.compile(r"[、，,；;\s]+")


def own(work: Work) -> list[tuple[str, str]]:
    """One's own places, and of a single one what lies directly below it, as (label, action)."""
    mine = [work.places.get(stem) for stem in work.who.places]
    below = work.places.children(mine[0].stem) if len(mine) == 1 else ()
    return [(one.short, f"notice-to:{one.stem}") for one in (*mine, *below)][:MOST_BUTTONS]


def read(work: Work, said: str) -> tuple[str, ...] | Words:
    """Read the names of places of theirs: stems, or what to say where one is not found or not theirs."""
    stems: dict[str, None] = {}
    for name in filter(None, _BETWEEN.split(said.strip())):
        found = _theirs(work, name)
        if not found:
            return unknown(name)
        if len(found) > 1:
            ways = (("".join(part.short for part in work.places.path(one.stem)), one.stem) for one in found)
            offered = buttons(*((label[-40:], f"notice-to:{stem}") for label, stem in ways))
            return [Said(text=say("staff", "audience_which", said=name[:20]), buttons=offered[:MOST_BUTTONS])]
        stems[found[0].stem] = None
    wide = _widest(tuple(stems))
    return wide if 0 < len(wide) <= MOST else [Said(text=say("staff", "audience_many", most=MOST))]


def unknown(name: str) -> Words:
    """Nothing of theirs is called so."""
    return [Said(text=say("staff", "audience_unknown", said=name[:20]))]


def _theirs(work: Work, name: str) -> list[Place]:
    found = {one.stem: one for own_one in work.who.places for one in work.places.find(name, own_one)}
    return [one for one in found.values() if may(work.who, Deed.NOTICE, one.stem)]


def _widest(stems: tuple[str, ...]) -> tuple[str, ...]:
    """What lies in another one that is named too is named once."""
    return tuple(one for one in stems if not any(other != one and one.startswith(other) for other in stems))
