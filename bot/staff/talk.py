"""The talk with staff: which deed an update asks for, whether they may do it, and what is not connected.

A deed is offered only where it is connected and the role may do it; a command of another kind is told so.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from bot.staff import inbox, listing, notice, overview, sending, windows
from bot.staff.may import Deed, may
from bot.staff.said import Said
from bot.staff.work import Connected, Words, Work
from content.render import say
from storage.staff import Staff

log = structlog.get_logger()

CHANNEL = "telegram"
"""The channel of the accounts by which staff are known here."""


@dataclass(frozen=True)
class Command:
    """A command: who may do it, and whether it is there."""

    run: Callable[[Work], Awaitable[Words]]
    deed: Deed | None = None
    there: Callable[[Connected], bool] = lambda _: True


async def help_(work: Work) -> Words:
    """List what can be done, and what is not connected."""
    offered = [f"/{name} {say('staff', f'help_{name}')}" for name in offers(work.who, work.connected)]
    missing = [] if work.connected.speaking else ["sending"]
    missing += [name for name, one in COMMANDS.items() if not one.there(work.connected)]
    names = [say("staff", f"not_yet_{name}") for name in missing]
    last = [say("staff", "help_not_yet", names=names)] if names else []
    return [Said(text="\n".join([say("staff", "help_title"), *offered, *last]))]


async def start(work: Work) -> Words:
    """Begin; an invitation is not spent by who is in already."""
    return [Said(text=say("staff", "already" if work.heard.argument else "hello"))]


COMMANDS: Mapping[str, Command] = {
    "inbox": Command(inbox.inbox, Deed.ANSWER),
    "notice": Command(notice.begin, Deed.NOTICE),
    "sent": Command(sending.see, Deed.APPROVE),
    "windows": Command(listing.see, Deed.WINDOWS),
    "reach": Command(overview.reach, Deed.REACH),
    "desk": Command(overview.desk, Deed.DESK, lambda connected: connected.desk is not None),
    "who": Command(overview.who),
    "help": Command(help_),
}
"""In the order of the menu."""

TAPS: Mapping[str, tuple[Deed, Callable[[Work, str], Awaitable[Words]]]] = {
    "inbox": (Deed.ANSWER, inbox.inbox),
    "answer": (Deed.ANSWER, inbox.begin_answer),
    "cannot": (Deed.ANSWER, inbox.cannot),
    "notice-kind": (Deed.NOTICE, notice.kind),
    "notice-to": (Deed.NOTICE, notice.to),
    "notice-at": (Deed.NOTICE, notice.at),
    "notice-change": (Deed.NOTICE, notice.change),
    "notice-submit": (Deed.NOTICE, sending.told(lambda work, _: notice.submit(work))),
    "notice-keep": (Deed.NOTICE, lambda work, _: notice.keep(work)),
    "notice-drop": (Deed.NOTICE, lambda work, _: notice.drop(work)),
    **{name: (Deed.APPROVE, run) for name, run in sending.TAPS.items()},
    "windows": (Deed.WINDOWS, listing.see),
    **{name: (Deed.WINDOWS, run) for name, run in windows.TAPS.items()},
}
"""What a button does with what stands behind the colon."""

LISTENING: Mapping[str, tuple[Deed, Callable[[Work], Awaitable[Words]]]] = {
    "text": (Deed.NOTICE, notice.text),
    "title": (Deed.NOTICE, notice.title),
    "typed": (Deed.APPROVE, lambda work: sending.told(lambda each, _: sending.typed(each))(work, "")),
    "audience": (Deed.NOTICE, notice.typed_audience),
    "send": (Deed.NOTICE, notice.typed_time),
    "entry": (Deed.WINDOWS, windows.heard),
    "answer": (Deed.ANSWER, inbox.typed_answer),
}
"""What a plain text is taken for, by what was asked last."""


def offers(who: Staff, connected: Connected) -> list[str]:
    """The commands that this member of staff may use here."""
    return [name for name, one in COMMANDS.items() if one.there(connected) and (one.deed is None or may(who, one.deed))]


async def reply(work: Work) -> Words:
    """Do what an update of a member of staff asks for."""
    heard = work.heard
    if heard.tap:
        return await _tapped(work, heard.tap)
    if heard.command:
        return await _commanded(work, heard.command)
    if not heard.text.strip():
        return [Said(text=say("staff", "no_text"))]
    about = inbox.replied(heard.replied_to)
    if about:
        return await _if_may(work, Deed.ANSWER, lambda: inbox.answer(work, about, heard.text))
    if work.stand.listening:
        deed, listen = LISTENING[work.stand.listening]
        return await _if_may(work, deed, lambda: listen(work))
    return [Said(text=say("staff", "unknown"))]


async def _tapped(work: Work, tap: str) -> Words:
    verb, _, argument = tap.partition(":")
    if verb not in TAPS:
        return [Said(text=say("staff", "unknown"))]
    deed, run = TAPS[verb]
    return await _if_may(work, deed, lambda: run(work, argument))


async def _commanded(work: Work, name: str) -> Words:
    """A command leaves whatever was being written; it waits for them to come back."""
    work.move(listening="", ticket=None)
    if name == "start":
        return await start(work)
    command = COMMANDS.get(name)
    if command is None:
        return [Said(text=say("staff", "unknown"))]
    if not command.there(work.connected):
        return [Said(text=say("staff", "not_connected"))]
    return await _if_may(work, command.deed, lambda: command.run(work))


async def _if_may(work: Work, deed: Deed | None, run: Callable[[], Awaitable[Words]]) -> Words:
    if deed is None or may(work.who, deed):
        return await run()
    return [Said(text=say("staff", "may_not"))]
