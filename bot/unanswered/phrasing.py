"""Turn a kept question into a phrasing of a programme, in the deployment's own folder."""

from pathlib import Path

from bot.knowledge import checked
from content.errors import Problem
from content.library import Library
from content.phrase import with_phrasing


class Broken(Exception):
    """The phrasing breaks a rule; nothing was written."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        super().__init__(path)
        self.path, self.problems = path, problems


def write_phrasing(own: Path, library: Library, programme: str, phrasing: str) -> Path:
    """Add a phrasing to the own folder's file of a programme, copied from the package where there is none yet.

    The folder is held to every rule with it; raises Broken, and leaves the folder as it was, where one does not hold.
    """
    held = library.programmes[programme]
    path = own / "programmes" / held.topic / f"{programme}.yaml"
    before = path.read_text("utf-8") if path.exists() else None
    source = before if before is not None else library.files[programme][0].read_text("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(with_phrasing(source, phrasing), "utf-8")
    found = checked(own)
    if isinstance(found, Library):
        return path
    _restore(path, before)
    raise Broken(path, found)


def _restore(path: Path, before: str | None) -> None:
    if before is None:
        path.unlink()
    else:
        path.write_text(before, "utf-8")
