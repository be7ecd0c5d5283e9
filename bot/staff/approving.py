"""Who may let a notice go, stop it, look at it afterwards. Pure, and beside `may` the only place that decides it.

| kind | to | who |
|---|---|---|
| notice | the writer's own village | the writer at once |
| notice | more, or what the text check found needs a second person | another one whose places hold the audience |
| urgent | the writer's own village | the writer at once, who types its name; administrators are alarmed |
| urgent | more | an administrator whose places hold the audience, after signing in anew; another reviews it later |
| urgent | what the text check found needs a second person | such an administrator who did not write it |
"""

from enum import StrEnum

from bot.staff.may import Deed, may_all
from storage.broadcasts import Broadcast
from storage.staff import Staff

VILLAGE = 12
"""Digits of a village's stem."""


class Approval(StrEnum):
    """How somebody may approve a notice."""

    WRITER = "writer"  # wrote it, for their own village
    TYPED = "typed"  # the same, urgent: types the village's name
    ANOTHER = "another"  # did not write it
    ADMINISTRATOR = "administrator"  # after signing in anew


def approval(who: Staff, of: Broadcast) -> Approval | None:
    """How this one may approve this notice; None if they may not."""
    if not holds(who, of):
        return None
    wrote = who.id == of.staff_id
    if wrote and not of.flags and own_village(who, of.audience):
        return Approval.TYPED if of.kind == "urgent" else Approval.WRITER
    if of.kind == "urgent":
        alone = who.role == "administrator" and not (wrote and of.flags)
        return Approval.ADMINISTRATOR if alone else None
    return None if wrote else Approval.ANOTHER


def own_village(who: Staff, audience: tuple[str, ...]) -> bool:
    """Whether an audience is one village, and somebody's own."""
    return len(audience) == 1 and len(audience[0]) == VILLAGE and audience[0] in who.places


def may_stop(who: Staff, of: Broadcast) -> bool:
    """Whether somebody may stop or withdraw a notice: its writer, and who could let such a one go."""
    return who.revoked_at is None and (who.id == of.staff_id or holds(who, of))


def may_review(who: Staff, of: Broadcast) -> bool:
    """Whether somebody may look at an urgent one that went out on one person's word: another one."""
    return of.kind == "urgent" and who.id not in (of.approved_by, of.staff_id) and holds(who, of)


def holds(who: Staff, of: Broadcast) -> bool:
    """Whether all places that it is for are theirs; figures of a wider one tell of places that are not."""
    return may_all(who, Deed.APPROVE, of.audience)
