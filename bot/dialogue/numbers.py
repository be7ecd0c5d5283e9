"""A bare number means only the latest numbered list: 2, ２, 二, 第二个, 要头一个."""

import re
import unicodedata

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "头": 1}
_BARE = re.compile(
    r"^(?:我?(?:要|选|看|点)?)(?:第|那)?(?P<number>\d{1,2}|头|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])"
    r"(?:个|号|项|条|张|样)?(?:吧|呢|呀|啊|的)?$"
)


def chosen(text: str) -> int | None:
    """Read a bare number (1 and up); None where the text is anything else."""
    squeezed = re.sub(r"[\s.。,，、)）(（:：]", "", unicodedata.normalize("NFKC", text))
    squeezed = squeezed.replace("头一个", "头个")
    match = _BARE.match(squeezed)
    return _value(match["number"]) if match else None


def _value(written: str) -> int:
    if written.isdigit():
        return int(written)
    if "十" in written:
        tens, _, ones = written.partition("十")
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    return _DIGITS[written]
