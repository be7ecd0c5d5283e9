"""/reach, /who, /desk: what staff look at."""

from bot.interest.subscribers import Taken, taken
from bot.staff.may import Deed, may
from bot.staff.said import Said
from bot.staff.work import Words, Work
from content.render import say
from storage import staff
from storage.staff import Staff

MOST_SHOWN = 20


async def reach(work: Work) -> Words:
    """Say how many residents can be written to unasked: for the fixed units, as of the newest close (design.md §8)."""
    counted = await taken(work.conn, work.know.library, work.places)
    mine = [stem for stem in work.who.places if may(work.who, Deed.REACH, stem)]
    lines = [_reach(work, counted, stem) for stem in mine]
    notes = [say("staff", "reach_note")]
    if work.connected.trial:
        notes = [say("staff", "reach_trial"), *notes]
    if not work.connected.speaking:
        notes = [say("staff", "reach_never"), *notes]
    return [Said(text="\n".join([*lines, *notes]))]


def _reach(work: Work, counted: Taken, stem: str) -> str:
    name, found = work.name(stem), counted.units_of(stem)
    if counted.month is None or not found:
        return say("staff", "reach_not_yet", name=name)
    shown = [unit for unit in found if unit.id in counted.people]
    if len(found) > 1:
        left, people = len(found) - len(shown), counted.together(shown)
        return say("staff", "reach_sum", name=name, month=counted.month.month, count=people, left=left)
    pool = counted.called(found[0])
    return say("staff", "reach", name=name, said=pool, month=counted.month.month, count=counted.together(shown))


async def who(work: Work) -> Words:
    """Say who one is, and who else works for the same places."""
    me = work.who
    lines = [say("staff", "who", name=me.name, role=_role(me), names=_names(work, me), since=me.joined_on)]
    others = [one for one in await staff.everyone(work.conn) if one.id != me.id and _together(me, one)]
    lines.append(say("staff", "who_others" if others else "who_nobody"))
    lines += (
        say("staff", "who_other", name=one.name, role=_role(one), names=_names(work, one))
        for one in others[:MOST_SHOWN]
    )
    return [Said(text="\n".join(lines))]


def _together(me: Staff, other: Staff) -> bool:
    """Whether the other works for a place of mine, or, where I am an administrator, below one."""
    below = me.role == "administrator"
    return any(theirs == mine or (below and theirs.startswith(mine)) for mine in me.places for theirs in other.places)


def _names(work: Work, one: Staff) -> list[str]:
    return [work.name(stem) for stem in one.places]


def _role(one: Staff) -> str:
    return say("staff", "role", role=one.role)


async def desk(work: Work) -> Words:
    """Give a link that opens the desk once."""
    token = await staff.sign_in_link(work.conn, work.who.id, made_by=work.actor, now=work.now)
    await work.record("sign-in link made", work.actor)
    address = f"{(work.connected.desk or '').rstrip('/')}/desk/enter#{token}"
    return [Said(text=say("staff", "desk", place=address, code=staff.code_of(token)))]
