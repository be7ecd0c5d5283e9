"""What is kept about me, erase, stop: always a word, never a digit alone. And of a child nothing is kept."""

import re
from dataclasses import replace

from bot.dialogue import following, person, place
from bot.dialogue.reply import SURE, chat, sure
from bot.dialogue.state import State
from bot.dialogue.turn import Asked, Erase, Resume, Stop, Turn
from content.message import Message, Option, Text
from content.render import numbered_options, say
from content.search.fold import fold

_YES = re.compile(
    r"(是|是的|对|确定|确认|行|好|好的|嗯|就)*(全|都)?(删|清)(除|掉|了|空|吧)*|是|是的|对|对的|确定|确认|要删"
)
_NO = re.compile(
    r"(先|那|我)*(不|别|不要|不用)(删|清|要|用)?(除|掉|了|吧)*|算了?吧?|留着吧?|不是|没有|取消|点错了|按错了"
)


def kept(asked: Asked) -> Turn:
    """Show everything that is kept, in words, and how to delete it."""
    if asked.person.since is None:
        return chat(asked, say("talk", "kept_nothing"), *_never(asked))
    options = numbered_options((say("labels", "erase"), "erase"), (say("labels", "place"), "place"))
    lines = [line for line in say("talk", "kept", **_facts(asked)).splitlines() if line]
    followed = following.kept(asked)
    lines += [*followed, *([say("remind", "kept")] if followed else []), *person.kept(asked)]
    return chat(asked, *lines, *_never(asked), options=options)


def _never(asked: Asked) -> tuple[str, ...]:
    """What is never kept, and the one thing that is kept of nobody."""
    never = say("person", "kept_never") if asked.person.tickets else say("talk", "kept_never")
    return (never, say("talk", "kept_unanswered")) if asked.know.service.learns else (never,)


def _facts(asked: Asked) -> dict[str, object]:
    hand = asked.know.library.programmes.get(asked.state.in_hand or "")
    return {
        "channel": asked.person.channel,
        "since": asked.person.since,
        "places": [asked.know.places.get(stem).short for stem in asked.person.places],
        "stopped": asked.person.stopped,
        "hand": hand.short if hand else "",
    }


def heard(asked: Asked) -> Turn | None:
    """Read the answer to the question whether to delete, all or the places; None where the text is none."""
    said = fold(asked.text).replace(" ", "")
    if asked.state.waiting not in SURE:
        return None
    if _YES.fullmatch(said):
        return erase_sure(asked) if asked.state.waiting == "erase" else place.forget_sure(asked)
    return keep(asked) if _NO.fullmatch(said) else None


def erase(asked: Asked) -> Turn:
    """Ask once more before deleting; a bare digit can't confirm it, so nothing is lost by a slip."""
    state = asked.state.model_copy(update={"waiting": "erase"})
    return chat(replace(asked, state=state), say("talk", "erase_sure"), options=sure("erase"))


def erase_sure(asked: Asked) -> Turn:
    """Delete."""
    return chat(replace(asked, state=State()), say("talk", "erased"), changes=(Erase(),))


def keep(asked: Asked) -> Turn:
    """不删了."""
    return chat(replace(asked, state=asked.state.model_copy(update={"waiting": ""})), say("talk", "not_erased"))


def of_a_child(asked: Asked, turn: Turn) -> Turn:
    """Under 14: answered, and nothing kept.

    Where more is kept than the talk, it is asked first: an adult, mistaken for a child, would lose places, reminders
    and questions, and never know. A plea stands alone, so nothing is asked under it.
    """
    who = asked.person
    if not (who.places or who.follows or who.tickets):
        told = "under_age_alone" if turn.alone else "under_age"  # whoever is beaten at home is not sent to the family
        return replace(turn, message=_and(turn.message, told), changes=(Erase(),))
    if turn.alone:
        return replace(turn, changes=())
    message = _and(turn.message, "under_age_sure", *turn.message.options, *sure("erase"))
    learned = {"waiting": "erase", "last": message, "options": message.options, "listed_at": asked.now}
    return replace(turn, message=message, state=turn.state.model_copy(update=learned), changes=())


def _and(message: Message, sentence: str, *options: Option) -> Message:
    blocks = (*message.blocks, Text(text=say("talk", sentence)))
    return message.model_copy(update={"blocks": blocks, "options": options or message.options})


def stop(asked: Asked) -> Turn:
    """Send nothing unasked; questions are still answered."""
    return chat(asked, say("talk", "stopped"), changes=(Stop(),))


def resume(asked: Asked) -> Turn:
    """Undo a stop."""
    return chat(asked, say("talk", "resumed"), changes=(Resume(),))
