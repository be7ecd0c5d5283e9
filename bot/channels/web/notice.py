"""The address that stands under a notice in the group and on the wall: is it real, and what does it truly say."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.channels.web.pages import page
from bot.channels.web.site import Site
from bot.dialogue import notice
from bot.dialogue.state import Person, State
from bot.dialogue.turn import Asked
from bot.notices.real import numbers_in
from bot.notices.told import Told

router = APIRouter()


@router.get("/notice/{number}")
async def checked(request: Request, number: str) -> HTMLResponse:
    """Show the notice of a number as the talk does; nothing is kept of who looked."""
    site: Site = request.app.state.site
    numbers = numbers_in(number)
    found = await site.notices(numbers[0]) if numbers else None
    told = (Told(found),) if found is not None else ()
    asked = Asked(site.know, Person(), State(), site.now(), action="notice", notices=told)
    said = notice.again(asked, number).message
    return page("notice", status=200 if told else 404, site=site, number=(*numbers, "")[0], said=said)
