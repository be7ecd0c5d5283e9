"""Hear an answer that was typed or dictated instead of tapped: 养羊, 没有, 是, 不知道."""

import re

from content.eligibility.household import UNKNOWN, UNSAID
from content.search.fold import fold
from content.tables import Fact

_LEAD = re.compile(r"^(?:我们?家|俺们?家|咱们?家|家里|我|俺|就|是|有|养|种|在|做|办|开|主要|都)+(?=.)")
_TAIL = re.compile(r"(?<=.)(?:的|了|吧|呢|呀|啊|家)+$")
_BRACKETS = re.compile(r"（[^）]*）")
_NOTHING = {"不知道": UNKNOWN, "不清楚": UNKNOWN, "不晓得": UNKNOWN, "说不准": UNKNOWN, "不懂": UNKNOWN}
_NOTHING |= {"不想说": UNSAID, "不说": UNSAID, "不方便说": UNSAID, "跳过": UNSAID, "不告诉你": UNSAID}
_NO = {"没", "没有", "都没有", "没得", "无", "不", "不是", "都不是"}
_YES = {"有", "有的", "是", "是的", "对", "对的", "嗯"}
_ENOUGH = {"够了", "够了看结果", "看结果", "看看结果", "结果", "行了", "就这些", "不问了", "不看了", "不答了"}


def heard(fact: Fact, text: str) -> str | None:
    """Name the answer that a text is; None where it is none, or could be two."""
    said = _joined(text)
    if said in _NOTHING:
        return _NOTHING[said]
    meant = [answer for answer, label in fact.answers.items() if _bare(said) in _forms(label)]
    if len(meant) == 1:
        return meant[0]
    plain = {"none", "no", "fine"} if said in _NO else {"yes"} if said in _YES else set()
    return next((answer for answer in fact.answers if answer in plain), None)


def enough(text: str) -> bool:
    """Whether a text asks for the result."""
    return _joined(text) in _ENOUGH


def _forms(label: str) -> set[str]:
    """How an answer may be said: as it stands, and each of the things that it lists (农家乐、民宿)."""
    plain = _BRACKETS.sub("", label)
    return {_bare(_joined(one)) for one in (plain, *plain.split("、"))}


def _bare(joined: str) -> str:
    return _TAIL.sub("", _LEAD.sub("", joined))


def _joined(text: str) -> str:
    return fold(text).replace(" ", "")
