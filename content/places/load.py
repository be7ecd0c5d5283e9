"""Read the tables that make.py cut and the aliases that people wrote."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from content.places.place import to_stem

FOLDER: Final = Path(__file__).parent

KINDS: Final = ("short", "old", "merged", "colloquial")


class Needs(StrEnum):
    """Where a name must stand in a question to be taken for a place; aliases.yaml tells each in words."""

    NOTHING = "nothing"
    START = "start"
    CALL = "call"
    WORD = "word"
    ASKED = "asked"
    NEVER = "never"


class Alias(NamedTuple):
    """Another name of a place, and why it is one: a member of KINDS."""

    name: str
    stem: str
    kind: str


class Aliases(NamedTuple):
    """All of aliases.yaml: the names, and what the careful ones need, ordinary words among them."""

    names: tuple[Alias, ...]
    needs: dict[str, Needs]


def read_table(table: str) -> dict[str, str]:
    """Stem → name, in code order, of banners.tsv, townships.tsv or villages.tsv."""
    lines = (FOLDER / table).read_text(encoding="utf-8").splitlines()
    return {to_stem(code): name for code, name in (line.split("\t") for line in lines)}


def read_aliases() -> Aliases:
    """The names that aliases.yaml adds to the tables."""
    with (FOLDER / "aliases.yaml").open("rb") as text:
        written: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    needs = {name: Needs(need) for need, names in written["needs"].items() for name in names}
    return Aliases(tuple(aliases_of(written["names"])), needs | dict.fromkeys(written["never"], Needs.NEVER))


def aliases_of(names: dict[str, dict[str, list[str]]]) -> Iterator[Alias]:
    """Flatten {code: {kind: [name, …]}}."""
    for code, kinds in names.items():
        for kind, said in kinds.items():
            yield from (Alias(name, to_stem(code), kind) for name in said)
