"""Which question comes next: the one that is expected to settle most.

The measure. Nothing is known of how people live, so every answer of a question counts as equally likely. From that follows
for each programme that is still open the chance p that it concerns the household, and its uncertainty
H(p) = −p·log₂p − (1−p)·log₂(1−p), in bits. What a question is worth is the fall in the sum of H that its answer is
expected to bring. It is not asked below LEAST_WORTH.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from math import log2, prod

from content.eligibility.bearing import Matter
from content.eligibility.terms import Answers, Reading, Statement, Term, may_apply, told
from content.tables import Fact

MOST_QUESTIONS = 10
LEAST_WORTH = 3.0
"""Bits. Three programmes that could as well concern the household as not."""

Facts = Mapping[str, Fact]
_Open = tuple[tuple[Term, ...], ...]


def next_question(matters: Iterable[Matter], answers: Answers, facts: Facts) -> Fact | None:
    """Choose the question that is worth most; None when none is worth asking or ten were asked."""
    if len(answers) >= MOST_QUESTIONS:
        return None
    patterns = _patterns(matters, answers, facts)
    worth = {fact: _worth(facts[fact], patterns, answers, facts) for fact in _askable(patterns, answers, facts)}
    best = max(worth, key=lambda fact: worth[fact], default=None)
    return facts[best] if best is not None and worth[best] >= LEAST_WORTH else None


def _patterns(matters: Iterable[Matter], answers: Answers, facts: Facts) -> Counter[_Open]:
    """Count the open programmes by what is open of them: many ask the same."""
    found: Counter[_Open] = Counter()
    for matter in matters:
        left = _left((*matter.named, *matter.place), answers, facts)
        if left:
            found[left] += 2 if matter.programme.most_asked else 1
    return found


def _left(named: Iterable[Statement], answers: Answers, facts: Facts) -> _Open:
    """What is open of a programme; nothing where it is settled."""
    left = []
    for one in named:
        match one.read(answers, facts):
            case Reading.UNMET:
                return ()
            case Reading.OPEN:
                left.append(one.terms)
    return tuple(left)


def _askable(patterns: Iterable[_Open], answers: Answers, facts: Facts) -> list[str]:
    """Questions not asked yet that open programmes rest on, and whose own needs are met; in the order of the table."""
    wanted = {fact for pattern in patterns for terms in pattern for term in terms for fact in _roots(term.fact, facts)}
    return [fact for fact in facts if fact in wanted and fact not in answers and _needs_met(facts[fact], answers)]


def _roots(fact: str, facts: Facts) -> set[str]:
    """A fact and all that it needs."""
    return {fact}.union(*(_roots(needed, facts) for needed in facts[fact].needs))


def _needs_met(fact: Fact, answers: Answers) -> bool:
    return all(answers.get(needed) in wanted for needed, wanted in fact.needs.items())


def _worth(fact: Fact, patterns: Counter[_Open], answers: Answers, facts: Facts) -> float:
    """Bits that the answer is expected to settle."""
    resting = {open_: count for open_, count in patterns.items() if _rests(open_, fact.id, facts)}
    now = _bits(resting, answers, facts)
    then = [_bits(resting, {**answers, fact.id: answer}, facts) for answer in fact.answers]
    return now - sum(then) / len(then)


def _rests(open_: _Open, fact: str, facts: Facts) -> bool:
    return any(fact in _roots(term.fact, facts) for terms in open_ for term in terms)


def _bits(patterns: Mapping[_Open, int], answers: Answers, facts: Facts) -> float:
    return sum(count * _entropy(_chance(open_, answers, facts)) for open_, count in patterns.items())


def _chance(open_: _Open, answers: Answers, facts: Facts) -> float:
    """The chance that every open statement is met, each by at least one of its terms."""
    return prod(1 - prod(1 - _met(term, answers, facts) for term in terms) for terms in open_)


def _met(term: Term, answers: Answers, facts: Facts) -> float:
    """The chance that a term is met: 1 or 0 where that is known, else its share of the answers."""
    fact, said = facts[term.fact], answers.get(term.fact)
    if told(said) and said not in term.maybe:
        return float(said in term.any)
    share = len(term.any) / len(fact.answers)
    return share * prod(_met(Term(needed, so), answers, facts) for needed, so in fact.needs.items())


def _entropy(chance: float) -> float:
    if chance <= 0 or chance >= 1:
        return 0.0
    return -chance * log2(chance) - (1 - chance) * log2(1 - chance)
