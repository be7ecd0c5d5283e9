"""A link with its code and its picture, shown once to who made it. It is in the page only, and in no address."""

from dataclasses import dataclass

import segno
from fastapi import Response
from markupsafe import Markup

from bot.desk.at import At
from bot.desk.pages import page
from storage.staff import code_of


@dataclass(frozen=True)
class WayIn:
    """A link, the same as a QR code (SVG), and the twelve digits in groups of four."""

    link: str
    qr: Markup
    code: tuple[str, str, str]


def way_in(at: At, token: str) -> WayIn:
    """Write a token so that it can be sent, shown and read out."""
    link = f"{address(at)}/desk/enter#{token}"
    drawn = segno.make(link, error="m").svg_inline(border=2, omitsize=True)
    code = code_of(token)
    return WayIn(link, Markup(drawn), (code[:4], code[4:8], code[8:]))  # noqa: S704 - drawn here, of our own link


def address(at: At) -> str:
    """Where the desk is reached: as the settings say, else as this browser reached it."""
    return (at.desk.public or f"{at.request.url.scheme}://{at.request.url.netloc}").rstrip("/")


def show(at: At, token: str, *, to: str, name: str = "", back: str) -> Response:
    """Show a way in; `to`: what it is for (`join`, `other`, `self`)."""
    return page(at, "way_in", way=way_in(at, token), to=to, name=name, back=back)
