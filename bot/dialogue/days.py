"""What can be applied for now where a resident lives: the days of every thing there, also of those without a card."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import islice

from bot.dialogue.cards import place_of
from bot.dialogue.place import ask_place
from bot.dialogue.reply import chat, turn
from bot.dialogue.turn import Asked, Turn
from bot.dialogue.windows import days_left_in, is_over, lines_told, when_line
from content.behind import card_option
from content.local import Window
from content.message import Block, Calendar, Heading, Message, Option, Text
from content.render import numbered_options, say
from content.search.fold import fold
from scheduler.calendar import local_date

MOST = 6
"""Things on one page of the list; what closes first stands first."""

MOST_CARDS = 2
"""Cards offered beside a thing of the staff's own: perhaps one of them was meant."""

SHORTEST_NAME = 3
"""Characters of a staff's own name that a question must hold whole to mean it."""


def listed(asked: Asked, start: str = "0") -> Turn:
    """当地在办的事: what is open or will be, of the place and of the levels above it. `start`: the page's first."""
    stem = place_of(asked)
    if stem is None:
        where = ask_place(asked)
        first = Text(text=say("windows", "list_no_place"))
        message = where.message.model_copy(update={"blocks": (first, *where.message.blocks)})
        return turn(asked, message, where.state)
    today, name = local_date(asked.now), asked.know.places.get(stem).short
    things = _by_thing([one for one in asked.know.local.windows_at(stem) if not is_over(one, today)])
    if not things:
        return chat(asked, say("windows", "list_empty", name=name))
    begin = int(start) if start.isdecimal() and len(start) < 4 and int(start) < len(things) else 0  # noqa: PLR2004
    page = dict(islice(things.items(), begin, begin + MOST))
    more, further = _further(begin + MOST, len(things))
    lines = [say("windows", "list_heading", name=name), *(_line(asked, one, today) for one in page.values()), *more]
    blocks, options = tuple(Text(text=one) for one in lines), (*_cards(asked, page), *further)
    calendar = _calendar(things, stem, today)
    return turn(asked, Message(blocks=blocks, options=options, calendar=calendar), asked.state)


def _further(start: int, count: int) -> tuple[list[str], tuple[Option, ...]]:
    """Say how many things come after this page, and offer the next."""
    if start >= count:
        return [], ()
    ways = numbered_options((say("labels", "more"), f"days:{start}"))
    return [say("windows", "list_more", left=count - start)], ways


def named(asked: Asked) -> Turn | None:
    """A thing that staff of the place named themselves, asked for by that name; None where the text holds none."""
    said, stem, today = fold(asked.text).replace(" ", ""), place_of(asked), local_date(asked.now)
    windows, details = asked.know.local.windows_at(stem), asked.know.local.details_at(stem, today)
    names = {one.matter for one in windows} | {one.matter for one in details}
    name = max((one for one in names if one and _holds(said, one)), key=len, default=None)
    if name is None:
        return None
    of_it = [one for one in windows if one.matter == name], [one for one in details if one.matter == name]
    lines = lines_told(asked.know.places, *of_it, today)
    blocks: list[Block] = [Heading(text=name), *(Text(text=line.text, strong=line.kind == "when") for line in lines)]
    cards = [one.programme for one in asked.know.search.find(asked.text, place=stem).candidates[:MOST_CARDS]]
    options = tuple(card_option(one) for one in cards)
    message = Message(blocks=(*blocks, Text(text=say("windows", "matter_note"))), options=options)
    return turn(asked, message, asked.state, kind="answer")


def _holds(said: str, name: str) -> bool:
    folded = fold(name).replace(" ", "")
    return len(folded) >= SHORTEST_NAME and folded in said


def _by_thing(windows: Sequence[Window]) -> Mapping[tuple[str | None, str | None], list[Window]]:
    """Windows of one thing together, the thing that closes first first."""
    ordered = sorted(windows, key=lambda one: (one.closes_on or date.max, one.id))
    things: dict[tuple[str | None, str | None], list[Window]] = {}
    for one in ordered:
        things.setdefault((one.programme, one.matter), []).append(one)
    return things


def _line(asked: Asked, windows: Sequence[Window], today: date) -> str:
    said = when_line(asked.know.places, windows, today)
    return say("windows", "list_item", subject=_name(asked, windows[0]), said=said)


def _name(asked: Asked, window: Window) -> str:
    programme = asked.know.library.programmes.get(window.programme or "")
    return programme.short if programme else window.matter or ""


def _cards(asked: Asked, things: Mapping[tuple[str | None, str | None], list[Window]]) -> tuple[Option, ...]:
    known = [id_ for id_, _ in things if id_ in asked.know.library.programmes]
    return numbered_options(*((asked.know.library.programmes[id_ or ""].short, f"card:{id_}") for id_ in known))


def _calendar(things: Mapping[tuple[str | None, str | None], list[Window]], stem: str, today: date) -> Calendar | None:
    ahead = any(days_left_in(windows, today) for windows in things.values())
    return Calendar(programme=None, place=stem) if ahead else None
