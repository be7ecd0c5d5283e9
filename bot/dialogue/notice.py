"""Notices: is it real, and 收到. What is known of them was looked up before (bot/notices/lookup.py); nothing is kept.

A number alone proves nothing, so the true sender, title, day and words are always shown.
"""

from bot.dialogue import pleas
from bot.dialogue.cards import show
from bot.dialogue.numbers import chosen
from bot.dialogue.reply import chat, turn
from bot.dialogue.turn import Asked, Received, Turn
from bot.notices import real
from bot.notices.real import Sort
from bot.notices.told import RECEIVED, Told
from bot.notices.words import body, options, path_of
from content.message import Block, Message, Option, Text
from content.render import numbered_options, say
from scheduler.calendar import local_date

ABOUT_MONEY = frozenset({"money_going", "doubt"})
"""What a pasted text that asks for money sounds like: what is said of it names 96110 and 110 too."""


def sent_on(asked: Asked) -> Turn | None:
    """What is no plea for help though it sounds so: our own words, and somebody else's that ask for money.

    Ours may speak of fire. Not where they say that they have paid already.
    """
    told = _first(asked)
    if told is not None and _sort(asked, told) is Sort.SAME:
        return _shown(asked, told)
    if not real.is_long(asked.text) or not (told or real.claims(asked.text)) or real.sent_money(asked.text):
        return None
    return heard(asked) if pleas.plea(asked.text) in ABOUT_MONEY else None


def heard(asked: Asked) -> Turn | None:
    """A number, a text that claims to be a notice, or the question whether one is real; 收到. None for any other."""
    told = _first(asked)
    if told is not None and told.sent_at is not None:
        return _answered(asked, told)
    if told is not None:
        return _shown(asked, told)
    if RECEIVED.fullmatch(real.bare(asked.text)):
        return None  # thanks, as to anything else
    return _not_known(asked)


def received(asked: Asked, _: str) -> Turn:
    """The button 收到 under a notice."""
    told = _first(asked)
    if told is None:
        return chat(asked, say("notice", "got_what"))
    if told.notice.to_followers:
        return chat(asked, say("notice", "got_it_uncounted"))
    return chat(asked, say("notice", "got_it"), changes=(Received(told.notice.number),))


def again(asked: Asked, _: str) -> Turn:
    """The words of a notice whose number stands on a button."""
    told = _first(asked)
    return chat(asked, say("notice", "unknown")) if told is None else _shown(asked, told)


def _first(asked: Asked) -> Told | None:
    return asked.notices[0] if asked.notices else None


def _not_known(asked: Asked) -> Turn | None:
    """What is not there. A number in a question about something else does not make it one about a notice."""
    numbers, asks = real.numbers_in(asked.text), real.asks(asked.text)
    if (numbers and (asks or len(real.beside(asked.text)) <= real.FEW)) or real.claims(asked.text):
        return chat(asked, say("notice", "unknown"))
    return chat(asked, say("notice", "which")) if asks else None


def _answered(asked: Asked, told: Told) -> Turn | None:
    """收到, or the number of an option, after a notice that is newer than the latest list of the talk."""
    if RECEIVED.fullmatch(real.bare(asked.text)):
        return received(asked, told.notice.number)
    number, listed, ways = chosen(asked.text), asked.state.listed_at, options(told.notice, asked.know)
    newer = listed is None or told.sent_at is None or told.sent_at > listed
    if number is None or not newer or not 1 <= number <= len(ways):
        return None
    verb, _, id_ = ways[number - 1].action.partition(":")
    return show(asked, id_) if verb == "card" else received(asked, told.notice.number)


def _sort(asked: Asked, told: Told) -> Sort:
    know, labels = asked.know, [one.label for one in options(told.notice, asked.know)]
    return real.compare(asked.text, told.notice, know.places, know.service.pages, labels=labels)


def _shown(asked: Asked, told: Told) -> Turn:
    """How the text stands to ours, then ours: who truly sent it, when, and its very words."""
    notice = told.notice
    sort = Sort.NUMBER if asked.action else _sort(asked, told)
    numbered = notice.number in real.numbers_in(asked.text) or bool(asked.action)
    verdict = _verdict(sort, notice.number, numbered=numbered)
    differs, money = sort is Sort.DIFFERS, [Text(text=say("notice", "real_money"))]
    first = (Text(text=verdict, strong=differs), *(money if differs else ()))  # before our words, which may be long
    last = money if sort in (Sort.NUMBER, Sort.PART) else ()
    blocks = (*first, *_ours(asked, told), *last)
    return turn(asked, Message(blocks=blocks, options=_ways(asked, told)), asked.state)


def _verdict(sort: Sort, number: str, *, numbered: bool) -> str:
    if sort is Sort.DIFFERS and not numbered:
        return say("notice", "real_alike", number=number)
    return say("notice", f"real_{sort}", number=number)


def _ours(asked: Asked, told: Told) -> tuple[Block, ...]:
    notice = told.notice
    path, on = path_of(notice.place, asked.know.places), local_date(notice.sent_at)
    after = [Text(text=say("notice", "real_stopped"))] if notice.state == "stopped" else []
    if notice.corrected_by:
        after = [Text(text=say("notice", "real_corrected", number=notice.corrected_by), strong=True)]
    sender = say("notice", "real_from", office=notice.office, path=path, on=on).splitlines()
    return (*after, *(Text(text=line) for line in sender), *body(notice))


def _ways(asked: Asked, told: Told) -> tuple[Option, ...]:
    """The card that it points at, and the notice that puts it right."""
    right = told.notice.corrected_by
    cards = [one for one in options(told.notice, asked.know) if one.action.startswith("card:")]
    after = [(say("notice", "corrected_option", number=right), f"notice:{right.lower()}")] if right else []
    return (*numbered_options(*after), *cards)
