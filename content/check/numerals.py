"""Read the quantities of a text: 6万个, 百分之, 三年, 5-8公里; as values with their units, so that 6 is not 6万."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from content.source_text import squeeze

_DIGIT = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
HARD = "平方公里|平方米|公里|毫米|元|亩|户|头|只|口人|人|名|吨|岁|年|月|%|倍|成|处|度"
"""Units that make another quantity of the same number; 个, 家, 所 and the like stand for one another."""
_IDIOMS = re.compile(r"[那这每头]一年|一年(?:四季|到头)|一年一年")
_QUANTITY = re.compile(
    rf"(?<![第〔\d.])(?P<number>\d+(?:\.\d+)?(?![\d.]*[A-Za-z])|[一二三四五六七八九十百千两][零一二三四五六七八九十百千两]*)"
    rf"(?P<myriad>[百千]?[万亿]?)(?:[余多]|左右|以上|以下)?(?P<unit>{HARD})?(?P<next>.?)"
)


class Quantity(NamedTuple):
    """A number with its unit ("" where none of HARD follows); `shown` is how the text has it."""

    value: float
    unit: str
    shown: str
    chinese: bool


def quantities(text: str) -> Iterator[Quantity]:
    """Find the quantities of a text. A lone 一 counts only before a unit: 一起, 一批 and 一个 are words."""
    for found in _QUANTITY.finditer(_IDIOMS.sub("", squeeze(text))):
        number, unit = found["number"], found["unit"] or ""
        if number == "一" and not unit:
            continue
        chinese = not number[0].isdigit()
        value = (read_chinese(number) if chinese else float(number)) * _factor(found["myriad"])
        yield Quantity(value, unit, number + found["myriad"] + (unit or found["next"] * chinese), chinese)


def read_chinese(number: str) -> float:
    """Read a numeral below 10,000: 两百 is 200, 三十五 is 35."""
    total, digit = 0, 0
    for character in number:
        if character in _TENS:
            total, digit = total + (digit or 1) * _TENS[character], 0
        else:
            digit = digit * 10 + _DIGIT[character]
    return float(total + digit)


def _factor(myriad: str) -> int:
    factor = 1
    for character in myriad:
        factor *= _TENS.get(character) or _MYRIADS[character]
    return factor


def same(said: Quantity, held: Quantity) -> bool:
    """Whether the quote holds what is said: the same value, and not of another unit."""
    return said.value == held.value and (said.unit == held.unit or not said.unit or not held.unit)
