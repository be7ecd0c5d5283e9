"""A place and its two writings: the full code outside (150600, 150621100) and the stem in tables (1506, 150621100)."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from content.places.errors import PlaceError
from content.places.spelling import village_name, without_office

Level = Literal["province", "league", "banner", "township", "village"]

LEVELS: Final[dict[int, Level]] = {2: "province", 4: "league", 6: "banner", 9: "township", 12: "village"}
"""How many digits a stem of each level has."""

DIGITS: Final = re.compile(r"[0-9]+")


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
        match self.level:
            case "province":
                return self.name.removesuffix("自治区")
            case "league" | "banner":
                return without_office(self.name).removesuffix("市")
            case "township":
                return without_office(self.name)
            case "village":
                return village_name(self.name)


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
