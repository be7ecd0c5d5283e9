"""What is asked of the programme in hand: 那多少钱, 找谁办, 鄂尔多斯呢, 以前咋说, 还有呢, 上一个, 不是这个."""

import re
from dataclasses import replace

from bot.dialogue.ask import neither, with_place
from bot.dialogue.cards import card_of, part, show
from bot.dialogue.reply import chat, turn
from bot.dialogue.turn import Asked, Turn
from content.answer import aspect_message
from content.behind import card_option
from content.message import Message, Text
from content.render import numbered_options, say
from content.search.rewrite import aspects, search_copy, topic_words

_LEANING = re.compile(
    r"(补贴|保险|贷款|项目|政策|事|活|证|手续|村里|旗里|镇上|嘎查|国家|公家|个人|自己|人家|别人|家里|老人|母亲|父亲|孩子|牧民|农民|"
    r"[那这它他她您你我咱俺的地得呢吗嘛啊呀吧了着过要能会想是有没不还再又也都就才只很最给去到在从向往跟和或把被让叫个件些种样点里上下外内前后么啥甚哪谁咋办弄问说讲看找现今年天时候]|\s)*"
)
_EARLIER = re.compile(r"以前|过去|去年|前年|往年|原来|早先|20[12]\d年|老政策|旧(的)?(政策|文件)")
_SAME = re.compile(r"那|这个|它|呢$|还")


def follow_up(asked: Asked) -> Turn | None:
    """Answer what names no subject from the programme in hand; all else is a search that leans on the talk."""
    if asked.state.in_hand is None or card_of(asked, asked.state.in_hand) is None:
        return None
    moved, words = with_place(asked)
    copy = search_copy(words)
    wanted = aspects(copy)
    return _of_hand(moved, asked, copy, wanted) if _leans(copy) else None


def _leans(copy: str) -> bool:
    """Whether nothing is left that could be a subject once the asking words are taken out."""
    left = _EARLIER.sub("", topic_words(f"　{copy}"))
    return _LEANING.fullmatch(left) is not None or _LEANING.fullmatch(topic_words(copy)) is not None


def _of_hand(moved: Asked, asked: Asked, copy: str, wanted: tuple[str, ...]) -> Turn | None:
    id_ = asked.state.in_hand or ""
    if moved.state.talk_place != asked.state.talk_place:
        return _elsewhere(moved, id_, wanted)
    if _EARLIER.search(copy):
        return part(asked, "before", id_)
    return of_programme(asked, id_, wanted) if wanted or _SAME.search(copy) else None


def of_programme(asked: Asked, id_: str, wanted: tuple[str, ...]) -> Turn:
    """Answer one thing about a card: the sentence that says it, or that no document does and who to ask."""
    card = card_of(asked, id_)
    if card is None or card.programme.is_stub or not wanted:
        return show(asked, id_)
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
    """还有呢: what is related to the card in hand."""
    if asked.state.more:
        return _more(asked)
    id_ = asked.state.in_hand
    card = card_of(asked, id_) if id_ else None
    if id_ is None or card is None:
        return chat(asked, say("talk", "nothing_more"))
    return part(asked, "related", id_) if card.programme.related else part(asked, "quotes", id_)


def more(asked: Asked) -> Turn:
    """下一页 of a long list."""
    return _more(asked) if asked.state.more else others(asked)


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
    state = asked.state.model_copy(update={"in_hand": None, "before_it": card.programme.id})
    if not near:
        return neither(replace(asked, state=state))
    options = (*map(card_option, near), *numbered_options((say("labels", "neither"), "neither")))
    message = Message(blocks=(Text(text=say("talk", "wrong")),), options=options)
    return turn(asked, message, state, kind="choices", programmes=tuple(one.id for one in near if not one.is_stub))
