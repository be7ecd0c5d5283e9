"""Speaking first: as a message while the resident's window is open, else as a notice of a template, else held.

A notice takes a few short fields. Where the whole message stands in them it is sent; else the notice says that
something waits, once for each delivery, and the message is held until the resident's next contact.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.channels.wechat.account import Account
from bot.channels.wechat.api import Api, Failed, Rejected, Unreached
from bot.channels.wechat.outcomes import SOON, outcome_of
from bot.channels.wechat.wire import joined, page_of
from bot.channels.wechat.writer import Writer, text_piece
from content.message import Message
from content.render import say
from content.wechat import Template, filled
from scheduler.calendar import local_date
from scheduler.sending import Gone, NotNow, Outcome, Sent, TryLater, Unsure
from storage import wechat
from storage.database import Database

SUBSCRIPTION, TEMPLATE = "/cgi-bin/message/subscribe/bizsend", "/cgi-bin/message/template/send"
NOT_WANTED = 43101


class WeChatSender:
    """The `Sender` of official accounts."""

    def __init__(
        self, account: Account, api: Api, database: Database, *, templates: Sequence[Template], service: str
    ) -> None:
        """`templates` are those that carry our messages, best first; `service` is who runs this."""
        self._account, self._api, self._database = account, api, database
        self._templates, self._service = templates, service
        self._writer = Writer(api, database, account.app_id)

    async def send(self, account: str, address: str, message: Message, *, delivery_id: int, now: datetime) -> Outcome:
        """Try once, in the first way that is open."""
        outcome: Outcome = NotNow()
        if self._account.may_write:
            pieces = [text_piece(text) for text in joined((message,), self._account.pages)]
            outcome = await self._writer.write(address, pieces, now, answering=False)
        if isinstance(outcome, NotNow) and self._account.may_notify and self._templates:
            return await self._notified(address, message, delivery_id, now)
        return outcome

    async def _notified(self, address: str, message: Message, delivery_id: int, now: datetime) -> Outcome:
        """Send a notice of the first template that this resident takes."""
        async with self._database.begin() as conn:
            who = await wechat.resident_at(conn, self._account.app_id, address)
            if who is None:
                return Gone()
            wanted = await wechat.agreed(conn, who, [one.template for one in self._templates])
        chosen = next((one for one in self._templates if one.way == "template" or one.template in wanted), None)
        if chosen is None:
            return NotNow()
        data, whole = filled(chosen, message, service=self._service, day=_day(now))
        async with self._database.begin() as conn:
            if not await wechat.nudge(conn, delivery_id, who, now):
                return NotNow()  # a notice of it went out before: it is not sent twice
        outcome = await self._notice(chosen, self._body(address, chosen, data, message, delivery_id), who)
        if isinstance(outcome, TryLater):
            async with self._database.begin() as conn:
                await wechat.forget_nudge(conn, delivery_id)
        return NotNow() if isinstance(outcome, Sent) and not whole else outcome

    def _body(
        self, address: str, template: Template, data: Mapping[str, Any], message: Message, delivery_id: int
    ) -> dict[str, Any]:
        body = {"touser": address, "template_id": template.template, "data": data}
        if self._account.pages and message.attachments:
            link = "page" if template.way == "subscription" else "url"
            body[link] = page_of(message.attachments[0].programme, self._account.pages)
        if template.way == "template":
            body["client_msg_id"] = f"mingbai-{delivery_id}"  # WeChat drops a repeat
        return body

    async def _notice(self, template: Template, body: Mapping[str, Any], who: int) -> Outcome:
        path = SUBSCRIPTION if template.way == "subscription" else TEMPLATE
        try:
            answer = await self._api.post(path, body)
        except Rejected as error:
            if error.code == NOT_WANTED:
                async with self._database.begin() as conn:
                    await wechat.disagree(conn, who, template.template)
            return outcome_of(error.code, path)
        except Unreached:
            return TryLater(SOON, whole_account=True)
        except Failed:
            return Unsure("no_answer")
        return Sent(str(answer.get("msgid") or ""))


def _day(now: datetime) -> str:
    day = local_date(now)
    return say("wechat", "day", year=day.year, month=day.month, day=day.day)
