"""What a turn teaches that found no card: its nearest topic, and perhaps a text to look at."""

from dataclasses import dataclass, field

from bot.dialogue.turn import Asked, Erase, Turn
from content.search.bands import Band
from scheduler.interest import topic_of


@dataclass(frozen=True)
class Missed:
    """A question without an answer. `text` is as it was written: it must go no further than `keepable`.

    `topic` is what it counts under: what is nearest to a sensitive programme goes the programme's way.
    """

    topic: str
    text: str | None = field(default=None, repr=False)


def missed(asked: Asked, turn: Turn) -> Missed | None:
    """Say what a turn teaches; None where it answered, where nothing was asked, and of a child."""
    if turn.kind != "none" or turn.alone or any(isinstance(change, Erase) for change in turn.changes):
        return None
    if turn.found is None:
        return _refused(asked)
    ranked, library = turn.found.ranked, asked.know.library
    text = asked.text if turn.found.band is Band.NONE and not asked.action else None
    return Missed(topic_of(ranked[0].programme, library), text) if ranked else None


def _refused(asked: Asked) -> Missed | None:
    """都不是: nobody keeps what was asked, so only the topic of the first card offered is known."""
    passed = asked.state.fresh(asked.now).passed
    first = asked.know.library.programmes.get(passed[0]) if passed else None
    return Missed(topic_of(first, asked.know.library)) if first else None
