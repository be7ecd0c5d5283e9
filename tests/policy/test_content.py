"""Every programme rests on a source and a day of checking; the catalogue is told whole; quotes are sealed."""

from datetime import date

import pytest

from content.check import check
from content.check.findings import said
from content.check.quotes import SEAL, digest, sealed
from content.coverage import coverage
from content.library import Library, read_library
from content.source_text import read_texts
from tests.policy.house import SHARED

CATALOGUE = SHARED / "catalogue" / "clauses.yaml"


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library()


def test_every_programme_has_a_source_and_a_day_of_checking(library: Library) -> None:
    bare = [one.id for one in library.programmes.values() if not one.is_stub and not list(said(one))]
    assert not bare, "nothing is told without the words that it rests on; a matter without a document is a stub"
    early = [one.id for one in library.programmes.values() if one.checked_on < date(2026, 1, 1)]
    assert not early, "somebody held it to its clauses, on a day that is written down"


def test_every_source_of_a_card_is_a_document_that_says_what_of_it_has_passed(library: Library) -> None:
    cited = {item.source.doc for one in library.programmes.values() for _, item in said(one)}
    assert cited <= set(library.documents)
    newest = max(document.year for document in library.documents.values() if document.city is None)
    silent = [one.id for one in library.documents.values() if one.year < newest and not one.lapsed]
    assert not silent, "an older document says what of it no longer holds"


def test_every_programme_can_be_reached_and_leads_somewhere(library: Library) -> None:
    empty = [topic for topic, cards in library.by_topic.items() if not cards]
    assert not empty, "a topic without cards is not offered"
    circular = [one.id for one in library.programmes.values() if one.id in one.related]
    assert not circular, "related leads to another card"


def test_the_digests_of_the_quotes_are_those_of_the_cards(library: Library) -> None:
    sources = [item.source for one in library.programmes.values() for _, item in said(one)]
    sources += [condition.source for one in library.programmes.values() for condition in one.conditions]
    wanted = {digest(source) for source in sources}
    assert SEAL.exists(), "mingbai content check --seal"
    assert wanted <= sealed(), "quotes changed: mingbai content check --seal, where the documents are at hand"
    assert sealed() <= wanted, "quotes went: mingbai content check --seal"


def test_every_sealed_quote_stands_in_its_clause(library: Library) -> None:
    if not (SHARED / "sources").exists():
        pytest.skip("the documents are not at hand (../shared/sources): digests hold the quotes")
    found = check(library, read_texts(SHARED / "sources", library.documents))
    assert not found, "\n".join(map(str, found))


def test_the_catalogue_is_told_whole_or_left_out_with_a_reason(library: Library) -> None:
    if not CATALOGUE.exists():
        pytest.skip("the catalogue is not at hand (../shared/catalogue): coverage was not checked")
    result = coverage(library, CATALOGUE)
    assert result.missing == (), "a measure for residents is told by a card, or stands in content/left_out.yaml"
    assert result.wrongly_left_out == (), "subsidies, insurance, loans, health, … are never left out"
    assert result.stale == (), "told, or no longer in the catalogue: take the row out of left_out.yaml"
