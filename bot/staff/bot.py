"""The staff bot: takes an update once, does what it asks, keeps the answer until it is sent.

An update's effects, its id and the answer commit together. An answer may come twice after a crash, and is never lost.
No text is logged; nothing lives in memory only.
"""

from collections.abc import Callable
from datetime import datetime

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from telegram import Bot, Update
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.channels.order import Order
from bot.channels.telegram.gate import Gate
from bot.dialogue.turn import Knowledge
from bot.staff import newcomers, wire
from bot.staff.heard import Heard
from bot.staff.inbox import as_shown
from bot.staff.said import Answer, Said
from bot.staff.talk import CHANNEL, reply
from bot.staff.work import Connected, Stand, Words, Work
from content.render import say
from storage import inbox, staff, staff_talk, tickets
from storage.audit import Trail
from storage.database import Database
from storage.errors import ConnectionLost
from storage.inbox import Done, MessageKey, Waiting
from storage.staff import Staff

log = structlog.get_logger()

PER_SECOND = 30.0
"""Messages that Telegram takes of one bot in a second."""


class StaffBot:
    """Takes updates, in whatever way they come. One a process."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        *,
        know: Callable[[], Knowledge],
        trail: Trail,
        connected: Connected,
        now: Callable[[], datetime],
    ) -> None:
        self._bot, self._database, self._know, self._trail = bot, database, know, trail
        self._connected, self._now = connected, now
        self._order, self._gate = Order(), Gate(PER_SECOND)

    async def take(self, update: Update) -> None:
        """Act on an update and answer it. Raises DatabaseError or TelegramError when it must come again.

        One person's are taken in turn, so that a copy which comes while the first is at work finds it done.
        """
        heard = wire.heard(update, self._bot)
        if heard is None:
            return
        if heard.query:
            await self._stop_clock(heard.query)
        async with self._order.of(heard.address):
            await self._taken(heard)

    async def _taken(self, heard: Heard) -> None:
        key = MessageKey.of(channel="staff", account=str(wire.id_of(self._bot)), message_id=str(heard.update))
        try:
            answer = await self._once(key, heard)
        except ConnectionLost:
            log.warning("staff_update_retried")
            answer = await self._once(key, heard)
        if answer is not None:
            for said in answer.said:
                await self.say(answer.address, said)
            async with self._database.begin() as conn:
                await inbox.mark_sent(conn, key, now=self._now())

    async def say(self, address: str, said: Said) -> None:
        """Send one message. One that Telegram will never take is left out, loudly; anything else is raised."""
        *before, last = wire.parts(await self._text(said))
        for part in before:
            await self._send(address, part, ())
        await self._send(address, last, said)

    async def _send(self, address: str, text: str, said: Said | tuple[()]) -> None:
        markup = wire.keyboard(said.buttons) if isinstance(said, Said) else None
        while True:
            await self._gate.pass_()
            try:
                await self._bot.send_message(int(address), text, reply_markup=markup)
            except RetryAfter as error:
                self._gate.hold(wire.wait_of(error))  # for everybody: it is the account that is to wait
                continue
            except Forbidden:
                log.warning("staff_left_the_bot")
            except BadRequest as error:
                log.error("staff_message_refused", told=error.message[:200])
            return

    async def _text(self, said: Said) -> str:
        """The words of a message; those of a question come from its ticket, and are gone with it."""
        if said.ticket is None:
            return said.text
        async with self._database.begin() as conn:
            return as_shown(said.ticket, await tickets.get(conn, said.ticket), self._know().places)

    async def _stop_clock(self, query: str) -> None:
        """Answer a tap, so that the button stops waiting. Where that fails, what it asks for is done all the same."""
        try:
            await self._bot.answer_callback_query(query)
        except TelegramError as error:
            log.info("tap_not_answered", kind=type(error).__name__)

    async def _once(self, key: MessageKey, heard: Heard) -> Answer | None:
        now = self._now()
        async with self._database.begin() as conn:
            match await staff_talk.take(conn, key, now=now):
                case Done():
                    return None
                case Waiting(reply=kept):
                    return Answer.model_validate(kept)
            answer = Answer(address=heard.address, said=tuple(await self._said(conn, heard, now)))
            await inbox.keep_reply(conn, key, resident_id=None, reply=answer.model_dump(mode="json"))
            return answer

    async def _said(self, conn: AsyncConnection, heard: Heard, now: datetime) -> Words:
        who = await staff.known(conn, channel=CHANNEL, address=heard.address, now=now)
        if who is None:
            return await self._to_a_stranger(conn, heard, now)
        try:
            async with conn.begin_nested():
                return await self._done(conn, who, heard, now)
        except DBAPIError:
            raise
        except Exception:  # whatever breaks, nothing of it is kept, it is told, and the fault is loud
            log.exception("staff_turn_failed", staff=who.id)
            return [Said(text=say("staff", "failed"))]

    async def _done(self, conn: AsyncConnection, who: Staff, heard: Heard, now: datetime) -> Words:
        stand = _stand(await staff_talk.load(conn, who.id))
        work = Work(conn, who, stand, heard, self._know(), self._trail, self._connected, now)
        said = await reply(work)
        if work.stand != stand:
            await staff_talk.save(conn, who.id, work.stand.model_dump(mode="json"), now=now)
        return said

    async def _to_a_stranger(self, conn: AsyncConnection, heard: Heard, now: datetime) -> Words:
        """Let somebody in who brings an invitation; anybody else gets one polite sentence."""
        if heard.command != "start" or not heard.argument:
            log.info("stranger", update=heard.update)
            return [Said(text=say("staff", "stranger"))]
        member = await staff.join(conn, heard.argument, channel=CHANNEL, address=heard.address, now=now)
        if member is None:
            log.info("invitation_refused", update=heard.update)
            return [Said(text=say("staff", "bad_link"))]
        actor = f"staff:{member.id}"
        await newcomers.tell(conn, member.id, member.places, now)
        await self._trail.record(conn, actor=actor, verb="joined", object_id=actor, now=now)
        names = [self._know().places.get(stem).short for stem in member.places]
        role = say("staff", "role", role=member.role)
        return [Said(text=say("staff", "joined", name=member.name, role=role, names=names))]


def _stand(kept: staff_talk.State) -> Stand:
    """Where somebody stands; what an older version left and this one can't read is begun anew."""
    try:
        return Stand.model_validate(kept)
    except ValidationError:
        return Stand()
