"""A notice before it is sent: as each channel will show it, and how many it would reach."""

import html
import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from bot.dialogue.turn import Knowledge
from bot.notices.preparing import Prepared
from bot.notices.words import Words, message
from content.message import Message
from content.render import as_text, say
from storage.broadcasts import BroadcastState, Published, Reach
from storage.broadcasts.progress import FEWEST
from storage.notices import Notice

NUMBER = "T00000"
"""Stands for the number, which a notice has when it is kept."""

_TAG = re.compile(r"</?[a-z]+>")


def as_sent(draft: Notice, ready: Prepared, now: datetime) -> Published:
    """A draft as it would be published now."""
    words = ready.words
    return Published(
        0, draft.number, draft.kind, words.title, words.text, draft.link, words.office, words.place, now,
        BroadcastState.APPROVED, None,
    )  # fmt: skip


def looks(
    notice: Words, know: Knowledge, speaking: Collection[str], *, corrects: str = ""
) -> Mapping[str, tuple[str, ...]]:
    """The texts of each channel that may speak first; where none is connected, the plain words."""
    return previews(message(notice, know, corrects=corrects), speaking or {"web"}, know.service.pages)


def previews(made_of: Message, channels: Collection[str], pages: str) -> Mapping[str, tuple[str, ...]]:
    """The texts that each channel makes of it, in order, by the very functions that send it. Buttons stand below."""
    made: Mapping[str, Callable[[], tuple[str, ...]]] = {
        "wechat": lambda: _wechat(made_of, pages),
        "telegram": lambda: _telegram(made_of),
        "web": lambda: (as_text(made_of),),
    }
    return {name: one() for name, one in made.items() if name in channels}


def _wechat(message: Message, pages: str) -> tuple[str, ...]:
    from bot.channels.wechat.wire import texts  # noqa: PLC0415 - a channel's libraries only where it is looked at

    return tuple(texts(message, pages))


def _telegram(message: Message) -> tuple[str, ...]:
    from bot.channels.telegram.render import parts  # noqa: PLC0415 - as above

    buttons = " ".join(f"[{one.label}]" for one in message.options)
    *before, last = (html.unescape(_TAG.sub("", part.html)) for part in parts(message))
    return (*before, f"{last}\n{buttons}" if buttons else last)


def alarm_words(reach: Mapping[str, Reach] | None) -> str:
    """What stands first above an urgent notice: it is no alarm, and whom it reaches, where that may be told."""
    if reach is None:
        return say("notice", "no_alarm", said="", total="")
    found = reach.values()
    now, total = sum(one.now for one in found), sum(one.total for one in found)
    return say("notice", "no_alarm", said=people(now), total=people(total))


def reach_words(reach: Mapping[str, Reach] | None) -> list[str]:
    """How many it reaches now by each channel, whom only when they come, and whom not at all."""
    if reach is None:
        return [say("notice", "reach_untold")]
    lines = []
    for channel, one in sorted(reach.items()):
        lines += [say("notice", "reach_now", channel=channel, said=people(one.now))] if one.now else []
        lines += [say("notice", "reach_held", channel=channel, said=people(one.held))] if one.held else []
    return [*(lines or [say("notice", "reach_nobody")]), say("notice", "reach_never", said=people(_out(reach)))]


def _out(reach: Mapping[str, Reach]) -> int:
    return sum(one.out for one in reach.values())


def people(count: int) -> str:
    """A count that may be told."""
    return say("notice", "people", count=count, fewest=FEWEST)
