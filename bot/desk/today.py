"""What waits for whom: the first page."""

from fastapi import Response

from bot.desk.at import Here
from bot.desk.pages import page
from bot.desk.routes import Routes
from bot.staff.may import Deed

routes = Routes()


@routes.get("/", Deed.DESK)
async def today(at: Here) -> Response:
    """Show what waits for who is at the desk."""
    return page(at, "today")
