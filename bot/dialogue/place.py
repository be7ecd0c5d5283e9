"""Where a resident is from: asked only when it helps, step by step (旗县 → 苏木镇 → 村), never needed."""

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.dialogue import following
from bot.dialogue.likely import likely
from bot.dialogue.reply import chat, sure, turn
from bot.dialogue.turn import Asked, SavePlaces, Turn
from content.message import Message, Option, Text
from content.places import Place
from content.places.mentions import related
from content.render import numbered_options, say
from content.search.fold import fold

MOST_PLACES = 3
LONGEST_NAME = 12
_LEVEL_BELOW = {"banner": "苏木镇", "township": "嘎查村"}
SURE = 0.85
"""Search this sure of a card takes a text for a question, not for the name of a place that nobody knows."""

_SKIP = re.compile(
    r"(先|我|就)*(不|别|懒得|没必要)(想|方便|愿意?|太)*(说|讲|告诉|填|选)(你|您|了|这个)*(也行|行(吗|不)|可以吗|吧|啦)?"
    r"|(算了?|拉倒|不用|不了|不要|不知道|跳过|略过|下一步|以后再说|回头再说|没有)(了|吧|啦)?"
)


def ask_place(asked: Asked) -> Turn:
    """Ask for the banner; what is kept is shown with ways to change or delete it."""
    leagues = [(place.short, f"in:{place.stem}") for place in asked.know.places.children("15")]
    kept = [asked.know.places.get(stem).short for stem in asked.person.places]
    sentences = [say("talk", "place_kept", names=kept)] if kept else []
    extra = [(say("labels", "forget_place"), "forget-place")] if kept else []
    options = numbered_options(*leagues, (say("labels", "no_place"), "no-place"), *extra)
    message = Message(blocks=tuple(Text(text=one) for one in (*sentences, say("talk", "place_ask"))), options=options)
    return turn(asked, message, asked.state.model_copy(update={"waiting": "place"}))


def heard(asked: Asked) -> Turn | None:
    """Read the answer to "在哪个旗县"; None where the text is no place, and looks like something else."""
    said = fold(asked.text)
    if asked.state.waiting != "place" or len(said) > LONGEST_NAME:
        return None
    if _SKIP.fullmatch(said):
        return skip(asked)
    found = asked.know.places.find(said)
    if len(found) == 1:
        return chosen(asked, found[0].stem)
    if found:
        return _which(asked, said, found)
    other = likely(said) or asked.know.search.find(said).sureness >= SURE
    return None if other else _unknown(asked, said)


def chosen(asked: Asked, stem: str) -> Turn:
    """Take a place: a league only leads on to its banners; a banner or below is saved, and may be made narrower."""
    place = asked.know.places.get(stem)
    children = asked.know.places.children(stem)
    if place.level in ("province", "league"):
        return _offer(asked, (Text(text=say("talk", "place_ask")),), children, enough=stem)
    if place.level not in _LEVEL_BELOW or not children:
        return _saved(asked, stem)
    more = say("talk", "place_more", level=_LEVEL_BELOW[place.level])
    blocks = tuple(Text(text=one) for one in (*_told(asked, stem), more))
    return replace(_offer(asked, blocks, children, enough=""), changes=_changes(asked, stem))


def enough(asked: Asked, stem: str) -> Turn:
    """Keep a place as it is, without going further down."""
    if not stem:
        kept = asked.person.places[0] if asked.person.places else ""
        return chat(_settled(asked), say("talk", "place_skipped"), options=_ways_on(asked, kept) if kept else ())
    return _saved(asked, stem)


def _saved(asked: Asked, stem: str) -> Turn:
    ways = _ways_on(asked, stem)
    return chat(_settled(asked), *_told(asked, stem), options=ways, changes=_changes(asked, stem))


def _changes(asked: Asked, stem: str) -> tuple[SavePlaces, ...]:
    return (SavePlaces(_with(asked.person.places, stem)),)


def _told(asked: Asked, stem: str) -> list[str]:
    """Say what was saved, which place gave way to it or is kept no more, and what becomes of their reminders."""
    kept = _with(asked.person.places, stem)
    gone = [one for one in asked.person.places if one not in kept]
    said = [say("talk", "place_saved", name=_full(asked, stem)), *(_end(asked, one, stem) for one in gone)]
    return [one for one in said if one]


def _end(asked: Asked, gone: str, stem: str) -> str:
    """What to say of a place that is kept no more; of one that was only said more exactly nothing ends."""
    place, name = (asked.know.places.get(one).short for one in (gone, stem))
    reminds = any((one.kind, one.subject) == ("place", gone) for one in asked.person.follows)
    if not related(gone, stem):
        return say("talk", "place_full", place=place, reminds=reminds)
    if len(gone) > len(stem):
        return say("talk", "place_wider", place=place, name=name, reminds=reminds)
    return say("talk", "place_moved", place=place, name=name) if reminds else ""


def _ways_on(asked: Asked, stem: str) -> tuple[Option, ...]:
    """From a place that is saved back to the card in hand, to what can be applied for there, and to reminders of it."""
    ways = [(say("labels", "back"), f"card:{asked.state.in_hand}")] if asked.state.in_hand else []
    ways += [(say("windows", "button_days"), "days")] if asked.know.local.windows_at(stem) else []
    return (*numbered_options(*ways), *following.place_option(asked, stem))


def skip(asked: Asked) -> Turn:
    """不说也行."""
    return chat(_settled(asked), say("talk", "place_skipped"))


def forget(asked: Asked) -> Turn:
    """Ask once more before deleting the places, since their reminders go too; a bare digit can't confirm it."""
    kept = [asked.know.places.get(stem).short for stem in asked.person.places]
    if not kept:
        return forget_sure(asked)
    state = asked.state.model_copy(update={"waiting": "forget-place"})
    return chat(replace(asked, state=state), say("talk", "place_forget_sure", names=kept), options=sure("forget-place"))


def forget_sure(asked: Asked) -> Turn:
    """Delete the places that are kept."""
    state = asked.state.model_copy(update={"talk_place": None, "waiting": ""})
    return chat(replace(asked, state=state), say("talk", "place_forgotten"), changes=(SavePlaces(()),))


def _with(kept: tuple[str, ...], stem: str) -> tuple[str, ...]:
    """Put a place first; one that it lies in, or that lies in it, gives way; at most three stay."""
    others = [one for one in kept if not related(one, stem)]
    return (stem, *others)[:MOST_PLACES]


def _offer(asked: Asked, blocks: tuple[Text, ...], places: Iterable[Place], *, enough: str) -> Turn:
    label = say("labels", "enough_place")
    options = (*map(_option, places), Option(label=label, action=f"enough-place:{enough}"))
    state = asked.state.model_copy(update={"waiting": "place"})
    return turn(asked, Message(blocks=blocks, options=(options[-1], *options[:-1])), state)


def _which(asked: Asked, said: str, found: Iterable[Place]) -> Turn:
    options = tuple(Option(label=_full(asked, one.stem)[:24], action=f"in:{one.stem}") for one in found)
    message = Message(blocks=(Text(text=say("talk", "place_which", said=said)),), options=options)
    return turn(asked, message, asked.state)


def _unknown(asked: Asked, said: str) -> Turn:
    options = numbered_options((say("labels", "no_place"), "no-place"))
    message = Message(blocks=(Text(text=say("talk", "place_unknown", said=said)),), options=options)
    return turn(asked, message, asked.state)


def _option(place: Place) -> Option:
    return Option(label=place.short[:24], action=f"in:{place.stem}")


def _full(asked: Asked, stem: str) -> str:
    return "".join(place.short for place in asked.know.places.path(stem))


def _settled(asked: Asked) -> Asked:
    return replace(asked, state=asked.state.model_copy(update={"waiting": ""}))
