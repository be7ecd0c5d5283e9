"""Decide whether a question that found no card may be kept: only what is surely a question about a policy."""

from bot.dialogue import hear, pleas
from bot.dialogue.likely import likely
from bot.dialogue.young import young
from bot.unanswered.strip import strip
from bot.unanswered.table import patterns
from bot.unanswered.vocabulary import Vocabulary
from content.places import Places
from content.search.fold import fold

LONGEST = 40
"""Characters of what is left: a longer text tells a story, and stories are about somebody."""

SHORTEST = 4

FEW = 9
"""Characters of a text that asks without a question."""


def keepable(text: str, places: Places, words: Vocabulary) -> str | None:
    """Give what may be kept of a text, without names, numbers and places; None where nothing may."""
    copy = fold(text).replace(" ", "")
    if len(text) > LONGEST * 2 or not SHORTEST <= len(copy) <= LONGEST or _refused(text, copy):
        return None
    stripped = strip(text, places, words)
    left = stripped.bare()
    if stripped.someone or len(left) < SHORTEST or not _asks(left):
        return None
    return stripped.worded() if len(stripped.worded()) <= LONGEST else None


def _asks(left: str) -> bool:
    """Whether this is a question about a policy, or a few words that can only be one: 鹿茸加工补贴."""
    table = patterns()
    if not table.asking.search(left):
        return False
    return bool(table.question.search(left)) or (len(left) <= FEW and not table.statement.search(left))


def _refused(text: str, copy: str) -> bool:
    """Pleas, what a child says, people, personal cases, complaints, belief, origin, politics, abuse; commands."""
    if patterns().never.search(copy) or young(text) or hear.mongolian(text):
        return True
    if pleas.met(text) or likely(text) is not None:
        return True
    return hear.guarded(fold(text)) is not None or hear.command(fold(text)) is not None
