"""What comes before everything else: pleas for help, Mongolian letters, and what is answered with a fixed sentence."""

from dataclasses import replace

from bot.dialogue import hear, lean, pleas
from bot.dialogue.cards import place_of
from bot.dialogue.likely import clearly, likely, unlikely
from bot.dialogue.reply import chat, turn
from bot.dialogue.state import State
from bot.dialogue.turn import Asked, Turn
from content.message import Message, Option, Text
from content.render import numbered_options, say
from content.search.fold import fold

CERTAIN = 0.85
"""Search this sure of its card is believed rather than the model that hears likely pleas."""


def plea(asked: Asked) -> Turn | None:
    """Phone first, one screen, no options; what was in hand is let go."""
    kind = clearly(asked.text) or _by_pattern(asked.text)
    return _phone_first(asked, kind) if kind else None


def _by_pattern(text: str) -> str | None:
    kind = pleas.plea(text)
    return None if kind and unlikely(text) else kind


def perhaps(asked: Asked) -> Turn | None:
    """What is most like a plea though no pattern knows it, where search does not know an answer either."""
    kind = None if lean.bare(asked.text) else likely(asked.text)
    if kind is None or asked.know.search.find(asked.text, place=place_of(asked)).sureness >= CERTAIN:
        return None
    return _phone_first(asked, kind)


def _phone_first(asked: Asked, kind: str) -> Turn:
    first, *rest = say("pleas", kind).splitlines()
    blocks = (Text(text=first, strong=True), *(Text(text=line) for line in rest), Text(text=say("pleas", "machine")))
    return replace(turn(asked, Message(blocks=blocks), State()), alone=True)


def mongolian(asked: Asked) -> Turn | None:
    """A fixed respectful reply to Mongolian letters; a text without letters of any kind gets a gentle hint."""
    if hear.mongolian(asked.text):
        return chat(asked, say("talk", "mongolian"))
    return None if fold(asked.text) else chat(asked, say("talk", "empty"))


def fixed(asked: Asked) -> Turn | None:
    """Leaders and politics, attempts at command, abuse, greetings, thanks, questions about the bot, personal cases."""
    kind = hear.guarded(fold(asked.text))
    if kind == "about_bot" and asked.state.in_hand and lean.bare(asked.text):
        return None  # 你说得太绕了，用大白话讲: of the card, not of us
    match kind:
        case None:
            return None
        case "about_bot":
            return chat(asked, say("talk", "about_bot", service=asked.know.service), options=_ways(asked))
        case "greeting":
            return chat(asked, say("talk", "greeting"), options=_ways(asked))
        case "personal":
            return _personal(asked)
        case "repeat":
            return _repeat(asked)
        case _:
            return chat(asked, say("talk", kind))


def _ways(_: Asked) -> tuple[Option, ...]:
    return numbered_options((say("labels", "topics"), "topics"), (say("labels", "help"), "help"))


def _personal(asked: Asked) -> Turn:
    """A personal case: nobody's account can be seen here; the programme's office can look it up."""
    found = asked.know.search.find(asked.text)
    ask = found.candidates[0].programme.ask if found.candidates else ("village-committee",)
    contacts = [asked.know.library.contacts[name] for name in ask]
    offices = [one.name for one in contacts if one.kind == "office"]
    nearest = dict.fromkeys((offices[0], offices[-1]))
    return chat(asked, say("talk", "personal", offices=list(nearest)), say("talk", "personal_bank"))


def _repeat(asked: Asked) -> Turn:
    if asked.state.last is None:
        return chat(asked, say("talk", "nothing_said"))
    return turn(asked, asked.state.last, asked.state)
