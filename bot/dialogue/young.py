"""Under 14: answers, and nothing kept (Personal Information Protection Law of the PRC, article 31)."""

import re

from content.search.fold import fold

UNDER = 14
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_OF_ANOTHER = (
    "的(?!学生|$)|[和跟与]|大的|那[年会时阵]|时|家长|[他她]的?[爸妈爷奶]|[爸妈爷奶]{1,2}$"
    "|孩|娃|孙|儿|女儿|女娃|闺|外甥|侄|弟|妹|丫|小(?:孩|子|儿|女|孙|娃)|双胞胎|宝"
)
"""After an age or a school: it is that of a child of the writer's, or of years ago. 的 ends only 我是三年级的."""

_LONG_AGO = "就|前|之前|以[前后]|起|开始|上的|得|患|落下|没[上念读毕]|毕业|辍|不[念读上]|文化|水平|程度"
_ERRAND = "[接送教]|当|打工|打扫|门口|附近|食堂|做饭|干活|上班|找(?:老师|校长)|开(?:家长)?会|看(?:孩|娃|孙)"
_AGE = re.compile(
    r"(?:^|[^他她它妈爸爷奶])我(?:今年|才|现在|刚|快|是)*(?P<age>\d{1,2}|十[一二三四五六七八九]?|[五六七八九])岁"
    rf"(?!\d|半?(?:{_OF_ANOTHER}|{_LONG_AGO}))"
)
_YEAR = "[一二三四五六1-6]年级"
_PUPIL = re.compile(
    rf"我(?:(?:是|现在|今年)*(?:小学生|(?:小学)?{_YEAR}(?:的?小?学生|的?小朋友|的?$))"
    rf"|(?:是|在|正|现在|今年|刚|才|还)*[上读念](?:小学{_YEAR}|小学|{_YEAR}|幼儿园))"
    rf"(?!{_YEAR})(?!{_OF_ANOTHER}|{_LONG_AGO}|{_ERRAND})"
)


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
