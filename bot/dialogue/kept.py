"""What is kept about me, erase, stop: always a word, never a digit alone."""

from dataclasses import replace

from bot.dialogue.reply import chat
from bot.dialogue.state import State
from bot.dialogue.turn import Asked, Erase, Resume, Stop, Turn
from content.message import Option
from content.render import numbered_options, say


def kept(asked: Asked) -> Turn:
    """Show everything that is kept, in words, and how to delete it."""
    if asked.person.since is None:
        return chat(asked, say("talk", "kept_nothing"), say("talk", "kept_never"))
    options = numbered_options((say("labels", "erase"), "erase"), (say("labels", "place"), "place"))
    lines = [line for line in say("talk", "kept", **_facts(asked)).splitlines() if line]
    return chat(asked, *lines, say("talk", "kept_never"), options=options)


def _facts(asked: Asked) -> dict[str, object]:
    hand = asked.know.library.programmes.get(asked.state.in_hand or "")
    return {
        "channel": asked.person.channel,
        "since": asked.person.since,
        "places": [asked.know.places.get(stem).short for stem in asked.person.places],
        "stopped": asked.person.stopped,
        "hand": hand.short if hand else "",
    }


def erase(asked: Asked) -> Turn:
    """Ask once more before deleting; a bare digit can't confirm it, so nothing is lost by a slip."""
    state = asked.state.model_copy(update={"waiting": "erase"})
    return chat(replace(asked, state=state), say("talk", "erase_sure"), options=_sure())


def erase_sure(asked: Asked) -> Turn:
    """Delete."""
    return chat(replace(asked, state=State()), say("talk", "erased"), changes=(Erase(),))


def keep(asked: Asked) -> Turn:
    """不删了."""
    return chat(replace(asked, state=asked.state.model_copy(update={"waiting": ""})), say("talk", "not_erased"))


def stop(asked: Asked) -> Turn:
    """Send nothing unasked; questions are still answered."""
    return chat(asked, say("talk", "stopped"), changes=(Stop(),))


def resume(asked: Asked) -> Turn:
    """Undo a stop."""
    return chat(asked, say("talk", "resumed"), changes=(Resume(),))


def _sure() -> tuple[Option, ...]:
    return numbered_options((say("labels", "keep"), "keep"), (say("labels", "erase_sure"), "erase-sure"))
