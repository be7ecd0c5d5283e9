"""Is it real? Numbers of notices in what people send, texts that claim to be a notice, and whether one differs.

Pure: what is looked up is handed in. A number alone proves nothing: who copies it may write anything above it.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import cache

from bot.notices.found import plain, table
from bot.notices.group import group
from bot.notices.numbers import CHINESE
from bot.notices.words import Words, body, signature
from content.message import Heading, Text
from content.places import Places
from content.render import say

SHORTEST_CLAIM = 25
"""Letters of a text that may claim to be a notice; shorter ones are questions: 有没有打井的通知."""

LONGEST_READ = 3000
"""Characters of a text that are looked at: three times the longest notice."""

FEW = 6
"""Letters beside a number, or beside the title, that make no text of their own: 编号T30571吗."""

ALIKE = 0.6
"""So much of the pairs of characters of the shorter text stand in the other one too, where it claims to be a notice."""

NEARLY_THE_SAME = 0.7
"""So much of those of the longer one, where it does not: a question may speak of what a notice says."""

FEWEST_PAIRS = 12

SAID_DIGITS = CHINESE | str.maketrans("两", "2")

_NUMBER = re.compile(
    r"(?<![a-z0-9])([a-hj-np-z])[ \t.·_:-]{0,2}(?=(?: ?[oil]){0,2} ?[0-9])"
    r"([0-9oil]) ?([0-9oil]) ?([0-9oil]) ?([0-9oil]) ?([0-9oil])(?![0-9a-z十百千万.])",
    re.IGNORECASE,
)
_MISREAD = str.maketrans("OoIiLl", "001111")
"""Letters that are typed for digits."""

_AROUND = re.compile(
    r"^\W{0,3}(?:转发|转|fwd?)\W{1,2}|\s{0,3}(?:这个?|这条)?(?:通知)?(?:是不是|是)?真的?(?:还是)?假?的?[吗么不]?\W{0,3}$"
)
"""What stands around a text that is sent on: not the text itself."""

_UNCOUNTED = re.compile(r"(?!(?<=\d)[.:/](?=\d))[^\w%‰<>≤≥]|_")
"""Marks that may differ. Those that make another sum or hour of a number may not: 3.5元 and 35元, 30%."""

_SENT = re.compile(
    r"(?:我|俺|咱|家里|老伴|老头|我妈|我爸|爸妈|老人|儿子|闺女).{0,8}(?:转|打|汇|付|交|给|发)(?:了|过去|出去|走)"
    r"|(?:已经|刚刚?|都)(?:把钱)?(?:转|打|汇|付)(?:了|过去|出去|走|完)"
    r"|(?:昨天|前天|今天|上午|下午|早上|刚才).{0,6}(?:转|打|汇|付)(?:了|过去)"
    r"|(?:被骗[了走]|(?<!防)上当了)(?!请|马上|立即|及时|的)"
    r"|钱.{0,4}被.{0,4}(?:转|扣|刷|划|取)走"
    r"|验证码.{0,4}(?:(?:给|告诉)了(?:他|她|对方|人家)|(?:给|告诉)(?:他|她|对方|人家)们?了)"
)


class Sort(StrEnum):
    """How a text stands to the notice that it is held against."""

    NUMBER = "number"  # there is no more than the number, or the title
    SAME = "same"
    PART = "part"  # a piece of it, nothing added
    DIFFERS = "differs"


def numbers_in(text: str) -> tuple[str, ...]:
    """Numbers of notices in a text: T30571, t 30571, Ｔ３０５７１, t三零五七一. At most three."""
    said = plain(text[:LONGEST_READ]).translate(SAID_DIGITS)
    return tuple(dict.fromkeys(map(_number, _NUMBER.finditer(said))))[:3]


def _number(hit: re.Match[str]) -> str:
    return hit[1].upper() + "".join(hit.groups()[1:]).translate(_MISREAD)


def claims(text: str) -> bool:
    """Whether a text claims to be a notice."""
    read = plain(text[:LONGEST_READ])
    return len(bare(read)) >= SHORTEST_CLAIM and _words()[0].search(read) is not None


def asks(text: str) -> bool:
    """Whether somebody asks if a notice is real."""
    return _words()[1].search(plain(text[:LONGEST_READ])) is not None


@cache
def _words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(table()["claims"]), re.compile(table()["asks_real"])


def sent_money(text: str) -> bool:
    """Whether somebody says beside it that they paid, or gave a code away: then that comes first."""
    return _SENT.search(plain(text[:LONGEST_READ])) is not None


def beside(text: str) -> str:
    """What a text says beside numbers of notices, bare."""
    return _bare(_AROUND.sub("", text[:LONGEST_READ].strip()))


def bare(text: str) -> str:
    """A text for comparing: half width, lower case, without white space, marks and what cannot be seen."""
    return _UNCOUNTED.sub("", unicodedata.normalize("NFKC", plain(text)).lower())


def compare(text: str, notice: Words, places: Places, pages: str, *, labels: Sequence[str] = ()) -> Sort:
    """Hold a text against a notice in each of its forms: white space, marks and width do not count, all else does.

    `labels`: of the options under it, which are sent on with it. What stands beyond LONGEST_READ was added by somebody.
    """
    if bare(text[LONGEST_READ:]):
        return Sort.DIFFERS
    read = _without(labels, text[:LONGEST_READ].strip().removeprefix(say("staff_notice", "group")).lstrip())
    said = [_bare(one, notice.number) for one in (read, _AROUND.sub("", read))]
    forms = _forms(notice, places, pages, _corrected(text, notice.number))
    if any(one in forms for one in said):
        return Sort.SAME
    if any(len(one) <= FEW or one == _bare(notice.title, notice.number) for one in said):
        return Sort.NUMBER
    if any(one in form for one in said for form in forms):
        return Sort.PART
    return Sort.DIFFERS if len(said[1]) >= SHORTEST_CLAIM else Sort.NUMBER


def _without(labels: Sequence[str], text: str) -> str:
    """A text without these very options below it: another one may be a link that somebody added."""
    ways = "|".join(map(re.escape, labels))
    return re.sub(rf"(?:\s{{1,3}}\d?[ .、]{{0,2}}(?:{ways})){{1,3}}$", "", text) if labels else text


def _bare(text: str, own: str = "") -> str:
    """Bare, without its `own` number, which may be left out or stand anywhere, or without any; 三 and 3 are one."""
    return _corrects().sub("", _numbered(text, own))


def _numbered(text: str, own: str) -> str:
    """Bare, the line above a correction still there."""
    said = plain(text).translate(SAID_DIGITS)
    return bare(_NUMBER.sub(lambda hit: hit[0] if own and _number(hit) != own else "", said))


def _corrected(text: str, own: str) -> str:
    """The numbers that the line above a correction names, as we join them: the longer that is, the sooner we cut."""
    line = _corrects().search(_numbered(text[:LONGEST_READ], own))
    return "、".join(re.findall(r"[a-z]\d{5}", line[0])) if line else ""


@cache
def _corrects() -> re.Pattern[str]:
    """The line above a correction, bare: whether it stands there does not count, nor which numbers it names."""
    line = bare(say("notice", "corrects", number="X00000").translate(SAID_DIGITS))
    before, after = line.split("x00000")
    return re.compile(rf"{re.escape(before)}(?:[a-z]\d{{5}})*{re.escape(after)}")


def _forms(notice: Words, places: Places, pages: str, corrected: str) -> frozenset[str]:
    """The notice as it went out: with its title, who sends it, its options, in the group; bare."""
    head, *lines = (one.text for one in body(notice) if isinstance(one, Heading | Text))
    text = "".join(lines)
    signed = signature(notice, places)
    texts = [text, f"{notice.title}{text}", f"{head}{text}"]
    ends = [signed, signed.splitlines()[0]]
    whole = [one + end for one in texts for end in ("", *ends)]
    grouped = (group(notice, where, corrects=first) for where in (pages, "") for first in {"", corrected})
    return frozenset(_bare(one, notice.number) for one in (*whole, *grouped))


def most_alike(text: str, notices: Iterable[Words]) -> Words | None:
    """The notice that a text is most like, the first of several; None where it is like none."""
    said, shortest = _pairs(_bare(text)), claims(text)
    theirs = ((one, _pairs(_bare(one.title + one.text))) for one in notices)
    ranked = [(_shared(said, pairs, shortest=shortest), one) for one, pairs in theirs]
    best = max(ranked, key=lambda each: each[0], default=None)
    return best[1] if best is not None and best[0] >= (ALIKE if shortest else NEARLY_THE_SAME) else None


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1))


def _shared(one: frozenset[str], other: frozenset[str], *, shortest: bool) -> float:
    """The part that two texts share: of the shorter one, or of the longer one."""
    sizes = len(one), len(other)
    return len(one & other) / max(FEWEST_PAIRS, min(sizes) if shortest else max(sizes))


def is_long(text: str) -> bool:
    """Whether a text is long enough to be a notice."""
    return len(text) >= SHORTEST_CLAIM and len(bare(text[:LONGEST_READ])) >= SHORTEST_CLAIM
