"""What is sensitive: to follow it needs a consent of its own, and its reminders may name no topic."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from content import yaml_file
from content.library import PACKAGE, Library
from content.programme import Programme


@cache
def _table() -> Mapping[str, Any]:
    table: dict[str, Any] = yaml_file.read(PACKAGE / "sensitive.yaml", "sensitive.yaml")
    return table


def is_sensitive(programme: Programme, library: Library) -> bool:
    """Whether a programme is of a sensitive topic, or is one itself."""
    return library.topics[programme.topic].sensitive or programme.id in _table()["programmes"]


def sounds_sensitive(words: str) -> bool:
    """Whether a name that staff gave to a thing tells of something sensitive."""
    return re.search(_table()["words"], words) is not None


def filed(library: Library) -> Mapping[str, tuple[str, bool]]:
    """Every programme's topic, and whether it is sensitive, as windows are filed."""
    return {id_: (one.topic, is_sensitive(one, library)) for id_, one in library.programmes.items()}
