"""The conversation: one question in, one turn out. Knows no channel, touches no storage, is told the time."""

import re
from collections.abc import Callable
from dataclasses import replace

from bot.dialogue import (
    cards,
    days,
    document,
    family,
    follow_up,
    following,
    guard,
    kept,
    notice,
    person,
    place,
    share,
    topics,
    voice,
)
from bot.dialogue import help as helping
from bot.dialogue.ask import ask, neither
from bot.dialogue.hear import command
from bot.dialogue.numbers import chosen
from bot.dialogue.reply import SURE, chat
from bot.dialogue.turn import Asked, Turn
from bot.dialogue.young import young
from content.places import PlaceError
from content.render import say
from content.search.fold import fold, fold_ours

Step = Callable[[Asked], Turn | None]

COMMANDS: dict[str, Callable[[Asked], Turn]] = {
    "help": helping.help_,
    "topics": family.topics,
    "family": family.begin,
    "place": place.ask_place,
    "forget-place": place.forget,
    "kept": kept.kept,
    "erase": kept.erase,
    "stop": kept.stop,
    "resume": kept.resume,
    "more": follow_up.others,
    "previous": follow_up.previous,
    "wrong": lambda asked: replace(follow_up.wrong(asked), judged="unhelpful"),
    "others": follow_up.others,
    "helpful": lambda asked: replace(helping.helpful(asked), judged="helpful"),
    "person": person.begin,
    "withdraw": person.withdraw,
    "remind": following.remind,
    "discreet": following.discreet,
    "reminders": following.listed,
    "share": share.share,
    "days": days.listed,
}
"""What a word or a bare action does."""

ACTIONS: dict[str, Callable[[Asked, str], Turn]] = {
    "card": cards.show,
    "days": days.listed,
    "here": cards.here,
    "clause": cards.clause,
    "cited": document.of_clause,
    "topic": topics.topic,
    "in": place.chosen,
    "enough-place": place.enough,
    "family-is": family.said,
    "family-group": family.group,
    "person-to": person.to,
    "notice": notice.again,
    "received": notice.received,
    "remind": following.wanted,
    "remind-quiet": following.quietly,
    "remind-named": following.openly,
    "unremind": following.unwanted,
    **{verb: lambda asked, id_, verb=verb: cards.part(asked, verb, id_) for verb in cards.BEHIND},  # type: ignore[misc]
}
"""What an action with an argument does."""

BARE: dict[str, Callable[[Asked], Turn]] = {
    **COMMANDS,
    "start": helping.start,
    "family-enough": family.enough,
    "family-result": family.result,
    "neither": neither,
    "unhelpful": COMMANDS["wrong"],
    "erase-sure": kept.erase_sure,
    "keep": kept.keep,
    "no-place": place.skip,
    "forget-place-sure": place.forget_sure,
    "unreadable": helping.unreadable,
    "person-complaint": person.complaint,
    "person-call": person.call,
    "no-remind": following.no,
    "unremind-all": following.unwanted_all,
}
"""What an action does that needs no argument (one that comes with it is ignored)."""

_ASKING = {sure: command for command, sure in SURE.items()}
"""What a digit does instead of deleting: it asks once more."""

_ACTION = re.compile(r"^(?P<verb>[a-z][a-z-]*)(?::(?P<argument>[a-z0-9.,-]*))?$")


def reply(asked: Asked) -> Turn:
    """Answer one incoming text or action; what is over half an hour old is let go first."""
    asked = replace(asked, state=asked.state.fresh(asked.now), text=asked.text.strip())
    if asked.action:
        return person.after(asked, family.left(asked, acted(asked, asked.action)))
    steps = voice.STEPS if asked.spoken else STEPS
    turn = person.after(asked, family.left(asked, next(filter(None, (step(asked) for step in steps)))))
    return kept.of_a_child(asked, turn) if young(asked.text) else turn


def acted(asked: Asked, action: str) -> Turn:
    """Do what an option says. One from an old message still works; an unknown one asks for words."""
    parsed = _ACTION.match(action)
    verb, argument = (parsed["verb"], parsed["argument"] or "") if parsed else ("", "")
    if verb in ACTIONS and (argument or verb == "enough-place"):
        return _with(asked, verb, argument)
    if verb in BARE:
        return BARE[verb](asked)
    return chat(asked, say("talk", "gone_card"))


def _with(asked: Asked, verb: str, argument: str) -> Turn:
    """Do an action with its argument; a place that does not exist is told like a card that is gone."""
    try:
        return ACTIONS[verb](asked, argument)
    except PlaceError:
        return chat(asked, say("talk", "gone_card"))


def _number(asked: Asked) -> Turn | None:
    """A bare number means only the latest list, and never deletes anything."""
    number = chosen(asked.text)
    if number is None:
        return None
    options = asked.state.options
    if not options:
        return chat(asked, say("talk", "stale_number"))
    if not 1 <= number <= len(options):
        return chat(asked, say("talk", "no_such_number", most=len(options)))
    action = options[number - 1].action
    return acted(asked, _ASKING.get(action, action))


def _label(asked: Asked) -> Turn | None:
    """The words of an option, typed instead of tapped."""
    said = fold(asked.text).replace(" ", "")
    chosen_one = next((one for one in asked.state.options if fold_ours(one.label) == said), None)
    return acted(asked, chosen_one.action) if chosen_one and said else None


def _named(asked: Asked) -> Turn | None:
    """看粮食大豆保险, as a reminder names it: that card, whatever else search would think of."""
    said, look = fold(asked.text).replace(" ", ""), fold_ours(say("remind", "look", name=""))
    if not said.startswith(look):
        return None
    programmes = asked.know.library.programmes.values()
    meant = next((one.id for one in programmes if fold_ours(one.short) == said.removeprefix(look)), None)
    return cards.show(asked, meant) if meant else None


def _command(asked: Asked) -> Turn | None:
    name = command(fold(asked.text))
    if name is None:
        return None
    if name in SURE and name == asked.state.waiting:
        return BARE[SURE[name]](asked)
    return COMMANDS[name](asked)


STEPS: tuple[Step, ...] = (
    notice.sent_on,
    guard.plea,
    person.heard,
    guard.mongolian,
    kept.heard,
    notice.heard,
    _number,
    _label,
    _named,
    family.heard,
    _command,
    guard.fixed,
    place.heard,
    guard.perhaps,
    family.unheard,
    days.named,
    follow_up.follow_up,
    document.heard,
    ask,
)
"""In this order: a plea comes before everything but a notice sent on to us, a search last."""
