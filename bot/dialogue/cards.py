"""Show a card and what stands behind it."""

from collections.abc import Callable, Sequence

from bot.dialogue.readers import offer
from bot.dialogue.reply import chat, turn
from bot.dialogue.state import State
from bot.dialogue.subject import shown, went
from bot.dialogue.turn import Asked, Turn
from bot.dialogue.windows import lines_of, nearer_offer, remind_offer
from content import behind
from content.answer import first_message
from content.card import Card
from content.message import Heading, Message, Option, Text
from content.places.place import to_stem
from content.render import numbered_options, say
from scheduler.calendar import local_date

BEHIND: dict[str, Callable[[Card], Message]] = {
    "quotes": behind.quotes,
    "before": behind.before,
    "unstated": behind.unstated,
    "related": behind.related,
    "ask": behind.ask,
    "local": behind.local,
}


def place_of(asked: Asked) -> str | None:
    """The place that counts now: one named in this talk, else home."""
    return asked.state.talk_place or (asked.person.places[0] if asked.person.places else None)


def card_of(asked: Asked, id_: str) -> Card | None:
    """The card as this resident sees it today; None where it does not exist any more."""
    programme = asked.know.library.programmes.get(id_)
    if programme is None:
        return None
    place = place_of(asked)
    return Card(programme, asked.know.library, place, local_date(asked.now), lines_of(asked, programme, place))


def show(asked: Asked, id_: str, aspects: Sequence[str] = ()) -> Turn:
    """Answer with a card; it is in hand from now on. A stub is no answer: it says that there is no document."""
    card = card_of(asked, id_)
    if card is None:
        return chat(asked, say("talk", "gone_card"))
    reminders = remind_offer(asked, card.programme, place_of(asked))
    nearer, where = nearer_offer(asked, card.programme, place_of(asked))
    message = first_message(card, aspects, also=nearer)
    first = (*local_options(asked, card), *where, *reminders)
    options = (*first, *message.options, *offer(asked.know, place_of(asked)))
    message = message.model_copy(update={"options": options})
    state = taken(asked.state, id_)
    if card.programme.is_stub and not card.local:
        return turn(asked, message, state, kind="none")
    return turn(asked, message, state, kind="answer", programmes=(id_,))


def taken(state: State, id_: str) -> State:
    """Take a programme in hand: what is said next leans on it, and 上一个 leads back to the one before."""
    before = state.in_hand if state.in_hand != id_ else state.before_it
    talk = {"near": shown(state.near, id_), "talked": went(state.talked, id_)}
    return state.model_copy(update={"in_hand": id_, "before_it": before, "waiting": "", **talk})


def local_options(asked: Asked, card: Card) -> tuple[Option, ...]:
    """Ask for the place only where it changes the answer: a city's own document says more."""
    if place_of(asked) is not None:
        return ()
    names = [(asked.know.places.get(code).short, to_stem(code)) for code in card.elsewhere]
    return numbered_options(*((say("labels", "in_place", name=name), f"here:{stem}") for name, stem in names))


def part(asked: Asked, verb: str, id_: str) -> Turn:
    """Show what stands behind a card: 看原话, 以前怎么说, 文件没写啥, 相关的, 问谁."""
    card = card_of(asked, id_)
    if card is None:
        return chat(asked, say("talk", "gone_card"))
    state = taken(asked.state, id_)
    message = BEHIND[verb](card)
    if verb == "quotes":
        message = message.model_copy(update={"options": (*_whole(asked, card), *message.options)})
    return turn(asked, message, state, kind="answer", programmes=(id_,))


def _whole(asked: Asked, card: Card) -> tuple[Option, ...]:
    """Offer the whole clauses, where the deployment has imported the document."""
    held = {
        (item.source.doc, item.source.clause): item.source for item in card.told if item.source.doc in asked.know.texts
    }
    labels = (
        (say("labels", "whole", where=card.where(one)), f"clause:{one.doc},{one.clause}") for one in held.values()
    )
    return numbered_options(*labels)


def clause(asked: Asked, which: str) -> Turn:
    """Show a whole clause of a document that the deployment has imported."""
    doc, _, key = which.partition(",")
    text = asked.know.texts[doc].get(key) if doc in asked.know.texts else None
    if text is None:
        return chat(asked, say("talk", "gone_card"))
    blocks = (Heading(text=asked.know.library.documents[doc].label(key)), Text(text=text))
    back = numbered_options((say("labels", "back"), f"card:{asked.state.in_hand}")) if asked.state.in_hand else ()
    return turn(asked, Message(blocks=blocks, options=back), asked.state)


def here(asked: Asked, stem: str) -> Turn:
    """See the card in hand as residents of a place see it; nothing is saved. Raises PlaceError for no such place."""
    state = asked.state.model_copy(update={"talk_place": asked.know.places.stem_of(stem)})
    moved = Asked(asked.know, asked.person, state, asked.now)
    return show(moved, state.in_hand) if state.in_hand else chat(moved, say("talk", "nothing_said"))
