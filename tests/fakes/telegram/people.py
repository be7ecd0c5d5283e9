"""The other side of the chats: what people and groups do, and what they see."""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram.account import Account, Call
from tests.fakes.telegram.chats import Chat, Json, Said, message_json
from tests.fakes.telegram.faults import Fault

WAIT = 60.0
"""Seconds after which a test gives up waiting for the bot."""

_queries = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """Someone with a private chat with the bot."""

    bot: "FakeBot"
    chat: Chat

    @property
    def json(self) -> Json:
        """The person as a user."""
        return {"id": self.chat.id, "is_bot": False, "first_name": self.chat.first_name, "language_code": "zh-hans"}

    async def says(self, text: str, *, reply_to: Said | None = None, wait: bool = False) -> Said:
        """Write; a text that begins with a slash is a command. `wait`: until the bot has answered."""
        said = await self.sends(text=text, reply_to=reply_to)
        if wait:
            await self.answer(after=said)
        return said

    async def sends(self, text: str = "", *, reply_to: Said | None = None, **extra: Any) -> Said:
        """Send a message of any kind: `sends(photo=[...])`."""
        return await self.bot.post(self.chat, self.json, text, reply_to=reply_to, **extra)

    async def starts(self, payload: str = "") -> Said:
        """Press Start, perhaps through a deep link."""
        return await self.says(f"/start {payload}".strip())

    async def sends_voice(self, sound: bytes = b"OggS", *, seconds: int = 3) -> Said:
        """Record a voice message."""
        file = self.bot.keep(sound)
        voice = {"file_id": file, "file_unique_id": f"u{file}", "duration": seconds, "mime_type": "audio/ogg"}
        return await self.sends(voice=voice | {"file_size": len(sound)})

    async def sends_photo(self, caption: str = "") -> Said:
        """Send a picture, perhaps with words under it."""
        file = self.bot.keep(b"\xff\xd8")
        photo = [{"file_id": file, "file_unique_id": f"u{file}", "width": 90, "height": 60}]
        with_words: Json = {"photo": photo} | ({"caption": caption} if caption else {})
        return await self.sends(**with_words)

    async def edits(self, said: Said, text: str) -> None:
        """Change what was written."""
        said.text, said.edits = text, said.edits + 1
        await self.bot.tell({"edited_message": message_json(self.chat, said, self.json)})

    async def taps(self, label: str, on: Said | None = None) -> Said:
        """Press a button, of the bot's latest message unless said otherwise; returns the message that it stands on."""
        where = on or next(one for one in reversed(self.chat.heard) if one.reply_markup)
        await self.taps_data(where.button(label)["callback_data"], where)
        return where

    async def taps_data(self, data: str, on: Said, *, inaccessible: bool = False) -> str:
        """Press a button with this data, also one that is on no message any more; returns the query's id."""
        query = f"q{next(_queries)}"
        shown = message_json(self.chat, on, self.bot.account.as_json())
        if inaccessible:
            shown = {"message_id": on.id, "chat": self.chat.as_json(), "date": 0}
        self.bot.account.open_queries[query] = self.chat.id
        tapped = {"id": query, "from": self.json, "message": shown, "chat_instance": "1", "data": data}
        await self.bot.tell({"callback_query": tapped})
        return query

    async def blocks(self) -> None:
        """Stop the bot."""
        self.chat.blocked = True
        await self.bot.tell(self._membership("member", "kicked"))

    async def unblocks(self) -> None:
        """Let the bot speak again."""
        self.chat.blocked = False
        await self.bot.tell(self._membership("kicked", "member"))

    def _membership(self, before: str, after: str) -> Json:
        me = self.bot.account.as_json()
        states: list[Json] = [{"user": me, "status": one, "until_date": 0} for one in (before, after)]
        about = {"chat": self.chat.as_json(), "from": self.json, "date": int(time.time())}
        return {"my_chat_member": about | {"old_chat_member": states[0], "new_chat_member": states[1]}}

    async def hears(self, count: int = 1) -> list[Said]:
        """Wait until the bot has said so many messages in all; return them."""
        await self.bot.until(lambda: len(self.chat.heard) >= count)
        return self.chat.heard

    async def answer(self, *, after: Said | None = None) -> Said:
        """Wait for what the bot says after a message (by default: the person's latest)."""
        last = after or [one for one in self.chat.messages if not one.by_bot][-1]
        await self.bot.until(lambda: any(one.id > last.id for one in self.chat.heard))
        return next(one for one in self.chat.heard if one.id > last.id)

    async def sees_edit(self, said: Said, *, times: int = 1) -> Said:
        """Wait until the bot has changed a message so many times."""
        await self.bot.until(lambda: said.edits >= times)
        return said

    async def asks(self, text: str) -> Said:
        """Write, and return the last of what the bot said to it once it has been quiet for a moment."""
        said = await self.says(text)
        await self.answer(after=said)
        await self.bot.quiet()
        return self.chat.heard[-1]


@dataclass(frozen=True)
class Group:
    """A group that the bot is in."""

    bot: "FakeBot"
    chat: Chat

    async def says(self, person: Person, text: str) -> Said:
        """Let a member write."""
        return await self.bot.post(self.chat, person.json, text)

    async def adds_bot(self, person: Person) -> None:
        """Bring the bot into the group."""
        me = self.bot.account.as_json()
        change = {"chat": self.chat.as_json(), "from": person.json, "date": int(time.time())}
        change |= {
            "old_chat_member": {"user": me, "status": "left"},
            "new_chat_member": {"user": me, "status": "member"},
        }
        await self.bot.tell({"my_chat_member": change})


@dataclass(frozen=True)
class FakeBot:
    """One bot from outside: who talks to it, what goes wrong, what it was called with."""

    account: Account

    def person(self, id_: int = 5001, name: str = "牧民", *, started: bool = True) -> Person:
        """A person; `started`: has written to the bot at some time before."""
        chat = self.account.chats.setdefault(id_, Chat(id_, first_name=name, started=started))
        return Person(self, chat)

    def group(self, id_: int = -4001, title: str = "村民群") -> Group:
        """A group."""
        return Group(self, self.account.chats.setdefault(id_, Chat(id_, kind="group", title=title)))

    def fault(self, fault: Fault) -> None:
        """Let something go wrong."""
        self.account.faults.add(fault)

    def called(self, method: str) -> list[Call]:
        """The calls of one method so far."""
        return self.account.called(method)

    def keep(self, content: bytes) -> str:
        """Keep a file; returns its id."""
        id_ = f"file{len(self.account.files) + 1}"
        self.account.files[id_] = content
        return id_

    async def post(self, chat: Chat, sender: Json, text: str, *, reply_to: Said | None = None, **extra: Any) -> Said:
        """Put a message into a chat and tell the bot."""
        if text.startswith("/"):
            entity = {"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}
            extra |= {"entities": [entity]}
        entities = extra.pop("entities", [])
        said = Said(chat.next_id(), False, text, entities=entities, at=time.time(), extra=extra)
        said.reply_to = reply_to.id if reply_to else None
        chat.started = True
        chat.messages.append(said)
        told = message_json(chat, said, sender)
        if reply_to is not None and reply_to.by_bot and "reply_to_message" in told:
            told["reply_to_message"]["from"] = self.account.as_json()
        await self.tell({"message": told})
        return said

    async def tell(self, content: Json) -> int:
        """Give the bot an update; returns its id."""
        update = self.account.number(content)
        await self.account.tell(update)
        return int(update["update_id"])

    async def redeliver(self, update_id: int | None = None) -> None:
        """Deliver an update again that was delivered before; the latest unless said otherwise."""
        known = self.account.delivered
        self.account.pending.appendleft(known[update_id if update_id is not None else max(known)])
        await self.account.wake()

    async def until(self, true: Callable[[], object], *, seconds: float = WAIT) -> None:
        """Wait until something of this bot is as it should be. Raises TimeoutError."""
        async with asyncio.timeout(seconds), self.account.changed:
            await self.account.changed.wait_for(true)

    async def idle(self, *, seconds: float = WAIT) -> None:
        """Wait until every update has been fetched and confirmed, or taken by the webhook."""
        await self.until(lambda: not self.account.pending and not self.account.posting, seconds=seconds)

    async def quiet(self, *, seconds: float = 0.15) -> None:
        """Wait until the bot has made no call but getUpdates for a moment."""
        count = -1
        while count != (now := sum(one.method != "getupdates" for one in self.account.calls)):
            count = now
            await asyncio.sleep(seconds)
