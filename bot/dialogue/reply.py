"""Build turns: what most of the things a resident can do end with."""

from bot.dialogue.state import State
from bot.dialogue.turn import Asked, Change, Kind, Turn
from content.message import Message, Option, Text
from content.render import numbered_options, say

PAGE = 9
"""Options on one page: one digit each."""


SURE = {"erase": "erase-sure", "forget-place": "forget-place-sure"}
"""Commands that ask before they delete, and wait under their name, and the action that deletes: never a digit."""


def sure(command: str) -> tuple[Option, ...]:
    """Offer to keep what a command deletes, or to delete it."""
    return numbered_options((say("labels", "keep"), "keep"), (say("labels", "erase_sure"), SURE[command]))


def chat(asked: Asked, *sentences: str, options: tuple[Option, ...] = (), changes: tuple[Change, ...] = ()) -> Turn:
    """Say sentences that show no card; the programme in hand stays in hand."""
    message = Message(blocks=tuple(Text(text=sentence) for sentence in sentences), options=options)
    return turn(asked, message, asked.state, changes=changes)


def turn(
    asked: Asked,
    message: Message,
    state: State,
    *,
    kind: Kind = "chat",
    changes: tuple[Change, ...] = (),
    **found: object,
) -> Turn:
    """Finish a turn: long lists are cut into pages, and the state learns what was offered and when."""
    message, more = _first_page(message)
    learned: dict[str, object] = {"last": message, "touched_at": asked.now}
    if state.waiting in SURE and all(option.action != SURE[state.waiting] for option in message.options):
        learned["waiting"] = ""  # whether to delete is open only while it is the last thing that was asked
    if message.options:
        learned |= {"options": message.options, "more": more, "listed_at": asked.now}
    return Turn(message, state.model_copy(update=learned), kind, changes, **found)  # type: ignore[arg-type]


def _first_page(message: Message) -> tuple[Message, tuple[Option, ...]]:
    if len(message.options) <= PAGE:
        return message, ()
    here, rest = message.options[: PAGE - 1], message.options[PAGE - 1 :]
    return message.model_copy(update={"options": (*here, *numbered_options((say("labels", "more"), "more")))}), rest
