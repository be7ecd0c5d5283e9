"""Find the card for a question: characters and sounds, a linear model, place and standing, then the band."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from content.library import Library
from content.places.place import to_stem
from content.programme import Programme, Standing
from content.search.bands import MOST_CHOICES, TIE, Band, Calibration, Signs, Thresholds, band
from content.search.built import Built, Shape, build
from content.search.closeness import pairs_shared, run_shared
from content.search.index import NEAR, Overlaps, Row, best_of, near_best
from content.search.postings import Floats
from content.search.rewrite import aspects, search_copy, topic_words
from content.search.rows import TOLD
from content.search.sounds import typed

REGION = "15"
NOTHING: Mapping[str, float] = {}
NO_TALK: Mapping[int, float] = {}
RANKED = 5

LEANING = (1.6, -0.76, -0.12)
"""How far a question leans on the talk: at first, by its own sureness, by its characters. Fitted on the dialogues and
the changes of subject of *tune* (conditional logit over the cards): who names a card, or tells more, begins anew."""


class Machine(Protocol):
    """A trained model: scores every card for the topic words of a question; above 0 it says yes."""

    def decide(self, topic: str) -> Floats:
        """Score every card."""
        ...


Train = Callable[[Sequence[Row], Sequence[str]], Machine | None]


@dataclass(frozen=True)
class Weights:
    """How the parts of a score are weighed against each other."""

    sound: float = 0.34  # share of the sound score for a question in characters; typed pinyin has nothing else
    best_row: float = 0.6
    whole_card: float = 0.4  # any row of the card knows it
    near_rows: float = 0.2  # mean of the three best rows: several phrasings alike are better than one
    machine: float = 0.4  # the linear model
    missing: float = 0.60  # Tversky: what the question has and the row lacks
    extra: float = 0.25  # Tversky: what the row has and the question lacks
    told: float = TOLD
    elsewhere: float = 0.55  # a programme of another place
    unplaced: float = 0.93  # a programme of one city, when no place is known
    ended: float = 0.80
    talk: float = 1.0  # how much the next question leans on what the talk was about: times LEANING


@dataclass(frozen=True)
class Candidate:
    """A card with its score and the text of its best row, for explanations."""

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
    sureness: float = 0.0
    signs: Signs | None = None
    ranked: tuple[Candidate, ...] = field(repr=False, default=())


class Search:
    """The index of one library. Building takes under a second for 250 programmes; finding, about a millisecond.

    Behind the programmes stand groups of outside questions, which no document answers: they are never found, and the
    nearer a question is to one of them, the less sure is the best card.
    """

    def __init__(
        self,
        library: Library,
        *,
        machine: Train = lambda _, __: None,
        weights: Weights | None = None,
        limits: Thresholds | None = None,
        calibration: Calibration | None = None,
        built: Callable[[Library, Shape], Built] = build,
    ) -> None:
        """Index every programme and stub; `machine` brings the linear model for the rows, `built` the index."""
        self._weights = weights or Weights()
        self.limits, self.calibration = limits or Thresholds(), calibration or Calibration()
        held = built(library, Shape(self._weights.told, self._weights.missing, self._weights.extra))
        self._cards = tuple(library.programmes.values())
        self._numbers = {card.id: number for number, card in enumerate(self._cards)}
        self._rows = rows = held.rows
        self._starts = np.flatnonzero(np.diff([row.card for row in rows], prepend=-1))
        self._lengths = np.diff(self._starts, append=len(rows))
        self._characters, self._sounds = held.characters, held.sounds
        self._machine = machine(rows, held.names)
        self._row_weights = np.array([row.weight for row in rows], np.float32)
        self._placed: dict[str | None, Floats] = {}  # place → prior of each card; a few hundred places at most

    def find(self, question: str, *, place: str | None = None, near: Mapping[str, float] = NOTHING) -> Found:
        """Find the cards for a question.

        `place` is the stem of the place that it is about, if known; `near` what the talk was about so far, programme
        ids with weights up to 1: what is said next leans on it.
        """
        copy = search_copy(question)
        if not copy:
            return Found(Band.NONE, (), (), copy)
        talk = {self._numbers[id_]: weight for id_, weight in near.items() if id_ in self._numbers}
        parts = self._parts(copy, place, list(talk))
        if talk:
            own = self.calibration.sureness(self._signs(self._ahead(parts), parts, NO_TALK))
            leaning = self._weights.talk * _leaning(own, len(copy))
            for number, weight in talk.items():
                parts.scores[number] += leaning * weight
        order = self._ahead(parts)
        signs = self._signs(order, parts, talk)
        sureness = self.calibration.sureness(signs)
        ranked = tuple(self._candidate(number, parts) for number in order)
        decided = band(sureness, self.limits)
        return Found(decided, _offered(decided, ranked), aspects(copy), copy, sureness, signs, ranked)

    def _ahead(self, parts: "_Parts") -> list[int]:
        """Number the best cards, best first."""
        scores = parts.scores[: len(self._cards)]
        ahead = np.argpartition(-scores, min(RANKED, len(scores)) - 1)[:RANKED].tolist()
        return sorted(ahead, key=lambda number: self._order(number, parts.scores))

    def _signs(self, order: Sequence[int], parts: "_Parts", talk: Mapping[int, float]) -> Signs:
        return parts.signs(order, self._rows[self._best(order[0], parts)].copy, talk.get(order[0], 0.0))

    def _parts(self, copy: str, place: str | None, talk: Sequence[int]) -> "_Parts":
        topic, letters = topic_words(copy), typed(copy)
        share = (1 - self._weights.sound) * (1 - letters / (letters + sum(map(_is_ideograph, copy)) or 1))
        characters, sounds = self._characters.overlaps(copy, topic), self._sounds.overlaps(copy, topic)
        rows = (share * characters.rows + (1 - share) * sounds.rows) * self._row_weights
        whole = share * characters.cards + (1 - share) * sounds.cards
        best = best_of(rows, self._starts)
        # A group of outside questions is no subject: that it knows all the words, here and there, says nothing.
        whole[len(self._cards) :] = best[len(self._cards) :]
        said = self._machine.decide(topic) if self._machine else np.zeros(len(self._starts), np.float32)
        weights = self._weights
        # The linear model says no below 0: a prior under 1 must lower those too, so it weighs distance from -1.
        known = weights.best_row * best + weights.whole_card * whole + weights.machine * (said + 1)
        scores = self._with_near_rows(known, best, rows, self._priors(place), talk)
        return _Parts(copy, topic, len(self._cards), scores, best, whole, said, rows, characters, sounds)

    def _with_near_rows(self, known: Floats, best: Floats, rows: Floats, priors: Floats, talk: Sequence[int]) -> Floats:
        """Add the near rows: exactly where they may bring a card among the best, else the least that they can be."""
        share, programmes = self._weights.near_rows, len(self._cards)
        scores: Floats = (known + share / NEAR * best) * priors
        most: Floats = (known + share * best) * priors
        inside = _hopeful(scores[:programmes], most[:programmes], RANKED + len(talk))
        within = np.concatenate([inside, _hopeful(scores[programmes:], most[programmes:], 1)])
        within[talk] = True
        near = near_best(rows, self._starts[within], self._lengths[within])
        scores[within] = (known[within] + share * near) * priors[within]
        return scores

    def _order(self, number: int, scores: Floats) -> tuple[int, bool, str]:
        card = self._cards[number]
        return (-round(float(scores[number]) / TIE), not card.most_asked, card.id)

    def _best(self, number: int, parts: "_Parts") -> int:
        start = int(self._starts[number])
        return start + int(np.argmax(parts.rows[start : start + int(self._lengths[number])]))

    def _candidate(self, number: int, parts: "_Parts") -> Candidate:
        best = self._best(number, parts)
        characters, sounds = float(parts.characters.rows[best]), float(parts.sounds.rows[best])
        return Candidate(self._cards[number], float(parts.scores[number]), self._rows[best].text, characters, sounds)

    def _priors(self, place: str | None) -> Floats:
        known = self._placed.get(place)
        if known is None:
            held = [self._prior(card, place) for card in self._cards]
            known = np.array(held + [1.0] * (len(self._starts) - len(held)), np.float32)
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


@dataclass(frozen=True)
class _Parts:
    """The parts of every card's score for one question: its search copy, and the topic words of that."""

    copy: str
    topic: str
    programmes: int  # behind them stand the outside groups
    scores: Floats
    best: Floats
    whole: Floats
    said: Floats
    rows: Floats
    characters: Overlaps
    sounds: Overlaps

    def signs(self, order: Sequence[int], row: str, talk: float) -> Signs:
        """Read off what the sureness of the best card, whose best row is `row`, is judged by."""
        first, rest = order[0], list(order[1:4])
        return Signs(
            float(self.scores[first]),
            float(self.scores[first] - self.scores[rest[0]]) if rest else 1.0,
            float(self.best[first]),
            float(self.whole[first]),
            float(self.said[first]),
            float(self.said[first] - self.said[rest].max()) if rest else 1.0,
            float(self.scores[first] - self.scores[self.programmes :].max(initial=0.0)),
            pairs_shared(self.topic, row),
            run_shared(self.copy, row),
            talk,
            float(len(self.topic.replace(" ", ""))),
            float(len(self.copy.replace(" ", ""))),
        )


def _leaning(own: float, characters: int) -> float:
    """Say how far a question leans on the talk: 1.6 for a word or two that name nothing, near 0 for a story."""
    first, sure, longer = LEANING
    return math.log1p(math.exp(first + sure * own + longer * characters))


def _hopeful(least: Floats, most: Floats, wanted: int) -> NDArray[np.bool_]:
    """Tell which may be among the best so many, by the least and the most that each score can be."""
    if len(least) <= wanted:
        return np.ones(len(least), np.bool_)
    hopeful: NDArray[np.bool_] = most >= np.partition(least, -wanted)[-wanted]
    return hopeful


def _offered(decided: Band, ranked: Sequence[Candidate]) -> tuple[Candidate, ...]:
    if decided is Band.ANSWER:
        return (ranked[0],)
    return tuple(ranked[:MOST_CHOICES]) if decided is Band.CHOICES else ()


def _is_ideograph(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
