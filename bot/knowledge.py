"""Build what every turn needs from the package's content and a deployment's own."""

from pathlib import Path

from bot.dialogue.turn import Knowledge, Service
from content.library import read_library
from content.places import Places
from content.search.engine import Search
from content.search.model import machine


def knowledge(service: Service, *, own: Path | None = None) -> Knowledge:
    """Load content and build the index. Raises InvalidContent with all problems of the files."""
    library = read_library(*([own] if own else []))
    return Knowledge(library, Search(library, machine=machine), Places.load(), service)
