"""Who changed an entry, when and why, and what then stood there: in the words of the staff bot."""

from collections.abc import Sequence

from bot.desk.at import At
from bot.windows.history import told
from storage import staff
from storage.entries import Revision

MOST = 50
"""Changes that a page tells, the newest."""


async def history(at: At, revisions: Sequence[Revision]) -> list[str]:
    """The changes of an entry, the newest first."""
    numbers = (one.author.removeprefix("staff:") for one in revisions if one.author.startswith("staff:"))
    names = await staff.names(at.conn, {int(one) for one in numbers if one.isdecimal()})
    return told(revisions, {f"staff:{id_}": name for id_, name in names.items()})[::-1][:MOST]
