"""The notice for the village's WeChat group: at most 200 characters, with its number and where to check it."""

from bot.notices.words import Words
from content.render import say
from content.split import split

MOST = 200
"""Characters; longer ones are folded up by phones and read by nobody."""


def group(notice: Words, pages: str, *, corrects: str = "") -> str:
    """Write it. `pages`: public address of the residents' page or ""; `corrects`: the number that it puts right."""
    head = say("notice", "urgent_mark") + notice.title if notice.kind == "urgent" else notice.title
    head += f"\n{say('notice', 'corrects', number=corrects)}" if corrects else ""
    link = check_address(notice.number, pages)
    end = say("notice", "group_end", office=notice.office, number=notice.number, link=link)
    room = MOST - len(head) - len(end) - len("\n\n")
    return f"{head}\n{_fitting(notice.text.strip(), room, link)}\n{end}"


def check_address(number: str, pages: str) -> str:
    """Where anybody can see whether a notice of this number is real, and what it says; "" without a page."""
    return f"{pages.rstrip('/')}/notice/{number}" if pages else ""


def _fitting(text: str, room: int, link: str) -> str:
    if len(text) <= room:
        return text
    more = say("notice", "group_cut" if link else "group_cut_no_link")
    return split(text, max(room - len(more), 1), len)[0] + more
