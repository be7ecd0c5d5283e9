"""Build what every turn needs, from the package's content and a deployment's own (MINGBAI_CONTENT).

The own folder is used only when it keeps every rule of `mingbai content check`. Else it is kept out: at start the
package's content serves alone, later the content as it stood before; and its problems are told once, one line each.
"""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Lock, Thread
from typing import Any

import click

from bot.dialogue.turn import Knowledge, Service
from content.errors import InvalidContent, Problem
from content.library import Library, read_library
from content.places import Places
from content.problems import problem
from content.render import say
from content.search.built import kept
from content.search.engine import Search
from content.search.model import machine
from content.source_text import SOURCES, Texts, read_texts

EVERY = 5.0
"""Seconds between two looks at the file times of the own folder."""

Report = Callable[[Path, list[Problem]], None]
Stamp = tuple[tuple[str, int, int], ...]


def to_errors(own: Path, problems: list[Problem]) -> None:
    """Print the problems of an own folder where an operator at the terminal sees them."""
    click.echo(say("new", "own_kept_out", folder=own, problems=problems), err=True)


def to_log(own: Path, problems: list[Problem]) -> None:
    """Log the problems of an own folder: they are about content, never about a resident."""
    _log().error("own_content_kept_out", folder=str(own), count=len(problems), problems=[str(one) for one in problems])


def knowledge(
    service: Service, *, own: Path | None = None, cache: Path | None = None, report: Report = to_errors
) -> Knowledge:
    """Load content and build the index. An own folder with problems is reported and left out.

    `cache` is a file that keeps what search learned from an own folder's words, else it learns anew (some seconds).
    """
    found = checked(own) if own is not None else []
    if isinstance(found, Library):
        return _built(found, service, Places.load(), own, cache)
    if own is not None:
        report(own, found)
    return _built(read_library(), service, Places.load(), None, cache)


def checked(own: Path) -> Library | list[Problem]:
    """Read the package's content with an own folder over it: the library if the folder breaks no rule, or its problems.

    Quotes of the package hold by their digests, so that a deployment's own scan of a document breaks no card of ours;
    and what the package breaks by itself keeps no own folder out.
    """
    from content.check import check  # noqa: PLC0415 - the rules, and jieba, are loaded only where there is an own folder
    from content.readability import Plain  # noqa: PLC0415

    if not own.is_dir():
        return [problem("no_folder", str(own), "")]
    try:
        library, plain = read_library(own), Plain.load()
        problems = check(library, read_texts(own / SOURCES, library.documents), plain=plain, trusting=True)
    except InvalidContent as error:
        return error.problems
    of_package = frozenset(check(read_library(), plain=plain)) if problems else frozenset()
    return [one for one in problems if one not in of_package] or library


def _built(library: Library, service: Service, places: Places, own: Path | None, cache: Path | None) -> Knowledge:
    search = Search(library, machine=partial(machine, cache=cache), built=kept)
    texts = Texts(own / SOURCES, library.documents) if own is not None else {}
    return Knowledge(library, search, places, service, texts)


class Held:
    """The content as it stands now: call it. A changed own folder is checked and built in a thread, then taken up.

    No answer waits for that. Fails shut: whatever goes wrong with the folder, the content in use stays.
    """

    def __init__(
        self,
        service: Service,
        *,
        own: Path | None = None,
        cache: Path | None = None,
        report: Report = to_log,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Load everything now. Raises InvalidContent only where the package's own files can't be read."""
        self._service, self._own, self._cache, self._report, self._clock = service, own, cache, report, clock
        self._looking, self._due = Lock(), clock() + EVERY
        self._stamp = stamp(own)
        self._current = knowledge(service, own=own, cache=cache, report=report)

    def __call__(self) -> Knowledge:
        """Give the content in use; when the last look is some seconds old, start another behind the answer's back."""
        if self._own is not None and self._clock() >= self._due:
            self._due = self._clock() + EVERY
            Thread(target=self.look, name="own-content", daemon=True).start()
        return self._current

    def look(self) -> None:
        """Take up the own folder if it has changed and keeps the rules; if it breaks one, say so once."""
        if self._own is None or not self._looking.acquire(blocking=False):
            return
        try:
            self._take_up(self._own, stamp(self._own))
        except Exception:  # an unreadable folder, a full disk: the content in use must go on serving
            _log().exception("own_content_failed", folder=str(self._own))
        finally:
            self._looking.release()

    def _take_up(self, own: Path, seen: Stamp) -> None:
        if seen == self._stamp:
            return
        found = checked(own)
        if stamp(own) != seen:
            return  # changed while it was read: the next look sees it whole
        self._stamp = seen
        if isinstance(found, Library):
            self._current = _built(found, self._service, self._current.places, own, self._cache)
            _log().info("own_content_taken_up", folder=str(own), programmes=len(found.programmes))
        else:
            self._report(own, found)


def _log() -> Any:
    import structlog  # noqa: PLC0415 - takes longer to load than a question to answer, and `mingbai ask` logs nothing

    return structlog.get_logger()


def stamp(own: Path | None) -> Stamp:
    """Tell one state of a folder from another: name, time and size of its content files."""
    files = [*own.glob("*.yaml"), *own.glob("programmes/*/*.yaml"), *own.glob(f"{SOURCES}/*.txt")] if own else []
    return tuple(sorted((str(path), (held := path.stat()).st_mtime_ns, held.st_size) for path in files))
