"""Write what the simulation showed: tables into docs/interest.md between two marks, figures as SVG beside it."""

import asyncio
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from bot.interest.simulation import plots
from bot.interest.simulation.villages import LARGEST, SMALLEST, SYBILS
from bot.interest.simulation.years import Month, live

PAGE = "interest.md"
BEGIN, END = "<!-- simulation -->", "<!-- /simulation -->"
Row = tuple[str, str, str]


def report(folder: Path, *, seed: int, villages: int, months: int, tell: Callable[[str], None]) -> Sequence[Path]:
    """Simulate, then write tables and figures into a folder; returns the files. Takes some minutes."""
    lived = asyncio.run(live(seed, villages, months, tell))
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / PAGE
    there = page.read_text("utf-8") if page.exists() else f"{BEGIN}\n{END}\n"
    tables = "\n".join((BEGIN, *_tables(lived, seed, villages), END))
    page.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: tables, there, flags=re.DOTALL), "utf-8")
    return [page, *plots.draw(lived, folder)]


def _tables(lived: Sequence[Month], seed: int, villages: int) -> Iterator[str]:
    people = median(one.people for one in lived)
    yield (
        f"{villages} villages of {SMALLEST}–{LARGEST:,} residents, {len(lived)} months, seed {seed}; "
        f"about {people:,.0f} people ask in a month; {SYBILS} sybils a month on the web page."
    )
    yield ""
    yield "| | this rule | plain k-suppression |"
    yield "|---|---|---|"
    yield from (f"| {name} | {ours} | {plain} |" for name, ours, plain in _rows(lived))
    yield ""
    yield "| month | people | published | published, plain | hidden | broken | withheld | units too small |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in lived:
        shares = f"{one.published:.1%} | {one.published_plain:.1%}"
        counts = f"{one.hidden:,} | {one.broken} | {one.withheld} | {one.blank_units}"
        yield f"| {one.month:%Y-%m} | {one.people:,} | {shares} | {counts} |"


def _rows(lived: Sequence[Month]) -> Iterator[Row]:
    attacked = [one.attacked_plain for one in lived if one.attacked_plain]
    hidden = sum(one.hidden for one in attacked)
    narrowed, recovered = sum(one.narrowed for one in attacked), sum(one.recovered for one in attacked)
    ours, broken = sum(one.hidden for one in lived), sum(one.broken for one in lived)
    yield "hidden cells attacked", f"{ours:,}", f"{hidden:,} (every sixth month)"
    yield "bounded more tightly than the rule says", f"{broken}", f"{narrowed:,} ({narrowed / max(1, hidden):.0%})"
    yield (
        "known exactly",
        "0" if not broken else f"at most {broken}",
        f"{recovered:,} ({recovered / max(1, hidden):.0%})",
    )
    unmasked = sum(one.unmasked_plain for one in lived)
    yield "lifted over the limit by sybils, then known exactly", "0: the page counts in no place", f"{unmasked}"
    shares = [_spread([getattr(one, name) for one in lived]) for name in ("published", "published_plain")]
    yield "people-topics published, median month (worst–best)", *shares  # type: ignore[misc]
    ranks = [_spread([rank for one in lived for rank in getattr(one, name)]) for name in ("ranks", "ranks_plain")]
    yield "rank correlation of topics with the truth, median banner and month (worst–best)", *ranks  # type: ignore[misc]


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):.3f} ({min(values):.3f}–{max(values):.3f})"
