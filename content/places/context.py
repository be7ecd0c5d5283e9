"""Does a name mean a place where it stands? 我在东河 does, 东河边的地 does not."""

import re
from typing import Final

from content.places.load import Needs

LETTER: Final = re.compile(r"[㐀-鿿]")

FREE_BEFORE: Final = frozenset("在是住们咱我俺你您他她到去回从往来家问跟给说叫归属妈爸爷奶哥姐弟妹叔姨舅儿女")
"""A name may begin after these, because they seldom end inside one."""

CALLED_BEFORE: Final = re.compile(r"(?:在|是|住|到|去|回|我们|咱们|俺们|咱|俺)$")
CLOSED_AFTER: Final = re.compile(r"的?人?(?:[吗呢吧啊呀嘛])?(?![㐀-鿿])|这|那边|那里|那儿|有|能|可以|咋|怎|哪|啥")

SUFFIXES: Final = (*"市盟县旗区镇乡村", "苏木", "街道", "嘎查", "社区")
"""Behind a name without these, 路 or 街 makes it a street of another town: 乌海路."""
STREET: Final = re.compile(r"[东西南北中大]?(?:路(?![灯费上边况过])|街(?![道上里])|大道)")
GOES_ON: Final = {
    "区": re.compile(r"[域划间块别分]"),
    "乡": re.compile(r"[村镇亲]"),
    "旗": re.compile(r"县(?!城)|[级区帜杆渠手]"),
}
"""What makes another word of a name's last letter: 海南区域, 幸福乡村, 下达旗县."""


def stands(text: str, start: int, end: int, needs: Needs) -> bool:
    """Say whether text[start:end] stands as this kind of name must."""
    if goes_on(text, start, end):
        return False
    match needs:
        case Needs.NOTHING:
            return True
        case Needs.START:
            return stands_free(text, start)
        case Needs.CALL:
            return stands_alone(text, start, end) or is_called(text, start)
        case Needs.WORD:
            return is_called(text, start) and bool(CLOSED_AFTER.match(text, end))
        case _:
            return False


def goes_on(text: str, start: int, end: int) -> bool:
    """Say whether the name is the beginning of another word."""
    name = text[start:end]
    if not name.endswith(SUFFIXES):
        return bool(STREET.match(text, end))
    rest = GOES_ON.get(name[-1])
    return bool(rest and rest.match(text, end))


def stands_free(text: str, start: int) -> bool:
    """Say whether no other word runs into the name."""
    return start == 0 or not LETTER.match(text[start - 1]) or text[start - 1] in FREE_BEFORE


def stands_alone(text: str, start: int, end: int) -> bool:
    """Say whether there is nothing else in the text."""
    return not LETTER.search(text[:start] + text[end:])


def is_called(text: str, start: int) -> bool:
    """Say whether the words before the name speak of being somewhere."""
    return bool(CALLED_BEFORE.search(text[max(0, start - 2) : start]))
