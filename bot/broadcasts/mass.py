"""A broadcast by WeChat's monthly mass send: its words as one text, for those whose copy is held."""

from bot.broadcasts.composing import corrects
from bot.channels.wechat.mass import NotPlanned
from bot.notices.words import body, signature
from content.message import Heading, Text
from content.places import Places
from storage import broadcasts
from storage.broadcasts import BroadcastState
from storage.database import Database


async def of_broadcast(database: Database, number: str, banner: str) -> tuple[str, int]:
    """Return the text and the id of an approved broadcast that is for everybody in a banner (a stem), or wider.

    Raises NotPlanned for any other: a tag of WeChat names a banner, never less and never what people follow.
    """
    async with database.begin() as conn:
        found = await broadcasts.find(conn, number.strip().upper())
        before = await corrects(conn, found.corrects) if found is not None else ""
    if found is None or found.state is not BroadcastState.APPROVED or found.follows:
        raise NotPlanned("mass_not_of_broadcast")
    if not any(banner.startswith(stem) for stem in found.audience):
        raise NotPlanned("mass_not_of_broadcast")
    said = [one.text for one in body(found, corrects=before) if isinstance(one, Heading | Text)]
    return "\n".join([*said, signature(found, Places.load())]), found.id
