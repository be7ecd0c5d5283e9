"""What a talk is about: programme ids with weights, never words, so that what is said next can lean on it."""

import re
from collections.abc import Mapping

from bot.dialogue.state import State
from content.search.bands import Band
from content.search.engine import Found

_NEW = re.compile(
    r"不说(这|那)|不问(这|那)|(问|说|打听)个?(别的|个事|件事|一?个事)|换个|换一个|另外|再(问|说|打听)(个|件|一件)|别的(事|问题)|还有(个|件|一件)事|"
    r"对了|(先)?(放|撂|搁)(一边|下)|(的事|这个|那个|这事|那事)(明白|知道|清楚|懂|晓得|记住)了|顺便|话说"
)
_BACK = re.compile(
    r"(刚才|刚刚|头前|头里|头先|前头|先头|先前|起先|开头|一开始|最开始|最先|最早|上头|头一个|头一件|第一个|前面)(那|说|问|讲|提|的|打听)|"
    r"说回(来|去)?|(再|还)?回头(再)?(说|问|看)|回到|还是(说|问)?(那个|头前|刚才|前面|先前|前头|头里)"
)
"""Words that lead back to what the talk was about before its last subject."""

_FIRST = re.compile(r"头一|第一|开头|开始|最先|最早|起先")

FADING = 0.5
"""What a turn's subject weighs one turn later."""

TOLD = 0.3
"""What a subject weighs that was found for a text that asks nothing."""

NAMED = 1.5
"""What an earlier subject weighs that the text itself leads back to."""

MOST = 8
EARLIER = 4
"""Subjects that 刚才那个 may lead back to."""


def leaning(state: State, text: str) -> Mapping[str, float]:
    """What the text may lean on: nothing, where it says that it begins something new; what came before, where so."""
    if led_back(state, text) is not None:
        return _back(state)
    return {} if _NEW.search(text) else state.near


def led_back(state: State, text: str) -> str | None:
    """The earlier subject that a text leads back to, if it does: the first one, or the one before the last."""
    if len(state.talked) < 2 or not _BACK.search(text):  # noqa: PLR2004
        return None
    return state.talked[0 if _FIRST.search(text) else -2]


def without_way_back(text: str) -> str:
    """What is asked besides."""
    return _BACK.sub("", text)


def _back(state: State) -> dict[str, float]:
    """The earlier subjects, the last one let go."""
    *earlier, latest = state.talked
    weights = {id_: weight * FADING for id_, weight in state.near.items() if id_ != latest}
    return weights | dict.fromkeys(earlier, NAMED)


def went(talked: tuple[str, ...], id_: str) -> tuple[str, ...]:
    """The subjects of the talk, the newest last."""
    return (*(one for one in talked if one != id_), id_)[-EARLIER:]


def shown(near: Mapping[str, float], id_: str) -> dict[str, float]:
    """What the talk is about once a card was shown."""
    return {**{other: weight * FADING for other, weight in near.items()}, id_: 1.0}


def dropped(near: Mapping[str, float], *ids: str) -> dict[str, float]:
    """What the talk is about once it was said that these are not meant."""
    return {id_: weight for id_, weight in near.items() if id_ not in ids}


def remembered(near: Mapping[str, float], found: Found, *, asks: bool) -> dict[str, float]:
    """What the talk is about after a search: what was found, and what came before, fading.

    What only tells something (就我一个人，没雇人) goes on with the talk, unless it is sure of a card by itself.
    """
    tells = near and not asks and found.band is not Band.ANSWER
    fading, share = (1.0, TOLD) if tells else (FADING, 1.0)
    weights = {id_: weight * fading for id_, weight in near.items()}
    best = found.ranked[0].score if found.ranked else 1.0
    for one in found.ranked:
        weights[one.programme.id] = max(weights.get(one.programme.id, 0.0), share * one.score / best * found.sureness)
    if found.band is Band.ANSWER:
        weights[found.candidates[0].programme.id] = 1.0
    heaviest = sorted(weights.items(), key=lambda item: -item[1])[:MOST]
    return {id_: round(weight, 2) for id_, weight in heaviest}
