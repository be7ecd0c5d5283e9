"""Which question comes next: the one that is expected to settle most.

The measure. For each programme that is still open there is a chance p that it concerns the household (`chance`), and so an
uncertainty H(p) = −p·log₂p − (1−p)·log₂(1−p), in bits; a programme that is asked for most counts twice. A question is
worth the fall in the sum of H that its answer is expected to bring. One that goes into an answer already given (which
crop?) comes first, because people find it odd later. None is put below LEAST_WORTH, after six below LEAST_WORTH_LATE.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from content.eligibility.bearing import Matter
from content.eligibility.chance import Chances, Open, uncertainty
from content.eligibility.household import Facts, Household, Reading
from content.eligibility.terms import Statement
from content.tables import Fact

USUAL_QUESTIONS, MOST_QUESTIONS = 6, 10
LEAST_WORTH, LEAST_WORTH_LATE = 6.0, 8.0


def next_question(matters: Iterable[Matter], household: Household) -> Fact | None:
    """Choose the question that is worth most; None when none is worth asking or ten were put."""
    put = len(household.answers)
    if put >= MOST_QUESTIONS:
        return None
    least = LEAST_WORTH if put < USUAL_QUESTIONS else LEAST_WORTH_LATE
    worth = _worth_asking(_open(matters, household), household)
    enough = [household.facts[fact] for fact, bits in worth.items() if bits >= least]
    return max(enough, key=lambda fact: (bool(fact.needs), worth[fact.id]), default=None)


def _open(matters: Iterable[Matter], household: Household) -> Counter[Open]:
    """Weigh the open programmes by what is open of them; many state the same."""
    found: Counter[Open] = Counter()
    for matter in matters:
        left = _left((*matter.named, *matter.place), household)
        if left:
            found[left] += 2 if matter.programme.most_asked else 1
    return found


def _left(statements: Iterable[Statement], household: Household) -> Open:
    """What is open of a programme; nothing where it is settled."""
    left = []
    for one in statements:
        match household.reads(one):
            case Reading.UNMET:
                return ()
            case Reading.OPEN:
                left.append(one.terms)
    return tuple(left)


def _worth_asking(weights: Mapping[Open, int], household: Household) -> dict[str, float]:
    """What each question is worth that may be put, in the order of the table."""
    roots = {fact: _roots(fact, household.facts) for fact in household.facts}
    resting: dict[str, list[tuple[Open, int]]] = {}
    for open_, weight in weights.items():
        for fact in {root for terms in open_ for one in terms for root in roots[one.fact]}:
            resting.setdefault(fact, []).append((open_, weight))
    may_ask = (fact for fact in household.facts.values() if fact.id in resting and household.may_ask(fact))
    return {fact.id: _worth(fact, resting[fact.id], household) for fact in may_ask}


def _roots(fact: str, facts: Facts) -> frozenset[str]:
    """A fact and all that it needs."""
    return frozenset({fact}).union(*(_roots(needed, facts) for needed in facts[fact].needs))


def _worth(fact: Fact, resting: list[tuple[Open, int]], household: Household) -> float:
    """Bits that the answer is expected to settle."""
    supposed = [Household({**household.answers, fact.id: answer}, household.facts) for answer in fact.answers]
    return _bits(resting, household) - sum(_bits(resting, one) for one in supposed) / len(supposed)


def _bits(resting: Iterable[tuple[Open, int]], household: Household) -> float:
    chances = Chances(household)
    return sum(weight * uncertainty(chances.of(open_)) for open_, weight in resting)
