"""People in a text: lists of names with phones or sums, and what is nobody's business about somebody."""

import re
from collections.abc import Iterator
from functools import cache

from bot.notices.found import Found, table

FEWEST_SUMS, FEWEST_PHONES = 2, 3
"""So many names with a sum or a phone beside them are a list; two people to call are not."""

FEWEST_NAMED = 2
BEFORE = 6
"""Characters before a name, in its line, in which an office may stand."""

NEAR = 16
"""Characters between a word such as 低保 or 名单 and a name that it is said of."""

_PHONE = r"1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
_AMOUNT = (
    r"(?:\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.\d{1,2})?(?!\d)"
    r"|[一二两三四五六七八九]?[十百千][一二两三四五六七八九十百千零]*"
)
_EACH = r"(?:钱)?(?:/|每|一[斤亩只头袋吨方])"
_SUM = (
    rf"(?:[¥￥] ?)?(?:{_AMOUNT}) ?"
    rf"(?:万?(?:元|块)(?!{_EACH})|(?=[\s,，;；。、]|$)(?![\s,，;；。、]*[月日号年点时只头袋人名]))"
)
_COUNT = r"\d[\d,]*(?:\.\d+)?(?:亩|只|头|口|人|袋|斤|吨|匹)"
_GAP = r"[ \t:：,，、;；|()（）.—-]{0,3}"
_SEPARATED = re.compile(r"[\u4e00-\u9fff·]+")
_LONGEST_NAME = 7
_BEFORE_NAME = "(?:^|(?<=[^\u4e00-\u9fff])|(?<=[户社组队村是的有叫者头人]))"
_AFTER_NAME = "(?=家|因|患|是|要|跟|还|吸|得了|得的|查出|确诊|住院|感染|被|离婚|的病|有病|近期|[，,、]|$)"


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = table()
    surname = f"(?:欧阳|司马|诸葛|[{words['surnames']}])"
    name = rf"(?:{surname}[\u4e00-\u9fff]{{1,2}}|[{words['mongolian']}]{{2,6}})"
    return {
        "phones": re.compile(rf"(?P<name>{name}){_GAP}(?:电话{_GAP})?{_PHONE}"),
        "sums": re.compile(
            rf"(?P<name>{name}){_GAP}(?:(?:欠|罚|补|赔)[\u4e00-\u9fff]{{0,5}})?(?:{_COUNT}{_GAP})?{_SUM}"
        ),
        "owes": re.compile(rf"{_BEFORE_NAME}(?P<name>{name})(?:还|仍|至今|一直)?欠[\u4e00-\u9fff]{{0,8}}{_GAP}{_SUM}"),
        "name": re.compile(name),
        "told": re.compile(rf"{_BEFORE_NAME}{name}{_AFTER_NAME}"),
        "office": re.compile(words["offices"]),
        "nobody": re.compile(words["no_names"]),
        "private": re.compile(words["private"]),
        "listing": re.compile(words["listing"]),
    }


def lists(text: str) -> Iterator[Found]:
    """Lists of names with phones or amounts. Phones of people in office may stand in a notice."""
    phones = [one for one in _beside("phones", text) if not _in_office(text, one)]
    if len({one["name"] for one in phones}) >= FEWEST_PHONES:
        yield Found("people", phones[0]["name"])
    sums = [one for one in _beside("sums", text) if _begins(text, one.start("name"))]
    if len({one["name"] for one in sums}) >= FEWEST_SUMS:
        yield Found("people", sums[0]["name"])
    yield from (Found("people", one["name"]) for one in _beside("owes", text))


def private(text: str) -> Iterator[Found]:
    """Health, low income or trouble at home, told of somebody by name."""
    found = _patterns()
    for clause in re.split(r"[。！？!?\n]+", text):
        about = found["private"].search(clause)
        if about is None:
            continue
        told = [one for one in _names(clause) if not found["office"].search(clause[one.end() : one.end() + 4])]
        if told and (found["listing"].search(clause) or _near(about, told)):
            yield Found("private", about[0])


def _beside(what: str, text: str) -> list[re.Match[str]]:
    return [one for one in _patterns()[what].finditer(text) if not _patterns()["nobody"].fullmatch(one["name"])]


def _in_office(text: str, hit: re.Match[str]) -> bool:
    """王主任, 防疫员王建国: an office in the name's word or just before it."""
    before = text[max(0, hit.start() - BEFORE) : hit.start()].rpartition("\n")[2]
    return _patterns()["office"].search(before + hit["name"]) is not None


def _begins(text: str, start: int) -> bool:
    """Whether a name begins a word: 磷酸二铵 holds no Mr 铵."""
    before = text[start - 1 : start]
    return not re.match(r"[\u4e00-\u9fff]", before) or before in "给由户人欠是的"


def _names(clause: str) -> list[re.Match[str]]:
    """Words of a clause that are a name and nothing else, and names of whom something is told: 张桂兰患有."""
    found = _patterns()
    words = (one for one in _SEPARATED.finditer(clause) if len(one[0]) <= _LONGEST_NAME)
    alone = [one for one in words if found["name"].fullmatch(one[0])]
    return [one for one in (*alone, *found["told"].finditer(clause)) if not found["nobody"].search(one[0])]


def _near(about: re.Match[str], names: list[re.Match[str]]) -> bool:
    return any(abs(one.start() - about.end()) <= NEAR or abs(about.start() - one.end()) <= NEAR for one in names)
