"""The notice for the village's loudspeaker: spelt out as it is read, and said twice."""

from bot.notices.spoken import spoken
from bot.notices.words import Words
from content.places import PlaceError, Places
from content.render import say


def loudspeaker(notice: Words, places: Places, *, corrects: str = "") -> str:
    """Write it, a paragraph for each thing to be said. `corrects`: the number of the one that it puts right."""
    how = "call_urgent" if notice.kind == "urgent" else "call_villagers"
    call = say("notice", how, name=_called(notice.place, places))
    before = say("notice", "corrects", number=corrects) if corrects else ""
    words = spoken(f"{notice.title}。\n{before}\n{notice.text.strip()}")
    end = spoken(say("notice", "spoken_end", office=notice.office, number=notice.number))
    return "\n".join([call, words, say("notice", "once_more"), words, end])


def _called(stem: str, places: Places) -> str:
    try:
        return places.get(stem).short
    except PlaceError:
        return ""
