"""All names of all places, in five groups that are made when first asked for.

Most questions name no township and no village, so their tables (1.2 and 14.6 thousand rows) are seldom needed.
"""

from functools import cached_property
from typing import Final

from content.places.load import Aliases, Needs, read_aliases, read_table
from content.places.names import SHORTEST, Name, Names, gather
from content.places.spelling import BELOW, bare_above, bare_below, township_name, village_name, without_office

SURE: Final = {"镇": 3, "苏木": 3, "嘎查": 4, "乡": 4, "街道": 4, "办事处": 5, "村": 99, "社区": 99}
"""From how many letters on a name with this suffix counts anywhere; a shorter one may be a piece of another name."""


class Lexicon:
    """The names of banners and leagues with all aliases; of townships and villages in full, and bare."""

    def __init__(self) -> None:
        self.banners: dict[str, str] = read_table("banners.tsv")
        self._aliases: Aliases = read_aliases()
        self.above = Names(self._names_above())

    @cached_property
    def townships(self) -> dict[str, str]:
        """Stem → name of every township."""
        return read_table("townships.tsv")

    @cached_property
    def villages(self) -> dict[str, str]:
        """Stem → name of every village."""
        return read_table("villages.tsv")

    @cached_property
    def full_townships(self) -> Names:
        """树林召镇, 得力其尔鄂温克民族乡 and 得力其尔乡."""
        spellings = (without_office, township_name)
        pairs = [(spell(name), stem) for stem, name in self.townships.items() for spell in spellings]
        return Names(gather(pairs, self._needs_in_full))

    @cached_property
    def full_villages(self) -> Names:
        """永安村 and, for an answer, 永安村委会."""
        said = gather(((name, stem) for stem, name in self._said_villages.items()), self._needs_in_full)
        written = gather(((name, stem) for stem, name in self.villages.items()), lambda _: Needs.ASKED)
        return Names(written | said)

    @cached_property
    def bare_townships(self) -> Names:
        """树林召."""
        pairs = ((bare_below(name), stem) for stem, name in self.townships.items())
        return Names(gather(pairs, lambda name: self._needs_bare(name, Needs.START), bare=True))

    @cached_property
    def bare_villages(self) -> Names:
        """永安."""
        pairs = ((BELOW.sub("", name), stem) for stem, name in self._said_villages.items())
        return Names(gather(pairs, lambda name: self._needs_bare(name, Needs.CALL), bare=True))

    @cached_property
    def _said_villages(self) -> dict[str, str]:
        return {stem: village_name(name) for stem, name in self.villages.items()}

    def _names_above(self) -> dict[str, Name]:
        written = [(name, stem) for stem, name in self.banners.items()]
        bare = [(bare_above(without_office(name)), stem) for name, stem in written]
        said = [(alias.name, alias.stem) for alias in self._aliases.names]
        ordinary = [word for word, needs in self._aliases.needs.items() if needs is Needs.NEVER]
        return gather([*written, *bare, *said], self._needs_above) | dict.fromkeys(ordinary, Name((), Needs.NEVER))

    def _needs_above(self, name: str) -> Needs:
        return self._aliases.needs.get(name, Needs.NOTHING)

    def _needs_in_full(self, name: str) -> Needs:
        """A short name must stand free; 新村 and 新镇 are ordinary words; 乌海村民 are no people of a 乌海村."""
        suffix = next((suffix for suffix in SURE if name.endswith(suffix)), None)
        if suffix is None or (suffix == "村" and self.above.called(name.removesuffix(suffix))):
            return Needs.ASKED
        free = Needs.NOTHING if len(name) >= SURE[suffix] else Needs.START
        return self._aliases.needs.get(name, free if len(name) > SHORTEST else Needs.WORD)

    def _needs_bare(self, name: str, needs: Needs) -> Needs:
        """Two letters without a suffix are mostly an ordinary word: 建设, 光明."""
        if self.above.called(name):
            return Needs.ASKED
        return self._aliases.needs.get(name, needs if len(name) > SHORTEST else Needs.WORD)
