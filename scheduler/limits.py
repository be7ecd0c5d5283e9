"""How much and when: an account's rate, the size of a chunk, the hours in which nobody is disturbed."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from scheduler.calendar import LOCAL
from storage.accounts import Account
from storage.states import PRIORITY, Kind

BULK = 0.8
"""Share of an account's limit for what is not urgent; the rest is left to replies. Fails shut: an unknown limit of a
platform has to be given when the account is registered, and None says that there is none."""

MOST = 100
"""Rows in a chunk, so that an urgent message waits for few."""

QUIET_FROM, QUIET_TO = time(21, 0), time(7, 30)
SMALL_FROM, SMALL_TO = time(1, 0), time(5, 0)


def rate(account: Account, kind: Kind) -> float | None:
    """Messages of this kind in a second that the account may send; None where the platform names no limit."""
    return account.per_second and account.per_second * (1 if kind is Kind.URGENT else BULK)


def gap(account: Account, kind: Kind) -> timedelta:
    """The time from one message to the next; none where there is no limit."""
    most = rate(account, kind)
    return timedelta(seconds=1 / most) if most else timedelta(0)


def chunk(account: Account, kind: Kind) -> int:
    """How many rows a drain may claim at once: at most a second of the account's rate, at most MOST, at least one."""
    return max(1, min(MOST, int(rate(account, kind) or MOST)))


def chunks(account: Account, now: datetime) -> Mapping[Kind, int]:
    """The kinds that may be sent at this hour, who goes first first, and how many of each may be claimed at once."""
    return {kind: chunk(account, kind) for kind in awake(now)}


def awake(now: datetime) -> tuple[Kind, ...]:
    """The kinds that may be sent at this hour: in quiet hours only what is urgent."""
    return (Kind.URGENT,) if is_quiet(now) else PRIORITY


def is_quiet(now: datetime) -> bool:
    """Whether it is night, from 21:00 to 07:30 in Inner Mongolia."""
    hour = now.astimezone(LOCAL).time()
    return hour >= QUIET_FROM or hour < QUIET_TO


def is_small_hours(now: datetime) -> bool:
    """Whether hardly anybody is awake, from 01:00 to 05:00 in Inner Mongolia."""
    return SMALL_FROM <= now.astimezone(LOCAL).time() < SMALL_TO


def after_quiet(now: datetime) -> datetime:
    """This moment by day; by night the next half past seven."""
    if not is_quiet(now):
        return now
    local = now.astimezone(LOCAL)
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_TO, LOCAL).astimezone(now.tzinfo)
