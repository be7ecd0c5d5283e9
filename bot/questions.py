"""Question sets: how they are written down, and how the dialogue does on them.

A set is JSON lines, written from the catalogue by people who had not read the programmes: `style`, `turns`, `region`
(a place or null), `kind` (answer, none, chat) and `clauses`, each of which answers the last turn.
"""

import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.ask_command import converse, outcome
from bot.dialogue.turn import Knowledge
from content.search.engine import Found

QUESTIONS = Path("tests/data/questions")
"""Where the sets lie: `tune` to build with, `judge` to measure with and never to build with."""


@dataclass(frozen=True)
class Question:
    """One question of a set."""

    id: str
    style: str
    turns: tuple[str, ...]
    region: str | None
    kind: str
    clauses: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Marked:
    """How one question went. `right`: which of the first three programmes rest on a clause that answers."""

    question: Question
    kind: str
    right: tuple[bool, ...]
    programmes: tuple[str, ...]
    found: Found | None = None
    place: str | None = None

    @property
    def first(self) -> bool:
        """The first card is right."""
        return bool(self.right and self.right[0])

    @property
    def wrong(self) -> bool:
        """A wrong card was given as the answer."""
        return self.kind == "answer" and not self.first


@dataclass
class Score:
    """Counts of one style, or of all."""

    asked: int = 0
    first: int = 0
    three: int = 0
    wrong: int = 0
    outside: int = 0
    outside_answered: int = 0
    missed: list[Marked] = field(default_factory=list)

    def add(self, marked: Marked) -> None:
        """Count one question."""
        if marked.question.kind != "answer":
            self.outside += 1
            self.outside_answered += marked.kind == "answer"
        else:
            self.asked += 1
            self.first += marked.first
            self.three += any(marked.right)
            self.wrong += marked.wrong
        if marked.wrong or (marked.question.kind == "answer" and not marked.first):
            self.missed.append(marked)


def read_questions(name: str, folder: Path = QUESTIONS) -> list[Question]:
    """Read a set: tune or judge."""
    lines = (folder / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [_question(json.loads(line)) for line in lines if line]


EVERY = 8


def with_changes(questions: Sequence[Question]) -> list[Question]:
    """Return the questions, and behind them talks that change their subject: every eighth question after another one.

    Written dialogues seldom end outside the documents; without these, nothing learns to leave a talk.
    """
    single = [one for one in questions if len(one.turns) == 1]
    inside = [one for one in single if one.kind == "answer"]
    said = random.Random(len(questions))  # noqa: S311 - which talk comes before is no secret
    changed = [
        replace(one, id=f"{one.id}-after", turns=(said.choice(inside).turns[0], *one.turns)) for one in single[::EVERY]
    ]
    return [*questions, *changed]


def _question(row: Mapping[str, Any]) -> Question:
    clauses = frozenset((doc, clause) for doc, clause in row["clauses"])
    return Question(row["id"], row["style"], tuple(row["turns"]), row["region"], row["kind"], clauses)


def mark(know: Knowledge, questions: Iterable[Question]) -> Iterator[Marked]:
    """Put each question to the real dialogue, as `mingbai ask --stdin` does."""
    for question in questions:
        turn = converse(know, question.turns, question.region)
        told = outcome(know, question.id, turn, question.region)["programmes"]
        right = tuple(any((s["doc"], s["clause"]) in question.clauses for s in one["sources"]) for one in told)
        place = turn.state.talk_place or (know.places.stem_of(question.region) if question.region else None)
        yield Marked(question, turn.kind, right, tuple(one["id"] for one in told), turn.found, place)


def score(marked: Sequence[Marked]) -> dict[str, Score]:
    """Count by style, and over all."""
    scores: dict[str, Score] = {}
    for one in marked:
        for style in (one.question.style, "all"):
            scores.setdefault(style, Score()).add(one)
    return scores
