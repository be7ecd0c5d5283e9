"""Under 14: answers, and nothing kept (Personal Information Protection Law of the PRC, article 31)."""

import re

from content.search.fold import fold

UNDER = 14
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_AGE = re.compile(r"(?:^|[^他她它妈爸爷奶])我(?:今年|才|现在)*(?P<age>\d{1,2}|十[一二三四五六七八九]?|[五六七八九])岁")
_PUPIL = re.compile(r"我(是|在上|上|读)(小学|[一二三四五六]年级|幼儿园)")


def young(text: str) -> bool:
    """Whether the text says that the writer is under 14."""
    folded = fold(text).replace(" ", "")
    if _PUPIL.search(folded):
        return True
    match = _AGE.search(folded)
    return match is not None and _years(match["age"]) < UNDER


def _years(written: str) -> int:
    if written.isdecimal():
        return int(written)
    return 10 + _DIGITS.get(written[1:], 0) if written.startswith("十") else _DIGITS[written]
