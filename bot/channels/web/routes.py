"""The residents' page: questions and answers, topics, cards with an address of their own; no JavaScript needed."""

import hashlib
from dataclasses import replace
from functools import partial

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from bot.channels.web import visitor
from bot.channels.web.form import AskForm, form_of
from bot.channels.web.pages import page
from bot.channels.web.site import CAPABILITIES, Site, erased
from bot.dialogue.windows import days_left_in, local_lines
from bot.incoming import Incoming
from bot.windows.ics import MEDIA_TYPE, calendar_of
from content.answer import elsewhere, first_message, standing
from content.behind import quoted
from content.card import Card
from content.message import Message
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
async def ask(request: Request) -> Response:
    """Answer a question or an option. With JavaScript only the answer comes back, else the whole page.

    The reply is never marked as sent: a page that is loaded again sends its form again and is shown the same answer,
    and nothing is done twice. Retention takes it after a day.
    """
    form = await form_of(request)
    site, token = site_of(request), visitor.token_of(request) or visitor.new_token()
    async with site.order.of(token):
        if form.about and not form.action:
            await _handled(site, token, replace(form, text="", action=f"card:{form.about}"))
        messages = await _handled(site, token, form)
    part = "answer" if request.headers.get("x-part") == "answer" else "talk"
    asked = "" if form.action else form.text
    gone = erased(messages)
    response = page(part, site=site, library=site.know.library, asked=asked, messages=messages, erased=gone)
    if gone:
        visitor.forget(response, secure=site.secure)
    else:
        visitor.remember(response, token, secure=site.secure)
    return response


async def _handled(site: Site, token: str, form: AskForm) -> tuple[Message, ...]:
    """What is said to a form; nothing to one whose answer is over a day old."""
    handled = await site.pipeline.handle(_incoming(site, token, form), welcoming=False)
    return handled.reply.messages if handled.reply else ()


def _incoming(site: Site, token: str, form: AskForm) -> Incoming:
    """Make the update of a form. An option counts before words.

    A browser that goes back shows an old form again, with its old id and perhaps new words: those are a new message.
    """
    text = None if form.action else form.text[:LONGEST_QUESTION]
    said = f"{form.message_id} {form.action} {text or ''}"
    once = hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest() if form.message_id else visitor.new_token()
    address = visitor.address(token)
    return Incoming(CAPABILITIES.name, site.account, address, once, site.now(), text=text, action=form.action or None)


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
    if programme is None:
        return page("missing", status=404, site=site)
    stem, today = _stem(site, place), local_date(site.now())
    local = local_lines(site.know, programme, stem, today)
    shown = Card(programme, site.know.library, stem, today, local)
    here = [site.know.places.get(code).short for code in programme.local if code not in shown.elsewhere]
    return page(
        "card",
        site=site,
        card=shown,
        here=here,
        places=site.know.places,
        first=first_message(shown),
        notes=[] if programme.is_stub else [one.text for one in (*elsewhere(shown), *standing(shown))],
        quoted=partial(quoted, shown),
        related=[site.know.library.programmes[name] for name in programme.related],
        contacts=(*shown.offices, *shown.lines),
    )


def _stem(site: Site, place: str) -> str | None:
    """The stem of a place's code; None for a code that there is not."""
    try:
        return site.know.places.stem_of(place) if place else None
    except PlaceError:
        return None


@router.get("/calendar.ics")
async def calendar(request: Request, place: str = "", programme: str = "") -> Response:
    """The days of a place, or of one programme there, for a phone's calendar; `place` is a code or a stem."""
    site = site_of(request)
    known, stem = site.know, _stem(site, place)
    windows = known.local.windows_of(programme, stem) if programme else known.local.windows_at(stem)
    if not days_left_in(windows, local_date(site.now())):
        return page("missing", status=404, site=site)
    written = calendar_of(windows, known.library, known.places, site.now())
    named = {"Content-Disposition": 'attachment; filename="mingbai.ics"'}
    return Response(written, media_type=MEDIA_TYPE, headers=named)


@router.get("/about")
async def about(request: Request) -> HTMLResponse:
    """Who runs this, what is kept, how it is erased, where the answers come from."""
    site = site_of(request)
    return page("about", site=site, documents=site.know.library.documents.values())
