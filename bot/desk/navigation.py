"""What stands at the top of every page: the parts of the desk that somebody may enter, and what was just done."""

import re
from dataclasses import dataclass

from fastapi import Request

from bot.desk.at import At
from bot.staff.may import Deed
from content.render import environment, say


@dataclass(frozen=True)
class Entry:
    """A part of the desk; its label is the sentence `nav_<name>` of `content/templates/text/desk.j2`."""

    name: str
    path: str
    deed: Deed

    @property
    def label(self) -> str:
        """What it is called."""
        return say("desk", f"nav_{self.name}")


PARTS = (
    Entry("today", "/desk/", Deed.DESK),
    Entry("notices", "/desk/notices", Deed.APPROVE),
    Entry("questions", "/desk/questions", Deed.ANSWER),
    Entry("windows", "/desk/windows", Deed.WINDOWS),
    Entry("details", "/desk/details", Deed.WINDOWS),
    Entry("content", "/desk/content", Deed.CONTENT),
    Entry("interest", "/desk/interest", Deed.INTEREST),
    Entry("people", "/desk/people", Deed.PEOPLE),
    Entry("trail", "/desk/trail", Deed.TRAIL),
)
"""In the order in which they are shown."""


def entries(at: At) -> list[Entry]:
    """The parts that somebody may enter."""
    return [one for one in PARTS if at.may(one.deed)]


def current(at: At) -> str:
    """The path of the part in which the page stands; empty where it is in none."""
    path = at.request.url.path
    return next((one.path for one in PARTS if path == one.path or path.startswith(f"{one.path}/")), "")


def said_after(request: Request) -> str:
    """The sentence on what was just done, as the address names it; empty for a name that there is not."""
    name = request.query_params.get("done", "")
    known = re.fullmatch(r"[a-z_]{1,40}", name) and hasattr(_sentences(), f"done_{name}")
    return say("desk", f"done_{name}") if known else ""


def _sentences() -> object:
    return environment().get_template("desk.j2").module
