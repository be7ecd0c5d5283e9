"""The patterns of content/words/unanswered.yaml, read once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from bot.dialogue.hear import table

HAN = "\u3400-\u9fff"
DIGITS = "零一二三四五六七八九十百千万亿两幺拐洞勾壹贰叁肆伍陆柒捌玖拾佰仟廿卅"
"""Numbers as they are said; 幺 拐 洞 勾 are how soldiers and drivers say 1 7 0 9."""

LONGEST_ENDING = 5
"""Characters before 村, 镇, 旗 … that may be its name."""


@dataclass(frozen=True)
class Table:
    """What names, places and accounts look like, and what a text must not and must hold to be kept."""

    surnames: frozenset[str]
    given: frozenset[str]
    things: frozenset[str]
    not_numbers: re.Pattern[str]
    names: re.Pattern[str]
    place: re.Pattern[str]
    plate: re.Pattern[str]
    never: re.Pattern[str]
    asking: re.Pattern[str]
    question: re.Pattern[str]
    statement: re.Pattern[str]


@cache
def patterns() -> Table:
    """Read and compile the table."""
    raw = table("unanswered")
    surnames = raw["surnames"]
    names = "|".join(line.replace("<surname>", f"[{surnames}]") for line in raw["names"])
    ending = rf"[^\W{raw['before_ending']}]{{1,{LONGEST_ENDING}}}?(?:{raw['endings']})+"
    return Table(
        frozenset(surnames),
        frozenset(raw["given"]),
        frozenset(raw["things"]),
        re.compile(raw["not_numbers"]),
        re.compile(f"[{surnames}]?(?:{names})"),
        re.compile(rf"{ending}|[{surnames}][家{DIGITS}老大小]?(?:{raw['hamlets']})(?!边|里|上|补|租|流|承|确)"),
        re.compile(rf"[{raw['province']}][a-z][a-z\d{DIGITS}]{{3,8}}"),
        _any(raw["never"]),
        _any(raw["asking"]),
        re.compile(raw["question"]),
        re.compile(raw["statement"]),
    )


def _any(lines: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(lines))
