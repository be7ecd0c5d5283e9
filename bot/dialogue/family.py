"""看看哪些事跟我家有关: a few questions to tap, then what may concern the family. No check of anybody.

Answers live in the conversation's state only, until the result is shown or something else is talked about; then they
are dropped, and only the list of cards is left for as long as any list.
"""

from dataclasses import replace

from bot.dialogue import topics as browsing
from bot.dialogue.cards import place_of
from bot.dialogue.reply import chat, turn
from bot.dialogue.state import Guide
from bot.dialogue.turn import Asked, Turn
from content import eligibility
from content.eligibility import UNKNOWN, UNSAID, Household, shown
from content.message import Message
from content.render import numbered_options, say
from content.search.bands import Band
from content.tables import Fact

LONGEST_ANSWER = 12
"""A longer text that is no answer is a question of its own."""


def topics(asked: Asked) -> Turn:
    """Browse by topic, with the guide offered first."""
    browsed = browsing.topics(asked)
    offered = browsed.message.options[:-1] if browsed.state.more else browsed.message.options
    way = numbered_options((say("family", "option"), "family"))
    message = browsed.message.model_copy(update={"options": (*way, *offered, *browsed.state.more)})
    return turn(asked, message, asked.state)


def begin(asked: Asked) -> Turn:
    """Put the first question."""
    return _next(asked, {}, say("family", "begin", most=eligibility.MOST_QUESTIONS))


def said(asked: Asked, argument: str) -> Turn:
    """Take an answer, FACT.ANSWER. One from an old message goes back to that question, or begins with it."""
    id_, _, answer = argument.partition(".")
    facts = asked.know.library.facts
    if id_ not in facts or answer not in (*facts[id_].answers, UNKNOWN, UNSAID):
        return chat(asked, say("talk", "gone_card"))
    before = asked.state.guide.answers if asked.state.guide else {}
    return _next(asked, eligibility.consistent({**before, id_: answer}, facts))


def heard(asked: Asked) -> Turn | None:
    """Read a typed answer to the question that was put; None where the text is none."""
    fact = _put(asked)
    if fact is None:
        return None
    if eligibility.enough(asked.text):
        return enough(asked)
    answer = eligibility.heard(fact, asked.text)
    return said(asked, f"{fact.id}.{answer}") if answer else None


def unheard(asked: Asked) -> Turn | None:
    """Put the question again where a short text is neither an answer nor a question that finds a card."""
    fact, guide = _put(asked), asked.state.guide
    if fact is None or guide is None or len(asked.text) > LONGEST_ANSWER:
        return None
    if asked.know.search.find(asked.text, place=place_of(asked)).band is Band.ANSWER:
        return None
    return _say(asked, shown.question(fact, len(guide.answers) + 1, say("family", "unheard")), guide)


def enough(asked: Asked) -> Turn:
    """够了，看结果."""
    guide = asked.state.guide
    return _finished(asked, guide.answers) if guide and guide.put else result(asked)


def result(asked: Asked) -> Turn:
    """Show the result (again, for as long as its list is kept); else begin."""
    guide = asked.state.guide
    if guide is None or not guide.found:
        return begin(asked)
    library = asked.know.library
    everyone = eligibility.for_everyone(library, place_of(asked))
    return _say(asked, shown.result(library, guide.found, everyone), guide)


def group(asked: Asked, argument: str) -> Turn:
    """Show one group of the result, BEARING or BEARING.TOPIC."""
    name, _, topic = argument.partition(".")
    guide = asked.state.guide or Guide()
    message = shown.group(asked.know.library, guide.found, name, topic)
    return _say(asked, message, guide) if message else result(asked)


def left(asked: Asked, done: Turn) -> Turn:
    """Forget the answers once something else is talked about: another list stands, and the guide did not put it."""
    guide = done.state.guide
    if guide is None or not guide.put or guide is not asked.state.guide or done.message.options == asked.state.options:
        return done
    return replace(done, state=done.state.model_copy(update={"guide": None}))


def _put(asked: Asked) -> Fact | None:
    """The question that waits for an answer."""
    return asked.know.library.facts.get(asked.state.guide.put) if asked.state.guide else None


def _next(asked: Asked, answers: dict[str, str], *sentences: str) -> Turn:
    library = asked.know.library
    matters = eligibility.matters(library, place_of(asked))
    fact = eligibility.next_question(matters, Household(answers, library.facts))
    if fact is None:
        return _finished(asked, answers)
    return _say(asked, shown.question(fact, len(answers) + 1, *sentences), Guide(put=fact.id, answers=answers))


def _finished(asked: Asked, answers: dict[str, str]) -> Turn:
    """Hold the answers against all programmes; from here on they are gone."""
    library = asked.know.library
    household = Household(answers, library.facts)
    judged = [eligibility.judge(one, household) for one in eligibility.matters(library, place_of(asked))]
    guide = Guide(found=shown.found(eligibility.grouped(judged, library.facts)))
    return result(replace(asked, state=asked.state.model_copy(update={"guide": guide})))


def _say(asked: Asked, message: Message, guide: Guide) -> Turn:
    return turn(asked, message, asked.state.model_copy(update={"guide": guide, "waiting": ""}))
