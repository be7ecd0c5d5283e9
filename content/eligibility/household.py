"""A household's answers so far, and what they say of the people that a clause means."""

from collections.abc import Mapping
from enum import Enum

from content.eligibility.terms import Statement, Term
from content.tables import Fact

Answers = Mapping[str, str]
"""Fact → answer; UNKNOWN and UNSAID are answers that tell nothing."""

Facts = Mapping[str, Fact]
UNKNOWN, UNSAID = "unknown", "unsaid"


class Reading(Enum):
    """What the answers say of a term or a statement."""

    MET = "met"
    OPEN = "open"  # not asked, not known, not said, or answered with something that may or may not be meant
    UNMET = "unmet"


class Household:
    """Answers held against statements. Each term is read once, because many programmes state the same."""

    def __init__(self, answers: Answers, facts: Facts) -> None:
        self.answers, self.facts = answers, facts
        self._read: dict[Term, Reading] = {}

    def reads(self, statement: Statement) -> Reading:
        """Met by any of its terms; open while any is open."""
        readings = [self._term(term) for term in statement.terms]
        if Reading.MET in readings:
            return Reading.MET
        return Reading.OPEN if Reading.OPEN in readings else Reading.UNMET

    def tells(self, fact: str) -> str | None:
        """Return the answer of a fact, or None where nothing is told."""
        said = self.answers.get(fact)
        return None if said in (UNKNOWN, UNSAID) else said

    def may_ask(self, fact: Fact) -> bool:
        """Whether a question has not been put, and what it needs was answered so."""
        return fact.id not in self.answers and all(self.tells(one) in wanted for one, wanted in fact.needs.items())

    def _term(self, term: Term) -> Reading:
        if term not in self._read:
            self._read[term] = self._held(term)
        return self._read[term]

    def _held(self, term: Term) -> Reading:
        """Hold a term against the answers. What another answer rules out (no land: no crop) is unmet."""
        said = self.tells(term.fact)
        if said is None:
            return Reading.OPEN if self._may_apply(term.fact) else Reading.UNMET
        if said in term.any:
            return Reading.MET
        return Reading.OPEN if said in term.maybe else Reading.UNMET

    def _may_apply(self, fact: str) -> bool:
        """Whether what a fact needs holds or may still hold."""
        for needed, wanted in self.facts[fact].needs.items():
            said = self.tells(needed)
            if said not in wanted and (said is not None or not self._may_apply(needed)):
                return False
        return True


def consistent(answers: Answers, facts: Facts) -> dict[str, str]:
    """Drop answers that another, changed since, has made moot: no crop without land."""
    kept: dict[str, str] = {}
    for fact in facts.values():  # what a fact needs stands before it in the table
        if fact.id in answers and all(kept.get(one) in wanted for one, wanted in fact.needs.items()):
            kept[fact.id] = answers[fact.id]
    return kept
