"""/notice: a notice composed step by step. What is empty is asked for next, so one may leave and come back.

When nothing is empty it is looked through and shown as it would arrive; then it is submitted, or kept as a draft.
"""

from datetime import datetime, time, timedelta
from typing import Literal, get_args

from bot.broadcasts import deeds
from bot.notices.preparing import NotPrepared, prepare
from bot.staff import audience, preview, sending
from bot.staff.may import Deed, may, may_all
from bot.staff.said import Said, buttons
from bot.staff.when import moment
from bot.staff.where import own
from bot.staff.work import SOON, Draft, Stand, Words, Work
from content.render import say
from scheduler.calendar import LOCAL, local_date
from storage import notices
from storage.notices import Notice
from storage.tickets import storable

MORNING = time(8, 0)
Part = Literal["text", "title", "kind", "audience", "send"]
PARTS: tuple[Part, ...] = get_args(Part)


async def begin(work: Work) -> Words:
    """Write a notice, or go on with the one that was left."""
    if work.stand.draft is None:
        work.move(draft=Draft())
        return await _next(work)
    left = Said(text=say("staff", "going_on"), buttons=buttons((say("staff", "drop_option"), "notice-drop")))
    return [left, *await _next(work)]


async def text(work: Work) -> Words:
    """Take the text as it is."""
    said = storable(work.heard.text.strip())
    if len(said) > notices.LONGEST:
        return [Said(text=say("staff", "notice_text_long", most=notices.LONGEST))]
    return await _set(work, text=said)


async def title(work: Work) -> Words:
    """Take the title."""
    said = " ".join(storable(work.heard.text).split())
    if len(said) > notices.LONGEST_TITLE:
        return [Said(text=say("staff_notice", "title_long", most=notices.LONGEST_TITLE))]
    return await _set(work, title=said)


async def kind(work: Work, which: str) -> Words:
    """Take the kind."""
    return await _set(work, kind=which) if which in ("urgent", "notice") else await _next(work)


async def to(work: Work, stem: str) -> Words:
    """Take one place that was tapped."""
    return await _set(work, audience=(stem,)) if may(work.who, Deed.NOTICE, stem) else audience.unknown(stem)


async def typed_audience(work: Work) -> Words:
    """Take places as they were typed."""
    found = audience.read(work, work.heard.text)
    return await _set(work, audience=found) if isinstance(found, tuple) else found


async def at(work: Work, which: str) -> Words:
    """Take a time that was tapped."""
    if which != "morning":
        return await _set(work, send=SOON)
    tomorrow = local_date(work.now) + timedelta(days=1)
    return await _set(work, send=datetime.combine(tomorrow, MORNING, LOCAL).isoformat())


async def typed_time(work: Work) -> Words:
    """Take a time as it was typed."""
    found = moment(work.heard.text, work.now)
    if found is None:
        return [Said(text=say("staff", "send_unknown", said=work.heard.text[:20]))]
    return await _set(work, send=found.isoformat())


async def change(work: Work, part: str) -> Words:
    """Ask for one part anew."""
    empty = {"text": "", "title": "", "kind": "", "audience": (), "send": ""}
    return await _set(work, **{part: empty[part]}) if part in empty else await _next(work)


async def keep(work: Work) -> Words:
    """Store the draft. A second tap finds it stored and stores nothing."""
    draft = work.stand.draft
    if draft is None or not _whole(draft) or not _mine(work, draft):
        return await _next(work)
    stored = await _stored(work, draft)
    work.stand = Stand(entry=work.stand.entry)
    await work.record("drafted", f"notice:{stored.number}")
    return [Said(text=say("staff", "kept", id=stored.number))]


async def submit(work: Work) -> Words:
    """Freeze it and let it go, or tell who else is needed. What is wrong is told, and it can be mended."""
    draft = work.stand.draft
    if draft is None or not _whole(draft) or not _mine(work, draft):
        return await _next(work)
    stored = await _stored(work, draft)
    try:
        ready = prepare(stored, work.who, work.know, now=work.now)
    except NotPrepared:
        await notices.drop(work.conn, stored.id)
        return await _next(work)
    frozen = await deeds.submit(sending.acting(work), stored, ready.words, work.know.library)
    work.stand = Stand(entry=work.stand.entry)
    return await sending.go(work, frozen)


def _mine(work: Work, draft: Draft) -> bool:
    return may_all(work.who, Deed.NOTICE, draft.audience)


async def _stored(work: Work, draft: Draft) -> Notice:
    return await notices.draft(
        work.conn,
        staff_id=work.who.id,
        kind=draft.meant,
        title=draft.title,
        text=draft.text,
        audience=draft.audience,
        send_at=draft.send_at,
        corrects=draft.corrects,
        now=work.now,
    )


async def drop(work: Work) -> Words:
    """Throw the draft away."""
    work.stand = Stand(entry=work.stand.entry)
    return [Said(text=say("staff", "dropped"))]


async def _set(work: Work, **parts: object) -> Words:
    if work.stand.draft is not None:
        work.move(draft=work.stand.draft.model_copy(update=parts))
    return await _next(work)


def _whole(draft: Draft) -> bool:
    return all(getattr(draft, part) for part in PARTS)


async def _next(work: Work) -> Words:
    """Ask for the first part that is empty; show the whole when none is."""
    draft = work.stand.draft
    work.move(listening="", ticket=None)
    if draft is None:
        return [Said(text=say("staff", "nothing_drafted"))]
    empty = next((part for part in PARTS if not getattr(draft, part)), None)
    return await preview.shown(work, draft) if empty is None else _ask(work, empty)


def _ask(work: Work, part: Part) -> Words:
    match part:
        case "kind":
            kinds = ((say("staff", f"kind_{one}"), f"notice-kind:{one}") for one in ("notice", "urgent"))
            return [Said(text=say("staff", "notice_kind"), buttons=buttons(*kinds))]
        case "audience":
            ways = own(work, "notice-to")
        case "send":
            ways = [(say("staff", f"send_{one}"), f"notice-at:{one}") for one in (SOON, "morning")]
        case _:
            ways = []
    work.move(listening=part)
    asked = say("staff_notice", "title") if part == "title" else say("staff", f"notice_{part}")
    return [Said(text=asked, buttons=buttons(*ways))]
