"""The form of a notice: what staff type is read into the draft that it would be."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from starlette.datastructures import FormData

from bot.broadcasts.followers import subject_name
from bot.desk import places
from bot.desk.at import At
from bot.desk.windows_form import Wrong
from bot.notices.preview import NUMBER
from bot.staff.may import Deed
from bot.staff.when import moment
from content.places.place import full_code
from content.render import say
from scheduler.calendar import LOCAL
from storage.broadcasts import Broadcast
from storage.notices import LONGEST, LONGEST_TITLE, Notice, NoticeKind
from storage.tickets import storable

WORDS = ("title", "text", "kind", "places", "followers", "card", "send", "expires")
LAST_HOUR = "18:00"
"""A day alone, as the end of a notice, means the end of office hours."""


@dataclass
class Typed:
    """What stands in the fields, and what is wrong with which. `draft` is there when nothing is."""

    values: Mapping[str, str]
    wrong: Wrong = field(default_factory=Wrong)
    draft: Notice | None = None


def empty(at: At, *, card: str = "") -> Typed:
    """A form for one's own place, about a card or a window where one came from there."""
    own = at.stems(Deed.NOTICE)
    place = _place_said(at, own[0]) if len(own) == 1 else ""
    return Typed(dict.fromkeys(WORDS, "") | {"places": place, "kind": "notice", "card": card})


def filled(at: At, draft: Notice) -> Typed:
    """The form of a draft as it stands."""
    values = {
        "title": draft.title,
        "text": draft.text,
        "kind": draft.kind,
        "places": "、".join(_place_said(at, stem) for stem in draft.audience),
        "followers": subject_name(draft.follows, at.know.library),
        "card": _link_said(at, draft.link),
        "send": _written(draft.send_at),
        "expires": _written(draft.expires_at),
    }
    return Typed(values)


def correcting(at: At, first: Broadcast) -> Typed:
    """The form of a notice that puts another one right: the same words to begin with."""
    link = _link_said(at, first.link)
    return Typed(
        dict.fromkeys(WORDS, "") | {"title": first.title, "text": first.text, "kind": first.kind, "card": link}
    )


def read(at: At, form: FormData, *, first: Broadcast | None = None, there: Notice | None = None) -> Typed:
    """Read a form. `first`: the broadcast that it corrects, whose audience it keeps; `there`: the draft it changes."""
    values = {name: storable(str(form.get(name, ""))).replace("\r\n", "\n").strip() for name in WORDS}
    typed = Typed(values)
    audience = first.audience if first else _audience(at, typed)
    link, follows = _link(at, typed), None if first else _followers(at, typed)
    send, expires = _moment(at, typed, "send"), _moment(at, typed, "expires", day=True)
    _lengths(typed)
    kind: NoticeKind = "urgent" if values["kind"] == "urgent" else "notice"
    if not typed.wrong:
        whole = Notice(
            0, NUMBER, at.who.id, kind, " ".join(values["title"].split()), values["text"], link, audience, follows,
            send, expires, first.id if first else None, at.now,
        )  # fmt: skip
        typed.draft = replace(whole, id=there.id, number=there.number) if there else whole
    return typed


def _lengths(typed: Typed) -> None:
    if not typed.values["title"] or len(typed.values["title"]) > LONGEST_TITLE:
        typed.wrong["title"] = say("notice", "no_title", most=LONGEST_TITLE)
    if not 0 < len(typed.values["text"]) <= LONGEST:
        typed.wrong["text"] = say("desk_notice", "text_length", most=LONGEST)


def _audience(at: At, typed: Typed) -> tuple[str, ...]:
    found = places.read(at, typed.values["places"], Deed.NOTICE)
    if found.wrong:
        typed.wrong["places"] = found.wrong
    return found.stems


def _followers(at: At, typed: Typed) -> str | None:
    """Whose followers: a topic or a card by its name; None for everyone."""
    said, library = typed.values["followers"], at.know.library
    if not said:
        return None
    topic = next((id_ for id_, one in library.topics.items() if one.name == said), None)
    programme = next((id_ for id_, one in library.programmes.items() if one.short == said), None)
    if topic is None and programme is None:
        typed.wrong["followers"] = say("desk_notice", "subject_unknown", said=said[:20])
        return None
    return f"topic:{topic}" if topic else f"programme:{programme}"


def _link(at: At, typed: Typed) -> str | None:
    """The card by its name, or a window of theirs by its number: 窗口12."""
    said, library = typed.values["card"], at.know.library
    if not said:
        return None
    programme = next((id_ for id_, one in library.programmes.items() if one.short == said), None)
    if programme:
        return f"card:{programme}"
    windows = {say("desk_notice", "window", id=one.id): one.id for one in at.know.local.windows}
    if said in windows:
        return f"window:{windows[said]}"
    typed.wrong["card"] = say("desk_notice", "card_unknown", said=said[:20])
    return None


def _moment(at: At, typed: Typed, name: str, *, day: bool = False) -> datetime | None:
    said = typed.values[name]
    if not said:
        return None
    found = moment(said, at.now) or (moment(f"{said} {LAST_HOUR}", at.now) if day else None)
    if found is None:
        typed.wrong[name] = say("desk_notice", "moment_unknown", said=said[:20])
    return found


def _link_said(at: At, link: str | None) -> str:
    kind, _, id_ = (link or "").partition(":")
    if kind == "window":
        return say("desk_notice", "window", id=int(id_))
    found = at.know.library.programmes.get(id_)
    return found.short if found else ""


def _place_said(at: At, stem: str) -> str:
    """A place by its name, where that is read as this one; else by its code."""
    short = at.places.get(stem).short
    return short if places.read(at, short, Deed.NOTICE).stems == (stem,) else full_code(stem)


def _written(moment_: datetime | None) -> str:
    """A moment as it stands in a field: 2026年12月25日 8:00."""
    if moment_ is None:
        return ""
    local = moment_.astimezone(LOCAL)
    return f"{local.year}年{local.month}月{local.day}日 {local.hour}:{local.minute:02}"
