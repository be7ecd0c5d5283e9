"""The notice as a page for the wall: A4, large type, with codes that lead to its card and to the check of it."""

from collections.abc import Sequence
from ctypes.util import find_library
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.notices.group import check_address
from bot.notices.words import Words
from content.programme import Programme
from content.render import say

if TYPE_CHECKING:
    from weasyprint.document import Document

SIZES = (30, 26, 22, 19, 17, 15, 13, 11)
"""Points of the type, largest first: the largest with which all stands on one page."""


ROOM = 200_000
"""Characters of a sheet, times the square of the points of the type: a little more than fits."""


ONE_COLUMN = 22
"""More lines than this stand side by side."""


REMEDY = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk"
"""What brings a Debian machine the letters. `Makefile` and `deploy/` install the same."""


class CannotPrint(Exception):
    """The system's Pango, with which WeasyPrint draws letters, is not installed; `REMEDY` installs it."""


@dataclass(frozen=True)
class Code:
    """A code to scan, as the address of its picture, and what it leads to."""

    image: str
    says: str


@dataclass(frozen=True)
class Paper:
    """What stands on the page beside the notice. `pages`: public address, "" for none; `corrects`: a number or ""."""

    on: date
    pages: str = ""
    programme: Programme | None = None
    corrects: str = ""


def page(notice: Words, paper: Paper) -> bytes:
    """Make the PDF, one sheet. Raises CannotPrint."""
    if not can_print():
        raise CannotPrint(REMEDY)
    lines = [one.strip() for one in notice.text.splitlines() if one.strip()]
    tries = [(size, lines) for size in _sizes(lines)]
    joined = ["\u3000".join(lines)]  # a text of very many lines: they run on
    for size, shown in (*tries, (SIZES[-1], joined)):
        made = _document(notice, paper, size, shown)
        if len(made.pages) == 1:
            break
    return bytes(made.write_pdf())


def _sizes(lines: Sequence[str]) -> tuple[int, ...]:
    """The sizes worth a try: a sheet has room for about so many characters, and each line of staff begins anew."""
    characters = sum(map(len, lines))
    return tuple(size for size in SIZES if characters + len(lines) * 250 // size < ROOM / size**2) or SIZES[-1:]


def _document(notice: Words, paper: Paper, size: int, lines: Sequence[str]) -> "Document":
    values = {"on": paper.on, "corrects": paper.corrects, "check": bool(paper.pages), "codes": _codes(notice, paper)}
    shown = {"notice": notice, "lines": lines, "size": size, "columns": 2 if len(lines) > ONE_COLUMN else 1}
    html = _environment().get_template("notice.html").render(**shown, **values)
    return _drawn(html)


def _drawn(html: str) -> "Document":
    from weasyprint import HTML  # noqa: PLC0415 - it loads libraries of the system: only where a page is printed
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 - as above

    # What the page shows is in it: nothing is fetched from anywhere.
    return HTML(string=html, url_fetcher=URLFetcher(allowed_protocols={"data"})).render()


def can_print() -> bool:
    """Whether this machine has what a page is drawn with."""
    return find_library("pangoft2-1.0") is not None


def _codes(notice: Words, paper: Paper) -> list[Code]:
    if not paper.pages:
        return []
    codes = [Code(_picture(check_address(notice.number, paper.pages)), say("notice", "code_check"))]
    if paper.programme is not None:
        card = f"{paper.pages.rstrip('/')}/card/{paper.programme.id}"
        codes.append(Code(_picture(card), say("notice", "code_card", short=paper.programme.short)))
    return codes


def _picture(address: str) -> str:
    """A quarter of it may be torn or dirty, and it is still read."""
    made: str = segno.make(address, error="q", micro=False).svg_data_uri(border=2)
    return made


@cache
def _environment() -> Environment:
    loader = PackageLoader("content", "templates/paper")
    return Environment(loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True)
