"""True programmes, spoiled in every way that we know: the checker notices each, by the right rule."""

import random
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.check import findings_of
from content.check.phrasings import check_phrasings
from content.check.plain import check_plain
from content.library import Library
from content.programme import Programme
from content.readability import Plain
from content.source_text import Clauses
from tests.content.mutations import MUTATIONS, Case, Mutation, applicable, spoiled

MANY = 25
"""Programmes on which each mutation is tried."""


class Editor:
    """All rules at once, on one programme of a library."""

    def __init__(self, library: Library, texts: Mapping[str, Clauses], seal: frozenset[str], plain: Plain) -> None:
        self.library, self.texts, self.seal, self.plain = library, dict(texts), seal, plain

    def notices(self, programme: Programme, rules: frozenset[str]) -> set[str]:
        """The rules that a programme breaks. Phrasings are compared with all others only where that is asked."""
        seal = frozenset(line for line in self.seal if line.split()[0] not in self.texts)
        found = [finding.rule for finding in findings_of(programme, self.library, self.texts, seal)]
        found += [finding.rule for finding in check_plain(programme, self.plain)]
        if rules & {"same_phrasing", "copied_phrasing"}:
            others = {**self.library.programmes, programme.id: programme}
            found += [one.rule for _, one in check_phrasings(replace(self.library, programmes=others), self.texts)]
        return set(found)


@pytest.fixture(scope="session")
def editor(library: Library, texts: Mapping[str, Clauses], seal: frozenset[str], plain: Plain) -> Editor:
    return Editor(library, texts, seal, plain)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_a_spoiled_programme_is_noticed_by_the_right_rule(editor: Editor, mutation: Mutation) -> None:
    if mutation.needs_texts and not editor.texts:
        pytest.skip("the documents are not at hand (../shared/sources)")
    made = list(islice(applicable(editor.library, mutation, editor.texts, seed=7), MANY))
    assert made, "no programme to spoil: the mutation no longer fits the content"
    missed = [one.id for one in made if not mutation.rules & editor.notices(one, mutation.rules)]
    assert not missed, f"{mutation.name}: none of {sorted(mutation.rules)} noticed it in {missed}"


def test_a_programme_as_it_is_breaks_no_rule(editor: Editor) -> None:
    broken = {
        one.id: found for one in editor.library.programmes.values() if (found := editor.notices(one, frozenset()))
    }
    assert not broken, "mingbai content check tells where, and how to mend it"


@settings(max_examples=400, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_programme_spoiled_in_any_way_is_noticed(editor: Editor, data: st.DataObject) -> None:
    mutation = data.draw(st.sampled_from([one for one in MUTATIONS if editor.texts or not one.needs_texts]))
    programme = editor.library.programmes[data.draw(st.sampled_from(sorted(editor.library.programmes)))]
    chance = data.draw(st.randoms(use_true_random=False))
    if programme.is_stub:
        return
    made = spoiled(Case(programme.model_dump(mode="json"), editor.library, editor.texts, chance), mutation)
    if made is not None and not mutation.rules & editor.notices(programme, mutation.rules):
        assert mutation.rules & editor.notices(made, mutation.rules), mutation.name


def test_a_true_quote_that_speaks_of_something_else_seldom_passes(editor: Editor) -> None:
    """Verbatim, in its clause, and still not what the sentence says: a sentence and its quote share a word."""
    chance = random.Random(11)  # noqa: S311
    rows = [(one, at) for one in editor.library.programmes.values() for at in range(len(one.claims))]
    sources = [one.claims[at].source for one, at in rows]
    passed = 0
    for one, at in (sample := chance.sample(rows, 400)):
        claim = one.claims[at].model_copy(update={"source": chance.choice(sources)})
        made = one.model_copy(update={"claims": (*one.claims[:at], claim, *one.claims[at + 1 :])})
        passed += not editor.notices(made, frozenset())
    assert passed <= 0.03 * len(sample)
