"""Measure one way to search: build it, calibrate it on *tune*, put *judge* to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bot.dialogue.turn import Knowledge
from bot.evaluation.fitting import EVERY, as_wide, fit, widths
from bot.evaluation.share import Share
from bot.evaluation.stages import Way
from bot.questions import Marked, Question, Score, mark, score, with_changes
from content.search.engine import Search


@dataclass(frozen=True)
class Measured:
    """How a way did on *judge*. `right`: first card right, question by question, of those that have an answer."""

    name: str
    first: Share
    three: Share
    wrong: Share
    outside: Share
    right: Sequence[bool] = field(repr=False, default=())

    @classmethod
    def of(cls, name: str, counts: Score, marked: Sequence[Marked] = ()) -> "Measured":
        """Take the shares out of counts."""
        right = [one.first for one in marked if one.question.kind == "answer"]
        first, three = Share(counts.first, counts.asked), Share(counts.three, counts.asked)
        outside = Share(counts.outside_answered, counts.outside)
        return cls(name, first, three, Share(counts.wrong, counts.asked), outside, right)


@dataclass(frozen=True)
class Sets:
    """The two sets and what they are put to. Calibrations are fitted on *tune* and changes of subject made of it."""

    know: Knowledge
    tune: Sequence[Question]
    judge: Sequence[Question]

    @cached_property
    def wide(self) -> tuple[int, int]:
        """How many questions of *tune* the shipped engine answers, and how many it answers or offers cards for."""
        return widths(mark(self.know, with_changes(self.tune)))


def measure(way: Way, sets: Sets) -> Measured:
    """Measure a way on *judge*."""
    marked = put(way, sets)
    return Measured.of(way.name, score(marked)["all"], marked)


def put(way: Way, sets: Sets) -> list[Marked]:
    """Put *judge* to a way."""
    with way.in_place():
        library = way.library(sets.know.library)
        search = Search(library, weights=way.weights, machine=way.machine)
        know = replace(sets.know, library=library, search=search)
        if way.refit:
            calibrate(know, sets, read=way.signs)
        return list(mark(know, sets.judge))


def calibrate(know: Knowledge, sets: Sets, *, read: Sequence[bool] = EVERY) -> None:
    """Fit a search's calibration on *tune*, and let it answer and offer as often there as the shipped engine does."""
    marked = list(mark(know, with_changes(sets.tune)))
    fitted = fit(marked, know.library, read=read)
    know.search.calibration, know.search.limits = fitted, as_wide(marked, fitted, sets.wide)
