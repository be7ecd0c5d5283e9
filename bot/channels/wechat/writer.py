"""Customer-service messages: what is written to a resident beside WeChat's own waiting for an answer.

A place in the resident's window is taken before a message leaves, and given back when WeChat surely did not take it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.channels.wechat.api import Api, Failed, Rejected, Unreached
from bot.channels.wechat.outcomes import SOON, WINDOW_CODES, outcome_of
from scheduler.sending import Gone, NotNow, Outcome, Sent, TryLater, Unsure
from storage import wechat
from storage.database import Database

CUSTOM = "/cgi-bin/message/custom/send"
Piece = Mapping[str, Any]
"""One message as the interface takes it, without its address."""


def text_piece(text: str) -> Piece:
    """A text."""
    return {"msgtype": "text", "text": {"content": text}}


def news_piece(news: Mapping[str, str]) -> Piece:
    """A card to hand on."""
    article = {"title": news["title"], "description": news["description"], "url": news["url"], "picurl": ""}
    return {"msgtype": "news", "news": {"articles": [article]}}


class Writer:
    """Writes to the residents of one account."""

    def __init__(self, api: Api, database: Database, account: str) -> None:
        self._api, self._database, self._account = api, database, account

    async def write(self, address: str, pieces: Sequence[Piece], now: datetime, *, answering: bool) -> Outcome:
        """Write all pieces of a message, in order, or none. NotNow where the window has no such room.

        When a later piece fails it is Unsure: the resident has the beginning.
        """
        async with self._database.begin() as conn:
            who = await wechat.resident_at(conn, self._account, address)
            if who is None:
                return Gone()
            if not await wechat.take_places(conn, who, now, count=len(pieces), answering=answering):
                return NotNow()
        for number, piece in enumerate(pieces):
            outcome, shut = await self._one(address, piece)
            if not isinstance(outcome, Sent):
                return await self._failed(who, len(pieces) - number, outcome, shut=shut, begun=number > 0)
        return Sent()

    async def _one(self, address: str, piece: Piece) -> tuple[Outcome, bool]:
        """Write one piece; also whether WeChat says that nothing may go now."""
        try:
            await self._api.post(CUSTOM, {"touser": address, **piece})
        except Rejected as error:
            return outcome_of(error.code, CUSTOM), error.code in WINDOW_CODES
        except Unreached:
            return TryLater(SOON, whole_account=True), False
        except Failed:
            return Unsure("no_answer"), False
        return Sent(), False

    async def _failed(self, who: int, left: int, outcome: Outcome, *, shut: bool, begun: bool) -> Outcome:
        """Give back the places of what surely did not leave."""
        unused = left - 1 if isinstance(outcome, Unsure) else left
        async with self._database.begin() as conn:
            await wechat.give_back(conn, who, count=unused, shut=shut)
        return Unsure("begun") if begun else outcome
