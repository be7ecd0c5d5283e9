"""All places of the region: by code, by name, and in what people write."""

from dataclasses import dataclass

from content.places.answers import find_answer
from content.places.errors import PlaceError
from content.places.lexicon import Lexicon
from content.places.mentions import find_hits
from content.places.place import LEVELS, Place, place, to_stem


@dataclass(frozen=True, slots=True)
class Mention:
    """A name at text[start:end] and every place that it may mean, at least one."""

    start: int
    end: int
    places: tuple[Place, ...]


class Places:
    """The gazetteer. Wherever a stem is asked for, a code in full does as well."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    @classmethod
    def load(cls) -> "Places":
        """Read banners and aliases; townships and villages are read when first needed."""
        return cls(Lexicon())

    def stem_of(self, code: str) -> str:
        """The stem of a place that exists, from its code or stem; raises PlaceError for any other text."""
        stem = to_stem(code)
        if stem not in self._table(len(stem)):
            raise PlaceError(code)
        return stem

    def get(self, code: str) -> Place:
        """The place with this code or stem; raises PlaceError if there is none."""
        stem = self.stem_of(code)
        return place(stem, self._table(len(stem))[stem])

    def children(self, code: str) -> tuple[Place, ...]:
        """The places one level down, in code order; a village has none."""
        above = self.stem_of(code)
        digits = next((digits for digits in LEVELS if digits > len(above)), None)
        if digits is None:
            return ()
        table = self._table(digits)
        return tuple(place(stem, name) for stem, name in table.items() if is_child(stem, above, digits))

    def path(self, code: str) -> tuple[Place, ...]:
        """League, banner, township, village, as far down as the place itself; the province only for itself."""
        stem = self.stem_of(code)
        digits = [digits for digits in LEVELS if len("15") < digits <= len(stem)] or [len(stem)]
        return tuple(self.get(stem[:n]) for n in digits)

    def below(self, code: str, ancestor: str) -> bool:
        """Say whether the one is the other or lies in it; by their form, so that no table is read."""
        return to_stem(code).startswith(to_stem(ancestor))

    def mentions(self, text: str, within: str | None = None) -> tuple[Mention, ...]:
        """Every name of a place in the text, in the text's order; several places where it is ambiguous."""
        hits = find_hits(text, self._lexicon, within and self.stem_of(within))
        return tuple(Mention(hit.start, hit.end, tuple(map(self.get, hit.stems))) for hit in hits)

    def named_in(self, text: str, within: str | None = None) -> tuple[Place, ...]:
        """The places that the text names; of 鄂尔多斯达旗 only the narrower one, of 左旗 all that it may be."""
        found = dict.fromkeys(each for mention in self.mentions(text, within) for each in mention.places)
        return tuple(
            each for each in found if not any(other != each and other.stem.startswith(each.stem) for other in found)
        )

    def find(self, name: str, within: str | None = None) -> tuple[Place, ...]:
        """The places that an answer to "您在哪个旗县" may mean: those below `within` if there are any."""
        stems = find_answer(name, self._lexicon, within and self.stem_of(within))
        return tuple(map(self.get, stems))

    def _table(self, digits: int) -> dict[str, str]:
        match LEVELS[digits]:
            case "village":
                return self._lexicon.villages
            case "township":
                return self._lexicon.townships
            case _:
                return self._lexicon.banners


def is_child(stem: str, above: str, digits: int) -> bool:
    """Say whether a stem has this many digits and begins with the one above."""
    return len(stem) == digits and stem.startswith(above)
