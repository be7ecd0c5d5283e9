"""Places and things as staff name them in the desk's forms and lists: their own places, and cards by name."""

from collections.abc import Iterator
from math import ceil

from bot.desk.at import At
from bot.desk.refusals import Absent
from bot.staff.may import Deed
from bot.staff.where import theirs
from content.library import Library
from content.places import PlaceError
from content.places.place import full_code
from content.render import say
from storage.entries import State

STATES = tuple((state.value, say("desk_work", f"state_{state.value}")) for state in State)
"""The states of an entry with their names, to choose from."""

MOST_OFFERED = 400
"""Names that a field offers while one types."""


def scope(at: At, code: str) -> list[str]:
    """The stems to look at: a place of theirs named by its code, else all of theirs. Raises Absent."""
    if not code:
        return at.stems(Deed.WINDOWS)
    try:
        stem = at.places.stem_of(code)
    except PlaceError:
        raise Absent from None
    if not at.may(Deed.WINDOWS, stem):
        raise Absent
    return [stem]


def page_number(asked: str, count: int, size: int) -> tuple[int, int]:
    """The page that was asked for, within those there are, and how many there are (at least one)."""
    pages = max(1, ceil(count / size))
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else 1  # noqa: PLR2004 - more pages there never are
    return min(max(number, 1), pages), pages


def number_of(asked: str) -> int:
    """An id from an address. Raises Absent for what is none."""
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):  # noqa: PLR2004 - a bigint has 19 digits
        raise Absent
    return int(asked)


def code_meant(at: At, said: str) -> str:
    """The code of a place that staff named as one does at home: the one of theirs that is called so; else as it is."""
    mine = theirs(at.who, at.places, said.strip(), Deed.WINDOWS) if said else []
    return full_code(mine[0].stem) if len(mine) == 1 else said


def own_places(at: At) -> list[tuple[str, str]]:
    """Their places and what lies directly in them, as (code, whole name), for lists to choose from."""
    stems = [each for own in at.stems(Deed.WINDOWS) for each in (own, *(one.stem for one in at.places.children(own)))]
    return [(full_code(stem), at.name(stem)) for stem in dict.fromkeys(stems)][:MOST_OFFERED]


def subjects(library: Library) -> Iterator[str]:
    """The names of all cards."""
    return (programme.short for programme in library.programmes.values())


def subject(library: Library, programme: str | None, matter: str | None) -> str:
    """What a window or detail is about, as people call it."""
    found = library.programmes.get(programme or "")
    return found.short if found else matter or programme or ""


def state_of(asked: str) -> State | None:
    """A state from an address; None for any other word."""
    return State(asked) if asked in set(State) else None
