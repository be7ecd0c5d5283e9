"""What staff may write, in a cell of the sheet or to the bot: how long, no private phone; and which card they mean."""

import re
import unicodedata

from content.library import Library
from content.render import say
from content.search.fold import fold

LONGEST = {
    "subject": 20, "batch": 10, "where": 40, "bring": 40, "papers": 40, "standard": 60, "phone": 40, "quota": 40,
    "source": 60,
}  # fmt: skip
"""Most characters of each: longer ones don't fit a card on a small phone."""

_BROKEN = re.compile(r"#(REF|N/A|VALUE|DIV/0|NAME|NULL|NUM|SPILL|CALC)[!?]?")
_PRIVATE_PHONE = re.compile(r"(?<!\d)(86[- ]?)?1[3-9]\d([- ]?\d){8}(?!\d)")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\ufeff]+")


def seen(said: str) -> str:
    """Leave out what nobody sees: control signs, line breaks, marks of direction."""
    return _UNSEEN.sub(" ", said).strip()


def fault(column: str, said: str) -> str | None:
    """Say why this can't stand there, None where it can. `column` is one of LONGEST."""
    if is_broken(said):
        return say("windows", "broken_cell", said=said)
    if len(said) > LONGEST[column]:
        return say("windows", "too_long", most=LONGEST[column])
    return say("windows", "private_phone") if is_private(said) else None


def is_broken(said: str) -> bool:
    """Whether a spreadsheet left its own error there."""
    return _BROKEN.fullmatch(said) is not None


def is_private(said: str) -> bool:
    """Whether a private mobile number stands in it: everybody can read what is published."""
    return _PRIVATE_PHONE.search(unicodedata.normalize("NFKC", said)) is not None


def called(library: Library, said: str) -> str | None:
    """The id of the programme or stub that is called so, None where none is."""
    wanted = _bare(said)
    for one in library.programmes.values():
        if wanted in (_bare(one.id), _bare(one.short), _bare(one.name)):
            return one.id
    return None


def _bare(name: str) -> str:
    return fold(name).replace(" ", "")
