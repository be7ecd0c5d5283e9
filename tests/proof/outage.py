"""The database is gone for half a minute and comes back by itself: no update is lost, and whoever asks is told kindly.

An outside database, for an embedded one is started again at once (tests/proof/crashes.py kills that). People do what
people do: who got no answer sends the same form again. `python -m tests.proof.outage` plays it alone.
"""

import asyncio
import random
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
from sqlalchemy import text

from storage.database import Database
from storage.embedded.cluster import Cluster
from tests.proof.banner import steadily
from tests.proof.load import filled
from tests.proof.visiting import Served, Visit, ask_all, browser, serving, visit

GONE = 30.0
AROUND = 15.0  # seconds of questions before and after
EACH_SECOND = 5.0
RESIDENTS = 2000
KIND = "没答上来，对不住"


@dataclass(frozen=True)
class Outage:
    """What came of the questions at first, and of the same forms sent again when the database was back."""

    first: list[Visit]
    again: list[Visit]
    taken: int  # updates of that time in the inbox, where each can stand only once

    @property
    def told(self) -> list[Visit]:
        """Those who were told kindly that something is wrong."""
        return [one for one in self.first if not one.answered and KIND in one.page]

    @property
    def lost(self) -> int:
        """Updates that got no answer, nor a kind word; and answered ones that the database does not know."""
        silent = [one for one in self.first if not one.answered and one not in self.told]
        left = [one for one in self.again if not one.answered]
        return len(silent) + len(left) + abs(len(self.first) - self.taken)

    def __str__(self) -> str:
        longest = max(one.seconds for one in self.first)
        told = f"{len(self.told)} told kindly and answered at the second try, longest wait {longest:.1f} s"
        return f"{len(self.first)} questions, {told}, {self.lost} lost"


async def play(seed: int, *, gone: float = GONE, around: float = AROUND) -> Outage:
    """Take the database away while residents ask, and bring it back."""
    with tempfile.TemporaryDirectory(prefix="mingbai-outage-") as name:
        folder = Path(name)
        await filled(folder, RESIDENTS)
        cluster, service = Cluster(folder), folder / "service"
        service.mkdir()
        await asyncio.to_thread(cluster.start)
        try:
            async with serving(service, database_url=_url(cluster)) as served:
                return await _asked(served, cluster, seed, gone, around)
        finally:
            await asyncio.to_thread(cluster.stop)


async def _asked(served: Served, cluster: Cluster, seed: int, gone: float, around: float) -> Outage:
    dice, since = random.Random(seed), datetime.now(UTC)  # noqa: S311 - a seed to repeat a round, no secret
    asked = steadily(dice, seconds=gone + 2 * around, each_second=EACH_SECOND, residents=RESIDENTS)
    asking = asyncio.create_task(ask_all(served, asked, seed=seed))
    await asyncio.sleep(around)
    _kill(cluster)
    await asyncio.sleep(gone)
    await asyncio.to_thread(cluster.start)
    first = await asking
    async with browser(served) as client:
        again = [await visit(client, one.asked, one.id) for one in first if not one.answered]
    return Outage(first, again, await _taken(cluster, since))


def _kill(cluster: Cluster) -> None:
    """As when the machine of the database loses its power: nobody says goodbye."""
    postmaster = psutil.Process(int((cluster.data / "postmaster.pid").read_text().split()[0]))
    for one in (postmaster, *postmaster.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            one.kill()


def _url(cluster: Cluster) -> str:
    return f"postgresql://postgres@/postgres?host={cluster.socket_folder}"


async def _taken(cluster: Cluster, since: datetime) -> int:
    database = await Database.open(_url(cluster), cluster.data)
    try:
        async with database.begin() as conn:
            counted = text("SELECT count(*) FROM inbox WHERE received_at >= :since")
            return int(await conn.scalar(counted, {"since": since}) or 0)
    finally:
        await database.close()


def outage_round(seed: int) -> str:
    """Take the database away for half a minute. Raises AssertionError where an update is lost or nobody noticed."""
    found = asyncio.run(play(seed))
    assert found.told, f"the outage is seen: {found}"
    assert not found.lost, f"every update is answered or told so, and taken once: {found}"
    return f"database gone {GONE:.0f} s: {found}"


if __name__ == "__main__":
    print(outage_round(0))
