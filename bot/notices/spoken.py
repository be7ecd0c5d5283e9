"""Numbers, days, sums and phones of a text as somebody reads them into a loudspeaker.

voxnorm spells out most of them. What it can't know, or reads otherwise than people do, is made ready for it before:
phones digit by digit with 幺, ranges, prices for each, days with a dot.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from functools import reduce

import voxnorm

from bot.channels.web.pages import EMERGENCY, HOTLINES, NOT_AFTER
from bot.notices.money import ADDRESS
from content.render import say, tidy

LEAP = 2024
"""A year that has each day there is."""

DIGITS = str.maketrans("0123456789", "零幺二三四五六七八九")

_PHONE = re.compile(
    r"(?<![\d.])(?:\(?0\d{2,3}\)?[- ]?\d{7,8}(?:转\d{1,5})?|400[- ]?\d{3}[- ]?\d{4}"
    r"|1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\d{7,})(?![\d.])"
    rf"|(?<![\d.])(?:{HOTLINES}|955\d\d|96\d{{3,4}})(?!{NOT_AFTER})|{EMERGENCY}(?!{NOT_AFTER})"
)
_NUMBER = re.compile(r"(?<![A-Za-z0-9])([A-Z])(\d{5})(?!\d)")
_ISO = re.compile(r"(?<!\d)(20\d\d)[-/.](0?[1-9]|1[0-2])[-/.](3[01]|[12]\d|0?[1-9])(?!\d|\.\d)[日号]?")
_TO = r"\s?(?:[-~～—–]{1,2}|至|到)\s?"
_MONTH, _OF_MONTH = r"(?<![\d.:/¥A-Za-z价约每])(?:1[0-2]|0?[1-9])", r"(?:3[01]|[12]\d|0?[1-9])(?!\d|[.:/]\d)"
_DAY = rf"{_MONTH}[./]{_OF_MONTH}"
_NO_AMOUNT = (
    r"(?!\s?(?:[元块角毛万亿千百亩斤吨米度倍升克厘毫岁天年级折点里%‰℃°A-Za-z]"
    r"|平方|平米|立方|公[斤里分顷]|小时|方(?!可)|分(?![批组别户])|个(?!人)))"
)
_NO_HOUR = r"(?<![上下中]午)(?<![早晚]上)(?<!早晨)"
_DAYS = tuple(
    map(
        re.compile,
        (
            rf"{_NO_HOUR}{_DAY}[日号]?{_TO}{_DAY}{_NO_AMOUNT}[日号]?",
            rf"(?<=[日号]){_TO}{_DAY}{_NO_AMOUNT}[日号]?",
            rf"(?<=年)\d\d?月\d\d?日{_TO}(?:1[0-2]|0?[1-9])-{_OF_MONTH}[日号]?",
            rf"{_NO_HOUR}{_DAY}[日号]?(?=前|起|止|截止|报名|[至到](?!\s?\d))",
            rf"(?:截止|时间|日期)(?:日期|时间|[到至于为是])?[:： ]{{0,2}}{_DAY}{_NO_AMOUNT}[日号]?",
            rf"{_MONTH}\.{_OF_MONTH}(?:[日号]|(?=[早上下中晚]))",
        ),
    )
)
"""Where 12.5 is a day: in a range of two, after a whole day, beside words of time. Else it is an amount: 12.5元."""

_ONE_DAY = re.compile(rf"({_MONTH})[./-]({_OF_MONTH})[日号]?")
_ZERO = re.compile(r"(?<!\d)0(?=[1-9][月日号])")
_DEGREES = r"\d+(?:\.\d+)?\s?"
_BELOW = re.compile(rf"(?<![\d℃度%A-Za-z])[-−](?={_DEGREES}(?:[-~～—–至到]{{1,2}}\s?[-−]?{_DEGREES})?[℃度])")
_RANGE = re.compile(r"(?<=[\d日号月点时年度%])\s?[-~～—–]{1,2}\s?(?=\d|零下)")
_EACH = re.compile(r"(\d[\d.,]*(?:万|千|百)?)(元|块钱?)/([亩吨斤只头户人天年方度袋棵次口])")
_FRACTION = re.compile(r"(?<![\d/])([1-9])/([2-9])(?![\d/])")


def spoken(text: str) -> str:
    """Spell out a text. Words and marks that hold no number stay as they are."""
    steps: tuple[Callable[[str], str], ...] = (_half_width, _without_links, _phones, _ready, _spelt, _without_marks)
    return reduce(lambda said, step: step(said), steps, text)


def _half_width(text: str) -> str:
    """Digits and what stands between them; Chinese marks stay."""
    folded = "".join(unicodedata.normalize("NFKC", one) if one in _WIDE else one for one in text)
    return re.sub(r"(?<=\d)：(?=\d)", ":", folded)


_WIDE = "０１２３４５６７８９％．－／＋ＡＢＣＤＥＦＧＨＪＫＬＭＮＰＱＲＳＴＵＶＷＸＹＺ（）"


def _without_links(text: str) -> str:
    """Nobody writes down an address that is read to them."""
    return ADDRESS.sub(say("notice", "link_unread"), text)


def _phones(text: str) -> str:
    told = _NUMBER.sub(lambda hit: hit[1] + hit[2].translate(DIGITS), text)
    return _PHONE.sub(lambda hit: re.sub(r"[-() ]", "", hit[0]).translate(DIGITS), told)


def _ready(text: str) -> str:
    text = _ISO.sub(r"\1年\2月\3日", text)
    text = _ZERO.sub("", reduce(lambda said, days: days.sub(_as_days, said), _DAYS, text))
    text = _BELOW.sub("零下", text)
    text = _EACH.sub(r"每\3\1\2", text)
    text = _FRACTION.sub(r"\2分之\1", text)
    text = _RANGE.sub("到", text.replace("℃", "度"))
    return re.sub(r"(?<!\d)(20\d\d)到(?=20\d\d年)", r"\1年到", text)


def _as_days(hit: re.Match[str]) -> str:
    """12.1-12.20 as months and days, if there are such days."""
    if any(int(day) > monthrange(LEAP, int(month))[1] for month, day in _ONE_DAY.findall(hit[0])):
        return hit[0]
    return _ONE_DAY.sub(lambda one: f"{int(one[1])}月{int(one[2])}日", hit[0])


def _without_marks(text: str) -> str:
    """What stands in brackets is said too, after a pause; other marks that a voice would spell out are left out."""
    paused = re.sub(r"\s*[（(\[【〔]\s*([^）)\]】〕]*)[）)\]】〕]\s*", r"，\1，", text)
    return tidy(re.sub(r"，+(?=[，。！？；\n]|$)|(?<=[。！？；：\n])，+|^，+|[“”‘’《》*#①-⑳]", "", paused))


def _spelt(text: str) -> str:
    said: str = voxnorm.normalize(text, lang="zh-CN")
    return said
