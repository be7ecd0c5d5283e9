"""What must hold at the end of a round, by the ledger and by what the platform saw."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence

from scheduler.broadcast.drain import AT_ONCE
from scheduler.limits import BULK, MOST
from tests.fakes.telegram.alone import Message
from tests.proof.faults.ledger import Row
from tests.proof.faults.notices import title
from tests.proof.faults.plan import Round
from tests.proof.faults.play import Played

ENDS = ("sent", "refused", "gone", "unknown", "expired", "cancelled")
NEVER_LEFT = ("cancelled", "gone", "expired")
DEAF = 0.1
"""Seconds for which the platform's process may have stood still. A machine that lets it stand for longer lets workers
stand too, and what they were just writing leaves at once: then nothing is said about a single second."""


def hold(round_: Round, played: Played) -> str:
    """Hold a round to the promises; returns a line about it. AssertionError where one is broken."""
    taken = Counter((chat, _notice(round_, words)) for chat, words, _ in played.seen.taken)
    _each_ends(round_, played.rows)
    _what_is_said_is_true(round_, played.rows, taken)
    _few_are_unknown(round_, played)
    judged = _the_limit_holds(round_, played)
    return _told(round_, played, taken, judged=judged)


def _notice(round_: Round, words: str) -> int:
    """Which of the round's notices a message is."""
    return next(number for number, kind in enumerate(round_.kinds) if title(number, kind) in words)


def _each_ends(round_: Round, rows: Sequence[Row]) -> None:
    assert len(rows) == round_.platform.people * len(round_.kinds), "each recipient has one row of each broadcast"
    waiting = [row for row in rows if row.state not in ENDS and not (row.state == "held" and row.expires_at)]
    assert not waiting, f"each delivery reaches an end, or is held with an expiry: {waiting}"


def _what_is_said_is_true(round_: Round, rows: Sequence[Row], taken: Counter[tuple[int, int]]) -> None:
    order = {source: number for number, source in enumerate(sorted({row.source_id for row in rows}))}
    for row in rows:
        times = taken[int(row.address), order[row.source_id]]
        assert row.kind == round_.kinds[order[row.source_id]]
        assert row.kind == "urgent" or times <= 1, f"no notice is taken twice: {row}"
        assert row.state != "sent" or times, f"what was never taken is not called sent: {row}"
        assert row.kind == "urgent" or row.state not in NEVER_LEFT or not times, f"it was taken after all: {row}"
        assert row.kind != "urgent" or row.state != "unknown", f"an urgent one is never left open: {row}"


def _few_are_unknown(round_: Round, played: Played) -> None:
    chunk = max(1, min(MOST, int(round_.per_second * BULK)))
    died = sum(row.state == "unknown" and row.reason == "drain_died" for row in played.rows)
    other = sum(row.state == "unknown" and row.reason != "drain_died" for row in played.rows)
    kills = sum(one.victim != "clock" for one in played.kills)
    assert died <= kills * AT_ONCE * chunk, f"{died} unknown after {kills} kills with {AT_ONCE} x {chunk} claimed each"
    faults = sum(played.seen.unsure.values())
    assert other <= faults, f"{other} unknown by what the platform said, which was unsure {faults} times"


def _the_limit_holds(round_: Round, played: Played) -> bool:
    """Whether it could be judged: a platform that stood still itself knows no seconds."""
    if played.seen.lag > DEAF:
        return False
    notices = [one for one in played.seen.came if round_.kinds[_notice(round_, one[1])] != "urgent"]
    for messages, limit in ((notices, round_.per_second * BULK), (played.seen.came, round_.per_second)):
        most = most_in_a_second(messages, late=played.seen.lag)
        assert most <= math.floor(limit) + 1, f"{most} messages in a second, where {limit} are allowed"
    return True


def most_in_a_second(messages: Iterable[Message], *, late: float) -> int:
    """The most messages of any second; `late`: how much too late one may have been noted."""
    at = sorted(moment for _, _, moment in messages)
    first, most = 0, 0
    for last, moment in enumerate(at):
        while at[first] <= moment - 1 + late:
            first += 1
        most = max(most, last - first + 1)
    return most


def _told(round_: Round, played: Played, taken: Counter[tuple[int, int]], *, judged: bool) -> str:
    states = Counter(row.state for row in played.rows)
    counted = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
    kills = ", ".join(one.victim for one in played.kills) or "nobody"
    urgent = sum(number > 1 for number in taken.values())
    limit = f"at most {round_.per_second:.0f} a second" if judged else "the platform too busy to judge the limit"
    return (
        f"seed {round_.seed}: {round_.workers} workers, killed {kills}; {sum(played.seen.faults.values())} faults;"
        f" {counted}; {urgent} urgent taken twice or more; {limit}"
    )
