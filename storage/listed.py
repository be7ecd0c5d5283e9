"""Entries of places, a page at a time: what the desk lists. There may be tens of thousands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, ColumnElement, Row, and_, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.details import DETAILS, Detail, as_detail
from storage.entries import Ledger, State
from storage.windows import WINDOWS, Window, as_window

PAGE = 50
"""Entries on one page."""


@dataclass(frozen=True)
class Wanted:
    """Which entries: of these places (stems) and all below them; in a state; that end from one day to another.

    A window ends on `closes_on`, a detail on `lapses_on`.
    """

    stems: Sequence[str]
    state: State | None = None
    ends_from: date | None = None
    ends_by: date | None = None


async def windows(conn: AsyncConnection, wanted: Wanted, *, number: int) -> list[Window]:
    """Return a page of windows (the first is 1), those that close first first."""
    return [as_window(row) for row in await _page(conn, WINDOWS, WINDOWS.table.c.closes_on, wanted, number)]


async def details(conn: AsyncConnection, wanted: Wanted, *, number: int) -> list[Detail]:
    """Return a page of details (the first is 1), those that lapse first first."""
    return [as_detail(row) for row in await _page(conn, DETAILS, DETAILS.table.c.lapses_on, wanted, number)]


async def count(conn: AsyncConnection, ledger: Ledger, wanted: Wanted) -> int:
    """Count the entries of all pages together."""
    ends = _ends(ledger)
    return await conn.scalar(select(func.count()).select_from(ledger.table).where(_which(ledger, ends, wanted))) or 0


def _ends(ledger: Ledger) -> "Column[date]":
    return ledger.table.c.lapses_on if ledger is DETAILS else ledger.table.c.closes_on


async def _page(
    conn: AsyncConnection, ledger: Ledger, ends: "Column[date]", wanted: Wanted, number: int
) -> Sequence[Row[Any]]:
    asked = select(ledger.table).where(_which(ledger, ends, wanted)).order_by(ends.nulls_last(), ledger.table.c.id)
    return (await conn.execute(asked.offset((number - 1) * PAGE).limit(PAGE))).all()


def _which(ledger: Ledger, ends: "Column[date]", wanted: Wanted) -> ColumnElement[bool]:
    table = ledger.table.c
    conditions = [or_(false(), *(table.place.startswith(stem, autoescape=True) for stem in wanted.stems))]
    if wanted.state is not None:
        conditions.append(table.state == wanted.state.value)
    if wanted.ends_from is not None:
        conditions.append(ends >= wanted.ends_from)
    if wanted.ends_by is not None:
        conditions.append(ends <= wanted.ends_by)
    return and_(*conditions)
