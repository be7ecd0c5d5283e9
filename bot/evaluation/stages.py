"""The stages of search, each as a way to leave it out.

What is a weight is set to nothing. What is code is replaced for the time of one measurement, so that the engine itself
needs no switches. The calibration is fitted anew for each way on *tune*, with limits that answer and offer as often
there as the shipped ones, so that a stage is judged by what it knows and not by having moved the scale.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from types import ModuleType

from bot.evaluation.fitting import EVERY, ONLY_SCORE
from content.library import Library
from content.search import engine, grams, linear, rewrite, rows, train
from content.search.engine import Train, Weights
from content.search.index import Row
from content.search.linear import Linear, digest, load
from content.search.model import SHIPPED, trained

SEED = 4
NOTHING = re.compile(r"(?!)")
Replaced = tuple[ModuleType, str, object]


def learned(rows: Sequence[Row], cards: Sequence[str]) -> Linear:
    """Bring a model trained on these very rows: each way learns anew what it changes."""
    return load(SHIPPED, digest(rows, cards)) or trained(rows, cards)


@dataclass(frozen=True)
class Way:
    """One way to search: the whole engine, or without something."""

    name: str
    weights: Weights = field(default_factory=Weights)
    library: Callable[[Library], Library] = lambda library: library
    replaced: tuple[Replaced, ...] = ()
    machine: Train = learned
    signs: Sequence[bool] = EVERY
    refit: bool = True

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Replace what is replaced, and put it back."""
        with ExitStack() as stack:
            for module, name, value in self.replaced:
                stack.callback(setattr, module, name, getattr(module, name))
                setattr(module, name, value)
            yield


WHOLE = Way("the whole, as shipped", refit=False)

NO_SOUNDS: tuple[Replaced, ...] = (
    (engine, "typed", lambda _: 0),
    (linear, "cut", grams.characters),
    (train, "cut", grams.characters),
)
NO_SYNONYMS: tuple[Replaced, ...] = (
    (rewrite, "_synonyms", lambda: (NOTHING, {})),
    (rewrite, "_fillers", lambda: NOTHING),
)
ASKING_AS_TOPIC: tuple[Replaced, ...] = (
    (engine, "topic_words", lambda copy: copy),
    (rows, "topic_words", lambda copy: copy),
)


def _no_outside(library: Library) -> Library:
    return replace(library, outside={})


STAGES = (
    Way("the whole, calibrated anew"),
    Way("no sounds", Weights(sound=0.0), replaced=NO_SOUNDS),
    Way("no synonyms, fillers kept", replaced=NO_SYNONYMS),
    Way("asking words count like topic words", replaced=ASKING_AS_TOPIC),
    Way("no score of the whole card", Weights(whole_card=0.0)),
    Way("no mean of the near rows", Weights(near_rows=0.0)),
    Way("no linear model", machine=lambda _, __: None),
    Way("no place prior", Weights(elsewhere=1.0, unplaced=1.0)),
    Way("no leaning on the talk", Weights(talk=0.0)),
    Way("no outside groups", library=_no_outside),
    Way("plain threshold instead of calibration", signs=ONLY_SCORE),
)


def with_phrasings(most: int | None) -> Way:
    """Keep so many phrasings of each programme, drawn by seed; fewer are part of more. None keeps all."""

    def cut(library: Library) -> Library:
        if most is None:
            return library
        programmes = {
            id_: one.model_copy(update={"phrasings": _drawn(id_, one.phrasings)[:most]})
            for id_, one in library.programmes.items()
        }
        return replace(library, programmes=programmes)

    return Way(f"{most or 'all'} phrasings", library=cut)


def _drawn(id_: str, phrasings: Sequence[str]) -> tuple[str, ...]:
    return tuple(random.Random(f"{SEED} {id_}").sample(phrasings, len(phrasings)))  # noqa: S311 - a draw, no secret
