"""/notice: a notice composed step by step. What is empty is asked for next, so one may leave and come back.

It becomes a draft and nothing more: sending is not connected, and the bot says so.
"""

from datetime import datetime, time, timedelta
from typing import Literal

from bot.staff import audience
from bot.staff.may import Deed, may
from bot.staff.said import Said, buttons
from bot.staff.when import moment
from bot.staff.work import Draft, Stand, Words, Work
from content.render import say
from scheduler.calendar import LOCAL, local_date
from storage import notices
from storage.tickets import storable

SOON = "soon"
MORNING = time(8, 0)
Part = Literal["text", "kind", "audience", "send"]


async def begin(work: Work) -> Words:
    """Write a notice, or go on with the one that was left."""
    if work.stand.draft is None:
        work.move(draft=Draft())
        return _next(work)
    left = Said(text=say("staff", "going_on"), buttons=buttons((say("staff", "drop_option"), "notice-drop")))
    return [left, *_next(work)]


async def text(work: Work) -> Words:
    """Take the text as it is."""
    said = storable(work.heard.text.strip())
    if len(said) > notices.LONGEST:
        return [Said(text=say("staff", "notice_text_long", most=notices.LONGEST))]
    return _set(work, text=said)


async def kind(work: Work, which: str) -> Words:
    """Take the kind."""
    return _set(work, kind=which) if which in ("urgent", "notice") else _next(work)


async def to(work: Work, stem: str) -> Words:
    """Take one place that was tapped."""
    return _set(work, audience=(stem,)) if may(work.who, Deed.NOTICE, stem) else audience.unknown(stem)


async def typed_audience(work: Work) -> Words:
    """Take places as they were typed."""
    found = audience.read(work, work.heard.text)
    return _set(work, audience=found) if isinstance(found, tuple) else found


async def at(work: Work, which: str) -> Words:
    """Take a time that was tapped."""
    if which != "morning":
        return _set(work, send=SOON)
    tomorrow = local_date(work.now) + timedelta(days=1)
    return _set(work, send=datetime.combine(tomorrow, MORNING, LOCAL).isoformat())


async def typed_time(work: Work) -> Words:
    """Take a time as it was typed."""
    found = moment(work.heard.text, work.now)
    if found is None:
        return [Said(text=say("staff", "send_unknown", said=work.heard.text[:20]))]
    return _set(work, send=found.isoformat())


async def change(work: Work, part: str) -> Words:
    """Ask for one part anew."""
    empty = {"text": "", "kind": "", "audience": (), "send": ""}
    return _set(work, **{part: empty[part]}) if part in empty else _next(work)


async def keep(work: Work) -> Words:
    """Store the draft. A second tap finds it stored and stores nothing."""
    draft = work.stand.draft
    if draft is None or not _whole(draft) or not all(may(work.who, Deed.NOTICE, stem) for stem in draft.audience):
        return _next(work)
    stored = await notices.draft(
        work.conn,
        staff_id=work.who.id,
        kind="urgent" if draft.kind == "urgent" else "notice",
        text=draft.text,
        audience=draft.audience,
        send_at=None if draft.send == SOON else datetime.fromisoformat(draft.send),
        now=work.now,
    )
    work.stand = Stand()
    await work.record("drafted", f"notice:{stored.number}")
    return [Said(text=say("staff", "kept", id=stored.number))]


async def drop(work: Work) -> Words:
    """Throw the draft away."""
    work.stand = Stand()
    return [Said(text=say("staff", "dropped"))]


def _set(work: Work, **parts: object) -> Words:
    if work.stand.draft is None:
        return _next(work)
    work.move(draft=work.stand.draft.model_copy(update=parts))
    return _next(work)


def _whole(draft: Draft) -> bool:
    return bool(draft.text and draft.kind and draft.audience and draft.send)


def _next(work: Work) -> Words:
    """Ask for the first part that is empty; show the whole when none is."""
    draft = work.stand.draft
    work.move(listening="", ticket=None)
    if draft is None:
        return [Said(text=say("staff", "nothing_drafted"))]
    if not draft.text:
        return _ask(work, "text")
    if not draft.kind:
        kinds = ((say("staff", f"kind_{one}"), f"notice-kind:{one}") for one in ("notice", "urgent"))
        return [Said(text=say("staff", "notice_kind"), buttons=buttons(*kinds))]
    if not draft.audience:
        return _ask(work, "audience", *audience.own(work))
    if not draft.send:
        return _ask(work, "send", *((say("staff", f"send_{one}"), f"notice-at:{one}") for one in (SOON, "morning")))
    return [_preview(work, draft)]


def _ask(work: Work, part: Literal["text", "audience", "send"], *ways: tuple[str, str]) -> Words:
    work.move(listening=part)
    return [Said(text=say("staff", f"notice_{part}"), buttons=buttons(*ways))]


def _preview(work: Work, draft: Draft) -> Said:
    """The whole, as it would be stored."""
    when = say("staff", "send_soon")
    if draft.send != SOON:
        when = say("staff", "moment", at=datetime.fromisoformat(draft.send).astimezone(LOCAL))
    names = [work.name(stem) for stem in draft.audience]
    whole = say("staff", "preview", kind=say("staff", f"kind_{draft.kind}"), names=names, until=when)
    parts: tuple[Part, ...] = ("text", "kind", "audience", "send")
    ways = [(say("staff", f"change_{part}_option"), f"notice-change:{part}") for part in parts]
    first, last = (say("staff", "keep_option"), "notice-keep"), (say("staff", "drop_option"), "notice-drop")
    return Said(text=f"{whole}\n{draft.text}", buttons=buttons(first, *ways, last))
