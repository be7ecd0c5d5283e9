"""Places named in free text: 我妈在达旗, 鄂尔多斯创业补贴, 赤峰左旗."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from content.places.context import stands
from content.places.lexicon import Lexicon
from content.places.load import Needs
from content.places.names import SHORTEST, Name, Names

Stems = tuple[str, ...]


class Hit(NamedTuple):
    """A name at text[start:end] and the stems that it may mean there; none if it is an ordinary word."""

    start: int
    end: int
    stems: Stems


def find_hits(text: str, lexicon: Lexicon, within: str | None) -> tuple[Hit, ...]:
    """The names in the text in their order, each with its candidates, narrowed as far as the text allows."""
    hits = longest(accepted(text, lexicon, within))
    named = [hit for hit in hits if hit.stems]
    return tuple(hit._replace(stems=narrow(hit, named, within)) for hit in named)


def groups(text: str, lexicon: Lexicon, within: str | None) -> Iterator[Names]:
    """The groups of names that this text can hold. A table is not read for a question that can't need it."""
    yield lexicon.above
    if "镇" in text or "乡" in text or "苏木" in text or "街道" in text:
        yield lexicon.full_townships
    if "村" in text or "嘎查" in text or "社区" in text:
        yield lexicon.full_villages
    if within is not None and len(within) > SHORTEST:
        yield from (lexicon.bare_townships, lexicon.bare_villages)
    elif any(name.stems for _, _, name in lexicon.above.in_text(text)):
        yield lexicon.bare_townships


def accepted(text: str, lexicon: Lexicon, within: str | None) -> Iterator[Hit]:
    """Every name that stands as it must, or right behind the name of a place above it (赤峰红山)."""
    ends: dict[int, Stems] = {}
    found = [found for names in groups(text, lexicon, within) for found in names.in_text(text)]
    for start, end, name in sorted(found, key=lambda found: found[:2]):
        stems = named_after(name, end - start, ends.get(start, ())) or named_freely(name, text, start, end, within)
        if stems or name.needs is Needs.NEVER:
            ends[end] = ends.get(end, ()) + stems
            yield Hit(start, end, stems)


def named_after(name: Name, letters: int, above: Stems) -> Stems:
    """What a name means behind the name of a league or banner; the region is too wide to tell (内蒙古红山文化)."""
    if name.needs in (Needs.ASKED, Needs.NEVER) or (name.bare and letters <= SHORTEST):
        return ()
    return tuple(s for s in name.stems if any(len(over) > len("15") and s.startswith(over) for over in above))


def named_freely(name: Name, text: str, start: int, end: int, within: str | None) -> Stems:
    """What a name means where it stands. A bare township or village counts only where the talk is."""
    if not stands(text, start, end, name.needs):
        return ()
    return tuple(stem for stem in name.stems if stem.startswith(within or "-")) if name.bare else name.stems


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Hits that don't overlap, the longest first; of equals the ordinary word, then the one that comes first."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, bool(hit.stems), hit.start)):
        if all(hit.end <= other.start or other.end <= hit.start for other in kept):
            kept.append(hit)
    return sorted(kept)


def narrow(hit: Hit, named: list[Hit], within: str | None) -> Stems:
    """The candidates near the other places of the text; of these the ones nearest to where the talk is."""
    others = [stem for other in named if other is not hit for stem in other.stems]
    near = tuple(stem for stem in hit.stems if any(related(stem, other) for other in others)) or hit.stems
    scopes = [within[:digits] for digits in (12, 9, 6, 4) if len(within) >= digits] if within else []
    inside = (tuple(stem for stem in near if stem.startswith(scope)) for scope in scopes)
    return next(filter(None, inside), near)


def related(one: str, other: str) -> bool:
    """Say whether one place is the other, above it or below it."""
    return one.startswith(other) or other.startswith(one)
