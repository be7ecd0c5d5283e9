"""From an update to its answer: deduplicate, throttle, resident, dialogue, keep, send.

An update's effects and its id commit together. The answer is kept until it is sent: it may go out twice after a crash,
and is never lost. No text of a resident is stored or logged.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Literal

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection
from structlog.contextvars import bind_contextvars, bound_contextvars

from bot.changes import make, note_taken_back
from bot.dialogue import guard, voice
from bot.dialogue.core import reply
from bot.dialogue.help import welcome
from bot.dialogue.person import answered
from bot.dialogue.reply import chat
from bot.dialogue.state import Follows, Handed, Person, State, Telling
from bot.dialogue.turn import (
    Asked,
    Erase,
    Kind,
    Knowledge,
    Turn,
    Welcomed,
)
from bot.incoming import Incoming
from bot.interest.counted import marks_of
from bot.interest.writer import Count
from bot.notices.lookup import told
from bot.notices.told import Told
from bot.unanswered.missed import Missed, missed
from content.message import Message
from content.programme import Frozen
from content.render import say
from storage import following, inbox, residents, tickets
from storage.database import Database
from storage.erasures import Erasures
from storage.errors import ConnectionLost
from storage.inbox import Done, MessageKey, New, Waiting
from storage.interest.marks import Mark
from storage.residents import Resident

log = structlog.get_logger()
MINUTE = timedelta(minutes=1)
CRY = 500
"""Characters of a message past the limit in which a plea is heard: 2 ms. All 10,000 take 40, each time."""

Clock = Callable[[], datetime]
Watch = Callable[[str, str, float], None]
"""Is told of an update's channel, the band of its answer, and the seconds that it took."""


class NotSent(Exception):
    """Raised by a channel's `send`: the reply stays kept, and the next sweep tries again."""


class Reply(Frozen):
    """What goes back to a resident: messages in order, the last one the answer."""

    messages: tuple[Message, ...]


@dataclass(frozen=True)
class Handled:
    """An update that was acted on; call `sent` once its reply has left. `reply` is None for one already answered.

    `band`: what sort of answer it was given; empty for one that came again, and for a plea for help.
    """

    reply: Reply | None
    key: MessageKey
    band: Kind | Literal[""] = ""


class Pipeline:
    """Handles updates of every channel. One a process; safe for many updates at once."""

    def __init__(
        self,
        know: Callable[[], Knowledge],
        database: Database,
        *,
        per_minute: int,
        now: Clock,
        telling: Callable[[Resident], Telling] = lambda _: "never",
        learn: Callable[[Missed], None] | None = None,
        count: Count | None = None,
        erasures: Erasures | None = None,
        watch: Watch = lambda *_: None,
    ) -> None:
        """`know` is asked anew for every update, so that content taken up meanwhile counts.

        `telling`: whether a reminder would come to this resident by itself. `learn` takes what found no card, `count`
        what the turn counts as; both must not wait. `erasures`: where it is noted what a backup must not bring back.
        `watch` is told of every update how long it took.
        """
        self._know, self._database, self._per_minute, self._now = know, database, per_minute, now
        self._telling, self._learn, self._count, self._erasures = telling, learn, count, erasures
        self._watch = watch

    async def handle(self, incoming: Incoming, *, welcoming: bool) -> Handled:
        """Act on an update once. `welcoming`: the channel has no other way to say who runs this service.

        A database that goes away in the middle is asked once more: either nothing of the update was kept, or all of it
        was, and then it is known as taken.
        """
        key = MessageKey.of(channel=incoming.channel, account=incoming.account, message_id=incoming.message_id)
        began = monotonic()
        bind_contextvars(trace=key.trace)  # what this task does for the update from here on says which it was
        try:
            handled = await self._once(key, incoming, welcoming=welcoming)
        except ConnectionLost:
            log.warning("update_retried", channel=incoming.channel)
            handled = await self._once(key, incoming, welcoming=welcoming)
        took = monotonic() - began
        log.info("update_handled", channel=incoming.channel, ms=round(took * 1000))
        self._watch(incoming.channel, handled.band, took)
        return handled

    async def _once(self, key: MessageKey, incoming: Incoming, *, welcoming: bool) -> Handled:
        now = self._now()
        async with self._database.begin() as conn:
            taken = await inbox.take(
                conn, key, address=incoming.address, counting_since=now - MINUTE, now=incoming.received_at
            )
            match taken:
                case Done():
                    return Handled(None, key)
                case Waiting(reply=kept):
                    return Handled(Reply.model_validate(kept), key)
                case New():
                    answer, turn, lesson, found = await self._new(conn, key, taken, incoming, now, welcoming=welcoming)
        if lesson is not None and self._learn is not None:
            self._learn(lesson)  # after the commit: an update done over again teaches once
        if found and self._count is not None:
            self._count(found)  # so it is here
        return Handled(answer, key, "" if turn.alone else turn.kind)

    async def sent(self, handled: Handled) -> None:
        """Note that the reply has left; until then it is kept."""
        async with self._database.begin() as conn:
            await inbox.mark_sent(conn, handled.key, now=self._now())
        log.info("reply_sent", trace=handled.key.trace, channel=handled.key.channel)

    async def resend(
        self,
        channel: str,
        account: str,
        send: Callable[[str, Reply], Awaitable[None]],
        *,
        at_work: frozenset[MessageKey] = frozenset(),
    ) -> int:
        """Send the answers whose process died before it could; returns how many. For channels that can speak.

        `send` may raise NotSent. `at_work`: those that this process is still sending, however long that takes.
        """
        async with self._database.begin() as conn:
            left = await inbox.unsent(conn, channel=channel, account=account, before=self._now() - MINUTE)
        went = 0
        for one in (one for one in left if one.message not in at_work):
            with bound_contextvars(trace=one.message.trace):
                try:
                    await send(one.address, Reply.model_validate(one.reply))
                except NotSent:
                    continue
                await self.sent(Handled(None, one.message))
            went += 1
        return went

    async def _new(
        self, conn: AsyncConnection, key: MessageKey, taken: New, incoming: Incoming, now: datetime, *, welcoming: bool
    ) -> tuple[Reply, Turn, Missed | None, tuple[Mark, ...]]:
        who = taken.resident
        has = await residents.has(conn, who.id, now)
        state = State() if has.talk is None else State.model_validate(has.talk)
        mine = await tickets.of_resident(conn, who.id) if has.tickets else []
        followed = await following.followed(conn, who.id) if has.follows else ()
        person = _person(who, mine, followed, self._telling(who))
        notices, spoken = await _told(conn, who, incoming, now), incoming.voice is not None
        heard = (_words(incoming), incoming.action or "", spoken, notices)
        asked = Asked(self._know(), person, state, now, *heard)
        turn = _answer(asked, incoming, who.id, throttled=taken.earlier >= self._per_minute)
        answer = _with_welcome(asked, turn, welcoming=welcoming)
        await make(conn, who, turn.changes, now, welcomed=len(answer.messages) > 1)
        await note_taken_back(self._erasures, conn, who, turn.changes, now)
        erased = any(isinstance(change, Erase) for change in turn.changes)
        if mine and not (erased or turn.alone):
            answer = Reply(messages=(*await _held(conn, asked.know, who.id, now), *answer.messages))
        kept: dict[str, Any] = answer.model_dump(mode="json")
        talk = inbox.Talk(turn.state.model_dump(mode="json"), now)
        await inbox.keep_reply(conn, key, resident_id=None if erased else who.id, reply=kept, talk=talk)
        lesson = missed(asked, turn)
        said = answer if turn.alone else _repeating(answer, incoming)
        return said, turn, lesson, marks_of(asked, turn, lesson, who)


async def _told(conn: AsyncConnection, who: Resident, incoming: Incoming, now: datetime) -> tuple[Told, ...]:
    """What is known of the notices that an update is about."""
    words, action = _words(incoming), incoming.action or ""
    return await told(conn, who.id, text=words, action=action, places=who.places, now=now)


def _too_many(asked: Asked) -> Turn:
    """Past the limit nothing is searched for, but a plea for help still comes before everything."""
    cry = guard.plea(replace(asked, text=asked.text.strip()[:CRY]))
    return cry or replace(chat(asked, say("talk", "too_many", wait=60)), state=asked.state)


def _words(incoming: Incoming) -> str:
    if incoming.voice is not None:
        return incoming.voice.heard or ""
    return incoming.text or ""


def _repeating(answer: Reply, incoming: Incoming) -> Reply:
    """Say back what was heard in a voice message, now only: what is kept until it is sent holds no resident's words."""
    if incoming.voice is None or not incoming.voice.heard:
        return answer
    *before, last = answer.messages
    return Reply(messages=(*before, voice.repeated(last, incoming.voice.heard)))


def _answer(asked: Asked, incoming: Incoming, resident: int, *, throttled: bool) -> Turn:
    """Talk. A fault of ours is logged by id and told kindly; the resident's state stays as it was."""
    if not throttled and incoming.voice is not None and not incoming.voice.heard:
        return voice.unheard(asked, tried=incoming.voice.heard is not None)
    try:
        return _too_many(asked) if throttled else reply(asked)
    except Exception:  # whatever breaks, the resident gets an answer and a phone number, and the fault is loud
        log.exception("turn_failed", resident=resident, channel=incoming.channel)
        return replace(chat(asked, say("talk", "failed")), state=asked.state)


def _with_welcome(asked: Asked, turn: Turn, *, welcoming: bool) -> Reply:
    """At first contact say first who runs this service; not before a phone number that is needed now."""
    said = any(isinstance(change, Welcomed) for change in turn.changes)
    if asked.person.welcomed or said or turn.alone or not welcoming:
        return Reply(messages=(turn.message,))
    return Reply(messages=(welcome(asked), turn.message))


async def _held(conn: AsyncConnection, know: Knowledge, resident: int, now: datetime) -> list[Message]:
    """The answers of staff that have not reached the resident: given now, before anything else is said."""
    given = await tickets.give(conn, resident, now=now)
    return [answered(know.places, one.place, one.answer, one.asked_at, one.answered_at) for one in given]


def _person(
    who: Resident, mine: Sequence[tickets.Handed], followed: Sequence[following.Follow], telling: Telling
) -> Person:
    return Person(
        places=who.places,
        welcomed=who.welcomed_on is not None,
        stopped=who.stopped_at is not None,
        channel=who.channel,
        since=who.created_on,
        telling=telling,
        follows=tuple(Follows(kind=one.kind, subject=one.subject, discreet=one.discreet) for one in followed),
        tickets=tuple(Handed(place=one.place, asked_at=one.asked_at, answered=one.answered) for one in mine),
    )
