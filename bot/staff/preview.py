"""A notice before it is submitted: looked through, as each channel would show it, and whom it would reach."""

from bot.broadcasts.composing import corrects
from bot.notices.check import Checked, said
from bot.notices.preparing import NotPrepared, Prepared, prepare
from bot.notices.preview import NUMBER, alarm_words, as_sent, looks, reach_words
from bot.staff.approving import own_village
from bot.staff.said import Said, buttons
from bot.staff.work import Draft, Words, Work
from content.render import say
from scheduler.calendar import LOCAL
from storage import broadcasts
from storage.broadcasts import Audience
from storage.notices import Notice


async def shown(work: Work, draft: Draft) -> Words:
    """Show the whole: what is wrong with it, or how it will look and whom it reaches."""
    try:
        ready = prepare(_as_notice(work, draft), work.who, work.know, now=work.now)
    except NotPrepared as error:
        problems = "\n".join([say("notice", "stopped"), *error.problems])
        return [Said(text=f"{draft.text}\n\n{problems}", buttons=buttons(*_changes(draft)))]
    reach = await broadcasts.reach(work.conn, Audience(draft.audience), guests_only=work.connected.trial, now=work.now)
    first = [Said(text=alarm_words(reach))] if draft.kind == "urgent" else []
    lines = [*_about(work, draft), *reach_words(reach), *_flags(ready.checked)]
    each = [Said(text=text) for text in await _looks(work, draft, ready)]
    return [*first, *each, Said(text="\n".join(lines), buttons=buttons(_send(work, draft, ready), *_changes(draft)))]


def _about(work: Work, draft: Draft) -> list[str]:
    at = draft.send_at
    when = say("staff", "send_soon") if at is None else say("staff", "moment", at=at.astimezone(LOCAL))
    names = [work.name(stem) for stem in draft.audience]
    return [say("staff_notice", "preview", kind=say("staff", f"kind_{draft.kind}"), names=names, until=when)]


def _flags(checked: Checked) -> list[str]:
    return [say("notice", "flagged"), *said(checked.flags)] if checked.flags else []


async def _looks(work: Work, draft: Draft, ready: Prepared) -> list[str]:
    """The texts of each channel."""
    shown, before = as_sent(_as_notice(work, draft), ready, work.now), await corrects(work.conn, draft.corrects)
    made = looks(shown, work.know, work.connected.speaking, corrects=before)
    return ["\n".join([say("notice", "channel_preview", channel=name), *texts]) for name, texts in made.items()]


def _send(work: Work, draft: Draft, ready: Prepared) -> tuple[str, str]:
    """The button that submits, called by what will follow."""
    alone = own_village(work.who, draft.audience) and not ready.checked.flags
    label = ("urgent_option" if draft.kind == "urgent" else "out_option") if alone else "submit_option"
    return say("staff_notice", label), "notice-submit"


def _changes(draft: Draft) -> list[tuple[str, str]]:
    """The buttons that change it; a correction goes to who has the first one, whatever places stand in it."""
    ways = [(say("staff_notice", "change_title_option"), "notice-change:title")]
    parts = ("text", "kind", "send") if draft.corrects else ("text", "kind", "audience", "send")
    ways += [(say("staff", f"change_{part}_option"), f"notice-change:{part}") for part in parts]
    return [*ways, (say("staff", "keep_option"), "notice-keep"), (say("staff", "drop_option"), "notice-drop")]


def _as_notice(work: Work, draft: Draft) -> Notice:
    """The draft as it would be stored."""
    return Notice(
        id=0,
        number=NUMBER,
        staff_id=work.who.id,
        kind=draft.meant,
        title=draft.title,
        text=draft.text,
        link=None,
        audience=draft.audience,
        follows=None,
        send_at=draft.send_at,
        expires_at=None,
        corrects=draft.corrects,
        created_at=work.now,
    )
