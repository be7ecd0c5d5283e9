"""`kill -9` of the answering program and of PostgreSQL at random moments, seeded.

In each round the program is killed once or twice while it answers; the platform then delivers again from the last
answer that was seen. Held: every update is answered, none more than twice, each is taken exactly once, and what was
committed is there without a hand.
"""

import asyncio
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil
from sqlalchemy import func, select

from storage.database import Database
from storage.tables import inbox, resident
from tests.proof.answering import RESIDENTS

UPDATES = 40
ROOT = Path(__file__).parents[2]


def crash_round(seed: int) -> str:
    """Run one round; returns a line about it. Raises AssertionError where a promise is broken."""
    dice = random.Random(seed)  # noqa: S311 - a seed to repeat a round, no secret
    folder = Path(tempfile.mkdtemp(prefix="mingbai-proof-"))
    try:
        answered: Counter[int] = Counter()
        kills = [dice.choice(("program", "database")) for _ in range(dice.randint(1, 2))]
        for victim in kills:
            _answer_until_killed(folder, answered, dice, victim)
        _answer(folder, answered)
        asyncio.run(_hold(folder, answered))
        return f"seed {seed}: killed {', '.join(kills)}; {sum(count > 1 for count in answered.values())} answered twice"
    finally:
        _stop_postgres(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, first: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "tests.proof.answering", str(folder), str(first), str(UPDATES - first)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)


def _first(answered: Counter[int]) -> int:
    """Where the platform begins to deliver again: with the last answer seen, which it can't know to be noted."""
    return max(answered, default=0)


def _answer_until_killed(folder: Path, answered: Counter[int], dice: random.Random, victim: str) -> None:
    program = _start(folder, _first(answered))
    left = dice.randint(1, 8)
    for line in program.stdout or ():
        if line.startswith("answered"):
            answered[int(line.split()[1])] += 1
            left -= 1
        if left == 0:
            break
    time.sleep(dice.random() / 200)
    if victim == "database":
        _stop_postgres(folder)
        time.sleep(dice.random() / 10)
    program.send_signal(signal.SIGKILL)
    for line in program.stdout or ():
        if line.startswith("answered"):
            answered[int(line.split()[1])] += 1
    program.wait()


def _answer(folder: Path, answered: Counter[int]) -> None:
    program = _start(folder, _first(answered))
    out, _ = program.communicate(timeout=120)
    assert program.returncode == 0, "after the crashes the program must start and finish by itself"
    answered.update(int(line.split()[1]) for line in out.splitlines() if line.startswith("answered"))


async def _hold(folder: Path, answered: Counter[int]) -> None:
    database = await Database.open(None, folder)
    async with database.begin() as conn:
        taken = (await conn.execute(select(func.count()).select_from(inbox))).scalar_one()
        people = (await conn.execute(select(func.count()).select_from(resident))).scalar_one()
    await database.close()
    assert sorted(answered) == list(range(UPDATES)), "every update is answered"
    assert max(answered.values()) <= 3, "an answer repeats at most once for each crash"
    assert (taken, people) == (UPDATES, RESIDENTS), "each update is taken once, each resident met once"


def _stop_postgres(folder: Path) -> None:
    for notes in folder.rglob("postmaster.pid"):
        try:
            psutil.Process(int(notes.read_text().split()[0])).kill()
        except (psutil.NoSuchProcess, ValueError, IndexError):
            continue
