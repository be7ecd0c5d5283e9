"""What was recognised in a voice message: repeated back with things to choose from, never answered straight.

Recognition mishears. Only a plea for help goes before (a phone number too many harms nobody), and what is answered with
a fixed sentence, which shows no card and changes nothing.
"""

from collections.abc import Callable, Sequence

from bot.dialogue import guard, notice, person
from bot.dialogue.ask import with_place
from bot.dialogue.cards import place_of
from bot.dialogue.hear import command
from bot.dialogue.numbers import chosen
from bot.dialogue.reply import chat, turn
from bot.dialogue.subject import leaning
from bot.dialogue.turn import Asked, Turn
from content.behind import card_option
from content.message import Message, Option, Text
from content.render import numbered_options, say
from content.search.bands import Band
from content.search.engine import Candidate
from content.search.fold import fold, fold_ours

MOST = 3
"""Cards, or places, to choose from."""

NEAR = 0.6
"""A card is offered beside the best one if its score is at least this part of the best one's."""

LONGEST_REPEATED = 60
"""Characters of what was heard that are said back."""

LABELS = {
    "erase": "erase",
    "help": "help",
    "helpful": "helpful",
    "kept": "kept",
    "more": "more",
    "others": "related",
    "place": "place",
    "previous": "back",
    "resume": "resume",
    "stop": "stop",
    "topics": "topics",
    "wrong": "unhelpful",
}
"""What a spoken command is called on the button that does it."""


def repeated(message: Message, heard: str) -> Message:
    """Say what was heard before a message. Not part of the turn: what a resident said is kept nowhere."""
    said = heard if len(heard) <= LONGEST_REPEATED else f"{heard[:LONGEST_REPEATED]}…"
    return message.model_copy(update={"blocks": (Text(text=say("voice", "heard", said=said)), *message.blocks)})


def unheard(asked: Asked, *, tried: bool) -> Turn:
    """Nothing was recognised: because nobody listens here, or because it could not be made out (`tried`)."""
    return chat(asked, say("voice", "unclear") if tried else say("talk", "voice_unheard"))


def _listed(asked: Asked) -> Turn | None:
    """A number or the words of an option of the latest list: that option, to be tapped."""
    number, said = chosen(asked.text), fold(asked.text).replace(" ", "")
    options = asked.state.options
    if number is not None and not 1 <= number <= len(options):
        return chat(asked, say("talk", "no_such_number", most=len(options)) if options else say("talk", "stale_number"))
    meant = [one for one in options if fold_ours(one.label) == said and said]
    found = [options[number - 1]] if number is not None else meant[:1]
    return _which(asked, found) if found else None


def _command(asked: Asked) -> Turn | None:
    name = command(fold(asked.text))
    if name == "family":
        return _which(asked, [Option(label=say("family", "option"), action="family")])
    return _which(asked, [Option(label=say("labels", LABELS[name]), action=name)]) if name in LABELS else None


def _place(asked: Asked) -> Turn | None:
    """The answer to "在哪个旗县": the places of that name."""
    found = asked.know.places.find(fold(asked.text)) if asked.state.waiting == "place" else ()
    options = [
        Option(label="".join(one.short for one in asked.know.places.path(place.stem))[:24], action=f"in:{place.stem}")
        for place in found[:MOST]
    ]
    return _which(asked, options) if options else None


def _cards(asked: Asked) -> Turn:
    """Up to three cards that it may have been about, or plainly none."""
    asked, words = with_place(asked)
    found = asked.know.search.find(words, place=place_of(asked), near=leaning(asked.state, words))
    if found.band is Band.NONE:
        options = numbered_options((say("labels", "topics"), "topics"))
        message = Message(
            blocks=(Text(text=say("voice", "not_found")), Text(text=say("talk", "none_ask"))), options=options
        )
        return turn(asked, message, asked.state, kind="none", found=found)
    best = _near(found.ranked or found.candidates)
    state = asked.state.model_copy(update={"passed": tuple(one.programme.id for one in best)})
    options = (*(card_option(one.programme) for one in best), *numbered_options((say("labels", "neither"), "neither")))
    message = Message(blocks=(Text(text=say("voice", "which")),), options=options)
    shown = tuple(one.programme.id for one in best if not one.programme.is_stub)
    return turn(asked, message, state, kind="choices" if shown else "none", programmes=shown, found=found)


def _near(ranked: Sequence[Candidate]) -> list[Candidate]:
    return [one for one in ranked[:MOST] if one.score >= NEAR * ranked[0].score]


def _which(asked: Asked, options: Sequence[Option]) -> Turn:
    message = Message(blocks=(Text(text=say("voice", "which")),), options=tuple(options))
    return turn(asked, message, asked.state)


STEPS: tuple[Callable[[Asked], Turn | None], ...] = (
    notice.sent_on,
    guard.plea,
    person.heard,
    guard.mongolian,
    notice.heard,
    _listed,
    _place,
    _command,
    guard.fixed,
    _cards,
)
"""In this order: as for words (bot/dialogue/core.py), without what would answer."""
