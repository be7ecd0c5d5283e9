"""Made-up months through the real close: no hidden cell is ever bounded more tightly than the rule says."""

import asyncio

from bot.interest.simulation.years import live

VILLAGES, MONTHS = 60, 3


def interest_round(seed: int, villages: int = VILLAGES, months: int = MONTHS) -> str:
    """Live through some months of other villages than the round before; raises where a release can be broken."""
    lived = asyncio.run(live(1000 + seed, villages, months, lambda _: None))
    assert len(lived) == months
    assert not sum(one.broken for one in lived)
    hidden, shares = sum(one.hidden for one in lived), [f"{one.published:.0%}" for one in lived]
    return f"seed {seed}: {hidden} hidden cells, none broken; published {' '.join(shares)}"
