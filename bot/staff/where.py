"""One of one's own places, or of what lies in them: tapped, or typed by name."""

from bot.staff.may import Deed, may
from bot.staff.said import Said, buttons
from bot.staff.work import Words, Work
from content.render import say

MOST_BUTTONS = 12


def own(work: Work, action: str) -> list[tuple[str, str]]:
    """One's places, and of a single one what lies directly below it, as (label, action)."""
    mine = [work.places.get(stem) for stem in work.who.places]
    below = work.places.children(mine[0].stem) if len(mine) == 1 else ()
    return [(one.short, f"{action}:{one.stem}") for one in (*mine, *below)][:MOST_BUTTONS]


def typed_place(work: Work, said: str, deed: Deed, action: str) -> str | Words:
    """The stem of a place of theirs by its name, or what to say where there is none or several."""
    found = {one.stem: one for place in work.who.places for one in work.places.find(said, place)}
    theirs = [one for one in found.values() if may(work.who, deed, one.stem)]
    if len(theirs) == 1:
        return theirs[0].stem
    if not theirs:
        return [Said(text=say("entry", "place_unknown", said=said[:20]))]
    ways = (("".join(part.short for part in work.places.path(one.stem)), one.stem) for one in theirs)
    offered = buttons(*((label[-40:], f"{action}:{stem}") for label, stem in ways))
    return [Said(text=say("entry", "place_which", said=said[:20]), buttons=offered[:MOST_BUTTONS])]
