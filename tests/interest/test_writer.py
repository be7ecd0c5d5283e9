"""Marks off the answering path: a database that is gone delays them and loses none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.interest import writer
from bot.interest.writer import WRITE_EVERY, Writer, counting
from storage import residents
from storage.database import Database
from storage.interest import marks
from tests.interest.months import DECEMBER, NOVEMBER, TOWNS, asked, people


async def kept(database: Database) -> int:
    async with database.begin() as conn:
        return await marks.count(conn, NOVEMBER)


class Line:
    """A wire to the database that can be cut and mended."""

    def __init__(self, socket: Path) -> None:
        self._socket, self._open, self.up = socket, set[asyncio.StreamWriter](), True
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def _join(self, reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        if not self.up:
            out.close()
            return
        inner, outer = await asyncio.open_unix_connection(str(self._socket))
        self._open |= {out, outer}
        with suppress(ConnectionError):
            await asyncio.gather(self._carry(reader, outer), self._carry(inner, out))

    async def _carry(self, reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            out.write(data)
            await out.drain()
        out.close()

    def cut(self) -> None:
        self.up = False
        for one in self._open:
            one.close()
        self._open.clear()

    async def stop(self) -> None:
        self.cut()
        if self._server:
            self._server.close()


@pytest.fixture
async def line(months: Database) -> AsyncIterator[tuple[Line, Database]]:
    """A line to the database, and the database at its other end."""
    url = months.url
    folder = str(url.query["host"])
    wire = Line(Path(folder) / f".s.PGSQL.{url.port or url.query.get('port', 5432)}")
    port = await wire.start()
    there = url.set(host="127.0.0.1", port=port, query={}).render_as_string(hide_password=False)
    far = await Database.open(there, Path(folder))
    yield wire, far
    await far.close()
    await wire.stop()


async def test_a_lost_connection_delays_marks_and_loses_none(months: Database, line: tuple[Line, Database]) -> None:
    wire, far = line
    who = await people(months, 30, home=TOWNS[0])
    scribe = Writer(far)
    scribe.count(asked(who[:10], "grain", TOWNS[0]))
    await scribe.write()
    wire.cut()
    scribe.count(asked(who[10:20], "grain", TOWNS[0]))
    await scribe.write()
    scribe.count(asked(who[20:], "grain", TOWNS[0]))
    await scribe.write()
    assert scribe.waiting == 20
    wire.up = True
    await scribe.write()
    assert scribe.waiting == 0
    assert await kept(months) == 30 * 2 + 1


async def test_marks_wait_while_their_month_is_being_closed(months: Database) -> None:
    who = await people(months, 5, home=TOWNS[0])
    scribe = Writer(months)
    scribe.count(asked(who, "grain", TOWNS[0]))
    async with months.begin() as conn:
        await marks.alone(conn, NOVEMBER)
        await scribe.write()
        assert scribe.waiting == 5
    await scribe.write()
    assert (scribe.waiting, await kept(months)) == (0, 11)


async def test_making_a_months_tables_holds_up_no_resident(months: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "_PATIENCE", "100ms")
    who = await people(months, 5, home=TOWNS[0])
    scribe = Writer(months)
    scribe.count(asked(who, "grain", TOWNS[0]))
    async with months.begin() as conn:
        await residents.stop(conn, who[0], DECEMBER)
        await scribe.write()
        assert scribe.waiting == 5, "who writes about a resident is not waited for for long"
    await scribe.write()
    assert (scribe.waiting, await kept(months)) == (0, 11)


async def test_many_writers_at_once_make_a_months_tables_once_and_lose_nothing(months: Database) -> None:
    who = await people(months, 200, home=TOWNS[0])
    scribes = [Writer(months) for _ in range(8)]
    for number, scribe in enumerate(scribes):
        scribe.count(asked(who[number::4], "grain", TOWNS[0]))
    await asyncio.gather(*(scribe.write() for scribe in scribes))
    assert await kept(months) == 200 * 2 + 1


async def test_too_many_marks_are_let_go_loudly(
    months: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(writer, "MOST", 3)
    scribe = Writer(months)
    scribe.count(asked(range(5), "grain", TOWNS[0]))
    assert scribe.waiting == 3
    assert "marks_let_go" in capsys.readouterr().out


async def test_what_waits_is_written_when_the_service_ends(months: Database) -> None:
    who = await people(months, 5, home=TOWNS[0])
    async with counting(months) as count:
        count(asked(who, "grain", TOWNS[0]))
    assert await kept(months) == 11


def test_a_process_that_is_killed_loses_five_seconds_at_most() -> None:
    assert WRITE_EVERY <= 5
