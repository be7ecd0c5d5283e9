"""Questions that found no card, and how people ask: a text becomes a phrasing, as by `mingbai search unanswered`."""

import asyncio

from fastapi import Response

from bot.desk.at import At, Here
from bot.desk.pages import done, page
from bot.desk.refusals import Absent
from bot.desk.routes import Routes
from bot.interest.names import topic_name
from bot.staff.may import Deed
from bot.unanswered.keepable import LONGEST, SHORTEST
from bot.unanswered.phrasing import Broken, write_phrasing
from bot.unanswered.shown import shown
from bot.windows.cells import called
from content.programme import Programme
from content.render import say
from storage import unanswered

routes = Routes()
NEAR = 3
AT_ONCE = 20
GAPS = ("some_place", "some_name", "some_account")
"""What stands for what was taken out; 几 for a number may be part of how people ask."""


@routes.get("/content/unanswered", Deed.CONTENT)
async def index(at: Here, number: str = "") -> Response:
    """Show the kept texts with the cards nearest to each, and the counts of months that are over, by nearest topic."""
    kept = await unanswered.texts(at.conn)
    first = AT_ONCE * (int(number) - 1 if number.isdecimal() and 0 < len(number) < 4 else 0)  # noqa: PLR2004
    found = kept[max(first, 0) : max(first, 0) + AT_ONCE]
    rows = await asyncio.to_thread(lambda: [(one, _near(at, one.text)) for one in found])
    over = [one for one in await unanswered.counts(at.conn) if one.month < at.today.replace(day=1)]
    counts = [(one, topic_name(one.topic, at.know.library), shown(one, at.know.library)) for one in over]
    more = first // AT_ONCE + 2 if len(kept) > first + AT_ONCE else None
    learns = at.know.service.learns
    return page(at, "content_unanswered", rows=rows, counts=counts, total=len(kept), more=more, learns=learns)


@routes.get("/content/phrase", Deed.CONTENT)
async def phrase_form(at: Here, of: str = "", programme: str = "") -> Response:
    """Show the form that teaches a way of asking; `of` is a kept text."""
    text = await unanswered.text_of(at.conn, of) if of else ""
    if text is None:
        raise Absent
    known = at.know.library.programmes.get(programme)
    return _form(at, of=of, said=text, name=known.short if known else "")


@routes.post("/content/phrase", Deed.CONTENT, "own")
async def phrase(at: Here) -> Response:
    """Write a phrasing into the deployment's own folder, held to every rule; a kept text is deleted with that."""
    sent = await at.request.form()
    given = {name: str(sent.get(name, ""))[: 2 * LONGEST].strip() for name in ("of", "said", "name")}
    programme = called(at.know.library, given["name"])
    trouble = _wrong(given["said"], programme)
    if trouble or programme is None:
        return _form(at, **given, trouble=trouble, status=422)
    if at.desk.content is None:
        path = at.know.library.files[programme][0].name
        said = say("unanswered", "to_phrase", path=path, line=f"- {given['said']}")
        return _form(at, **given, trouble=said, status=409)
    await unanswered.in_turn(at.conn)
    try:
        await asyncio.to_thread(write_phrasing, at.desk.content, at.know.library, programme, given["said"])
    except Broken as error:
        said = say("unanswered", "not_phrased", path=error.path.name, problems=error.problems)
        return _form(at, **given, trouble=said, status=422)
    if given["of"]:
        await unanswered.drop(at.conn, given["of"])
    await at.record("phrased", f"programme:{programme}")
    return done("/content/unanswered", "phrased")


@routes.post("/content/unanswered/{id_}/drop", Deed.CONTENT, "own")
async def drop(at: Here, id_: str) -> Response:
    """Delete a kept text."""
    if not await unanswered.drop(at.conn, id_):
        raise Absent
    await at.record("dropped", f"unanswered:{id_}")
    return done("/content/unanswered", "dropped")


def _form(at: At, *, of: str, said: str, name: str, trouble: str = "", status: int = 200) -> Response:
    names = [one.short for one in at.know.library.programmes.values()]
    near = _near(at, said) if said else []
    given = {"of": of, "words": said, "near": near, "names": names, "trouble": trouble, "most": LONGEST}
    return page(at, "content_phrase", status=status, programme=name, **given)


def _wrong(said: str, programme: str | None) -> str:
    """What is wrong with a phrasing as it was typed; empty where nothing is."""
    if not SHORTEST <= len(said) <= LONGEST:
        return say("desk_work", "no_phrasing")
    if any(say("unanswered", gap) in said for gap in GAPS):
        return say("desk_work", "gaps_left")
    return "" if programme else say("desk_work", "no_programme")


def _near(at: At, text: str) -> list[Programme]:
    return [one.programme for one in at.know.search.find(text).ranked[:NEAR]]
