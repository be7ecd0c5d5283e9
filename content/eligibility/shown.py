"""The messages of the guide: a question, the result in three groups, one group. No channel's form is in them."""

from collections.abc import Mapping, Sequence

from content.behind import card_option
from content.eligibility.bearing import Bearing, Judged
from content.eligibility.household import UNKNOWN, UNSAID
from content.library import Library
from content.message import Message, Option, Text
from content.render import numbered_options, say
from content.tables import Fact

SHOWN = (Bearing.CONCERNS, Bearing.UNCLEAR, Bearing.NOT_MEANT)
FIRST_CARDS = 5
MOST_CARDS = 8
"""Cards of a group that are listed as they are; a longer group is shown by topic."""

Row = tuple[str, int]
"""A programme, and how many conditions are met where its clauses state more than one; else 0."""

Found = Mapping[str, Sequence[Row]]
"""The result by group: all that is left when the answers are gone."""


def found(groups: Mapping[Bearing, Sequence[Judged]]) -> dict[str, tuple[Row, ...]]:
    """Keep of a result what is shown of it."""
    return {bearing.value: tuple(_row(one) for one in groups[bearing]) for bearing in SHOWN}


def _row(one: Judged) -> Row:
    return one.matter.programme.id, one.met if len(one.matter.named) > 1 else 0


def question(fact: Fact, number: int, *sentences: str) -> Message:
    """One question with its answers, 不知道, 不想说 and the way to the result."""
    answers = [(label, f"family-is:{fact.id}.{answer}") for answer, label in fact.answers.items()]
    answers += [(say("family", one), f"family-is:{fact.id}.{one}") for one in (UNKNOWN, UNSAID)]
    text = say("family", "question", number=number, question=fact.question)
    options = numbered_options(*answers, (say("family", "enough"), "family-enough"))
    return Message(blocks=tuple(Text(text=one) for one in (*sentences, text)), options=options)


def result(library: Library, rows: Found, everyone: int) -> Message:
    """The sizes of the groups, the first cards, and that this is no check."""
    sizes = [(bearing.value, len(_there(library, rows, bearing.value))) for bearing in SHOWN]
    sizes = [(name, count) for name, count in sizes if count]
    first = _there(library, rows, Bearing.CONCERNS.value)[:FIRST_CARDS]
    sentences = [say("family", "done", found=bool(first)), *(say("family", _macro(name), count=n) for name, n in sizes)]
    sentences += [say("family", "everyone", count=everyone), say("family", "forgotten"), say("family", "end")]
    more = [(say("family", f"{_macro(name)}_all", count=count), f"family-group:{name}") for name, count in sizes]
    options = (*_cards(library, first), *numbered_options(*more, (say("labels", "topics"), "topics")))
    return Message(blocks=tuple(Text(text=one) for one in sentences), options=options)


def group(library: Library, rows: Found, name: str, topic: str) -> Message | None:
    """One group, or its part in a topic; None where there is none."""
    inside = [row for row in _there(library, rows, name) if topic in ("", library.programmes[row[0]].topic)]
    if not inside:
        return None
    options = _cards(library, inside) if topic or len(inside) <= MOST_CARDS else _topics(library, inside, name)
    sentences = (say("family", _macro(name), count=len(inside)), say("family", f"{_macro(name)}_about"))
    back = numbered_options((say("family", "result"), "family-result"))
    blocks = tuple(Text(text=one) for one in (*sentences, say("family", "end")))
    return Message(blocks=blocks, options=(*options, *back))


def _there(library: Library, rows: Found, name: str) -> list[Row]:
    """The cards of a group that still exist."""
    return [row for row in rows.get(name, ()) if row[0] in library.programmes]


def _macro(name: str) -> str:
    return name.replace("-", "_")


def _topics(library: Library, rows: Sequence[Row], name: str) -> tuple[Option, ...]:
    """The topics of a group, in the order of their first card."""
    topics = [library.programmes[id_].topic for id_, _ in rows]
    each = [(library.topics[one].name, topics.count(one), one) for one in dict.fromkeys(topics)]
    return numbered_options(
        *((say("family", "topic", name=n, count=c), f"family-group:{name}.{one}") for n, c, one in each)
    )


def _cards(library: Library, rows: Sequence[Row]) -> tuple[Option, ...]:
    """Cards by their short names; 符合X条 only where clauses state more than one condition."""
    return tuple(_card(card_option(library.programmes[id_]), met) for id_, met in rows)


def _card(option: Option, met: int) -> Option:
    return (
        option.model_copy(update={"label": say("family", "agreed", short=option.label, count=met)}) if met else option
    )
