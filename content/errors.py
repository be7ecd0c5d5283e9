"""What can be wrong with content, told so that an editor can mend it.

ContentError
└── InvalidContent   one or more problems; nothing of the bad file is used
"""

from dataclasses import dataclass
from pathlib import Path


class ContentError(Exception):
    """Anything that keeps content from being used."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend: where it stands and, in Chinese, what is wrong and what to do."""

    file: str
    line: int | None
    field: str
    rule: str
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} [{self.field}] {self.what} → {self.remedy}"


class InvalidContent(ContentError):
    """Content with problems; `problems` holds all of them, in file order."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))


def shown(path: Path, root: Path) -> str:
    """Name a file as an editor knows it: below its content folder."""
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
