"""看看哪些事跟我家有关: a few questions to tap, then what may concern the family. No check of anybody.

Answers live in the conversation's state only, until the result is shown or something else is talked about; then they are
dropped, and only the list of cards is left for as long as any list.
"""

from dataclasses import replace

from bot.dialogue import topics as browsing
from bot.dialogue.cards import place_of
from bot.dialogue.reply import PAGE, chat, turn
from bot.dialogue.state import Guide
from bot.dialogue.turn import Asked, Turn
from content import eligibility
from content.behind import card_option
from content.eligibility import UNKNOWN, UNSAID, Bearing, Household, Judged
from content.message import Message, Option, Text
from content.programme import Programme
from content.render import numbered_options, say
from content.search.bands import Band
from content.tables import Fact

SHOWN = (Bearing.CONCERNS, Bearing.UNCLEAR, Bearing.NOT_MEANT)
FIRST_CARDS = 5
LONGEST_ANSWER = 12
"""A longer text that is no answer is a question of its own."""


def way() -> tuple[Option, ...]:
    """Offer the guide."""
    return numbered_options((say("family", "option"), "family"))


def topics(asked: Asked) -> Turn:
    """Browse by topic, with the guide offered first."""
    browsed = browsing.topics(asked)
    shown = browsed.message.options[:-1] if browsed.state.more else browsed.message.options
    message = browsed.message.model_copy(update={"options": (*way(), *shown, *browsed.state.more)})
    return turn(asked, message, asked.state)


def begin(asked: Asked) -> Turn:
    """Put the first question."""
    return _next(asked, {}, say("family", "begin", most=eligibility.MOST_QUESTIONS))


def said(asked: Asked, argument: str) -> Turn:
    """Take an answer, FACT.ANSWER. One from an old message goes back to that question, or begins with it."""
    id_, _, answer = argument.partition(".")
    fact = asked.know.library.facts.get(id_)
    if fact is None or answer not in (*fact.answers, UNKNOWN, UNSAID):
        return chat(asked, say("talk", "gone_card"))
    before = asked.state.guide.answers if asked.state.guide else {}
    return _next(asked, eligibility.consistent({**before, id_: answer}, asked.know.library.facts))


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
    """Put the question again where a short text is neither an answer nor a question that finds anything."""
    fact = _put(asked)
    if fact is None or asked.state.guide is None or len(asked.text) > LONGEST_ANSWER:
        return None
    if asked.know.search.find(asked.text, place=place_of(asked)).band is not Band.NONE:
        return None
    return _question(asked, asked.state.guide, fact, say("family", "unheard"))


def enough(asked: Asked) -> Turn:
    """够了，看结果."""
    guide = asked.state.guide
    return _finished(asked, guide.answers) if guide and guide.put else result(asked)


def result(asked: Asked) -> Turn:
    """Show the result again, for as long as its list is kept; else begin."""
    guide = asked.state.guide
    return _result(asked, guide) if guide and guide.found else begin(asked)


def group(asked: Asked, argument: str) -> Turn:
    """Show one group of the result, BEARING or BEARING.TOPIC; a long one by topic first."""
    name, _, topic = argument.partition(".")
    rows = _rows(asked, name)
    if not rows:
        return result(asked)
    inside = [row for row in rows if topic in ("", row[0].topic)]
    options = _topics(asked, name, rows) if not topic and len(rows) >= PAGE else tuple(_card(*row) for row in inside)
    sentence = name.replace("-", "_")
    said_ = (say("family", sentence, count=len(inside)), say("family", f"{sentence}_about"), say("family", "end"))
    back = numbered_options((say("family", "result"), "family-result"))
    return chat(asked, *said_, options=(*options, *back))


def left(asked: Asked, done: Turn) -> Turn:
    """Forget the answers once something else is talked about: another list stands, and the guide did not put it."""
    guide = done.state.guide
    if guide is None or not guide.put or guide is not asked.state.guide or done.state.options == asked.state.options:
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
    return _question(asked, Guide(put=fact.id, answers=answers), fact, *sentences)


def _question(asked: Asked, guide: Guide, fact: Fact, *sentences: str) -> Turn:
    question = say("family", "question", number=len(guide.answers) + 1, question=fact.question)
    answers = [(label, f"family-is:{fact.id}.{answer}") for answer, label in fact.answers.items()]
    answers += [(say("family", one), f"family-is:{fact.id}.{one}") for one in (UNKNOWN, UNSAID)]
    options = numbered_options(*answers, (say("family", "enough"), "family-enough"))
    blocks = tuple(Text(text=sentence) for sentence in (*sentences, question))
    state = asked.state.model_copy(update={"guide": guide, "waiting": ""})
    return turn(asked, Message(blocks=blocks, options=options), state)


def _finished(asked: Asked, answers: dict[str, str]) -> Turn:
    """Hold the answers against all programmes; from here on they are gone."""
    library = asked.know.library
    household = Household(answers, library.facts)
    judged = [eligibility.judge(one, household) for one in eligibility.matters(library, place_of(asked))]
    groups = eligibility.grouped(judged, library.facts)
    found = {bearing.value: tuple(_found(one) for one in groups[bearing]) for bearing in SHOWN}
    return _result(asked, Guide(found=found))


def _found(one: Judged) -> tuple[str, int]:
    """Keep which card, and how many conditions are met where a programme's clauses state more than one."""
    return one.matter.programme.id, one.met if len(one.matter.named) > 1 else 0


def _result(asked: Asked, guide: Guide) -> Turn:
    """Three groups with their sizes, the first cards, and that this is no check."""
    asked = replace(asked, state=asked.state.model_copy(update={"guide": guide, "waiting": ""}))
    rows = {one.value: _rows(asked, one.value) for one in SHOWN}
    sizes = [(name.replace("-", "_"), len(group_)) for name, group_ in rows.items() if group_]
    first = rows[Bearing.CONCERNS.value]
    everyone = eligibility.for_everyone(asked.know.library, place_of(asked))
    sentences = [say("family", "done", none=not first), *(say("family", name, count=count) for name, count in sizes)]
    sentences += [say("family", "everyone", count=everyone), say("family", "forgotten"), say("family", "end")]
    more = [(say("family", f"{name}_all", count=count), f"family-group:{name.replace('_', '-')}") for name, count in sizes]
    browse = (say("labels", "topics"), "topics")
    options = (*(_card(*row) for row in first[:FIRST_CARDS]), *numbered_options(*more, browse))
    return chat(asked, *sentences, options=options)


def _rows(asked: Asked, name: str) -> list[tuple[Programme, int]]:
    """The cards of a group that are still there, with the number of conditions that they meet."""
    found = asked.state.guide.found.get(name, ()) if asked.state.guide else ()
    known = asked.know.library.programmes
    return [(known[id_], met) for id_, met in found if id_ in known]


def _topics(asked: Asked, name: str, rows: list[tuple[Programme, int]]) -> tuple[Option, ...]:
    """Topics of a long group, in the order of their first card."""
    counts: dict[str, int] = {}
    for programme, _ in rows:
        counts[programme.topic] = counts.get(programme.topic, 0) + 1
    called = {topic: asked.know.library.topics[topic].name for topic in counts}
    pairs = [(say("family", "topic", name=called[one], count=n), f"family-group:{name}.{one}") for one, n in counts.items()]
    return numbered_options(*pairs)


def _card(programme: Programme, met: int) -> Option:
    option = card_option(programme)
    return option.model_copy(update={"label": say("family", "agreed", short=option.label, count=met)}) if met else option
