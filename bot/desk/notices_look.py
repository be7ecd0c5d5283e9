"""A notice before it is submitted: what is wrong with it, as each channel shows it, whom it reaches, and on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.broadcasts.composing import corrects
from bot.broadcasts.deeds import sentence
from bot.broadcasts.followers import audience
from bot.broadcasts.shown import followed, planned
from bot.desk.at import At
from bot.notices.check import said
from bot.notices.group import group
from bot.notices.loudspeaker import loudspeaker
from bot.notices.preparing import NotPrepared, prepare
from bot.notices.preview import alarm_words, as_sent, looks, reach_words
from bot.staff.approving import own_village
from storage import broadcasts
from storage.broadcasts import Audience, Broadcast, NotPossible
from storage.notices import Notice


@dataclass(frozen=True)
class Look:
    """What is shown of a draft. `problems`: why it can't be submitted; then the rest is empty.

    `alone`: whoever writes it may let it go without another one.
    """

    problems: Sequence[str] = ()
    flags: Sequence[str] = ()
    alarm: str = ""
    planned: str = ""
    reach: Sequence[str] = ()
    channels: Mapping[str, Sequence[str]] = field(default_factory=dict)
    group: str = ""
    loudspeaker: str = ""
    alone: bool = False


async def look(at: At, draft: Notice, *, first: Broadcast | None = None) -> Look:
    """Look a draft through. `first`: the broadcast that it corrects."""
    try:
        ready = prepare(draft, at.who, at.know, now=at.now)
        whom = _audience(at, draft, first)
    except NotPrepared as error:
        return Look(error.problems)
    except NotPossible as error:
        return Look([sentence(error)])
    followers = [followed(whom.follows, at.know.library)] if whom.follows else []
    found = await broadcasts.reach(at.conn, whom, guests_only=at.desk.connected.trial, now=at.now)
    shown, before = as_sent(draft, ready, at.now), await corrects(at.conn, draft.corrects)
    return Look(
        flags=said(ready.checked.flags),
        alarm=alarm_words(found) if draft.kind == "urgent" else "",
        planned=planned(draft.kind, draft.send_at, draft.expires_at),
        reach=[*followers, *reach_words(found)],
        channels=looks(shown, at.know, at.desk.connected.speaking, corrects=before),
        group=group(shown, at.know.service.pages, corrects=before),
        loudspeaker=loudspeaker(shown, at.places, corrects=before),
        alone=own_village(at.who, draft.audience) and not ready.checked.flags,
    )


def _audience(at: At, draft: Notice, first: Broadcast | None) -> Audience:
    if first is not None:
        return Audience(first.audience, first.follows, first.sensitive)
    return audience(draft.audience, draft.follows, at.know.library)
