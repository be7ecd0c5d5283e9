"""Add a way of asking to a programme's file, and leave every other line of it as it is."""

import json
import re

import yaml

_LIST = re.compile(r"^phrasings:[ \t]*(?:#.*)?\n(?P<indent>[ \t]*)- ", re.MULTILINE)


def with_phrasing(file: str, phrasing: str) -> str:
    """Return the file's text with a phrasing more, as the first of its list. ValueError where there is no such list."""
    found = _LIST.search(file)
    if found is None:
        raise ValueError("phrasings")
    at = found.start("indent")
    return f"{file[:at]}{found['indent']}- {_plain(phrasing)}\n{file[at:]}"


def _plain(text: str) -> str:
    """Write a text so that YAML reads the very same: in quotes where it would read something else."""
    try:
        same = yaml.safe_load(f"- {text}") == [text]
    except yaml.YAMLError:
        same = False
    return text if same else json.dumps(text, ensure_ascii=False)
