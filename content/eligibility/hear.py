"""Hear an answer that was typed or dictated instead of tapped: 养羊, 没有, 是, 不知道."""

import re

from content.eligibility.household import UNKNOWN, UNSAID
from content.search.fold import fold
from content.tables import Fact

_FILLERS = re.compile(
    r"[我俺咱]们?家?|家里|主要|[就是还有养种在做办开吃算得着和跟也都的了吧呢呀啊]"
    r"|[0-9一二两三四五六七八九十百千几多来只头亩匹口点些个儿]"
)
"""What may stand around the thing that is named: 我家养着一百来只羊."""

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
    """How an answer may be said: as it stands, or any of the things that it lists (农家乐、民宿)."""
    plain = _BRACKETS.sub("", label)
    listed = plain.split("、") if "，" not in plain else []
    return {_bare(_joined(one)) for one in (plain, *listed)} - {""}


def _bare(joined: str) -> str:
    return _FILLERS.sub("", joined)


def _joined(text: str) -> str:
    return fold(text).replace(" ", "")
