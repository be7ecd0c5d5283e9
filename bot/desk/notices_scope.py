"""Which notices somebody at the desk may open, and as whom they act on one."""

import re

from bot.broadcasts.deeds import Acting
from bot.desk.at import At
from bot.desk.refusals import Absent
from bot.staff import approving
from bot.staff.approving import approval, may_stop
from bot.staff.may import Deed
from content.places.mentions import related
from storage import broadcasts
from storage.broadcasts import Broadcast


def numbered(asked: str) -> str:
    """The number of a notice in an address, T30571. Raises Absent for what can be none."""
    number = asked.upper()
    if not re.fullmatch("[A-Z][0-9]{5}", number):
        raise Absent
    return number


def acting(at: At) -> Acting:
    """Who acts, and when they last entered a code."""
    return Acting(at.conn, at.desk.trail, at.who, at.now, at.session.fresh_at)


async def touching(at: At, number: str) -> Broadcast:
    """A notice that has to do with a place of theirs: they may act on it, or it went to who lives there. Absent."""
    found = await broadcasts.find(at.conn, numbered(number))
    if found is None or not may_see(at, found):
        raise Absent
    own = next((one for one in at.stems(Deed.APPROVE) if any(related(one, stem) for stem in found.audience)), None)
    if own is None:
        raise Absent
    at.allow(own, Deed.APPROVE)
    return found


def may_see(at: At, of: Broadcast) -> bool:
    """Whether what it says is theirs to read: nobody else reads what nobody has approved."""
    return of.approved_at is not None or approval(at.who, of) is not None or may_stop(at.who, of)


def holds(at: At, of: Broadcast) -> bool:
    """Whether what became of it is theirs to see."""
    return approving.holds(at.who, of)
