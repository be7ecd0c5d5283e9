"""Ten rounds of the fault machine, always the same ones (`make proof` plays hundreds); what it would not let pass."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.fakes.telegram.alone import FIRST, Seen
from tests.proof.faults.hold import hold
from tests.proof.faults.ledger import Row
from tests.proof.faults.notices import title
from tests.proof.faults.plan import Round, round_of
from tests.proof.faults.play import Played
from tests.proof.faults.rounds import play_some

SEEDS = range(10)
AT_ONCE = 5
"""Rounds at once: each mostly waits, as the processes in it do."""

PEOPLE = 20


def test_notices_keep_their_promises_through_faults_and_kills() -> None:
    lines = play_some(SEEDS, at_once=AT_ONCE)
    assert len(lines) == len(SEEDS), "each round tells what came of it"


def round_with(kind: str) -> Round:
    some = round_of(0)
    return replace(some, kinds=(kind,), per_second=10.0, platform=replace(some.platform, people=PEOPLE))


def went_well(kind: str) -> Played:
    """A round in which all was taken once, eight in a second, and nobody was killed."""
    chats = range(FIRST, FIRST + PEOPLE)
    expires = datetime(2026, 11, 23, tzinfo=UTC)
    rows = [Row(chat, kind, 1, str(chat), "sent", None, expires) for chat in chats]
    messages = [(chat, title(0, kind), (chat - FIRST) / 8) for chat in chats]
    return Played(rows, Seen(messages, messages, {}, {}, 0.01), ())


def twice(played: Played) -> Played:
    return replace(played, seen=replace(played.seen, taken=played.seen.taken + played.seen.taken[:1]))


def never(played: Played) -> Played:
    return replace(played, seen=replace(played.seen, taken=played.seen.taken[1:]))


def open_still(played: Played) -> Played:
    return replace(played, rows=[replace(played.rows[0], state="queued"), *played.rows[1:]])


def lost(played: Played) -> Played:
    return replace(played, rows=played.rows[1:])


def unknown(played: Played) -> Played:
    return replace(played, rows=[replace(played.rows[0], state="unknown", reason="drain_died"), *played.rows[1:]])


def too_fast(played: Played) -> Played:
    return replace(
        played, seen=replace(played.seen, came=[(chat, said, at / 2) for chat, said, at in played.seen.came])
    )


@pytest.mark.parametrize("kind", ["notice", "urgent"])
def test_a_round_in_which_all_went_well_holds(kind: str) -> None:
    assert f"{PEOPLE} sent" in hold(round_with(kind), went_well(kind))


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("notice", twice),
        ("notice", never),
        ("urgent", never),
        ("notice", open_still),
        ("notice", lost),
        ("notice", unknown),
        ("urgent", unknown),
        ("notice", too_fast),
        ("urgent", too_fast),
    ],
)
def test_a_broken_promise_is_seen(kind: str, spoil: Callable[[Played], Played]) -> None:
    with pytest.raises(AssertionError):
        hold(round_with(kind), spoil(went_well(kind)))


def test_an_urgent_one_may_come_twice() -> None:
    hold(round_with("urgent"), twice(went_well("urgent")))
