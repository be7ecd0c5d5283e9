"""Ten rounds of the fault machine, always the same ones; `make proof` plays hundreds."""

from tests.proof.faults.rounds import play_some

SEEDS = range(10)
AT_ONCE = 5
"""Rounds at once: each mostly waits, as the processes in it do."""


def test_notices_keep_their_promises_through_faults_and_kills() -> None:
    lines = play_some(SEEDS, at_once=AT_ONCE)
    assert len(lines) == len(SEEDS), "each round tells what came of it"
