"""Who could read a question of this resident: the places on the way up from theirs that have active staff."""

from bot.dialogue.turn import Knowledge
from content.message import Option
from content.places import Place
from content.render import numbered_options, say

VILLAGE, TOWNSHIP, BANNER = 12, 9, 6
"""Digits of the stems whose staff read questions, nearest first."""


def readers(know: Knowledge, stem: str | None) -> list[str]:
    """The stems whose staff could read it, nearest first."""
    if stem is None:
        return []
    ways = [stem[:digits] for digits in (VILLAGE, TOWNSHIP, BANNER) if len(stem) >= digits]
    return [one for one in ways if one in know.readers]


def closer(know: Knowledge, stem: str | None) -> bool:
    """Whether a narrower place than this could have readers."""
    return any(one.startswith(stem or "") and len(one) > len(stem or "") for one in know.readers)


def offer(know: Knowledge, stem: str | None) -> tuple[Option, ...]:
    """Offer 问人 only where somebody could read it."""
    if not readers(know, stem) and not closer(know, stem):
        return ()
    return numbered_options((say("person", "option"), "person"))


def called(place: Place) -> str:
    """What the staff of a place are called: 永安村委会, 西台嘎查委员会, 展旦召苏木."""
    return say("person", "reader", name=place.short, level=place.level)
