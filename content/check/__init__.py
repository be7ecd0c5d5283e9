"""The editor that never sleeps: holds every programme to design.md §5. `mingbai content check` runs it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from content import yaml_file
from content.check.about import check_about
from content.check.carried import check_carried
from content.check.findings import Finding, said
from content.check.frame import check_frame
from content.check.numbers import check_numbers
from content.check.one_line import check_one_line
from content.check.phrasings import check_phrasings
from content.check.plain import check_plain
from content.check.quotes import SEAL, check_quotes, digest, sealed
from content.check.shape import check_shape
from content.check.standing import check_standing
from content.check.strength import check_strength
from content.check.targets import check_targets
from content.check.wording import check_wording
from content.errors import Problem
from content.library import Library
from content.problems import problem
from content.programme import Programme
from content.source_text import Clauses

if TYPE_CHECKING:
    from content.readability import Plain  # it imports from here in turn

NO_TEXTS: Mapping[str, Clauses] = {}


def check(
    library: Library, texts: Mapping[str, Clauses] = NO_TEXTS, *, plain: "Plain | None" = None, trusting: bool = False
) -> list[Problem]:
    """Find every problem. `texts` are the documents at hand; without one, its quotes are held by digest.

    `plain` adds the limits of readability, which need jieba. `trusting` lets a sealed digest stand for a quote whose
    text is at hand too: a deployment's own copy of a document must not break the package's cards.
    """
    seal = frozenset(line for line in sealed() if trusting or line.split()[0] not in texts)
    found = [
        (item.id, finding)
        for item in library.programmes.values()
        for finding in findings_of(item, library, texts, seal)
    ]
    if plain is not None:
        found += [(item.id, finding) for item in library.programmes.values() for finding in check_plain(item, plain)]
    found += check_phrasings(library, texts)
    return sorted(_located(library, id_, finding) for id_, finding in found)


def findings_of(
    programme: Programme, library: Library, texts: Mapping[str, Clauses], seal: frozenset[str]
) -> Iterator[Finding]:
    """Hold one programme to every rule but those over the whole library (phrasings) and readability."""
    yield from check_shape(programme, library)
    yield from check_quotes(programme, library, texts, seal)
    if programme.is_stub:
        return
    yield from check_strength(programme)
    yield from check_carried(programme, library, texts)
    yield from check_about(programme)
    yield from check_numbers(programme, library)
    yield from check_targets(programme, library)
    yield from check_wording(programme)
    yield from check_frame(programme, library)
    yield from check_one_line(programme, library)
    yield from check_standing(programme, library)


def _located(library: Library, id_: str, finding: Finding) -> Problem:
    path, name = library.files[id_]
    field = ".".join(map(str, finding.where))
    return problem(finding.rule, name, field, yaml_file.line_of(path, finding.where), **finding.facts)


def seal(library: Library, texts: Mapping[str, Clauses]) -> int:
    """Write the digest of every quote that stands in its clause; returns how many. Needs all the texts."""
    sources = [item.source for one in library.programmes.values() for _, item in said(one)]
    sources += [condition.source for one in library.programmes.values() for condition in one.conditions]
    lines = sorted({digest(source) for source in sources})
    SEAL.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return len(lines)
