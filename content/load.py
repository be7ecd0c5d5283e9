"""Turn YAML files into records; every error names file, line, field and remedy."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from content import yaml_file
from content.errors import InvalidContent, Problem, shown
from content.problems import problem
from content.programme import Frozen

Record = TypeVar("Record", bound=Frozen)

_WORDED = {
    "missing", "extra_forbidden", "string_too_long", "string_too_short", "too_short", "too_long",
    "string_pattern_mismatch", "enum", "string_type",
}  # fmt: skip
_DATES = {"date_type", "date_from_datetime_parsing", "date_parsing"}


def record(model: type[Record], path: Path, root: Path) -> Record:
    """Read a file that holds one record. Raises InvalidContent with every problem of the file."""
    name = shown(path, root)
    data = yaml_file.read(path, name)
    if not isinstance(data, dict):
        raise InvalidContent([problem("shape", name, "")])
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidContent([_worded(details, path, name) for details in error.errors()]) from error


def records(model: type[Record], path: Path, root: Path) -> tuple[Record, ...]:
    """Read a file that holds a list of records. Raises InvalidContent with every problem of the file."""
    name = shown(path, root)
    problems: list[Problem] = []
    found = []
    for index, item in enumerate(yaml_file.read(path, name) or ()):
        try:
            found.append(model.model_validate(item))
        except ValidationError as error:
            problems += [_worded(details, path, name, (index,)) for details in error.errors()]
    if problems:
        raise InvalidContent(problems)
    return tuple(found)


def every(model: type[Record], paths: Iterable[Path], root: Path) -> list[tuple[Path, Record]]:
    """Read many files; the problems of all of them are raised together."""
    problems: list[Problem] = []
    found = []
    for path in paths:
        try:
            found.append((path, record(model, path, root)))
        except InvalidContent as error:
            problems += error.problems
    if problems:
        raise InvalidContent(problems)
    return found


def _worded(details: ErrorDetails, path: Path, name: str, above: tuple[int | str, ...] = ()) -> Problem:
    where = (*above, *details["loc"])
    field, line = ".".join(map(str, where)), yaml_file.line_of(path, where)
    kind = "date" if details["type"] in _DATES else details["type"]
    facts: dict[str, Any] = {"input": str(details["input"])[:40], **details.get("ctx", {})}
    if kind in _WORDED or kind == "date":
        return problem(kind, name, field, line, **facts)
    return problem("other", name, field, line, message=details["msg"])
