"""The residents' page: questions and answers, topics, cards with an address of their own; no JavaScript needed."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from bot.channels.web import visitor
from bot.channels.web.pages import page
from bot.channels.web.site import CAPABILITIES, Site
from bot.incoming import Incoming
from content.answer import elsewhere, first_message, standing
from content.behind import quoted
from content.card import Card
from content.places import PlaceError
from scheduler.calendar import local_date

router = APIRouter()
LONGEST_QUESTION = 10_000


def site_of(request: Request) -> Site:
    """What the application was built with."""
    site: Site = request.app.state.site
    return site


@router.get("/")
async def home(request: Request) -> HTMLResponse:
    """The front page."""
    site = site_of(request)
    return page("home", site=site, library=site.know.library)


@router.post("/ask")
async def ask(
    request: Request,
    text: Annotated[str, Form()] = "",
    action: Annotated[str, Form(max_length=64)] = "",
    message_id: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Answer a question or an option. With JavaScript only the answer comes back, else the whole page.

    The reply is never marked as sent: a page that is loaded again sends its form again and is shown the same answer,
    and nothing is done twice. Retention takes it after a day.
    """
    site, token = site_of(request), visitor.token_of(request) or visitor.new_token()
    text, now = text[:LONGEST_QUESTION], site.now()
    once = message_id or visitor.new_token()
    incoming = Incoming(
        CAPABILITIES.name, site.account, visitor.address(token), once, now, text=text or None, action=action or None
    )
    handled = await site.pipeline.handle(incoming, welcoming=False)
    messages = handled.reply.messages if handled.reply else ()
    part = "answer" if request.headers.get("x-part") == "answer" else "talk"
    response = page(part, site=site, asked=text, messages=messages, card_of=site.card_of)
    visitor.remember(response, token, secure=site.secure)
    return response


@router.get("/ask")
async def asked_again() -> RedirectResponse:
    """An address bar or a bookmark that remembers the form's address leads to the front page."""
    return RedirectResponse("/", status_code=303)


@router.get("/topics")
async def topics(request: Request) -> HTMLResponse:
    """Every topic with its cards."""
    site = site_of(request)
    return page("topics", site=site, library=site.know.library)


@router.get("/topic/{id_}")
async def topic(request: Request, id_: str) -> HTMLResponse:
    """The cards of one topic."""
    site = site_of(request)
    found = site.know.library.topics.get(id_)
    if found is None:
        return page("missing", status=404, site=site)
    return page("topic", site=site, topic=found, cards=site.know.library.by_topic[id_])


@router.get("/card/{id_}")
async def card(request: Request, id_: str, place: str = "") -> HTMLResponse:
    """A card whole, with an address that can be sent on and printed; `place` is a code."""
    site = site_of(request)
    programme = site.know.library.programmes.get(id_)
    try:
        stem = site.know.places.stem_of(place) if place else None
    except PlaceError:
        stem = None
    if programme is None:
        return page("missing", status=404, site=site)
    shown = Card(programme, site.know.library, stem, local_date(site.now()))
    related = [site.know.library.programmes[name] for name in programme.related]
    return page(
        "card",
        site=site,
        card=shown,
        places=site.know.places,
        first=first_message(shown),
        notes=[] if programme.is_stub else [one.text for one in (*elsewhere(shown), *standing(shown))],
        quoted=partial(quoted, shown),
        related=related,
        contacts=(*shown.offices, *shown.lines),
    )


@router.get("/about")
async def about(request: Request) -> HTMLResponse:
    """Who runs this, what is kept, how it is erased, where the answers come from."""
    site = site_of(request)
    return page("about", site=site, documents=site.know.library.documents.values())


@router.get("/healthz")
async def healthz() -> PlainTextResponse:
    """Say that the process is alive."""
    return PlainTextResponse("ok")
