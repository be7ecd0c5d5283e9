"""When a notice is to go out, as people type it: 明天8点, 后天下午3点半, 11月25日9:00. Days are those here."""

import re
from datetime import datetime, time, timedelta

from content.search.fold import fold
from scheduler.calendar import LOCAL

FURTHEST = timedelta(days=60)

_DAY = re.compile(
    r"(?P<word>今天|明天|后天|大后天|今晚|明早|明晚)"
    r"|(?:(?P<year>\d{4})(?:年|[-./ ]))?(?P<month>\d{1,2})(?:月|[-./ ])(?P<day>\d{1,2})(?:日|号)?"
)
_TIME = re.compile(
    r"(?P<part>早上|上午|中午|下午|晚上|早|晚)?(?P<hour>\d{1,2})(?:点钟?|时|[: ])(?P<minute>\d{1,2}|半|一刻|三刻)?分?"
)
_WORDS = {"今天": 0, "今晚": 0, "明天": 1, "明早": 1, "明晚": 1, "后天": 2, "大后天": 3}
_MINUTES = {"半": 30, "一刻": 15, "三刻": 45}
_DIGITS = str.maketrans("一二两三四五六七八九", "1223456789")
_EVENING = ("晚上", "晚")
_LATE = ("下午", *_EVENING)
NOON = 12
AFTERNOON = 3
"""中午 lasts until then: 中午1点 is 13:00."""
DUSK = 5
"""No evening begins before."""


def moment(said: str, now: datetime) -> datetime | None:
    """Read a moment; None for anything else, what is past, and what is more than 60 days away."""
    folded = _plain(said)
    day = _DAY.match(folded)
    if day is None:
        return None
    clock = _TIME.fullmatch(_after(day, folded))
    here = now.astimezone(LOCAL)
    try:
        found = _on(day, here, _at(clock)) if clock else None
    except ValueError:
        return None
    return found if found is not None and now < found <= now + FURTHEST else None


def _plain(said: str) -> str:
    folded = re.sub(r"(?<=[\d点])\s+(?=[^\d\s])|(?<=[^\d\s])\s+", "", fold(said))
    folded = re.sub(r"二?十[一二两三四五六七八九]?", _tens, folded)
    return re.sub(r"[一二两三四五六七八九](?=[点时月日号分])", lambda hit: hit[0].translate(_DIGITS), folded)


def _tens(hit: re.Match[str]) -> str:
    before, _, after = hit[0].partition("十")
    return str((2 if before else 1) * 10 + (int(after.translate(_DIGITS)) if after else 0))


def _after(day: re.Match[str], folded: str) -> str:
    """The time of the day; 今晚 and 明早 say a part of it themselves."""
    rest = folded[day.end() :].strip()
    part = {"晚": "晚", "早": "早"}.get((day["word"] or "")[-1:], "")
    return rest if rest[:1] in ("早", "上", "中", "下", "晚") else part + rest


def _at(clock: re.Match[str]) -> timedelta:
    """How long after the day's midnight. 12 in the evening is the midnight that ends it. ValueError: no such time."""
    minute = clock["minute"] or "0"
    said = time(int(clock["hour"]), _MINUTES[minute] if minute in _MINUTES else int(minute))
    return timedelta(hours=_hour(clock["part"], said.hour), minutes=said.minute)


def _hour(part: str | None, hour: int) -> int:
    if part in _EVENING and hour % NOON == 0:
        return 2 * NOON
    if part in _EVENING and hour < DUSK:
        raise ValueError("1 at night is a matter of opinion: of this day, or of the next")
    later = (part in _LATE and hour < NOON) or (part == "中午" and hour < AFTERNOON)
    return hour + NOON if later else hour


def _on(day: re.Match[str], here: datetime, at: timedelta) -> datetime:
    """The next such day; without a year a date of the past is next year's."""
    if day["word"]:
        return datetime.combine(here.date() + timedelta(days=_WORDS[day["word"]]), time(), LOCAL) + at
    year, month, number = int(day["year"] or here.year), int(day["month"]), int(day["day"])
    found = datetime(year, month, number, tzinfo=LOCAL) + at
    return found if day["year"] or found > here else found.replace(year=year + 1)
