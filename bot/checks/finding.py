"""What a check found: well, worth a look, or wrong with what to do about it."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["well", "note", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One thing about one part. `remedy` says what to do; it is empty only where all is well."""

    part: str
    level: Level
    says: str
    remedy: str = ""


def well(part: str, says: str) -> Finding:
    """It is as it should be."""
    return Finding(part, "well", says)


def note(part: str, says: str, remedy: str) -> Finding:
    """It may be meant so."""
    return Finding(part, "note", says, remedy)


def wrong(part: str, says: str, remedy: str) -> Finding:
    """It must be mended."""
    return Finding(part, "wrong", says, remedy)
