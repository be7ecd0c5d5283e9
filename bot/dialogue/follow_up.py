"""What is asked of the programme in hand: 那多少钱, 找谁办, 鄂尔多斯呢, 以前咋说, 还有呢, 上一个, 不是这个."""

from collections.abc import Sequence
from dataclasses import replace

from bot.dialogue import days, lean
from bot.dialogue.ask import neither, of_talk, with_place
from bot.dialogue.cards import card_of, part, show, taken
from bot.dialogue.reply import chat, turn
from bot.dialogue.subject import dropped, led_back, without_way_back
from bot.dialogue.turn import Asked, Turn
from content.answer import aspect_message
from content.behind import card_option
from content.message import Message, Text
from content.render import numbered_options, say

BEHIND = {"before": "before", "quotes": "quotes", "phone": "ask"}
"""What is asked for that stands behind the card, not in it."""


def follow_up(asked: Asked) -> Turn | None:
    """Answer what names no subject from the programme in hand; all else is a search that leans on the talk."""
    earlier = led_back(asked.state, asked.text)
    id_ = earlier or asked.state.in_hand
    card = card_of(asked, id_) if id_ else None
    if card is None:
        return None
    moved, words = with_place(asked)
    if earlier is not None:
        moved, words = replace(moved, state=taken(moved.state, earlier)), without_way_back(words)
    if not lean.leans(words, card.programme):
        return None
    return of_hand(moved, card.programme.id, words, placed=moved.state.talk_place != asked.state.talk_place)


def of_hand(asked: Asked, id_: str, words: str, *, placed: bool) -> Turn | None:
    """Answer what is asked of a card; None where nothing is."""
    wanted = lean.asked(words)
    if placed:
        return _elsewhere(asked, id_, _aspects(asked, wanted))
    behind = next((BEHIND[name] for name in wanted if name in BEHIND), None)
    if behind is not None:
        return part(asked, behind, id_)
    return of_programme(asked, id_, _aspects(asked, wanted)) if wanted or lean.same(words) or lean.bare(words) else None


def _aspects(asked: Asked, wanted: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in wanted if name in asked.know.library.aspects)


def of_programme(asked: Asked, id_: str, wanted: tuple[str, ...]) -> Turn:
    """Answer one thing about a card: the sentence that says it, or that no document does and who to ask."""
    card = card_of(asked, id_)
    if card is None or card.programme.is_stub or not wanted:
        return show(asked, id_, wanted)
    message = aspect_message(card, wanted)
    if message is None:
        return show(asked, id_, wanted)
    return turn(asked, message, asked.state, kind="answer", programmes=(id_,))


def _elsewhere(moved: Asked, id_: str, wanted: tuple[str, ...]) -> Turn:
    """鄂尔多斯呢: the card as residents there see it, and honestly when their place has no document of its own."""
    programme = moved.know.library.programmes[id_]
    stem = moved.state.talk_place or ""
    place = moved.know.places.get(stem)
    known = any(moved.know.places.below(stem, code) for code in (*programme.places, *programme.local))
    if not known:
        return chat(moved, say("talk", "follow_place_none", short=programme.short, place=place.short))
    return show(moved, id_, wanted)


def previous(asked: Asked) -> Turn:
    """上一个: the card before the one in hand."""
    if asked.state.before_it is None:
        return chat(asked, say("talk", "no_previous"))
    return show(asked, asked.state.before_it)


def others(asked: Asked) -> Turn:
    """还有呢, 下一页: the next page of the latest list, else what is related to the card in hand."""
    page = _next_page(asked)
    if page is not None:
        return page
    id_ = asked.state.in_hand
    card = card_of(asked, id_) if id_ else None
    if id_ is None or card is None:
        return of_talk(asked, asked.state.near) if asked.state.near else chat(asked, say("talk", "nothing_more"))
    return part(asked, "related", id_) if card.programme.related else part(asked, "quotes", id_)


def _next_page(asked: Asked) -> Turn | None:
    """What comes next of the latest list: of its options, or of the days in a place; None where that is all."""
    if asked.state.more:
        return _more(asked)
    further = (one.action.partition(":")[2] for one in asked.state.options if one.action.startswith("days:"))
    start = next(further, None)
    return days.listed(asked, start) if start else None


def _more(asked: Asked) -> Turn:
    message = asked.state.last
    if message is None:
        return chat(asked, say("talk", "nothing_more"))
    return turn(asked, message.model_copy(update={"options": asked.state.more}), asked.state)


def wrong(asked: Asked) -> Turn:
    """不是这个: offer what came next in the search, else what stands near the card."""
    id_ = asked.state.in_hand
    card = card_of(asked, id_) if id_ else None
    if card is None:
        return neither(asked)
    near = [asked.know.library.programmes[name] for name in card.programme.related]
    left = {"in_hand": None, "before_it": card.programme.id, "near": dropped(asked.state.near, card.programme.id)}
    state = asked.state.model_copy(update=left)
    if not near:
        return neither(replace(asked, state=state))
    options = (*map(card_option, near), *numbered_options((say("labels", "neither"), "neither")))
    message = Message(blocks=(Text(text=say("talk", "wrong")),), options=options)
    return turn(asked, message, state, kind="choices", programmes=tuple(one.id for one in near if not one.is_stub))
