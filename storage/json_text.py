r"""JSON as PostgreSQL's jsonb takes it.

jsonb refuses U+0000 and lone surrogates, and a resident can send both. One such character must not lose an answer, so
it becomes U+FFFD (the sign for "a character was here"). Every other character, Mongolian joiners included, stays.
"""

import json
import re
from collections.abc import Mapping

# An escaped NUL, but not the letters "u0000" after a backslash that is itself escaped.
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def as_json(value: object) -> str:
    """Return `value` as JSON text. ValueError or TypeError for what JSON does not know (nan, dates, our records)."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if "\\u0000" in text:  # the pattern looks at every character, which takes longer than all the rest
        text = _NUL.sub("\\1\\\\ufffd", text)
    return _LONE_SURROGATE.sub("\ufffd", text)


def from_json(text: str) -> Mapping[str, object]:
    """Return the object that `as_json` wrote."""
    value = json.loads(text)
    assert isinstance(value, dict)  # noqa: S101 - only objects are kept
    return value
