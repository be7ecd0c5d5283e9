"""`mingbai content new`: a programme that loads, with comments that lead an editor through it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from content.library import Library
from content.programme import MAX_SHORT, Id, Text
from content.render import environment, say


class NotWritten(Exception):
    """Nothing was written; the message says why, in Chinese, for an editor."""


def write_new(folder: Path, library: Library, *, id_: str, topic: str, name: str, today: date) -> Path:
    """Write `programmes/<topic>/<id>.yaml` below a content folder. Raises NotWritten rather than overwrite a card."""
    path = folder / "programmes" / topic / f"{id_}.yaml"
    reason = _refused(library, path, id_, topic, name)
    if reason:
        raise NotWritten(reason)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(skeleton(library, id_=id_, topic=topic, name=name, today=today))
    return path


def skeleton(library: Library, *, id_: str, topic: str, name: str, today: date) -> str:
    """Make the text of the new file. Not by `say`, which would take away the indentation that YAML lives by."""
    template: Any = environment().get_template("new.j2").module
    named = {"id_": id_, "topic": topic, "name": _quoted(name), "short": _quoted(name[:MAX_SHORT])}
    lists = {"aspects": library.aspects.values(), "contacts": library.contacts.values()}
    written: str = template.skeleton(**named, **lists, today=today)
    return written.lstrip()


def _refused(library: Library, path: Path, id_: str, topic: str, name: str) -> str:
    """Why no file may be written; empty where it may."""
    if topic not in library.topics:
        return say("new", "no_topic", topic=topic, topics=list(library.topics))
    if not (_valid(Id, id_) and _valid(Text, name)):
        return say("new", "no_id", id_=id_, name=name)
    if id_ in library.programmes or path.exists():
        return say("new", "taken", id_=id_, file=library.files[id_][1] if id_ in library.files else str(path))
    return ""


def _valid(kind: Any, value: str) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


def _quoted(text: str) -> str:
    """Write a text so that YAML reads it as one, whatever signs are in it."""
    return json.dumps(text, ensure_ascii=False)
