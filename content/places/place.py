"""A place and its two writings: the full code outside (150600, 150621100) and the stem in tables (1506, 150621100)."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from content.places.errors import PlaceError

Level = Literal["province", "league", "banner", "township", "village"]

LEVELS: Final[dict[int, Level]] = {2: "province", 4: "league", 6: "banner", 9: "township", 12: "village"}
"""How many digits a stem of each level has."""

DIGITS: Final = re.compile(r"[0-9]+")
COMMITTEE: Final = re.compile(r"(?<=社区)(?:居.*|委员会)$|(?<=[村查])民?委(?:员?会)?$")


@dataclass(frozen=True, slots=True)
class Place:
    """A province, league or city, banner or county, township, or village; `parent` is the stem above it."""

    stem: str
    code: str
    name: str
    level: Level
    parent: str | None

    @property
    def short(self) -> str:
        """The name as people say it: 鄂尔多斯 for 鄂尔多斯市, 永安村 for 永安村委会, 达拉特旗 as it is."""
        return short_name(self.name, self.level)


def place(stem: str, name: str) -> Place:
    """The place with this stem and this name, as the tables hold them."""
    return Place(stem, full_code(stem), name, LEVELS[len(stem)], parent_of(stem))


def to_stem(code: str) -> str:
    """The stem of a code or of a stem, by its form alone: only six digits lose trailing "0000" or "00"."""
    stem = re.sub(r"(?:00){1,2}$", "", code) if len(code) == 6 else code  # noqa: PLR2004
    if len(stem) not in LEVELS or not DIGITS.fullmatch(stem):
        raise PlaceError(code)
    return stem


def full_code(stem: str) -> str:
    """The code as it is written outside: at least six digits."""
    return stem.ljust(6, "0")


def parent_of(stem: str) -> str | None:
    """The stem one level up, or None for the province."""
    return next((stem[:digits] for digits in sorted(LEVELS, reverse=True) if digits < len(stem)), None)


def short_name(name: str, level: Level) -> str:
    """Drop what nobody says: 市 and 自治区, the committee behind a village's name, 办事处 behind a 街道."""
    match level:
        case "province":
            return name.removesuffix("自治区")
        case "league" | "banner":
            return name.removesuffix("市").removesuffix("管委会")
        case "township":
            return name.removesuffix("办事处") if name.endswith("街道办事处") else name
        case "village":
            return village_name(name)


def village_name(name: str) -> str:
    """永安村 of 永安村委会, 二道沟村 of 二道沟村民委员会, 三合屯村 of 三合屯村村委会, 西台嘎查 of 西台嘎查委会."""
    bare = COMMITTEE.sub("", name).replace("居民委员会", "居委会")
    return re.sub(r"(?<=[村查])村$", "", bare)
