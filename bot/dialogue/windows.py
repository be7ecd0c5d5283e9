"""What staff of a resident's place have published of a programme: its days at every level, where, what to bring."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from bot.dialogue.turn import Asked, Knowledge
from content.card import LocalLine
from content.local import Detail, Window
from content.message import Option
from content.places import Places
from content.programme import Programme, Standing
from content.render import numbered_options, say
from scheduler.calendar import local_date
from scheduler.holidays import office_days

STANDARD = ("amount", "premium", "payout", "rate", "limit", "pay", "fee", "standard")
"""What 标准 answers: whichever sum was asked for, the place's own words are shown for it."""

ANSWERS: Mapping[str, tuple[str, ...]] = {
    "standard": STANDARD,
    "where": ("where",),
    "phone": ("phone",),
    "papers": ("papers",),
    "quota": (),
}
"""What of a programme each kind of detail answers (content/aspects.yaml)."""

SOON = 30
"""From how many days before the last one they are counted."""

TOWNSHIP = 9
"""Digits of a township's stem: below it, one asks there first."""

_LEVEL = re.compile(r"(嘎查|社区|苏木|街道|自治区|[村镇乡旗县区市盟])$")


def lines_of(asked: Asked, programme: Programme, stem: str | None) -> tuple[LocalLine, ...]:
    """What residents of a place are told of a programme beside the documents, the days first."""
    return local_lines(asked.know, programme, stem, local_date(asked.now))


def local_lines(know: Knowledge, programme: Programme, stem: str | None, today: date) -> tuple[LocalLine, ...]:
    """As `lines_of`, of a day."""
    windows = know.local.windows_of(programme.id, stem)
    details = know.local.details_of(programme.id, stem, today)
    return lines_told(know.places, windows, details, today)


def lines_told(
    places: Places, windows: Sequence[Window], details: Sequence[Detail], today: date
) -> tuple[LocalLine, ...]:
    """What is told of one thing: its days, where to go and what to bring, then the details."""
    told = [
        LocalLine(
            one.kind,
            ANSWERS[one.kind],
            say("windows", "detail", level=level_word(places, one.place), source=one.source, kind=one.kind,
                says=one.says.rstrip("。")),
        )
        for one in details
    ]  # fmt: skip
    return (*_window_lines(places, windows, today), *told)


def _window_lines(places: Places, windows: Sequence[Window], today: date) -> Iterator[LocalLine]:
    when = when_line(places, windows, today)
    if when:
        yield LocalLine("when", ("when",), when)
    open_ones = [one for one in windows if not is_over(one, today)]
    where = next((one.where_to_go for one in open_ones if one.where_to_go), None)
    bring = next((one.what_to_bring for one in open_ones if one.what_to_bring), None)
    if where:
        yield LocalLine("where", ("where",), say("windows", "where_to_go", said=where.rstrip("。")))
    if bring:
        yield LocalLine("papers", ("papers",), say("windows", "what_to_bring", said=bring.rstrip("。")))


def is_over(window: Window, today: date) -> bool:
    """Whether a window's last day has passed."""
    return window.closes_on is not None and window.closes_on < today


def when_line(places: Places, windows: Sequence[Window], today: date) -> str:
    """Say the days of one thing at every level together, what closes first first; nothing where there is none.

    What is over is only spoken of where it tells something: the village is done, the banner still takes papers.
    """
    left = sorted((one for one in windows if not is_over(one, today)), key=_order)
    over = [one for one in windows if is_over(one, today)]
    if not left:
        return _all_over(places, over, today)
    phrases = [_phrase(places, one, today, last=bool(number)) for number, one in enumerate(left)]
    near = min(over, key=lambda one: -len(one.place), default=None)
    closed = near if near and all(len(one.place) < len(near.place) for one in left) else None
    takes = next((one for one in left if _takes(one, today)), None)
    if closed and takes:
        return _go_up(places, closed, takes, phrases) + _office(left, today) + _sources(left)
    days = _days_left(left[0], today)
    first = say("windows", "counted", said=phrases[0], days_left=days) if days else phrases[0]
    below = [say("windows", "closed_here", level=level_word(places, closed.place))] if closed else []
    return say("windows", "days", phrases=[*below, first, *phrases[1:]]) + _office(left, today) + _sources(left)


def _takes(window: Window, today: date) -> bool:
    return window.about is None and office_days().takes_papers(window.opens_on, window.closes_on, today)


def _order(window: Window) -> tuple[date, int]:
    return window.closes_on or date.max, -len(window.place)


def _phrase(places: Places, window: Window, today: date, *, last: bool) -> str:
    level = level_word(places, window.place)
    if window.about is not None:
        said = say("windows", "awaiting", level=level, window=window)
    elif window.opens_on is not None and window.opens_on > today:
        said = say("windows", "opens_later", level=level, window=window, today=today)
    elif window.closes_on is None:
        said = say("windows", "open_ended", level=level)
    else:
        said = say("windows", "open_until", level=level, window=window, today=today, last=last)
    return say("windows", "batch", name=window.batch, said=said) if window.batch else said


def _days_left(window: Window, today: date) -> int:
    """Days until the last one, where the first phrase says that day and it is near; else 0."""
    is_open = window.opens_on is None or window.opens_on <= today
    days = (window.closes_on - today).days if window.closes_on and is_open else 0
    return days if days <= SOON else 0


def _office(left: Sequence[Window], today: date) -> str:
    """Say to go before where the office is closed on the last day of what closes first."""
    closes_on = left[0].closes_on
    if closes_on is None or office_days().is_open(closes_on):
        return ""
    last_open = office_days().last_open(closes_on)
    if last_open < max(today, left[0].opens_on or today):
        return say("windows", "office_closed_already", closes_on=closes_on, today=today)
    return say("windows", "office_closed", closes_on=closes_on, last_open=last_open, today=today)


def _sources(windows: Sequence[Window]) -> str:
    return say("windows", "sources", sources=list(dict.fromkeys(one.source for one in windows)))


def _go_up(places: Places, near: Window, takes: Window, phrases: Sequence[str]) -> str:
    """村里收的日子过了，旗里还收，快去苏木镇问: only where one above takes papers today."""
    above = level_word(places, takes.place)
    ask = say("windows", "ask_above", township=len(near.place) > TOWNSHIP, level=above)
    return say(
        "windows", "closed_here_open_there", level=level_word(places, near.place), above=above, ask=ask,
        rest="；".join(phrases),
    )  # fmt: skip


def days_left_in(windows: Iterable[Window], today: date) -> bool:
    """Whether any day of these windows lies ahead."""
    return any(day >= today for one in windows for day in (one.opens_on, one.closes_on) if day)


def copied(windows: Sequence[Window], today: date) -> str:
    """A line to copy by hand: until when, where, with what; nothing where no last day is known."""
    dated = [one for one in windows if one.closes_on and not is_over(one, today)]
    first = min(dated, key=_order, default=None)
    if first is None or first.closes_on is None:
        return ""
    open_day = office_days().last_open(first.closes_on)
    until = open_day if open_day >= max(today, first.opens_on or today) else first.closes_on
    where, bring = first.where_to_go, first.what_to_bring
    return say("following", "copy_days", until=until, today=today, where=where, bring=bring)


def nearer_offer(asked: Asked, programme: Programme, stem: str | None) -> tuple[str, tuple[Option, ...]]:
    """A sentence and an option that ask where exactly, where places below tell something that can't be told yet."""
    if not asked.know.local.nearer(programme.id, stem):
        return "", ()
    level = {6: "苏木镇", 9: "嘎查村"}.get(len(stem or ""), "")
    return say("windows", "nearer", level=level), numbered_options((say("labels", "place"), "place"))


def remind_offer(asked: Asked, programme: Programme, stem: str | None) -> tuple[Option, ...]:
    """提醒我 under a card where the channel may speak first; else the phone's calendar where there are days for it."""
    windows = asked.know.local.windows_of(programme.id, stem)
    action = f"remind:programme,{programme.id}"
    if asked.person.telling == "never":
        ahead = days_left_in(windows, local_date(asked.now))
        return numbered_options((say("following", "button_calendar"), action)) if ahead else ()
    if any(one.kind == "programme" and one.subject == programme.id for one in asked.person.follows):
        return numbered_options((say("following", "button_list"), "reminders"))
    to_be_got = programme.standing not in (Standing.DUTY, Standing.ENDED)
    return numbered_options((say("following", "button"), action)) if windows or to_be_got else ()


def _all_over(places: Places, over: Sequence[Window], today: date) -> str:
    if not over:
        return ""
    latest = max(over, key=lambda one: one.closes_on or date.min)
    return say("windows", "all_closed", level=level_word(places, latest.place), window=latest, today=today)


def level_word(places: Places, stem: str) -> str:
    """How people call a level by its name: 村, 嘎查, 镇, 苏木, 旗, 县, 区, 市, 盟; 自治区 for the region."""
    found = _LEVEL.search(places.get(stem).name.removesuffix("委会").removesuffix("办事处"))
    return found[0] if found else say("windows", "some_place")
