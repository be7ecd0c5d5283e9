"""What a member of staff sent, free of Telegram."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Heard:
    """One update of a private chat: a text, or a tap on a button (`tap` is its action, `query` what to answer).

    `update` is Telegram's number of it. `replied_to` is the text of our own message that it replies to.
    """

    update: int
    address: str
    text: str = ""
    tap: str = ""
    query: str = ""
    replied_to: str = ""

    @property
    def command(self) -> str:
        """The command's name without slash and bot, empty where it is none: /start@some_bot abc is start."""
        word = self.text.split(maxsplit=1)[0] if self.text.startswith("/") else ""
        return word[1:].partition("@")[0].lower()

    @property
    def argument(self) -> str:
        """What stands after a command."""
        return self.text.partition(" ")[2].strip()
