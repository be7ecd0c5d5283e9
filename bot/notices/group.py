"""The notice for the village's WeChat group: at most 200 characters, with its number and where to check it."""

from bot.notices.words import Words
from content.render import say
from content.split import split, tears

MOST = 200
"""Characters; longer ones are folded up by phones and read by nobody."""

FEWEST = 10
"""Characters of the text; fewer are a scrap that says nothing, and are left out."""


def group(notice: Words, pages: str, *, corrects: str = "") -> str:
    """Write it. `pages`: public address of the residents' page or ""; `corrects`: the numbers that it puts right.

    Where not all has room, the text goes first, then a very long address, then what it corrects.
    """
    title = say("notice", "urgent_mark") + notice.title if notice.kind == "urgent" else notice.title
    head = f"{title}\n{say('notice', 'corrects', number=corrects)}" if corrects else title
    link = check_address(notice.number, pages)
    end, short = (say("notice", "group_end", office=notice.office, number=notice.number, link=to) for to in (link, ""))
    text = _fitting(notice.text.strip(), MOST - len(head) - len(end) - len("\n\n"), link)
    ways = ((head, text, end), (head, end), (head, short), (title, short))
    written = ["\n".join(filter(None, way)) for way in ways]
    return next((one for one in written if len(one) <= MOST), written[-1])


def check_address(number: str, pages: str) -> str:
    """Where anybody can see whether a notice of this number is real, and what it says; "" without a page."""
    return f"{pages.rstrip('/')}/notice/{number}" if pages else ""


def _fitting(text: str, room: int, link: str) -> str:
    if len(text) <= room:
        return text
    more = say("notice", "group_cut" if link else "group_cut_no_link")
    left = room - len(more)
    piece = split(text, left, len)[0] if left >= FEWEST else ""
    if len(piece) >= FEWEST and not tears(text, len(piece)):
        return piece + more
    alone = more.lstrip("…")
    return alone if len(alone) <= room else ""
