"""How the desk is used, on one page."""

from fastapi import Response

from bot.desk.at import Here
from bot.desk.pages import page
from bot.desk.routes import Routes
from bot.staff.may import Deed

routes = Routes()


@routes.get("/help", Deed.DESK)
async def help_(at: Here) -> Response:
    """Show it, with what somebody's role may do."""
    return page(at, "help")
