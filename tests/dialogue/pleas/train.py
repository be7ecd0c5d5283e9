"""Train the model that bot/dialogue/likely.py listens to: `python -m tests.dialogue.pleas.train`."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from bot.dialogue.likely import KINDS, MODEL, SHORTEST, STEPS, cut
from bot.dialogue.pleas import plea
from bot.questions import read_questions
from content.library import read_library
from content.search.sounds import syllables
from tests.dialogue.pleas.tables import Said, harmless, pleas

PENALTY = 1.0
TIMES = 3
"""How often a sentence that sounds like a plea counts beside a phrasing, of which there are ten times as many."""

TYPED = 4
"""Every fourth sentence is learnt in pinyin too, so that letters by themselves say nothing."""

LEAST = 2
"""Grams of fewer sentences are left out."""

SAFETY = {
    "telecom-fraud", "women-children-crime", "gangs", "minors-crime", "fire-safety", "food-safety", "disaster-relief",
    "village-security", "stub-missing-person", "stub-dog", "stub-work-injury", "stub-traffic-fine",
    "stub-electric-bike", "stub-frozen-bank-card",
}  # fmt: skip
"""Programmes about the very things that pleas are about: some of their phrasings are pleas."""


def taught() -> str:
    """Identify the tables that the model must have been trained on."""
    told = "\n".join(f"{_machine(one)} {one.text}" for one in [*cries(), *learnt_harmless()])
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def cries() -> list[Said]:
    """Every cry that is learnt: those that the patterns were written for, and others."""
    return [*pleas(), *pleas("told")]


def learnt_harmless() -> list[Said]:
    """Every harmless sentence that is learnt: those of the tables, and what gets a fixed sentence of its own."""
    return [*harmless(), *harmless("../guarded_said")]


def _machine(one: Said) -> int:
    return min((number for number, kind in enumerate(KINDS) if kind in one.kinds), default=len(KINDS))


def phrasings() -> list[Said]:
    """What people ask of all programmes, and of things that no document answers."""
    library = read_library()
    asked = [one for item in library.programmes.values() if item.id not in SAFETY for one in item.phrasings]
    outside = (text for group in library.outside.values() for text in group)
    return [Said(text) for text in dict.fromkeys((*asked, *outside, *_turns()))]


def _turns() -> Iterator[str]:
    """What was said in the talks of *tune*, but what patterns know and the shortest: 山里着火了, 摔了腿."""
    said = (text for one in read_questions("tune") for text in one.turns)
    return (text for text in said if len(text) > SHORTEST and plea(text) is None)


def typed(sentences: Sequence[Said]) -> list[Said]:
    """Some of them in pinyin."""
    return [Said(" ".join(syllables(one.text)), one.kinds) for one in sentences[::TYPED]]


def main() -> None:
    """Train and write the model."""
    asked = phrasings()
    sentences = [*cries(), *learnt_harmless() * TIMES, *asked, *typed(cries()), *typed(asked)]
    held = [Counter(cut(one.text)) for one in sentences]
    spread = Counter(gram for one in held for gram in one)
    grams = {gram: number for number, gram in enumerate(sorted(one for one in spread if spread[one] >= LEAST))}
    rarity = np.array([math.log((1 + len(held)) / (1 + spread[gram])) + 1 for gram in grams], np.float32)
    taught_ = [_machine(one) for one in sentences]
    machine = LinearSVC(C=PENALTY, random_state=0).fit(_matrix(held, grams, rarity), taught_)
    _save(machine, list(grams), rarity)


def _matrix(held: Iterable[Counter[str]], grams: dict[str, int], rarity: Any) -> csr_matrix:
    """Sublinear counts by rarity, rows of length 1."""
    data, where, starts = [], [], [0]
    for one in held:
        known = {gram: count for gram, count in one.items() if gram in grams}
        numbers = [grams[gram] for gram in known]
        shares = np.array([1 + math.log(count) for count in known.values()]) * rarity[numbers]
        data.append(shares / (np.linalg.norm(shares) or 1.0))
        where.extend(numbers)
        starts.append(len(where))
    return csr_matrix((np.concatenate(data), where, starts), shape=(len(starts) - 1, len(grams)))


def _save(machine: LinearSVC, grams: list[str], rarity: Any) -> None:
    weights = machine.coef_.T
    scale = float(np.abs(weights).max()) / STEPS
    kept = {"weights": np.round(weights / scale).astype(np.int8), "rarity": rarity, "scale": np.array(scale)}
    kept |= {"bias": machine.intercept_.astype(np.float32), "taught": np.array(taught())}
    np.savez_compressed(MODEL, grams=np.frombuffer("\n".join(grams).encode(), np.uint8), **kept)


if __name__ == "__main__":
    main()
