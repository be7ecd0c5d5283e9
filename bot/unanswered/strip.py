"""Take names, numbers and places out of a text. Fails shut: what is not known to be harmless is taken out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.unanswered.table import DIGITS, HAN, patterns
from bot.unanswered.vocabulary import Vocabulary
from content.places import Places
from content.render import say
from content.search.fold import fold

# One private character stands for what was taken out; folding takes such out of any message.
NAME, PLACE, NUMBER, ACCOUNT = "\ue000", "\ue001", "\ue002", "\ue003"
MARKS = {NAME: "some_name", PLACE: "some_place", NUMBER: "some_number", ACCOUNT: "some_account"}

SHORT_NUMBER = 4
"""More digits than these are an account, a phone, an id: the text is about somebody."""

JOINING = frozenset("的了吗不没有在是给能要会可咋啥呢吧啊和跟还就也都想再多少好把被让个到来去上下得着过呀么")
"""Characters that stand beside anything."""

_OTHER = re.compile(rf"[^{HAN}{''.join(MARKS)}]+")
_SAID = re.compile(rf"[{DIGITS}{NUMBER}]{{3,}}")
_ANY_DIGIT = re.compile(f"[{DIGITS}]+")
_PURE = re.compile(r"[零一二三四五六七八九幺拐洞勾壹贰叁肆伍陆柒捌玖两]{5,}")
_AGAIN = re.compile(rf"([{''.join(MARKS)}])\1+")


@dataclass(frozen=True)
class Stripped:
    """What is left of a text. `someone`: it held what may be a name, an id or an account."""

    text: str
    someone: bool

    def worded(self) -> str:
        """Write what was taken out as people write it: 某地养驴有补贴吗."""
        return "".join(say("unanswered", MARKS[one]) if one in MARKS else one for one in self.text)

    def bare(self) -> str:
        """Leave out what was taken out."""
        return "".join(one for one in self.text if one not in MARKS)


def strip(text: str, places: Places, words: Vocabulary) -> Stripped:
    """Take out ids and accounts, then places, then names, then whatever words nobody knows."""
    copy = _numbers(fold(text).replace(" ", "").replace("〇", "零"))
    copy = patterns().names.sub(NAME, _places(copy, places))
    copy = "".join(_words(list(words.cut(copy)), words))
    copy = _AGAIN.sub(r"\1", copy)
    return Stripped(copy, NAME in copy or ACCOUNT in copy)


def _numbers(copy: str) -> str:
    copy = patterns().plate.sub(ACCOUNT, copy)
    copy = _OTHER.sub(lambda hit: NUMBER if hit[0].isdigit() and len(hit[0]) <= SHORT_NUMBER else ACCOUNT, copy)
    return _SAID.sub(lambda hit: ACCOUNT if _PURE.search(hit[0]) else NUMBER, copy)


def _places(copy: str, places: Places) -> str:
    for one in reversed(places.mentions(copy)):
        copy = f"{copy[: one.start]}{PLACE}{copy[one.end :]}"
    return patterns().place.sub(PLACE, copy)


def _words(cut: list[str], words: Vocabulary) -> Iterator[str]:
    """Each word, or what stands for it."""
    for before, word, after in zip(["", *cut], cut, [*cut[1:], ""], strict=False):
        if word in MARKS:
            yield word
        elif _counts(word, words) and not _family(word, after, words):
            yield _ANY_DIGIT.sub(NUMBER, word)
        else:
            yield word if _harmless(before, word, after, words) else NAME


def _counts(word: str, words: Vocabulary) -> bool:
    """Whether a word says how many; 三包 and 五保户 are words that people ask with, 六十岁 is none."""
    return bool(_ANY_DIGIT.search(word)) and not (word in words.common and patterns().not_numbers.match(word))


def _harmless(before: str, word: str, after: str, words: Vocabulary) -> bool:
    """Whether a word names nobody: known by itself, and, where it is short, known beside its neighbours."""
    table = patterns()
    if len(word) > 1:
        known = word in words.common or (word in words.ordinary and not frozenset(word) <= table.given | table.surnames)
        return known and not (before in table.surnames and not words.side_by_side(before, word))
    if word not in words.single and word not in JOINING and word not in table.things:
        return False
    return _beside(before, word, words) and _beside(word, after, words)


def _family(word: str, after: str, words: Vocabulary) -> bool:
    """Whether a numeral is a family name: 万 of 万军, whether the dictionary knows that as a word or not."""
    known = word in words.common or (len(word) == 1 and _beside(word, after, words))
    return word[0] in patterns().surnames and not known


def _beside(one: str, next_: str, words: Vocabulary) -> bool:
    """Whether two words may be neighbours without being a name together."""
    table = patterns()
    family = len(one) == 1 and one in table.surnames
    free = MARKS.keys() | (JOINING - table.given if family else JOINING)
    if not one or not next_ or {one[-1], next_[0]} & free or words.side_by_side(one, next_):
        return True
    given = len(one) == len(next_) == 1 and {one, next_} <= table.given | table.surnames
    return not family and (not given or bool({one, next_} & table.things))
