"""Say why a card won, in words that an editor can act on."""

from content.render import say
from content.search.bands import Band
from content.search.engine import Candidate, Found

_WORDED = {Band.ANSWER: "answer", Band.CHOICES: "choices", Band.NONE: "no_card"}


def explain(found: Found) -> str:
    """Explain a search: what was compared, the best cards with their best rows, and what would change it."""
    lines = [say("explain", "copy", copy=found.copy), *(_candidate(one) for one in found.ranked)]
    lines.append(say("explain", _WORDED[found.band]))
    return "\n".join(lines)


def _candidate(one: Candidate) -> str:
    values = {"short": one.programme.short, "id": one.programme.id, "row": one.row}
    return say("explain", "candidate", score=one.score, characters=one.characters, sounds=one.sounds, **values)
