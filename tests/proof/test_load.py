"""Slices of the proofs of load, of long running and of an outage; `make proof` plays them whole.

Nothing here holds a time: these machines have other things to do. The figures are printed.
"""

import asyncio

import pytest

from tests.proof import load, outage, soak

FEW = 3000
"""Residents."""


def test_everybody_is_answered_in_bursts_of_fifty_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    found = asyncio.run(load.play(1, seconds=4, questions=100, residents=FEW))
    with capsys.disabled():
        print(f"\nload: {found}")
    assert not found.unanswered
    assert not found.complaints, "the service logs nothing of a busy morning"


def test_memory_does_not_grow_in_a_minute_of_questions(capsys: pytest.CaptureFixture[str]) -> None:
    found = asyncio.run(soak.play(1, seconds=60, each_second=10, residents=FEW))
    with capsys.disabled():
        print(f"\nsoak: {found}")
    assert all(one.answered for one in found.visits)
    assert found.slope <= soak.MOST_IN_A_MINUTE


def test_an_outage_of_the_database_loses_no_update(capsys: pytest.CaptureFixture[str]) -> None:
    found = asyncio.run(outage.play(1, gone=3, around=2))
    with capsys.disabled():
        print(f"\noutage: {found}")
    assert found.told, "the outage is seen"
    assert not found.lost
