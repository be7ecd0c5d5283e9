"""Read the days of a window from one line, as staff type it to the bot: 12月1日到25日, 12月1日起, 只12月5日."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.windows.cells import is_private, seen
from bot.windows.days import Unreadable, plain, read_day
from bot.windows.times import LONGEST_ABOUT, Times, Wrong, read_times

_YEARLY = re.compile(r"^(每年|年年|每一年)都?(是|在)?")
_LEAD = re.compile(r"^(从|自|到|截止到?|截至)(?=[\d今明后正冬腊农阴元五国除春端中重一二三四五六七八九十])")
_ONE_DAY = re.compile(r"(就|只|仅)(在|收|有)?(?P<day>.+?)((那|这)?(一|1)?天)?|(?P<alone>.+?)(一|1)天")
_NOW_ON = re.compile(r"(即日|现在|今天|马上)(起|就?开始)?|已经?开始了?|正在(办|收)")
_FROM_ON = re.compile(r"(?P<first>.+?)(起|开始|以后|之后)(收|办)?(?P<rest>.*)")
_UNTIL = re.compile(r"^(到|至|截止到?|截至)|(截止|结束|停|为止)$")
_FURTHER_NOTICE = re.compile(r"(到|至)?(等|待)?(另行通知|通知)(为止)?|没说哪天停|没说啥时候停|")
_ALWAYS = re.compile(r"长期(办|收)?|常年(办|收)?|一直(办|收)?")
_PAUSES = re.compile(r"[，,；;。]")
LONGEST_LINE = 60
_NEAR_DAYS = {"大后天": 3, "后天": 2, "明天": 1}


def read_typed(said: str, today: date) -> Times:
    """Read a line; a day alone is the last one. Raises Wrong where it is not sure what is meant."""
    if len(said) > LONGEST_LINE:
        raise Wrong("closes", "no_day")
    text = _PAUSES.sub("", plain(said))
    for word, away in _NEAR_DAYS.items():
        text = text.replace(word, (today + timedelta(days=away)).isoformat())
    yearly = _YEARLY.search(text) is not None
    times = read_times(_cells(_LEAD.sub("", _YEARLY.sub("", text)), today), today, yearly=yearly)
    if times is None:
        raise Wrong("closes", "no_times")
    return times if times.about is None else replace(times, about=_about(said))


def _about(said: str) -> str:
    """Staff's own words, as they wrote them."""
    words = seen(said)
    if is_private(words):
        raise Wrong("closes", "private_phone")
    if len(words) > LONGEST_ABOUT:
        raise Wrong("closes", "too_long")
    return words


def _cells(text: str, today: date) -> Mapping[str, object]:
    """Put the line into the two cells of the sheet, whose rules read it."""
    one = _ONE_DAY.fullmatch(text)
    if one is not None and (day := _day(one["day"] or one["alone"], today)):
        return {"opens": day, "closes": day}
    if _ALWAYS.fullmatch(text):
        return {"opens": today, "closes": "另行通知"}
    now_on = _NOW_ON.match(text)
    if now_on is not None:
        return {"opens": today, "closes": _end(text[now_on.end() :])}
    begins = _FROM_ON.fullmatch(text)
    if begins is None:
        return {"closes": _UNTIL.sub("", text)}
    end = _end(begins["rest"])
    return {"opens": begins["first"], "closes": end} if end == "另行通知" else {"closes": f"{begins['first']}到{end}"}


def _end(rest: str) -> str:
    """What is said of the end after a beginning; without a word of it, it is open until further notice."""
    return "另行通知" if _FURTHER_NOTICE.fullmatch(rest) else _UNTIL.sub("", rest)


def _day(said: str, today: date) -> date | None:
    try:
        return read_day(said, today)
    except Unreadable:
        return None
