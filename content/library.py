"""All content in one frozen value: programmes, documents, topics, contacts, aspects, facts.

A deployment's own folder has the same shape and adds or overrides programmes (by id), documents and contacts;
templates, topics, aspects and facts come only from the package, because code rests on them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from content import load, yaml_file
from content.errors import InvalidContent, Problem, shown
from content.problems import problem
from content.programme import Programme
from content.tables import Aspect, Contact, Document, Fact, Topic

_Row = TypeVar("_Row", Document, Topic, Contact, Aspect, Fact)
PACKAGE = Path(__file__).parent


@dataclass(frozen=True)
class Library:
    """What the product knows. Mappings are by id, in the order of the files."""

    programmes: Mapping[str, Programme]
    documents: Mapping[str, Document]
    topics: Mapping[str, Topic]
    contacts: Mapping[str, Contact]
    aspects: Mapping[str, Aspect]
    facts: Mapping[str, Fact]
    outside: Mapping[str, tuple[str, ...]]  # group → questions that no document answers, so that search knows them
    files: Mapping[str, tuple[Path, str]]  # programme id → its file, and how an editor knows that file

    @cached_property
    def by_topic(self) -> Mapping[str, tuple[Programme, ...]]:
        """Programmes that have a document, by topic, most asked first."""
        groups: dict[str, list[Programme]] = {topic: [] for topic in self.topics}
        for programme in self.programmes.values():
            if not programme.is_stub:
                groups[programme.topic].append(programme)
        return {topic: tuple(sorted(group, key=_order)) for topic, group in groups.items()}


def _outside(path: Path) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = yaml_file.read(path, path.name) or {}
    return {f"outside:{group}": tuple(questions) for group, questions in groups.items()}


def _order(programme: Programme) -> tuple[bool, str]:
    return (not programme.most_asked, programme.id)


def read_library(*extra: Path) -> Library:
    """Load the package's content and then each folder of `extra`. Raises InvalidContent with all problems at once."""
    folders = (PACKAGE, *extra)
    programmes, files = _programmes(folders)
    return Library(
        programmes=programmes,
        documents=_layered(Document, "sources.yaml", folders),
        topics=_layered(Topic, "topics.yaml", folders[:1]),
        contacts=_layered(Contact, "contacts.yaml", folders),
        aspects=_layered(Aspect, "aspects.yaml", folders[:1]),
        facts=_layered(Fact, "facts.yaml", folders[:1]),
        outside=_outside(PACKAGE / "outside.yaml"),
        files=files,
    )


def _layered(model: type[_Row], name: str, folders: Iterable[Path]) -> dict[str, _Row]:
    paths = [(folder / name, folder) for folder in folders if (folder / name).exists()]
    return {item.id: item for path, folder in paths for item in load.records(model, path, folder)}


def _programmes(folders: Iterable[Path]) -> tuple[dict[str, Programme], dict[str, tuple[Path, str]]]:
    """Read every programme; a later folder overrides an id, one folder may not hold it twice."""
    programmes: dict[str, Programme] = {}
    files: dict[str, tuple[Path, str]] = {}
    problems: list[Problem] = []
    for folder in folders:
        here: dict[str, tuple[Path, str]] = {}
        for path, item in load.every(Programme, sorted(folder.glob("programmes/*/*.yaml")), folder):
            name = shown(path, folder)
            problems += _misplaced(item, path, name, here.get(item.id))
            here[item.id] = (path, name)
            programmes[item.id] = item
        files |= here
    if problems:
        raise InvalidContent(problems)
    return programmes, files


def _misplaced(item: Programme, path: Path, name: str, other: tuple[Path, str] | None) -> list[Problem]:
    problems = []
    if other is not None:
        problems.append(problem("same_id", name, "id", id=item.id, other=other[1]))
    if (path.parent.name, path.stem) != (item.topic, item.id):
        problems.append(problem("file_name", name, "id", expected=f"programmes/{item.topic}/{item.id}.yaml"))
    return problems
