"""A bare number means only the latest numbered list: 2, ２, 二, 第二个, 要头一个."""

import re

from content.search.fold import fold

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "头": 1}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾", "一二三四五六七八九十")
_BARE = re.compile(
    r"^(?:我?(?:就|给我)?(?:要|选|看|点|是)?)(?:第|那)?"
    r"(?P<number>\d{1,2}|头一?(?=个)|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
    r"(?:个|号|项|条|张|样)?(?:吧|呢|呀|啊|的)?$"
)
_TWO = re.compile(r"\d \d")
"""1.5 and 1-2 are no choice."""


def chosen(text: str) -> int | None:
    """Read a bare number (1 and up); None where the text is anything else."""
    folded = fold(text)
    match = None if _TWO.search(folded) else _BARE.match(folded.replace(" ", "").translate(_FORMAL))
    return _value(match["number"]) if match else None


def _value(written: str) -> int:
    if written.isdecimal():
        return int(written)
    if "十" in written:
        tens, _, ones = written.partition("十")
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    return _DIGITS[written[0]]
