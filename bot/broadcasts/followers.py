"""Whose followers a notice is for: a programme's are those of its topic too; and whether that is sensitive."""

from content.library import Library
from content.sensitive import is_sensitive
from storage.broadcasts import Audience, NotPossible


def followers(subject: str | None, library: Library) -> tuple[tuple[str, ...], bool]:
    """Return what to follow is to be addressed, and whether it is sensitive; nothing for everyone.

    `subject`: `topic:<id>` or `programme:<id>`. NotPossible: subject, where there is none of this id.
    """
    kind, _, id_ = (subject or "").partition(":")
    if not kind:
        return (), False
    if kind == "topic" and id_ in library.topics:
        return (f"topic:{id_}",), library.topics[id_].sensitive
    if kind == "programme" and id_ in library.programmes:
        programme = library.programmes[id_]
        return (f"programme:{id_}", f"topic:{programme.topic}"), is_sensitive(programme, library)
    raise NotPossible("subject")


def subject_name(subject: str | None, library: Library) -> str:
    """Return the name of the topic or card that is followed; nothing where the library holds none of this id."""
    kind, _, id_ = (subject or "").partition(":")
    if kind == "topic" and id_ in library.topics:
        return library.topics[id_].name
    found = library.programmes.get(id_)
    return found.short if found else ""


def audience(places: tuple[str, ...], subject: str | None, library: Library) -> Audience:
    """Return whom a draft is for, to count how many it reaches: see `storage.broadcasts.reach`."""
    follows, sensitive = followers(subject, library)
    return Audience(places, follows, sensitive)
