"""What a talk is about: programme ids with weights, never words, so that what is said next can lean on it."""

import re
from collections.abc import Mapping

from content.search.bands import Band
from content.search.engine import Found

_NEW = re.compile(
    r"不说(这|那)|不问(这|那)|(问|说|打听)个?(别的|个事|件事|一?个事)|换个|换一个|另外|再(问|说|打听)(个|件|一件)|别的(事|问题)|还有(个|件|一件)事|"
    r"对了|(先)?(放|撂|搁)(一边|下)|(的事|这个|那个|这事|那事)(明白|知道|清楚|懂|晓得|记住)了|顺便|话说"
)
FADING = 0.5
"""What a turn's subject weighs one turn later."""

MOST = 6


def leaning(near: Mapping[str, float], text: str) -> Mapping[str, float]:
    """What the text may lean on: nothing, where it says that it begins something new."""
    return {} if _NEW.search(text) else near


def shown(near: Mapping[str, float], id_: str) -> dict[str, float]:
    """What the talk is about once a card was shown."""
    return {**{other: weight * FADING for other, weight in near.items()}, id_: 1.0}


def dropped(near: Mapping[str, float], *ids: str) -> dict[str, float]:
    """What the talk is about once it was said that these are not meant."""
    return {id_: weight for id_, weight in near.items() if id_ not in ids}


def remembered(near: Mapping[str, float], found: Found) -> dict[str, float]:
    """What the talk is about after a search: what was found, and what came before, fading."""
    weights = {id_: weight * FADING for id_, weight in near.items()}
    best = found.ranked[0].score if found.ranked else 1.0
    for one in found.ranked:
        weights[one.programme.id] = max(weights.get(one.programme.id, 0.0), one.score / best * found.sureness)
    if found.band is Band.ANSWER:
        weights[found.candidates[0].programme.id] = 1.0
    heaviest = sorted(weights.items(), key=lambda item: -item[1])[:MOST]
    return {id_: round(weight, 2) for id_, weight in heaviest}
