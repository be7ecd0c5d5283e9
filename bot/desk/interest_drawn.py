"""Charts of releases: drawn in a thread, one at a time, and kept, for a figure that was released never changes.

A request takes its turn before it takes a connection: a page's charts are asked for all at once, and residents' answers
wait for the same connections.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from bot.interest.pages import Section

MOST = 300
"""Charts kept; each has some 20 kB."""


@dataclass
class Drawn:
    """The charts drawn last, by what they show: the same figures make the same chart, whichever release they are of."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _kept: "OrderedDict[Section, str]" = field(default_factory=OrderedDict)

    async def svg(self, section: Section) -> str:
        """Return a section's chart as an SVG document. Call it while holding `turn`."""
        if section not in self._kept:
            from bot.interest import charts  # noqa: PLC0415 - half a second, for whoever looks at the first chart

            self._kept[section] = await asyncio.to_thread(charts.svg, section)
        self._kept.move_to_end(section)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return self._kept[section]
