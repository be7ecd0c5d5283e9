"""Train the model that bot/dialogue/likely.py listens to: `python -m tests.dialogue.pleas.train`."""

from collections.abc import Sequence

from bot.dialogue.likely import KINDS, MODEL, copied
from content.library import read_library
from content.search.index import Row
from content.search.linear import digest
from content.search.sounds import syllables
from content.search.train import train
from tests.dialogue.pleas.tables import Said, harmless, pleas

TOLD_TWICE = 3
"""How often a sentence that sounds like a plea counts beside a phrasing, of which there are ten times as many."""

TYPED = 4
"""Every fourth sentence is learnt in pinyin too."""

SAFETY = {
    "telecom-fraud", "women-children-crime", "gangs", "minors-crime", "fire-safety", "food-safety", "disaster-relief",
    "village-security", "stub-missing-person", "stub-dog", "stub-work-injury", "stub-traffic-fine",
    "stub-electric-bike", "stub-frozen-bank-card",
}  # fmt: skip
"""Programmes about the very things that pleas are about: some of their phrasings are pleas."""


def taught() -> str:
    """Identify the tables that the model must have been trained on."""
    return digest(_rows([*pleas(), *harmless()]), KINDS)


def _rows(sentences: Sequence[Said]) -> list[Row]:
    return [_row(one.text, _machine(one)) for one in sentences]


def _machine(one: Said) -> int:
    kinds = [number for number, kind in enumerate(KINDS) if kind in one.kinds]
    return kinds[0] if kinds else len(KINDS)


def _row(text: str, machine: int) -> Row:
    copy = copied(text)
    return Row(machine, text, copy, copy, 1.0)


def phrasings() -> list[Said]:
    """What people ask of all programmes, and of things that no document answers."""
    library = read_library()
    asked = [one for item in library.programmes.values() if item.id not in SAFETY for one in item.phrasings]
    return [Said(text) for text in (*asked, *(text for group in library.outside.values() for text in group))]


def typed(sentences: Sequence[Said]) -> list[Said]:
    """The same in pinyin, so that letters by themselves say nothing."""
    return [Said(" ".join(syllables(copied(one.text))), one.kinds) for one in sentences]


def main() -> None:
    """Train and write the model."""
    asked = phrasings()
    sentences = [*pleas(), *harmless() * TOLD_TWICE, *asked]
    rows = _rows([*sentences, *typed(pleas()[::TYPED]), *typed(asked[::TYPED])])
    train(rows, len(KINDS) + 1, taught()).save(MODEL)


if __name__ == "__main__":
    main()
