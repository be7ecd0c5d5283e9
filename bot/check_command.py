"""`mingbai check`: everything that is wrong, at once, with what to do about it."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import asdict

import click

from bot.checks.finding import Finding
from bot.settings import Refused, Settings, strangers, usable
from scheduler.calendar import local_date
from scheduler.clock import now

SIGNS = {"well": "ok   ", "note": "note ", "wrong": "WRONG"}


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each finding, a line each.")
def check(*, as_json: bool) -> None:
    """Find everything that is wrong: settings, tokens, database, clocks, disk, content. Exits 1 if anything is.

    Changes nothing; no platform shows anybody a sign of it.
    """
    chosen, refused = usable()
    found = asyncio.run(_every(chosen, refused))
    for one in found:
        click.echo(json.dumps(asdict(one), ensure_ascii=False) if as_json else _line(one))
    bad = sum(one.level == "wrong" for one in found)
    if not as_json:
        click.echo(f"{bad} wrong." if bad else "Nothing is wrong.")
    raise SystemExit(1 if bad else 0)


def _line(one: Finding) -> str:
    return f"{SIGNS[one.level]} {one.part}: {one.says}" + (f"\n      → {one.remedy}" if one.remedy else "")


async def _every(chosen: Settings, refused: list[Refused]) -> list[Finding]:
    """Look at all parts at the same time; in the order in which one would mend them."""
    from bot.checks import database, machine, platforms  # noqa: PLC0415 - as slow as what they look at

    async def of_database() -> list[Finding]:
        return [one async for one in database.of_database(chosen)]

    looks = [
        asyncio.to_thread(_listed, machine.of_settings(refused, strangers())),
        asyncio.to_thread(lambda: _listed(machine.of_folder(chosen))),
        asyncio.to_thread(lambda: _listed(machine.of_trail(chosen))),
        of_database(),
        asyncio.to_thread(lambda: _listed(machine.of_content(chosen))),
        asyncio.to_thread(lambda: _listed(machine.of_places())),
        asyncio.to_thread(lambda: _listed(machine.of_office_days(local_date(now())))),
        asyncio.to_thread(lambda: _listed(machine.of_paper())),
        asyncio.to_thread(lambda: _listed(machine.of_doors(chosen))),
        *(platforms.of_platform(part, call) for part, call in platforms.calls(chosen)),
    ]
    return [one for found in await asyncio.gather(*looks) for one in found]


def _listed(found: Iterable[Finding]) -> list[Finding]:
    return list(found)
