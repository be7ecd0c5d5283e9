"""From a draft to the words that are frozen: values put in, looked through, signed. For the staff bot and the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.dialogue.turn import Knowledge
from bot.notices.check import Checked, check, said
from bot.notices.money import known_hosts
from bot.notices.values import About, NotFilled, fill, values
from bot.notices.words import office_of
from content.render import say
from scheduler.limits import after_quiet
from storage.broadcasts import Words
from storage.notices import LONGEST, LONGEST_TITLE, Notice
from storage.staff import Staff


class NotPrepared(Exception):
    """A draft that can't be submitted; `problems` say what is wrong and what to do, in Chinese."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Prepared:
    """A draft as everybody will read it, to be submitted; `checked.flags` say why a second person must see it."""

    words: Words
    checked: Checked


def prepare(draft: Notice, who: Staff, know: Knowledge, *, now: datetime) -> Prepared:
    """Make the words of a draft that `who` wrote. NotPrepared with all that is wrong."""
    place = signing(who.places, draft.audience)
    office = office_of(place, know.places)
    about = About(draft.audience, draft.send_at or now, draft.expires_at, office, draft.number)
    title, text = _filled(draft, about, know)
    checked = check(title, text, known=known_hosts(know.service.pages or None))
    problems = [*_too_long(title, text), *_over_by_day(draft, now), *said(checked.stops)]
    if problems:
        raise NotPrepared(problems)
    return Prepared(Words(title, text, office, place, checked.kinds), checked)


def _filled(draft: Notice, about: About, know: Knowledge) -> tuple[str, str]:
    held = values(about, know.places)
    try:
        title, text = fill(f"{draft.title.strip()}\0{draft.text.strip()}", held).split("\0")
    except NotFilled as error:
        raise NotPrepared(error.problems) from None
    return title, text


def _too_long(title: str, text: str) -> list[str]:
    """With its values in, a text may have grown."""
    if not title:
        return [say("notice", "no_title", most=LONGEST_TITLE)]
    long = len(title) > LONGEST_TITLE or len(text) > LONGEST
    return [say("notice", "too_long", most=LONGEST, total=LONGEST_TITLE)] if long else []


def _over_by_day(draft: Notice, now: datetime) -> list[str]:
    """One written in the evening that ends before midnight would reach nobody."""
    starts = after_quiet(max(now, draft.send_at or now))
    late = draft.kind != "urgent" and draft.expires_at is not None and draft.expires_at <= starts
    return [say("notice", "over_by_day")] if late else []


def signing(own: Sequence[str], audience: Sequence[str]) -> str:
    """Whose office signs: the narrowest of one's places that holds the audience, or where none does a part of it."""
    whole = [one for one in own if all(stem.startswith(one) for stem in audience)]
    part = [one for one in own if any(stem.startswith(one) for stem in audience)]
    return max(whole or part or own, key=len)
