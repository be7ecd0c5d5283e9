"""Content at the desk: the programmes, one card as residents see it, what lapses, how plain it is, what is not told."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from fastapi import Response

from bot.desk.at import At, Here
from bot.desk.pages import page
from bot.desk.refusals import Absent
from bot.desk.routes import Routes
from bot.desk.windows_scope import code_meant, own_places, subject
from bot.dialogue.windows import local_lines
from bot.staff.may import Deed
from content.answer import elsewhere, first_message, standing
from content.behind import quoted
from content.card import Card
from content.places import PlaceError
from content.programme import Programme
from content.search.fold import fold
from storage import listed
from storage.details import Detail
from storage.entries import State
from storage.listed import Wanted
from storage.windows import Window

routes = Routes()
SOON = timedelta(days=30)
MOST_HARD = 60
"""Cards of which the page on readability tells, the hardest."""


@routes.get("/content", Deed.CONTENT)
async def index(at: Here, q: str = "", standing: str = "") -> Response:
    """List the cards by topic, or those that words lead to."""
    library = at.know.library
    words = q.strip()[:80]
    found = _found(at, words) if words else list(library.programmes.values())
    chosen = [one for one in found if standing in ("", one.standing.value)]
    topics = [(topic, [one for one in chosen if one.topic == topic.id]) for topic in library.topics.values()]
    groups = [("", chosen)] if words else [(topic.name, cards) for topic, cards in topics if cards]
    return page(at, "content", groups=groups, count=len(chosen), q=words, standing=standing)


@routes.get("/content/lapsing", Deed.CONTENT)
async def lapsing(at: Here) -> Response:
    """Tell what no longer holds soon: windows and details of one's own places, and cards that rest on the past."""
    window = Wanted(at.stems(Deed.WINDOWS), State.PUBLISHED, at.today, at.today + SOON)
    over = Wanted(at.stems(Deed.WINDOWS), State.PUBLISHED, at.today - SOON, at.today - timedelta(days=1))
    entries: dict[str, Any] = {
        "closing": [_row(at, one, "windows") for one in await listed.windows(at.conn, window, number=1)],
        "lapsing": [_row(at, one, "details") for one in await listed.details(at.conn, window, number=1)],
        "lapsed": [_row(at, one, "details") for one in await listed.details(at.conn, over, number=1)],
    }
    return page(at, "content_lapsing", **entries, old=list(_old(at)), newest=_newest(at))


@routes.get("/content/readability", Deed.CONTENT)
async def readability(at: Here) -> Response:
    """Show how plain the cards are, the hardest first, with their hard words."""
    measured = await at.desk.measures.readable(at.know.library)
    return page(at, "content_readability", measured=measured[:MOST_HARD], count=len(measured))


@routes.get("/content/coverage", Deed.CONTENT)
async def coverage(at: Here) -> Response:
    """Show what of the documents the cards tell, and what no card does."""
    told = await at.desk.measures.told(at.know.library)
    covered = await at.desk.measures.covered(at.know.library, at.desk.content)
    return page(at, "content_coverage", told=told, covered=covered)


@routes.get("/content/card/{id_}", Deed.CONTENT)
async def card(at: Here, id_: str, place: str = "") -> Response:
    """Show one card as a resident of a place sees it, and what stands behind it."""
    programme = at.know.library.programmes.get(id_)
    if programme is None:
        raise Absent
    stem = _stem(at, place)
    shown = Card(programme, at.know.library, stem, at.today, local_lines(at.know, programme, stem, at.today))
    return page(
        at,
        "content_card",
        card=shown,
        programme=programme,
        place=place,
        places=own_places(at),
        first=first_message(shown),
        notes=[] if programme.is_stub else [one.text for one in (*elsewhere(shown), *standing(shown))],
        quoted=partial(quoted, shown),
        contacts=(*shown.offices, *shown.lines),
        related=[at.know.library.programmes[name] for name in programme.related],
        file=at.know.library.files[id_][1],
    )


def _found(at: At, words: str) -> list[Programme]:
    """Cards whose name or id holds the words, then those that the words lead to as a question."""
    wanted = fold(words).replace(" ", "")
    named = [one for one in at.know.library.programmes.values() if wanted in fold(f"{one.name} {one.short} {one.id}")]
    asked = [one.programme for one in at.know.search.find(words).ranked]
    return list({one.id: one for one in (*named, *asked)}.values())


def _stem(at: At, place: str) -> str | None:
    """The stem of a place's code or name; None where there is none. Cards are public: any place will do."""
    try:
        return at.places.stem_of(code_meant(at, place)) if place else None
    except PlaceError:
        return None


def _row(at: At, one: Window | Detail, path: str) -> dict[str, object]:
    about = subject(at.know.library, one.programme, one.matter)
    ends = one.closes_on if isinstance(one, Window) else one.lapses_on
    return {"path": f"/desk/{path}/{one.id}", "subject": about, "place": at.name(one.place), "ends": ends}


def _newest(at: At) -> int:
    return max(document.year for document in at.know.library.documents.values())


def _old(at: At) -> Iterator[tuple[Programme, int]]:
    """Cards whose newest clause is of an earlier year than this, with that year; of this year none is old."""
    for programme in at.know.library.programmes.values():
        years = [at.know.library.documents[claim.source.doc].year for claim in programme.claims]
        if years and max(years) < at.today.year:
            yield programme, max(years)
