"""The same notice for people without the bot: ready with the approval, whether or not a channel is connected."""

from dataclasses import dataclass

from bot.dialogue.turn import Knowledge
from bot.notices.group import group
from bot.notices.loudspeaker import loudspeaker
from bot.notices.page import CannotPrint, Paper, page
from bot.notices.words import programme_of
from scheduler.calendar import local_date
from storage.broadcasts import Broadcast


@dataclass(frozen=True)
class Papers:
    """A text for the WeChat group, one for the loudspeaker, and a PDF for the wall: None where none can be printed."""

    group: str
    loudspeaker: str
    page: bytes | None


def papers(of: Broadcast, know: Knowledge, *, corrects: str = "") -> Papers:
    """Make all three. Takes about a second: run it beside what answers people."""
    programme = know.library.programmes.get(programme_of(of, know) or "")
    on = local_date(of.starts_at or of.submitted_at)
    pages = know.service.pages
    texts = group(of, pages, corrects=corrects), loudspeaker(of, know.places, corrects=corrects)
    try:
        return Papers(*texts, page(of, Paper(on, pages, programme, corrects)))
    except CannotPrint:
        return Papers(*texts, None)
