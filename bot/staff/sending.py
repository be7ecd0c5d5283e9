"""/sent: notices that wait for one's approval or are on their way; letting go, refusing, stopping, correcting.

What may be done is decided in bot/staff/approving.py, and done by bot/broadcasts/deeds.py, as for the desk.
"""

from collections.abc import Awaitable, Callable

from bot.broadcasts import deeds
from bot.broadcasts.composing import corrects
from bot.broadcasts.deeds import Acting, NotAllowed
from bot.broadcasts.shown import shown, total
from bot.notices.group import group
from bot.notices.loudspeaker import loudspeaker
from bot.notices.receipts import received_words
from bot.staff.approving import Approval, approval, holds, may_review, may_stop
from bot.staff.said import Said, buttons
from bot.staff.work import SOON, Draft, Words, Work
from content.render import say
from scheduler.calendar import LOCAL
from storage import broadcasts
from storage.broadcasts import Broadcast, BroadcastState, NotPossible

MOST = 5
"""Notices shown at once."""

HASH = 16
"""Characters of the hash on a button, which has 64 bytes: what was shown is what is approved."""

GOING = (BroadcastState.APPROVED, BroadcastState.STOPPED)


def acting(work: Work) -> Acting:
    """Who acts; a talk in Telegram is no signing in anew."""
    return Acting(work.conn, work.trail, work.who, work.now)


async def see(work: Work) -> Words:
    """Show what waits for one's approval, then what is on its way in one's places."""
    waiting = await deeds.waiting_for(acting(work))
    going = await broadcasts.listed(work.conn, states=GOING, within=work.who.places, limit=MOST)
    mine = await broadcasts.listed(work.conn, states=[BroadcastState.SUBMITTED], within=work.who.places, limit=MOST)
    own = [one for one in mine if one.staff_id == work.who.id and one not in waiting]
    found = [*waiting[:MOST], *own, *going]
    return [await _one(work, one) for one in found] or [Said(text=say("staff_notice", "none_waiting"))]


async def _one(work: Work, one: Broadcast) -> Said:
    """A notice with what may be done with it now."""
    lines = list(shown(one, work.places, work.know.library, corrects=await corrects(work.conn, one.corrects)))
    if one.approved_at is not None and holds(work.who, one):
        lines.append(total(await broadcasts.progress(work.conn, one.id, now=work.now)))
        lines += await received_words(work.conn, one, work.places, now=work.now)
    return Said(text="\n".join(lines), buttons=buttons(*_ways(work, one)))


def _ways(work: Work, one: Broadcast) -> list[tuple[str, str]]:
    stoppable, how = may_stop(work.who, one), approval(work.who, one)
    if one.state is BroadcastState.SUBMITTED:
        own = "withdraw_option" if one.staff_id == work.who.id else "refuse_option"
        let = [("approve_option", f"sent-approve:{one.id},{one.hash[:HASH]}")] if _here(how) else []
        return _labelled(*let, (own, f"sent-refuse:{one.id}"))
    first = ("stop_option", f"sent-stop:{one.id}")
    if one.state is BroadcastState.STOPPED:
        first = ("resume_option", f"sent-resume:{one.id}")
    held = [first, ("correct_option", f"sent-correct:{one.id}")] if stoppable else []
    looked = [] if one.reviewed_at or not may_review(work.who, one) else [("review_option", f"sent-review:{one.id}")]
    return _labelled(*held, *looked, ("paper_option", f"sent-paper:{one.id}"))


def _here(how: Approval | None) -> bool:
    """Whether it can be approved in this talk; some need a new signing in, which only the desk has."""
    return how is not None and how is not Approval.ADMINISTRATOR


def _labelled(*ways: tuple[str, str]) -> list[tuple[str, str]]:
    return [(say("staff_notice", label), action) for label, action in ways]


async def go(work: Work, frozen: Broadcast) -> Words:
    """What follows a submission: it goes, or its village's name is asked for, or another one is waited for."""
    match approval(work.who, frozen):
        case Approval.WRITER:
            return await _approved(work, frozen)
        case Approval.TYPED:
            return [*_to_nobody(frozen), *await _stops(work, frozen), *ask_name(work, frozen)]
        case how:
            where = "at_desk" if how is Approval.ADMINISTRATOR or frozen.kind == "urgent" else "submitted"
            back = [(say("staff_notice", "withdraw_option"), f"sent-refuse:{frozen.id}")]
            waits = Said(text=say("staff_notice", where, number=frozen.number), buttons=buttons(*back))
            return [*_to_nobody(frozen), *await _stops(work, frozen), waits]


def _to_nobody(frozen: Broadcast) -> Words:
    """That nobody stands on its list. Of one to followers it is not said: it would tell that nobody follows that."""
    said = say("staff_notice", "to_nobody", number=frozen.number)
    return [] if frozen.recipients or frozen.untold else [Said(text=said)]


async def _stops(work: Work, frozen: Broadcast) -> Words:
    """What a correction that waits has done already: the first one does not go on meanwhile."""
    first = None if frozen.corrects is None else await broadcasts.get(work.conn, frozen.corrects)
    return [] if first is None else [Said(text=say("staff_notice", "first_stops", number=first.number))]


def ask_name(work: Work, frozen: Broadcast) -> Words:
    """Let the village's name be typed: an urgent notice leaves by no slip of a finger."""
    work.move(listening="typed", notice=f"{frozen.id},{frozen.hash[:HASH]}")
    return [Said(text=say("staff_notice", "type_name", name=work.name(frozen.audience[0])))]


async def typed(work: Work) -> Words:
    """Take the village's name; a wrong one may be typed again."""
    found = await _shown_one(work, work.stand.notice)
    return [Said(text=say("staff_notice", "gone"))] if found is None else await _approved(work, found, work.heard.text)


async def approve(work: Work, which: str) -> Words:
    """Approve what was shown."""
    found = await _shown_one(work, which)
    if found is None:
        return [Said(text=say("broadcast", "not_changed"))]
    return ask_name(work, found) if approval(work.who, found) is Approval.TYPED else await _approved(work, found)


async def _shown_one(work: Work, which: str) -> Broadcast | None:
    """The notice that a button or a question was about, if it is still the same."""
    id_, _, hash_ = which.partition(",")
    found = await _get(work, id_)
    return found if found is not None and hash_ and found.hash.startswith(hash_) else None


async def _get(work: Work, id_: str) -> Broadcast | None:
    found = await broadcasts.get(work.conn, int(id_)) if id_.isdecimal() and len(id_) < HASH else None
    touches = found is not None and (approval(work.who, found) is not None or may_stop(work.who, found))
    return found if touches else None


async def _approved(work: Work, frozen: Broadcast, name: str = "") -> Words:
    done = await deeds.approve(acting(work), frozen.id, hash_=frozen.hash, places=work.places, typed=name)
    work.move(listening="", notice="")
    now, at = say("staff_notice", "out", number=done.number), done.starts_at
    if at is not None and at > work.now:
        now = say("staff_notice", "planned", number=done.number, at=at.astimezone(LOCAL))
    stop = [(say("staff_notice", "stop_option"), f"sent-stop:{done.id}")]
    went = _to_nobody(done) or [Said(text=now, buttons=buttons(*stop))]
    return [*went, *await _paper(work, done)]


async def _paper(work: Work, one: Broadcast) -> Words:
    first, pages = await corrects(work.conn, one.corrects), work.know.service.pages
    read = loudspeaker(one, work.places, corrects=first)
    return [
        Said(text=say("staff_notice", "group")),
        Said(text=group(one, pages, corrects=first)),  # alone: a long press copies a whole message
        Said(text=f"{say('staff_notice', 'loudspeaker')}\n{read}"),
    ]


async def _paper_of(work: Work, one: Broadcast) -> Words:
    return [Said(text=say("broadcast", "not_moved"))] if one.approved_at is None else await _paper(work, one)


async def _withdraw(work: Work, one: Broadcast) -> Words:
    done = await deeds.withdraw(acting(work), one.id)
    said = Said(text=say("staff_notice", "withdrawn", number=done.number))
    first = await broadcasts.left_stopped(work.conn, done, now=work.now)
    if first is None:
        return [said]
    still = say("broadcast", "still_stopped", number=first.number)
    return [said, Said(text=still, buttons=buttons(*_ways(work, first)))]


async def _stop(work: Work, one: Broadcast) -> Words:
    done = await deeds.stop(acting(work), one.id)
    return [Said(text=say("staff_notice", "stopped", number=done.number), buttons=buttons(*_ways(work, done)))]


async def _resume(work: Work, one: Broadcast) -> Words:
    done = await deeds.resume(acting(work), one.id)
    return [Said(text=say("staff_notice", "resumed", number=done.number), buttons=buttons(*_ways(work, done)))]


async def _review(work: Work, one: Broadcast) -> Words:
    seen = await deeds.review(acting(work), one.id)
    return [Said(text=say("staff_notice", "reviewed" if seen else "reviewed_before", number=one.number))]


async def _correct(work: Work, one: Broadcast) -> Words:
    """Begin the notice that puts one right: to the same places, of the same kind. Another one begun stays as it is."""
    if work.stand.draft is not None:
        drop = (say("staff", "drop_option"), "notice-drop")
        return [Said(text=say("staff_notice", "unfinished"), buttons=buttons(drop))]
    work.move(draft=Draft(title=one.title, kind=one.kind, audience=one.audience, send=SOON, corrects=one.id))
    work.move(listening="text")
    said = say("staff_notice", "correcting", number=one.number)
    return [Said(text=f"{said}\n{say('staff', 'notice_text')}")]


def _about(run: Callable[[Work, Broadcast], Awaitable[Words]]) -> Callable[[Work, str], Awaitable[Words]]:
    """Do something with the notice that a button names."""

    async def done(work: Work, id_: str) -> Words:
        found = await _get(work, id_)
        return [Said(text=say("staff_notice", "gone"))] if found is None else await run(work, found)

    return told(done)


def told(run: Callable[[Work, str], Awaitable[Words]]) -> Callable[[Work, str], Awaitable[Words]]:
    """Say why something was not done."""

    async def done(work: Work, which: str) -> Words:
        try:
            async with work.conn.begin_nested():  # what was half done is taken back
                return await run(work, which)
        except (NotAllowed, NotPossible) as error:
            return [Said(text=deeds.sentence(error))]

    return done


TAPS: dict[str, Callable[[Work, str], Awaitable[Words]]] = {
    "sent-approve": told(approve),
    "sent-refuse": _about(_withdraw),
    "sent-stop": _about(_stop),
    "sent-resume": _about(_resume),
    "sent-review": _about(_review),
    "sent-correct": _about(_correct),
    "sent-paper": _about(_paper_of),
}
"""What a button does with the notice that it names."""
