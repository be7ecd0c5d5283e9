"""How likely a programme is to concern a household of which nothing more is known.

Nothing is known of how people live, so every answer of a question counts as equally likely.
"""

from collections.abc import Iterable
from math import log2

from content.eligibility.household import Household
from content.eligibility.terms import Statement, Term, term

Open = tuple[tuple[Term, ...], ...]
"""What is open of a programme: for each open statement its terms."""


class Chances:
    """Chances for one household. Each term is reckoned once, because many programmes state the same."""

    def __init__(self, household: Household) -> None:
        self._household = household
        self._known: dict[Term, float] = {}

    def of(self, open_: Open) -> float:
        """The chance that every open statement is met, each by at least one of its terms."""
        all_met = 1.0
        for terms in open_:
            none_met = 1.0
            for one in terms:
                none_met *= 1 - self._term(one)
            all_met *= 1 - none_met
        return all_met

    def _term(self, one: Term) -> float:
        if one not in self._known:
            self._known[one] = self._reckoned(one)
        return self._known[one]

    def _reckoned(self, one: Term) -> float:
        """1 or 0 where the answer is known, else the term's share of the answers, if the question may apply at all."""
        fact, said = self._household.facts[one.fact], self._household.tells(one.fact)
        if said is not None and said not in one.maybe:
            return float(said in one.any)
        share = len(one.any) / len(fact.answers)
        for needed, wanted in fact.needs.items():
            share *= self._term(term(needed, wanted))
        return share


def uncertainty(chance: float) -> float:
    """Bits that are needed to learn whether something of this chance holds."""
    if chance <= 0 or chance >= 1:
        return 0.0
    return -chance * log2(chance) - (1 - chance) * log2(1 - chance)


def rarity(statements: Iterable[Statement], nobody: Chances) -> float:
    """Bits that tell how few households are meant; `nobody` are the chances before any answer."""
    return -log2(max(nobody.of(tuple(one.terms for one in statements)), 1e-9))
