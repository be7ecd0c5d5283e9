"""A broadcast and its progress in lines, as staff and the operator read them. Never who, and no rates of reading."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from bot.broadcasts.followers import subject_name
from bot.notices.words import name_of
from content.library import Library
from content.places import Places
from content.render import say
from scheduler.calendar import LOCAL
from storage.broadcasts import Broadcast, Progress
from storage.broadcasts.submitting import LASTS
from storage.notices import NoticeKind
from storage.states import State

ORDER = (
    State.SENT, State.QUEUED, State.SENDING, State.HELD, State.GONE, State.REFUSED, State.UNKNOWN, State.EXPIRED,
    State.CANCELLED,
)  # fmt: skip
WRONG = (State.REFUSED, State.UNKNOWN)
"""What staff hear of though no number may be told."""
MINUTE = 60


def listed(one: Broadcast) -> str:
    """One line of a list."""
    when = moment(one.starts_at or one.submitted_at)
    return say(
        "broadcast", "listed", number=one.number, state=say("broadcast", "state", state=one.state.value),
        kind=say("broadcast", "of_kind", kind=one.kind), when=when, title=one.title, total=recipients(one),
    )  # fmt: skip


def recipients(one: Broadcast) -> str:
    """How many it is for; of followers no number, and not whether there are any."""
    return say("broadcast", "many", count=None if one.untold else one.recipients)


def shown(
    one: Broadcast, places: Places, library: Library, *, corrects: str = "", corrected_by: str = ""
) -> Iterator[str]:
    """The lines about a broadcast itself. `corrects` and `corrected_by` are numbers."""
    kind, state = say("broadcast", "of_kind", kind=one.kind), say("broadcast", "state", state=one.state.value)
    yield say("broadcast", "head", number=one.number, title=one.title, kind=kind, state=state)
    yield one.text
    yield say("broadcast", "signed", office=one.office, names=[name_of(stem, places) for stem in one.audience])
    if one.follows:
        yield followed(one.follows, library)
    if one.flags:
        yield say("broadcast", "flagged", names=[say("broadcast", "flag", kind=flag) for flag in one.flags])
    if one.approved_at is None:
        yield planned(one.kind, one.send_at, one.expires_at)
    yield _times(one)
    if corrects:
        yield say("broadcast", "correction", number=corrects)
    if corrected_by:
        yield say("broadcast", "corrected_by", number=corrected_by)
    if one.kind == "urgent" and one.approved_at and not one.reviewed_at:
        yield say("broadcast", "unreviewed")


def planned(kind: NoticeKind, send_at: datetime | None, expires_at: datetime | None) -> str:
    """When one that waits for its approval is to go, and when it ends: whoever approves it approves that too."""
    when, ends = (at and moment(at) for at in (send_at, expires_at))
    return say("broadcast", "planned", when=when, ends=ends, wait=round(LASTS[kind] / timedelta(hours=1)))


def followed(follows: Sequence[str], library: Library) -> str:
    """Whose followers it is for, by the names of cards and topics."""
    return say("broadcast", "followers", names=[_name(one, library) for one in follows])


def _name(subject: str, library: Library) -> str:
    return subject_name(subject, library) or subject.partition(":")[2]  # no longer in the library


def _times(one: Broadcast) -> str:
    """What has happened to it and, of one that is let go, when it begins and ends."""
    times = {"submitted": one.submitted_at, "approved": one.approved_at, "begins": one.starts_at}
    ends = one.expires_at if one.approved_at else None
    return say("broadcast", "times", **{name: at and moment(at) for name, at in (times | {"ends": ends}).items()})


def progressed(progress: Progress) -> Iterator[str]:
    """The lines about how far it is, by channel and all together."""
    if progress.untold:
        yield total(progress)
        return
    if progress.waiting:
        yield say("broadcast", "not_made", count=progress.waiting)
    for channel, counts in sorted(progress.channels.items()):
        yield say("broadcast", "counted", channel=channel, parts=_parts(counts))
    if len(progress.channels) != 1:
        yield total(progress)
    if progress.per_second:
        yield say("broadcast", "pace", per_second=progress.per_second, left=_left(progress.left))


def total(progress: Progress) -> str:
    """All together in one line. Of followers only whether something went wrong: a rate would tell their number too."""
    if progress.untold:
        wrong = [say("broadcast", "moving", state=state.value) for state in WRONG if progress.counts.get(state)]
        return say("broadcast", "untold", names=wrong)
    return say("broadcast", "counted", channel="", parts=_parts(progress.counts))


def by_place(counts: Mapping[str, int | None], places: Places) -> Iterator[str]:
    """The lines by place; of few nothing is shown."""
    for stem, count in counts.items():
        yield say("broadcast", "in_place", name=name_of(stem, places), count=count)


def moment(at: datetime) -> str:
    """A moment as people here read it."""
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H:%M}"


def _parts(counts: Mapping[State, int]) -> list[str]:
    return [_part(state, counts[state]) for state in ORDER if counts.get(state)]


def _part(state: State, count: int) -> str:
    what, many = say("broadcast", "moving", state=state.value), say("broadcast", "many", count=count)
    return say("broadcast", "part", what=what, many=many)


def _left(left: timedelta | None) -> str:
    if left is None:
        return ""
    seconds = round(left.total_seconds())
    return say("broadcast", "time_left", minutes=round(seconds / MINUTE) if seconds > MINUTE else 0, seconds=seconds)
