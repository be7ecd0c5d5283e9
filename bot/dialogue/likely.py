"""A second opinion on what no pattern knows as a plea: a linear model over characters and sounds.

Trained on the sentences of tests/dialogue/pleas and on the phrasings of all programmes (`python -m
tests.dialogue.pleas.train`). People cry for help in more ways than patterns can hold; but the model alone would take
some questions for pleas, so it is heard only where search does not know the answer either.
"""

from functools import cache
from pathlib import Path

import numpy as np

from bot.dialogue.pleas import met
from content.search.fold import fold
from content.search.linear import Linear, load

MODEL = Path(__file__).parent / "pleas.npz"
KINDS = ("danger", "violence", "fire", "injury", "suicide", "money_going", "doubt")
"""The kinds in the order of the model's machines; behind them stands the one for what is harmless."""

DOUBTED = 0.2
"""What is harmless is no plea from here on; a doubt is heard as a plea, because silence costs more."""

BEHIND = 0.4
"""The best kind may stay this far behind the harmless machine."""


@cache
def _model() -> Linear:
    with np.load(MODEL) as held:
        digest = str(held["digest"])
    model = load(MODEL, digest)
    if model is None:
        raise FileNotFoundError(MODEL)
    return model


def copied(text: str) -> str:
    """Fold a text as the model was trained."""
    return fold(text).replace("著", "着")


def likely(text: str) -> str | None:
    """Name the kind of plea that a text is most like; None where it is more like a question.

    Where patterns have met the text and let it pass (打我电话), the model must say yes, not only fail to say no.
    """
    said = _model().decide(copied(text))
    kinds, harmless = said[:-1], float(said[-1])
    best = int(np.argmax(kinds))
    if harmless >= DOUBTED or kinds[best] <= harmless - BEHIND:
        return None
    return KINDS[best] if kinds[best] > max(0.0, harmless) or not met(text) else None
