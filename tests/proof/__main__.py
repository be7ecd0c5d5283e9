"""`make proof`: rounds of crashes, seeded; stopped and started again, it goes on where it was."""

import json
from pathlib import Path

from tests.proof.crashes import crash_round

ROUNDS = 60
NOTES = Path("var/proof.json")


def main() -> None:
    """Run what is not done yet; print a line for each round and a sum."""
    done: list[str] = json.loads(NOTES.read_text()) if NOTES.exists() else []
    for seed in range(len(done), ROUNDS):
        done.append(crash_round(seed))
        print(done[-1], flush=True)
        NOTES.parent.mkdir(parents=True, exist_ok=True)
        NOTES.write_text(json.dumps(done))
    twice = sum(int(line.rsplit(";", 1)[1].split()[0]) for line in done)
    print(f"{len(done)} rounds: every update answered, each taken once; {twice} answers repeated after a crash")
    NOTES.unlink()


if __name__ == "__main__":
    main()
