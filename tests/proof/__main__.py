"""`make proof`: every part's rounds, seeded; stopped and started again, it goes on where it was.

`python -m tests.proof load soak` plays the named parts only, as for those that want a quiet machine.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from tests.proof.crashes import crash_round
from tests.proof.desk import desk_round
from tests.proof.faults.rounds import BATCH, ROUNDS, fault_rounds
from tests.proof.interest import interest_round
from tests.proof.load import load_round
from tests.proof.outage import outage_round
from tests.proof.planning import SIZES, planning_round
from tests.proof.soak import soak_round
from tests.proof.years import year_round

PARTS: dict[str, tuple[int, Callable[[int], str]]] = {
    "crashes": (60, crash_round),
    "faults": (ROUNDS // BATCH, fault_rounds),
    "desk": (1, desk_round),
    "interest": (10, interest_round),
    "load": (1, load_round),
    "outage": (2, outage_round),
    "planning": (len(SIZES), planning_round),
    "soak": (1, soak_round),
    "years": (20, year_round),
}
"""What is proved: how many rounds, and what one does; it returns a line, and raises where a promise is broken."""

NOTES = Path("var/proof.json")


@click.command(help=__doc__)
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)))
def main(parts: tuple[str, ...]) -> None:
    """Run what is not done yet of the named parts, else of all; print a line for each round."""
    done: dict[str, list[str]] = json.loads(NOTES.read_text()) if NOTES.exists() else {}
    _run(parts or tuple(PARTS), done)
    if all(len(done.get(name, ())) >= rounds for name, (rounds, _) in PARTS.items()):
        _conclude(done)


def _run(parts: Sequence[str], done: dict[str, list[str]]) -> None:
    for name in parts:
        rounds, play = PARTS[name]
        lines = done.setdefault(name, [])
        for number in range(len(lines), rounds):
            lines.append(play(number))
            print(f"{name}: {lines[-1]}", flush=True)
            NOTES.parent.mkdir(parents=True, exist_ok=True)
            NOTES.write_text(json.dumps(done))


def _conclude(done: dict[str, list[str]]) -> None:
    twice = sum(int(line.rsplit(";", 1)[1].split()[0]) for line in done["crashes"])
    print(f"every promise held; of the crashes' answers {twice} were repeated")
    NOTES.unlink()


if __name__ == "__main__":
    main()
