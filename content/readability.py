"""How plain a card is: the length of its sentences, and the share of words that people do not use every day.

Words are cut by jieba, loaded here only and only when asked for (a second, 90 MB); its guesses at unknown words (HMM)
are off, so that the same text always gives the same words. What a card can't say otherwise does not count: names in “”,
brackets, its own names, fixed terms, places.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import mean

from content.check.findings import said, words
from content.check.wording import sentences
from content.library import PACKAGE
from content.places.load import read_table
from content.programme import Programme

EVERYDAY = PACKAGE / "words" / "everyday.txt"
OURS = "# ---- 我们自己的：村里、地里、圈里的话，柜台上会听到的词，本地的地名和物名"
"""Below this line of `everyday.txt` stand the words that films lack and people here use."""

_HAN = re.compile(r"[一-鿿]+")
_NUMERAL = re.compile(r"[零一二三四五六七八九十百千万亿两几半多每这那各全某头第]")
_ENDINGS = (*"好完住上下去来出起开掉走了着过到得成清满们", "起来", "下去", "上去", "出来")
_UNCOUNTED = re.compile(r"“[^”]*”|（[^）]*）|《[^》]*》|解读|文件")


@dataclass(frozen=True)
class Plain:
    """What counts as an everyday word, and how a text is cut into words."""

    known: frozenset[str]
    cut: Callable[[str], Iterable[str]]

    @classmethod
    def load(cls) -> "Plain":
        """Read the word list and jieba's dictionary: about a second."""
        import jieba  # noqa: PLC0415 - its dictionary costs a second and 90 MB; an answer never needs it

        jieba.setLogLevel("ERROR")
        tokenizer, known = jieba.Tokenizer(), everyday()
        tokenizer.initialize()
        for word in known:
            if len(word) > 1 and word not in tokenizer.FREQ:
                tokenizer.add_word(word)
        return cls(known, lambda text: tokenizer.cut(text, HMM=False))

    def words(self, text: str) -> list[str]:
        """Cut a text into its words of Han characters."""
        return [word for word in self.cut(text) if _HAN.fullmatch(word)]

    def hard(self, text: str) -> list[str]:
        """Find the words that are not everyday ones."""
        return [word for word in self.words(text) if not self.easy(word)]

    def easy(self, word: str) -> bool:
        """Whether a word is known, or plainly made of known ones: 管好, 问问, 好不好, 万亩, 严厉打击."""
        rest = _NUMERAL.sub("", word)
        stems = [word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)]
        doubled = re.fullmatch(r"(.)[一不没]?\1|(..)\2", word)
        paired = len(word) == len("严厉打击") and {word[:2], word[2:]} <= self.known
        return not rest or any(stem in self.known for stem in (word, rest, *stems)) or bool(doubled) or paired


def everyday() -> frozenset[str]:
    """Read both parts of the word list, and the names of leagues, cities and banners."""
    lines = [line for line in EVERYDAY.read_text("utf-8").splitlines() if not line.startswith("#")]
    names = read_table("banners.tsv").values()
    return frozenset(word for line in lines for word in line.split()) | frozenset(names)


@dataclass(frozen=True)
class Readability:
    """The measures of one card, or of many together."""

    sentences: tuple[int, ...]  # their lengths in characters
    words: int
    hard: tuple[str, ...]

    @property
    def mean(self) -> float:
        """Characters of a sentence on average."""
        return mean(self.sentences or (0,))

    @property
    def longest(self) -> int:
        """Characters of the longest sentence."""
        return max(self.sentences, default=0)

    @property
    def share(self) -> float:
        """The part of the words that are not everyday ones."""
        return len(self.hard) / self.words if self.words else 0.0


def readability(programme: Programme, plain: Plain) -> Readability:
    """Measure all that a card says in our words. The one line gives words, not a sentence: its length has its limit."""
    texts = [item.says for _, item in said(programme)]
    cut = [word for text in (*texts, programme.one_line) for word in plain.words(_counted(text, programme))]
    return Readability(
        sentences=tuple(len(sentence) for text in texts for sentence in sentences(text)),
        words=len(cut),
        hard=tuple(word for word in cut if not plain.easy(word)),
    )


def together(measures: Iterable[Readability]) -> Readability:
    """Put the measures of many cards together."""
    every = tuple(measures)
    return Readability(
        sentences=tuple(length for one in every for length in one.sentences),
        words=sum(one.words for one in every),
        hard=tuple(word for one in every for word in one.hard),
    )


def _counted(text: str, programme: Programme) -> str:
    """Leave out what a card can't say otherwise."""
    terms = (programme.name, programme.short, *(entry["term"] for entry in words("fixed")))
    for term in terms:
        text = text.replace(term, "，")
    return _UNCOUNTED.sub("，", text)
