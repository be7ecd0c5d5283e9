"""A question in the resident's own words: one card, a choice, or plainly none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.dialogue import lean
from bot.dialogue.cards import place_of, show
from bot.dialogue.readers import offer
from bot.dialogue.reply import chat, turn
from bot.dialogue.subject import dropped, leaning, remembered, went
from bot.dialogue.turn import Asked, Turn
from content.behind import card_option
from content.message import Message, Option, Text
from content.programme import Programme
from content.render import numbered_options, say
from content.search.bands import MOST_CHOICES, Band
from content.search.engine import Found

_BETWEEN = re.compile(r"[?？;；\n。!！]+")
SHORTEST_QUESTION = 4
MOST_QUESTIONS = 3

GOES_ON = 0.6
"""So sure must search be where a text seems to go on with the card in hand: 那牛要打的疫苗呢, said after fishing."""


def ask(asked: Asked) -> Turn:
    """Search and answer. A place named in the question counts for this talk and changes nothing saved."""
    before = asked.state.talk_place
    asked, words = with_place(asked)
    several = _several(asked, words)
    if several is not None:
        return several
    near = leaning(asked.state, words)
    only_place = asked.state.talk_place not in (None, before) and lean.empty(words)
    if only_place and not near:
        return _noted(asked, asked.state.talk_place or "")
    if only_place or lean.bare(words) or _of_what_was_offered(asked, near, words):
        return of_talk(asked, near)
    found = asked.know.search.find(words, place=place_of(asked), near=near)
    if not found.ranked and words != asked.text:
        found = asked.know.search.find(asked.text, place=place_of(asked), near=near)
    return answered(asked, found)


def answered(asked: Asked, found: Found) -> Turn:
    """Turn what was found into a reply."""
    match found.band:
        case Band.ANSWER:
            reply = show(asked, found.candidates[0].programme.id, found.aspects)
        case Band.CHOICES if _goes_on(asked, found):
            reply = show(asked, found.candidates[0].programme.id, found.aspects)
        case Band.CHOICES:
            reply = _choices(asked, [one.programme for one in found.candidates], say("talk", "choices"))
        case Band.NONE:
            reply = _none(asked)
    kept: dict[str, object] = {"near": remembered(asked.state.near, found, asks=lean.asking(asked.text))}
    if reply.programmes:
        kept["talked"] = went(asked.state.talked, reply.programmes[0])
    return replace(reply, found=found, state=reply.state.model_copy(update=kept))


def _noted(asked: Asked, stem: str) -> Turn:
    """A text that only says where somebody is: it holds for this talk; kept only if they choose so."""
    ways = ((say("labels", "keep_place"), f"in:{stem}"), (say("labels", "topics"), "topics"))
    name = asked.know.places.get(stem).short
    return chat(asked, say("talk", "place_noted", name=name), options=numbered_options(*ways))


def of_talk(asked: Asked, near: Mapping[str, float]) -> Turn:
    """A question without a subject: which of what the talk is about? Without a talk, no card can be meant."""
    held = asked.know.library.programmes
    cards = [held[id_] for id_, _ in sorted(near.items(), key=lambda item: -item[1]) if id_ in held]
    if not cards:
        return _none(asked)
    reply = _choices(asked, cards[:MOST_CHOICES], say("talk", "choices"))
    return replace(reply, state=reply.state.model_copy(update={"near": dict(near)}))


def _goes_on(asked: Asked, found: Found) -> bool:
    """Whether the card in hand is the best, and the text says itself that it goes on with it: 那能再种几年."""
    best = found.candidates[0].programme.id
    return best == asked.state.in_hand and found.sureness >= GOES_ON and lean.same(asked.text)


def _of_what_was_offered(asked: Asked, near: Mapping[str, float], words: str) -> bool:
    """Whether nothing else is asked of, after cards of which none was chosen yet: 那上哪办去."""
    best = asked.know.library.programmes.get(max(near, key=near.__getitem__, default=""))
    asks = best is not None and lean.asking(words) and lean.leans(words, best)
    return asks and asked.state.in_hand is None


def with_place(asked: Asked) -> tuple[Asked, str]:
    """Take the places that the text names out of it; the last one is the talk's place from now on."""
    within = place_of(asked)
    named = [one for one in asked.know.places.mentions(asked.text, within) if len(one.places) == 1]
    if not named:
        return asked, asked.text
    words = asked.text
    for one in reversed(named):
        words = f"{words[: one.start]} {words[one.end :]}"
    stem = max((one.places[0].stem for one in named), key=len)
    state = asked.state.model_copy(update={"talk_place": stem})
    return replace(asked, state=state), words


def _several(asked: Asked, words: str) -> Turn | None:
    """Several questions in one message: which first? Only where each part finds a card of its own."""
    parts = [part for part in _BETWEEN.split(words) if len(part.strip()) >= SHORTEST_QUESTION]
    if len(parts) < 2:  # noqa: PLR2004
        return None
    found = [asked.know.search.find(part, place=place_of(asked)) for part in parts[: MOST_QUESTIONS + 2]]
    best = {one.candidates[0].programme.id: one.candidates[0] for one in found if one.band is Band.ANSWER}
    if len(best) < 2:  # noqa: PLR2004
        return None
    cards = [one.programme for one in best.values()][:MOST_QUESTIONS]
    return _choices(asked, cards, say("talk", "several", count=len(cards)))


def _choices(asked: Asked, offered: Sequence[Programme], question: str) -> Turn:
    """Up to three cards and 都不是; what is refused is not offered again in this search."""
    options = (*map(card_option, offered), *_neither())
    message = Message(blocks=(Text(text=question),), options=options)
    state = asked.state.model_copy(update={"passed": tuple(one.id for one in offered)})
    cards = tuple(one.id for one in offered if not one.is_stub)
    return turn(asked, message, state, kind="choices" if cards else "none", programmes=cards)


def _neither() -> tuple[Option, ...]:
    return numbered_options((say("labels", "neither"), "neither"))


def _none(asked: Asked) -> Turn:
    sentences = ("none_found", "none_ask", "none_again", "none_urgent")
    blocks = tuple(Text(text=say("talk", sentence)) for sentence in sentences)
    options = (*offer(asked.know, place_of(asked)), *numbered_options((say("labels", "topics"), "topics")))
    return turn(asked, Message(blocks=blocks, options=options), asked.state, kind="none")


def neither(asked: Asked) -> Turn:
    """None of the cards offered: say who to ask, and let them say it in other words."""
    near = dropped(asked.state.near, *asked.state.passed)
    return _none(replace(asked, state=asked.state.model_copy(update={"passed": (), "near": near})))
