"""Whom a notice is for: places below one's own, typed."""

from bot.staff.may import Deed
from bot.staff.said import Said
from bot.staff.where import MOST, names, theirs, which, widest
from bot.staff.work import Words, Work
from content.render import say


def read(work: Work, said: str) -> tuple[str, ...] | Words:
    """Read the names of places of theirs: stems, or what to say where one is not found or not theirs."""
    stems: list[str] = []
    for name in names(said):
        found = theirs(work.who, work.places, name, Deed.NOTICE)
        if not found:
            return unknown(name)
        if len(found) > 1:
            return which(work, say("staff", "audience_which", said=name[:20]), found, "notice-to")
        stems.append(found[0].stem)
    wide = widest(stems)
    return wide if 0 < len(wide) <= MOST else [Said(text=say("staff", "audience_many", most=MOST))]


def unknown(name: str) -> Words:
    """Nothing of theirs is called so."""
    return [Said(text=say("staff", "audience_unknown", said=name[:20]))]
