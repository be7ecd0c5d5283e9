"""What the check of a notice found, and the copy of the text that it looks at."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from content import yaml_file
from content.search.fold import WORDS

Stop = Literal["identity", "card", "people", "private"]
Flag = Literal["account", "transfer", "code", "link"]
"""What stops a notice, and what needs a second person."""

_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_DASHES = re.compile("[‐‑‒–—―−－]")


@dataclass(frozen=True)
class Found:
    """One thing that was found: by which rule, and the piece of text, of a number only its ends."""

    rule: Stop | Flag
    piece: str


@cache
def table() -> Mapping[str, Any]:
    """The words of the check."""
    path: Path = WORDS / "notices.yaml"
    read: dict[str, Any] = yaml_file.read(path, path.name)
    return read


def plain(text: str) -> str:
    """Half width, one kind of dash, nothing that cannot be seen: ID numbers are hidden in such ways."""
    return _DASHES.sub("-", _UNSEEN.sub("", unicodedata.normalize("NFKC", text)))
