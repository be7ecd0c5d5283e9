"""The check of a notice before it is submitted: what stops it, and what a second person must read.

Rules of thumb: they hold up most of what exposes people or smells of fraud, and let pass what cadres write every day.
Both are measured on tables in tests/notices. Whoever approves still reads.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.notices import money, numbers, people
from bot.notices.found import Found, plain
from content.render import say


@dataclass(frozen=True)
class Checked:
    """What was found. With `stops` a notice can't be submitted; with `flags` a second person must approve it."""

    stops: tuple[Found, ...]
    flags: tuple[Found, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The flags' names, as they are kept with the notice."""
        return tuple(dict.fromkeys(one.rule for one in self.flags))


def check(title: str, text: str, *, known: Sequence[str]) -> Checked:
    """Look through a title and a text with its values filled in. `known` are the hosts that may be linked."""
    whole = plain(f"{title}\n{text}")
    stops = [*numbers.identity(whole), *numbers.cards(whole), *people.lists(whole), *people.private(whole)]
    flags = [*money.asked_for(whole), *money.links(whole, known)]
    return Checked(_once(stops), _once(flags))


def said(found: Iterable[Found]) -> list[str]:
    """Say what was found, one sentence for each thing."""
    return [say("notice", f"found_{one.rule}", piece=one.piece) for one in found]


def _once(found: Iterable[Found]) -> tuple[Found, ...]:
    return tuple(dict.fromkeys(found))
