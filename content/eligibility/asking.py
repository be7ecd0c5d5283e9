"""Which question comes next: the one that is expected to settle most.

The measure. For each programme that is still open there is a chance p that it concerns the household (`chance`), and so
an uncertainty H(p) = −p·log₂p − (1−p)·log₂(1−p), in bits; a programme that is asked for most counts twice. A question
is worth the fall in the sum of H that its answer is expected to bring. One that goes into an answer already given
(which crop?) comes first, because people find it odd later. None is put below LEAST_WORTH, and when six have been put
none below LEAST_WORTH_LATE.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from content.eligibility.bearing import Matter
from content.eligibility.chance import Chances, Open, uncertainty
from content.eligibility.household import Facts, Household, Reading
from content.eligibility.terms import Statement
from content.tables import Fact

USUAL_QUESTIONS, MOST_QUESTIONS = 6, 10
LEAST_WORTH, LEAST_WORTH_LATE = 6.0, 8.5

Resting = Mapping[str, Sequence[tuple[Open, int]]]
"""By question: what is open and rests on it, with its weight."""


def next_question(matters: Iterable[Matter], household: Household) -> Fact | None:
    """Choose the question that is worth most; None when none is worth asking or ten were put."""
    put = len(household.answers)
    if put >= MOST_QUESTIONS:
        return None
    least = LEAST_WORTH if put < USUAL_QUESTIONS else LEAST_WORTH_LATE
    resting = _resting(_open(matters, household), household.facts)
    may_ask = [fact for fact in household.facts.values() if fact.id in resting and household.may_ask(fact)]
    going_into = [fact for fact in may_ask if fact.needs]
    return _best(going_into, resting, household, least) or _best(may_ask, resting, household, least)


def _best(facts: Iterable[Fact], resting: Resting, household: Household, least: float) -> Fact | None:
    """The question that is worth most. No answer settles more than all that rests on it, so few need reckoning."""
    best, worth = None, least
    unsettled = [(_bits(resting[fact.id], household), fact) for fact in facts]
    for bits, fact in sorted(unsettled, key=lambda pair: -pair[0]):
        if bits < worth:
            break
        settled = bits - _expected(fact, resting[fact.id], household)
        if settled >= worth:
            best, worth = fact, settled
    return best


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


def _resting(weights: Mapping[Open, int], facts: Facts) -> Resting:
    """Sort what is open by the questions that it rests on."""
    roots = {fact: _roots(fact, facts) for fact in facts}
    found: dict[str, list[tuple[Open, int]]] = {}
    for open_, weight in weights.items():
        for fact in {root for terms in open_ for one in terms for root in roots[one.fact]}:
            found.setdefault(fact, []).append((open_, weight))
    return found


def _roots(fact: str, facts: Facts) -> frozenset[str]:
    """A fact and all that it needs."""
    return frozenset({fact}).union(*(_roots(needed, facts) for needed in facts[fact].needs))


def _expected(fact: Fact, weights: Iterable[tuple[Open, int]], household: Household) -> float:
    """Bits that are expected to be left when a question has been answered."""
    supposed = [Household({**household.answers, fact.id: answer}, household.facts) for answer in fact.answers]
    return sum(_bits(weights, one) for one in supposed) / len(supposed)


def _bits(weights: Iterable[tuple[Open, int]], household: Household) -> float:
    chances = Chances(household)
    return sum(weight * uncertainty(chances.of(open_)) for open_, weight in weights)
