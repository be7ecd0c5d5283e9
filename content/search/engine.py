"""Find the card for a question: characters and sounds, best row of each card, place and standing, then the band."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from content.library import Library
from content.places.place import to_stem
from content.programme import Programme, Standing
from content.search import grams
from content.search.bands import MOST_CHOICES, TIE, Band, Thresholds, band
from content.search.index import Floats, Index, Row, best_of
from content.search.rewrite import aspects, search_copy, topic_words
from content.search.sounds import typed

REGION = "15"


@dataclass(frozen=True)
class Weights:
    """How the parts of a score are weighed against each other."""

    sound: float = 0.34  # share of the sound score for a question in characters; typed pinyin has nothing else
    whole_card: float = 0.30  # share of "any row of the card knows it" beside the best row
    missing: float = 0.60  # Tversky: what the question has and the row lacks
    extra: float = 0.25  # Tversky: what the row has and the question lacks
    told: float = 0.85  # a sentence of the card counts less than a phrasing
    elsewhere: float = 0.55  # a programme of another place
    unplaced: float = 0.93  # a programme of one city, when no place is known
    ended: float = 0.80


@dataclass(frozen=True)
class Candidate:
    """A card with its score (0 to 1) and the text of its best row, for explanations."""

    programme: Programme
    score: float
    row: str
    characters: float
    sounds: float


@dataclass(frozen=True)
class Found:
    """What a search led to. `candidates` best first: one for an answer, up to three for choices, none for none."""

    band: Band
    candidates: tuple[Candidate, ...]
    aspects: tuple[str, ...]
    copy: str
    ranked: tuple[Candidate, ...] = field(repr=False, default=())


class Search:
    """The index of one library. Building takes under a second for 250 programmes; finding, about a millisecond."""

    def __init__(self, library: Library, *, weights: Weights | None = None, limits: Thresholds | None = None) -> None:
        """Index every programme and stub."""
        self._weights, self._limits = weights or Weights(), limits or Thresholds()
        self._cards = tuple(library.programmes.values())
        rows = [row for number, card in enumerate(self._cards) for row in self._rows_of(number, card)]
        starts = [number for number, row in enumerate(rows) if number == 0 or rows[number - 1].card != row.card]
        self._rows, self._starts = rows, np.array(starts)
        tversky = {"missing": self._weights.missing, "extra": self._weights.extra}
        self._characters = Index(rows, len(self._cards), grams.characters, **tversky)
        self._sounds = Index(rows, len(self._cards), grams.sounds, **tversky)
        self._placed: dict[str | None, Floats] = {}  # place → prior of each card; a few hundred places at most
        self._row_weights = np.array([row.weight for row in rows], np.float32)

    def _rows_of(self, number: int, card: Programme) -> list[Row]:
        asked = dict.fromkeys([card.name, card.short, *card.phrasings])
        told = dict.fromkeys(claim.says for claim in card.claims)
        rows = [_row(number, text, 1.0) for text in asked]
        return rows + [_row(number, text, self._weights.told) for text in told]

    def find(self, question: str, *, place: str | None = None) -> Found:
        """Find the cards for a question; `place` is the stem of the place that it is about, if known."""
        copy = search_copy(question)
        ranked = self._ranked(copy, place)
        if not ranked:
            return Found(Band.NONE, (), aspects(copy), copy)
        second = ranked[1].score if len(ranked) > 1 else 0.0
        decided = band(ranked[0].score, second, self._limits)
        return Found(decided, self._offered(decided, ranked), aspects(copy), copy, ranked)

    def _offered(self, decided: Band, ranked: Sequence[Candidate]) -> tuple[Candidate, ...]:
        if decided is Band.ANSWER:
            return (ranked[0],)
        if decided is Band.NONE:
            return ()
        near = ranked[0].score - self._limits.near
        return tuple(one for one in ranked[:MOST_CHOICES] if one.score >= near)

    def _ranked(self, copy: str, place: str | None) -> tuple[Candidate, ...]:
        """Rank the best five cards."""
        if not copy:
            return ()
        letters = typed(copy)
        share = (1 - self._weights.sound) * (1 - letters / (letters + sum(map(_is_ideograph, copy)) or 1))
        topic = topic_words(copy)
        characters, sounds = self._characters.overlaps(copy, topic), self._sounds.overlaps(copy, topic)
        rows = (share * characters.rows + (1 - share) * sounds.rows) * self._row_weights
        whole = share * characters.cards + (1 - share) * sounds.cards
        scores = (1 - self._weights.whole_card) * best_of(rows, self._starts) + self._weights.whole_card * whole
        placed: Floats = (scores * self._priors(place)).astype(np.float32)
        order = sorted(np.argsort(-placed)[:5], key=lambda number: self._order(number, placed))
        return tuple(self._candidate(int(number), placed, rows, characters.rows, sounds.rows) for number in order)

    def _order(self, number: int, scores: Floats) -> tuple[int, bool, str]:
        card = self._cards[number]
        return (-round(float(scores[number]) / TIE), not card.most_asked, card.id)

    def _candidate(self, number: int, scores: Floats, rows: Floats, characters: Floats, sounds: Floats) -> Candidate:
        start = int(self._starts[number])
        end = int(self._starts[number + 1]) if number + 1 < len(self._starts) else len(self._rows)
        best = start + int(np.argmax(rows[start:end]))
        card = self._cards[number]
        return Candidate(
            card, float(scores[number]), self._rows[best].text, float(characters[best]), float(sounds[best])
        )

    def _priors(self, place: str | None) -> Floats:
        known = self._placed.get(place)
        if known is None:
            known = np.array([self._prior(card, place) for card in self._cards], np.float32)
            self._placed[place] = known
        return known

    def _prior(self, card: Programme, place: str | None) -> float:
        """Raise what holds at the place; lower what holds elsewhere or is over."""
        standing = self._weights.ended if card.standing is Standing.ENDED else 1.0
        stems = [to_stem(code) for code in card.places]
        if REGION in stems:
            return standing
        if place is None or place == REGION:
            return standing * self._weights.unplaced
        here = any(place.startswith(stem) or stem.startswith(place) for stem in stems)
        return standing * (1.0 if here else self._weights.elsewhere)


def _row(card: int, text: str, weight: float) -> Row:
    copy = search_copy(text)
    return Row(card, text, copy, topic_words(copy), weight)


def _is_ideograph(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
