"""Read a source with its day, as staff type both in one line: 旗农牧局通知，2026年11月20日."""

import re
from datetime import date

from bot.windows.days import Unreadable, read_day

_LAST = re.compile(r"(?P<source>.+?)[，,；;\s]+(?P<day>\S{4,12})")
_HAS_YEAR = re.compile(r"\d{4}")


def dated_source(said: str, today: date) -> tuple[str, date | None]:
    """Take the day off the end; without a year, or one still to come, it is no day of a source and stays."""
    found = _LAST.fullmatch(said)
    if found is None or not _HAS_YEAR.match(found["day"]):
        return said, None
    try:
        day = read_day(found["day"], today)
    except Unreadable:
        return said, None
    return (found["source"], day) if day <= today else (said, None)
