"""How the desk is used, on one page: the guide with its pictures, and what is not in it."""

from fastapi import Response

from bot.desk.at import Here
from bot.desk.pages import page
from bot.desk.routes import Routes
from bot.staff.may import Deed

routes = Routes()


@routes.get("/help", Deed.DESK)
async def help_(at: Here) -> Response:
    """Show it, with the address of the desk as one types it and with what somebody's role may do."""
    address = at.know.service.pages or str(at.request.base_url)
    return page(at, "help", address=typed(address))


def typed(address: str) -> str:
    """The desk's address without what a browser adds by itself: `https://a.cn/` is `a.cn/desk`."""
    return f"{address.partition('://')[2].split('/')[0]}/desk"
