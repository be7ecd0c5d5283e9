"""/inbox: the questions that residents handed to these very places, and the answers to them."""

import re
from datetime import timedelta

from bot.dialogue.person import answered
from bot.staff.may import THIS_VERY_PLACE, Deed, may
from bot.staff.said import Said, buttons
from bot.staff.work import Words, Work
from content.places import Places
from content.render import as_text, say
from scheduler.calendar import local_date
from storage import tickets
from storage.tickets import Ticket

AT_ONCE = 5
MEANT_WITHIN = timedelta(hours=1)
"""How long after 回答 was tapped a plain text is taken for the answer; a reply to the question is one at any time."""

_HEAD = re.compile(r"问题(?P<id>\d{1,18})号 ")
"""How our own message about a question begins: whoever replies to it answers that question."""

assert Deed.ANSWER in THIS_VERY_PLACE  # noqa: S101 - the inbox is asked for by place, and so must be the right


async def inbox(work: Work, after: str = "") -> Words:
    """Show what waits, oldest first, some at a time."""
    places = [stem for stem in work.who.places if may(work.who, Deed.ANSWER, stem)]
    count = await tickets.count_waiting(work.conn, places)
    last = int(after) if after.isdecimal() and len(after) < 19 else 0  # noqa: PLR2004 - a bigint has 19 digits
    shown = await tickets.waiting(work.conn, places, limit=AT_ONCE + 1, after=last)
    if not shown:
        return [Said(text=say("staff", "inbox_empty"))]
    first = [] if last else [Said(text=say("staff", "inbox_count", count=count))]
    said = [_shown(one) for one in shown[:AT_ONCE]]
    if len(shown) > AT_ONCE:
        more = buttons((say("staff", "more_option"), f"inbox:{said[-1].ticket}"))
        said[-1] = said[-1].model_copy(update={"buttons": (*said[-1].buttons, *more)})
    return [*first, *said]


def _shown(one: Ticket) -> Said:
    ways = ((say("staff", "answer_option"), f"answer:{one.id}"), (say("staff", "cannot_option"), f"cannot:{one.id}"))
    return Said(ticket=one.id, buttons=buttons(*ways))


def as_shown(number: int, one: Ticket | None, places: Places) -> str:
    """The text of a question as staff read it, or that it is gone."""
    if one is None:
        return say("staff", "ticket_gone", number=number)
    name, since = places.get(one.place).short, local_date(one.asked_at)
    head = say("staff", "ticket", number=number, name=name, since=since, question="")
    return f"{head}\n{one.question}"


def replied(text: str) -> str:
    """The number of the question that a message of ours is about, empty if it is about none."""
    head = _HEAD.match(text)
    return head["id"] if head else ""


async def begin_answer(work: Work, number: str) -> Words:
    """Ask for the answer to a question."""
    one = await _theirs(work, number)
    if one is None:
        return [Said(text=say("staff", "ticket_gone", number=number))]
    work.move(listening="answer", ticket=one.id, asked_at=work.now)
    return [Said(text=say("staff", "write_answer", number=one.id))]


async def typed_answer(work: Work) -> Words:
    """Take a plain text for the answer that was asked for, unless that is long ago: who meant it would be surprised."""
    number, asked_at = work.stand.ticket, work.stand.asked_at
    if asked_at is not None and work.now - asked_at <= MEANT_WITHIN:
        return await answer(work, str(number or ""), work.heard.text)
    work.move(listening="", ticket=None)
    again = buttons((say("staff", "answer_option"), f"answer:{number}")) if number else ()
    return [Said(text=say("staff", "answer_lapsed", number=number), buttons=again)]


async def answer(work: Work, number: str, words: str) -> Words:
    """Answer a question with these words, or mend an answer that has not left."""
    one = await _theirs(work, number)
    if one is None:
        return [Said(text=say("staff", "ticket_gone", number=number))]
    words = tickets.storable(words.strip())
    if len(words) > tickets.LONGEST:
        return [Said(text=say("staff", "answer_long", most=tickets.LONGEST))]
    work.move(listening="", ticket=None)
    if not await tickets.answer(work.conn, one.id, words, staff_id=work.who.id, now=work.now):
        return [Said(text=say("staff", "ticket_done", number=one.id))]
    await work.record("answered", f"ticket:{one.id}")
    told = as_text(answered(work.places, one.place, words, one.asked_at, work.now))
    return [Said(text=f"{say('staff', 'answered', number=one.id)}\n{told}")]


async def cannot(work: Work, number: str) -> Words:
    """答不了: the resident is told so, and who to ask."""
    return await answer(work, number, say("staff", "cannot"))


async def _theirs(work: Work, number: str) -> Ticket | None:
    """A question that this member of staff may read; else it is as if there were none."""
    one = await tickets.get(work.conn, int(number)) if number.isdecimal() and len(number) < 19 else None  # noqa: PLR2004
    return one if one is not None and may(work.who, Deed.ANSWER, one.place) else None
