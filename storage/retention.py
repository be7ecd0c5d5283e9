"""How long each thing is kept. `RULES` is the whole list; nothing else in storage forgets by age."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Delete, Table, Update, delete, func, select, tuple_, update

from storage.conversations import FORGOTTEN_AFTER
from storage.database import Database
from storage.erasures import KEPT as ERASURES_KEPT
from storage.moments import day, utc
from storage.states import ENDS
from storage.tables import broadcast, conversation, delivery, inbox, lane, receipt, reminder, resident
from storage.tables.desk import desk_session
from storage.tables.operating import backup, erasure
from storage.tables.staff import notice, staff, staff_invitation, staff_sign_in, staff_talk, ticket
from storage.tables.unanswered import unanswered_count, unanswered_text
from storage.tables.wechat import staff_alert, wechat_given, wechat_mass, wechat_nudge, wechat_window
from storage.tables.windows import local_detail, place_window

BITE = 500  # rows in one transaction, so that no message waits for long


@dataclass(frozen=True)
class Rule:
    """Rows of `table` are kept for `period`: `due` says which were kept since the given moment or longer.

    They are deleted, or where `clear` names columns, only these lose what they hold.
    """

    name: str
    period: timedelta
    table: Table
    due: Callable[[datetime], ColumnElement[bool]]
    clear: Mapping[str, None] = field(default_factory=dict)


def _web_visitor(limit: datetime) -> ColumnElement[bool]:
    # The cookie ends as soon: nobody could come back as this resident. And a browser that forgets it leaves one behind.
    return (resident.c.seen_on <= day(limit)) & (resident.c.channel == "web")


def _unsent(limit: datetime) -> ColumnElement[bool]:
    return (inbox.c.received_at <= limit) & inbox.c.reply.is_not(None)


def _window_over(limit: datetime) -> ColumnElement[bool]:
    over = (place_window.c.closes_on <= day(limit)) & (place_window.c.timing != "yearly")
    given_up = (place_window.c.state != "published") & (place_window.c.changed_at <= limit)
    return over | given_up


def _open_ticket(limit: datetime) -> ColumnElement[bool]:
    # Nobody answered, or the answer could not be given, and who asked has not come since.
    return (ticket.c.asked_at <= limit) & ticket.c.told_at.is_(None)


def _ended(limit: datetime) -> ColumnElement[bool]:
    return (delivery.c.moved_at <= limit) & delivery.c.state.in_([state.value for state in ENDS])


def _unsent_broadcast(limit: datetime) -> ColumnElement[bool]:
    return (broadcast.c.moved_at <= limit) & broadcast.c.approved_at.is_(None)


def _shut(limit: datetime) -> ColumnElement[bool]:
    # Neither window is open any more: what it counted tells nothing.
    acted = func.greatest(wechat_window.c.messaged_at, wechat_window.c.tapped_at)  # a null is passed over
    return acted <= limit


RULES = (
    Rule("conversation", FORGOTTEN_AFTER, conversation, lambda limit: conversation.c.touched_at <= limit),
    Rule("unsent reply", timedelta(hours=24), inbox, _unsent, clear={"reply": None}),
    Rule("inbox", timedelta(days=7), inbox, lambda limit: inbox.c.received_at <= limit),
    Rule("wechat answer", timedelta(days=1), wechat_given, lambda limit: wechat_given.c.given_at <= limit),
    Rule("wechat window", timedelta(days=3), wechat_window, _shut),
    Rule("wechat notice", timedelta(days=60), wechat_nudge, lambda limit: wechat_nudge.c.nudged_at <= limit),
    Rule("wechat mass send", timedelta(days=400), wechat_mass, lambda limit: wechat_mass.c.planned_for <= limit),
    Rule("staff alert", timedelta(days=90), staff_alert, lambda limit: staff_alert.c.raised_at <= limit),
    Rule("web visitor", timedelta(days=30), resident, _web_visitor),
    Rule("resident", timedelta(days=400), resident, lambda limit: resident.c.seen_on <= day(limit)),
    Rule("delivery", timedelta(days=180), delivery, _ended),
    Rule("reminder of what is over", timedelta(days=30), reminder, lambda limit: reminder.c.closes_on <= day(limit)),
    Rule("reminder", timedelta(days=400), reminder, lambda limit: reminder.c.told_on <= day(limit)),
    Rule("turn of a source", timedelta(days=30), lane, lambda limit: lane.c.served_at <= limit),
    # Three years: so long staff may have to answer for what they published.
    Rule("window", timedelta(days=1096), place_window, _window_over),
    Rule("local detail", timedelta(days=1096), local_detail, lambda limit: local_detail.c.lapses_on <= day(limit)),
    Rule("closed ticket", timedelta(days=90), ticket, lambda limit: ticket.c.told_at <= limit),
    Rule("open ticket", timedelta(days=180), ticket, _open_ticket),
    Rule("invitation", timedelta(days=1), staff_invitation, lambda limit: staff_invitation.c.expires_at <= limit),
    Rule("sign-in link", timedelta(days=1), staff_sign_in, lambda limit: staff_sign_in.c.expires_at <= limit),
    Rule("desk session", timedelta(days=1), desk_session, lambda limit: desk_session.c.expires_at <= limit),
    Rule("unfinished draft", timedelta(days=30), staff_talk, lambda limit: staff_talk.c.touched_at <= limit),
    Rule("broadcast never approved", timedelta(days=180), broadcast, _unsent_broadcast),
    # Three years: so long staff may have to answer for what they published, and anybody can ask whether it is real.
    Rule("broadcast", timedelta(days=1096), broadcast, lambda limit: broadcast.c.moved_at <= limit),
    Rule("receipt of a notice", timedelta(days=30), receipt, lambda limit: receipt.c.received_on <= day(limit)),
    Rule("draft notice", timedelta(days=180), notice, lambda limit: notice.c.created_at <= limit),
    Rule("revoked staff", timedelta(days=400), staff, lambda limit: staff.c.revoked_at <= limit),
    Rule("erasure", ERASURES_KEPT, erasure, lambda limit: erasure.c.at <= limit),
    Rule("backup", ERASURES_KEPT, backup, lambda limit: backup.c.taken_at <= limit),
    Rule("unanswered text", timedelta(days=30), unanswered_text, lambda limit: unanswered_text.c.kept_on <= day(limit)),
    Rule("unanswered count", timedelta(days=400), unanswered_count, lambda at: unanswered_count.c.month <= day(at)),
)


async def forget_due(database: Database, now: datetime) -> dict[str, int]:
    """Forget all that was kept for its period, bite after bite until nothing is left; return how many of each rule."""
    return {rule.name: await _forget(database, rule, utc(now) - rule.period) for rule in RULES}


async def _forget(database: Database, rule: Rule, limit: datetime) -> int:
    forgotten = 0
    while True:
        async with database.begin() as conn:
            bite = (await conn.execute(_bite(rule, limit))).rowcount
        forgotten += bite
        if bite < BITE:
            return forgotten


def _bite(rule: Rule, limit: datetime) -> Delete | Update:
    """Forget at most BITE rows. Rows in use are left for the next time, so that forgetting never waits for a talk."""
    keys = tuple(rule.table.primary_key)
    due = select(*keys).where(rule.due(limit)).limit(BITE).with_for_update(skip_locked=True).cte("due")
    chosen = tuple_(*keys).in_(select(due))
    return update(rule.table).where(chosen).values(rule.clear) if rule.clear else delete(rule.table).where(chosen)
