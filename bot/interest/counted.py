"""What a turn counts as: asked, found no card, helpful or not, newly subscribed. Pleas and small talk are nothing."""

from collections.abc import Iterator

from bot.dialogue.turn import Asked, Erase, Follow, Turn
from bot.dialogue.young import young
from bot.unanswered.missed import Missed
from scheduler.calendar import local_date
from scheduler.interest import topic_of
from storage.interest.marks import Mark
from storage.interest.rule import Measure
from storage.interest.units import township
from storage.residents import Resident

Thing = tuple[Measure, str, str]
"""What was done, with a topic and a programme (or nothing)."""

_VERDICTS = {"helpful": Measure.HELPFUL, "unhelpful": Measure.UNHELPFUL}


def marks_of(asked: Asked, turn: Turn, missed: Missed | None, who: Resident) -> tuple[Mark, ...]:
    """Return the marks of a turn; none of a plea, and none of who asked to be erased or is a child."""
    if turn.alone or young(asked.text) or any(isinstance(change, Erase) for change in turn.changes):
        return ()
    month, home = local_date(asked.now).replace(day=1), township(who.home)
    return tuple(
        Mark(month, who.id, *thing, home, who.channel) for thing in dict.fromkeys(_things(asked, turn, missed))
    )


def _things(asked: Asked, turn: Turn, missed: Missed | None) -> Iterator[Thing]:
    if turn.kind == "answer":
        yield from _of(asked, Measure.ASKED, turn.programmes[0] if turn.programmes else None)
    if missed is not None:
        yield Measure.UNANSWERED, missed.topic, ""
    if turn.judged:
        yield from _of(asked, _VERDICTS[turn.judged], asked.state.fresh(asked.now).in_hand)
    for change in turn.changes:
        if isinstance(change, Follow):
            yield from _followed(asked, change)


def _of(asked: Asked, measure: Measure, programme: str | None) -> Iterator[Thing]:
    found = asked.know.library.programmes.get(programme or "")
    if found is not None:
        yield measure, topic_of(found, asked.know.library), found.id


def _followed(asked: Asked, change: Follow) -> Iterator[Thing]:
    """Only what was not followed before is new; a place is no topic."""
    what = change.what
    if any((one.kind, one.subject) == (what.kind, what.subject) for one in asked.person.follows):
        return
    if what.kind == "programme":
        yield from _of(asked, Measure.SUBSCRIBED, what.subject)
    elif what.kind == "topic":
        yield Measure.SUBSCRIBED, what.subject, ""
