"""Many patterns as one find what one would find; and none takes forever on words made to tire it."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from itertools import product
from pkgutil import walk_packages
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import pytest

import bot
import content
import scheduler
import storage
from bot.dialogue import hear, lean, pleas
from bot.dialogue.lines import Lines, choices, needs
from content.cited import cited
from content.library import read_library

DOCUMENTS = read_library().documents.values()
MOST = 200
"""So many ways of reading one choice are written out; all of ours have fewer."""


def test_a_pattern_is_known_by_its_rarest_characters() -> None:
    assert needs("我.{0,4}(打|揍)人") == frozenset("打揍")
    assert needs("(打|.)") is None
    assert list(choices(r"a(b|c)|d[|]e|f\|g")) == ["a(b|c)", "d[|]e", r"f\|g"]


def test_many_patterns_find_what_one_would_find() -> None:
    lines = Lines(["救命", "打(我|人)|着火了", "x?"])
    assert {hit[0] for hit in lines.hits("有人打我，救命救命")} >= {"打我", "救命"}
    assert lines.any("着火了")
    assert json.dumps(sorted({hit.start() for hit in lines.hits("救命救命") if hit[0]})) == "[0, 2]"


def patterns() -> Iterator[str]:
    raw, table = hear.table("pleas"), hear.table("guard")
    for kind in raw["kinds"]:
        for part in ("sure", "said", "alike", "not"):
            yield from (pleas.whole(line, raw["pieces"]) for line in kind[part])
    for group in (*raw["harmless"].values(), raw["now"]):
        yield from (pleas.whole(line, raw["pieces"]) for line in group)
    for row in table.values():
        yield from (*row["words"], row["not"])
    yield from hear.table("commands").values()
    yield from (row["words"] for row in hear.table("intents"))
    follow_up = hear.table("follow_up")
    yield from follow_up.pop("asks").values()
    yield from (re.sub(r"\s", "", one) for one in follow_up.values())
    yield from (one for one in hear.table("notices").values() if isinstance(one, str))
    yield from (pattern.pattern for module in modules() for pattern in constants(module))


def modules() -> Iterator[ModuleType]:
    """Every module that reads what people write."""
    for package in (bot, content, scheduler, storage):
        for found in walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith(("__main__", "migrations.env")):
                yield import_module(found.name)


def constants(module: ModuleType) -> Iterator[re.Pattern[str]]:
    """The patterns that a module holds under names of its own."""
    return (
        value for value in vars(module).values() if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
    )


def repeated(items: Any) -> Iterator[Any]:
    """What a pattern may repeat without end, at any depth."""
    for op, value in items:
        if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
            if value[1] == ops.MAXREPEAT:
                yield value[2]
            yield from repeated(value[2])
        elif op is ops.SUBPATTERN:
            yield from repeated(value[-1])
        elif op is ops.BRANCH:
            for branch in value[1]:
                yield from repeated(branch)


def written(items: Any) -> list[str]:
    """Every text that a part may match, each as often as there are ways; a wide class stands as one mark."""
    ways = [""]
    for op, value in items:
        ways = [before + one for before, one in product(ways, each(op, value))][: MOST * MOST]
    return ways


def each(op: Any, value: Any) -> list[str]:
    if op is ops.LITERAL:
        return [chr(value)]
    if op is ops.IN and all(kind is ops.LITERAL for kind, _ in value):
        return [chr(at) for _, at in value]
    if op is ops.SUBPATTERN:
        return written(value[-1])
    if op is ops.BRANCH:
        return [one for branch in value[1] for one in written(branch)]
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT):
        most = value[0] + 1 if value[1] == ops.MAXREPEAT else value[1]  # what repeats in what repeats: once more tells
        return [one for times in range(value[0], most + 1) for one in written(list(value[2]) * times)]
    return [f"<{op}>"] if op is not ops.AT else [""]


def ways_to_read(text: str, pieces: Counter[str]) -> int:
    """In how many ways a text can be cut into pieces."""
    ways = [1] + [0] * len(text)
    for end in range(1, len(text) + 1):
        ways[end] = sum(ways[begin] * pieces[text[begin:end]] for begin in range(end) if ways[begin])
    return ways[-1]


def test_what_may_repeat_can_be_read_in_one_way_only() -> None:
    """(刚|刚才|才)* reads 刚才刚才… in 2, 4, 8 … ways: one long message would hold up everybody."""
    tiring = []
    for pattern in patterns():
        for part in repeated(parser.parse(pattern)):
            pieces = Counter(written(part))
            assert pieces.total() <= MOST
            tiring += [f"{one} in {pattern}" for one in pieces if not one or ways_to_read(one, pieces) > 1]
            tiring += [f"{a + b} in {pattern}" for a, b in product(pieces, pieces) if ways_to_read(a + b, pieces) > 1]
    assert not tiring, "leave out the choice that others make up"


@pytest.mark.parametrize(
    "again",
    [
        "刚才",
        "正在",
        "嗯",
        "好的谢谢",
        "老是",
        "总是刚才",
        "在不在",
        "谢谢你",
        "他他的他妈",
        "管",
        "下",
        "看看",
        "说说细点",
    ],
)
@pytest.mark.parametrize("end", ["", "打药把掐揍踹死火", "补贴", "x"])
def test_words_said_over_and_over_are_read_at_once(again: str, end: str) -> None:
    """No limit of time: read in the number of ways that there once were, one of these would not end this year."""
    for text in (again * 90 + end, f"有人{again * 90}{end}", f"我{again * 3000}{end}"):
        pleas.plea(text)
        hear.guarded(text[:200])
        hear.command(text[:200])
        lean.bare(text)
        cited(f"2026年文件{text}", DOCUMENTS)
