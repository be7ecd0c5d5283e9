"""`{嘎查}` in a notice: a closed list of values, put in as text and never run as a template."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from content.places import Places
from content.render import say
from scheduler.calendar import local_date

NAMES = ("嘎查", "苏木", "旗", "盟", "日期", "截止", "单位", "编号")
"""The whole list. A place is there where the notice goes to one such place only."""

OTHER_NAMES: Mapping[str, str] = {
    "村": "嘎查", "社区": "嘎查", "镇": "苏木", "乡": "苏木", "街道": "苏木", "旗县": "旗", "县": "旗", "区": "旗",
    "盟市": "盟", "市": "盟", "日": "日期", "截止日期": "截止", "发布单位": "单位", "通知编号": "编号",
}  # fmt: skip
"""What cadres also write."""

_DIGITS = {"嘎查": 12, "苏木": 9, "旗": 6, "盟": 4}
_HOLE = re.compile(r"(?<![{｛])[{｛]\s*(?P<name>\w(?:[\w \t]{0,38}\w)?)\s*[}｝](?![}｝])")
"""One pair of braces around words. Two pairs, or anything else between them, are text: {{ x }}, {%…%}, {}."""


class NotFilled(Exception):
    """A value that there is not, or that this notice has none for; `problems` say which and what to do, in Chinese."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class About:
    """What values are made from. `places` are stems; `day` is when it goes out, `office` who sends it."""

    places: Sequence[str]
    day: datetime
    expires: datetime | None
    office: str
    number: str


def values(about: About, places: Places) -> Mapping[str, str]:
    """The values that a notice has; a place only where all of the audience lies in one such place."""
    made = {name: _place(about.places, digits, places) for name, digits in _DIGITS.items()}
    expires = say("notice", "day", on=local_date(about.expires)) if about.expires else ""
    made |= {"日期": say("notice", "day", on=local_date(about.day)), "截止": expires}
    made |= {"单位": about.office, "编号": about.number}
    return {name: value for name, value in made.items() if value}


def _place(stems: Sequence[str], digits: int, places: Places) -> str:
    above = {stem[:digits] for stem in stems}
    (one, *others) = above or {""}
    return "" if others or len(one) < digits else places.get(one).short


def fill(text: str, held: Mapping[str, str]) -> str:
    """Put in the values. NotFilled names every one that is unknown or missing, and the remedy."""
    problems = list(dict.fromkeys(_problem(hit["name"], held) for hit in _HOLE.finditer(text)))
    if any(problems):
        raise NotFilled([one for one in problems if one])
    return _HOLE.sub(lambda hit: held[_called(hit["name"])], text)


def used(text: str) -> bool:
    """Whether a text has a place for a value at all."""
    return _HOLE.search(text) is not None


def _called(name: str) -> str:
    name = "".join(name.split())
    return OTHER_NAMES.get(name, name)


def _problem(name: str, held: Mapping[str, str]) -> str:
    called = _called(name)
    if called not in NAMES:
        return say("notice", "value_unknown", word=name, words=NAMES)
    if called in held:
        return ""
    return say("notice", "value_missing", word=name, kind="place" if called in _DIGITS else called)
