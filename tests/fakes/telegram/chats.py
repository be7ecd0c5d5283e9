"""Chats as the server keeps them: who is there, what was said, what was changed."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class Said:
    """One message of a chat. `text` is as people see it, `markup` as it was sent; `edits` counts changes."""

    id: int
    by_bot: bool
    text: str
    markup: str = ""
    entities: list[Json] = field(default_factory=list)
    reply_markup: Json | None = None
    edits: int = 0
    at: float = 0.0
    reply_to: int | None = None
    extra: Json = field(default_factory=dict)

    @property
    def buttons(self) -> list[str]:
        """The words on its buttons, row after row."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]

    def button(self, label: str) -> Json:
        """The button with these words. Raises LookupError where there is none."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        found = [button for row in rows for button in row if button["text"] == label]
        if not found:
            raise LookupError(f"no button {label!r} among {self.buttons}")
        one: Json = found[0]
        return one


@dataclass
class Chat:
    """A private chat with one person, or a group."""

    id: int
    kind: str = "private"
    title: str = ""
    first_name: str = ""
    username: str = ""
    started: bool = False  # the person has written first; before that a bot may not
    blocked: bool = False
    deactivated: bool = False
    messages: list[Said] = field(default_factory=list)
    last_id: int = 0

    def next_id(self) -> int:
        """Number the next message."""
        self.last_id += 1
        return self.last_id

    def find(self, id_: int) -> Said | None:
        """The message of a number, None where there is none (any more)."""
        return next((one for one in reversed(self.messages) if one.id == id_), None)

    @property
    def heard(self) -> list[Said]:
        """What the bot said, in order."""
        return [one for one in self.messages if one.by_bot]

    def as_json(self) -> Json:
        """The chat as the Bot API shows it."""
        if self.kind == "private":
            return {"id": self.id, "type": "private", "first_name": self.first_name}
        return {"id": self.id, "type": self.kind, "title": self.title}


def message_json(chat: Chat, said: Said, sender: Json) -> Json:
    """A message as the Bot API shows it."""
    told: Json = {"message_id": said.id, "from": sender, "chat": chat.as_json(), "date": int(said.at)}
    if said.text:
        told["text"] = said.text
    if said.entities:
        told["entities"] = said.entities
    if said.reply_markup and "inline_keyboard" in said.reply_markup:
        told["reply_markup"] = said.reply_markup
    if said.edits:
        told["edit_date"] = int(said.at)
    if said.reply_to is not None and (first := chat.find(said.reply_to)) is not None:
        told["reply_to_message"] = message_json(chat, first, sender)
    return told | said.extra
