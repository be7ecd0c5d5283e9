"""Following: be reminded of a programme, a topic, or all of a place; seen, changed and stopped at any time.

Where the channel can't speak first nothing is kept and nothing promised: the days go into the phone's calendar.
"""

from bot.dialogue.cards import card_of, place_of, show
from bot.dialogue.reply import chat, turn
from bot.dialogue.state import Follows
from bot.dialogue.turn import Asked, Change, Follow, Resume, Turn, Unfollow
from bot.dialogue.windows import copied, days_left_in, when_line
from content.behind import card_option
from content.local import REGION, Window
from content.message import Calendar, Message, Option, Text
from content.programme import Programme
from content.render import numbered_options, say
from content.sensitive import is_sensitive
from scheduler.calendar import local_date

MOST = 30
"""Programmes and topics together; storage holds no more."""

MOST_PLACES = 3
LABEL = 24
_SHOWS = {"programme": "card", "topic": "topic"}  # of a place nothing is quiet


def remind(asked: Asked) -> Turn:
    """提醒我, said of the card in hand; without one, what is followed is shown."""
    hand = asked.state.in_hand
    return wanted(asked, f"programme,{hand}") if hand else listed(asked)


def wanted(asked: Asked, what: str) -> Turn:
    """Follow something, or ask first how openly where it is sensitive. `what` is kind and subject with a comma."""
    found = _read(asked, what)
    if found is None:
        return chat(asked, say("talk", "gone_card"))
    if asked.person.telling == "never":
        return _calendar(asked, found)
    if _is_sensitive(asked, found):
        return _consent(asked, found)  # asked again it changes whether reminders name it
    if any(one.kind == found.kind and one.subject == found.subject for one in asked.person.follows):
        return chat(asked, say("following", "already", name=_name(asked, found)), options=_list_option())
    return _follow(asked, found, consented=False)


def quietly(asked: Asked, what: str) -> Turn:
    """Follow something sensitive; its reminders name no topic."""
    found = _read(asked, what)
    if found is None or asked.person.telling == "never":
        return wanted(asked, what)
    return _follow(asked, found.model_copy(update={"discreet": True}), consented=True)


def openly(asked: Asked, what: str) -> Turn:
    """Follow something sensitive; its reminders may say what they are about."""
    found = _read(asked, what)
    if found is None or asked.person.telling == "never":
        return wanted(asked, what)
    return _follow(asked, found, consented=True)


def no(asked: Asked) -> Turn:
    """不用提醒."""
    return chat(asked, say("following", "not_wanted"))


def _follow(asked: Asked, found: Follows, *, consented: bool) -> Turn:
    others = [one for one in asked.person.follows if (one.kind == "place") == (found.kind == "place")]
    same = any((one.kind, one.subject) == (found.kind, found.subject) for one in others)
    most = MOST_PLACES if found.kind == "place" else MOST
    if len(others) >= most and not same:
        return chat(asked, say("following", "too_many", most=most), options=_list_option())
    changes: tuple[Change, ...] = (Follow(found, consented), *([Resume()] if asked.person.stopped else []))
    options = () if _stem(asked) else numbered_options((say("labels", "place"), "place"))
    blocks = tuple(Text(text=one) for one in _promised(asked, found))
    calendar = None if found.discreet or asked.person.telling == "sure" else _file(asked, found)
    options = (*options, *map(card_option, _left_out(asked, found)), *_list_option())
    message = Message(blocks=blocks, options=options, calendar=calendar)
    return turn(asked, message, asked.state, changes=changes)


def _promised(asked: Asked, found: Follows) -> list[str]:
    """Say what was noted, how it will come, which days are known now, and how to stop it."""
    said = [say("following", "followed", name=_name(asked, found))]
    said += [say("following", "discreet")] if found.discreet else []
    said += [say("following", "resumed")] if asked.person.stopped else []
    said += [say("following", "place_not_sensitive")] if found.kind == "place" else []
    left_out = [one.short for one in _left_out(asked, found)]
    said += [say("following", "topic_not_sensitive", names=left_out)] if left_out else []
    said += [say("following", "comes_sure" if asked.person.telling == "sure" else "comes_held")]
    said += _known_days(asked, found) or [say("following", "only_dates")]
    said += _phone(asked, found.subject) if _by_phone(asked, found) else []
    said += [] if _stem(asked) or found.kind == "place" else [say("following", "no_place")]
    return [*said, say("following", "how_to_stop")]


def _left_out(asked: Asked, found: Follows) -> list[Programme]:
    """Sensitive cards of a topic that is not: each needs its own consent, so following the topic brings none."""
    library = asked.know.library
    if found.kind != "topic" or library.topics[found.subject].sensitive:
        return []
    return [one for one in library.by_topic[found.subject] if is_sensitive(one, library)]


def _by_phone(asked: Asked, found: Follows) -> bool:
    """Whether to say whom to call: where the reminder may not come, and nothing is to be kept quiet."""
    return asked.person.telling == "held" and found.kind == "programme" and not found.discreet


def _known_days(asked: Asked, found: Follows) -> list[str]:
    """The days of a programme that are known now; where the reminder may not come, a line to copy too."""
    today, windows = local_date(asked.now), _windows(asked, found)
    if found.kind != "programme" or found.discreet or not windows:
        return []
    said = [when_line(asked.know.places, windows, today)]
    if asked.person.telling == "held":
        said += _copy(asked, found, windows)
    return [one for one in said if one]


def _consent(asked: Asked, found: Follows) -> Turn:
    what = f"{found.kind},{found.subject}"
    ways = (
        ("button_quiet", f"remind-quiet:{what}"),
        ("button_named", f"remind-named:{what}"),
        ("button_no", "no-remind"),
    )
    options = numbered_options(*((say("following", label), action) for label, action in ways))
    return chat(asked, say("following", "consent", name=_name(asked, found)), options=options)


def _calendar(asked: Asked, found: Follows) -> Turn:
    """No promise here: a file for the phone's calendar, a line to copy, a phone to ask."""
    file = _file(asked, found)
    if file is None:
        return _undated(asked, found)
    said = [say("following", "never"), *(_copy(asked, found, _windows(asked, found)) if file.programme else [])]
    blocks = tuple(Text(text=one) for one in (*said, *_phone(asked, file.programme)))
    return turn(asked, Message(blocks=blocks, calendar=file), asked.state)


def _undated(asked: Asked, found: Follows) -> Turn:
    """Nothing for the phone's calendar: say what is known of the days all the same, or that nothing is."""
    windows = _windows(asked, found)
    if not windows:
        return chat(asked, say("following", "never_no_days"))
    if found.kind == "programme":
        when = when_line(asked.know.places, windows, local_date(asked.now))
        return chat(asked, say("following", "never_undated"), when)
    ways = numbered_options((say("windows", "button_days"), "days"))
    return chat(asked, say("following", "never_undated"), options=ways)


def _file(asked: Asked, found: Follows) -> Calendar | None:
    """The calendar of what is followed; of a topic that of the whole place. None where no day lies ahead."""
    if not days_left_in(_windows(asked, found), local_date(asked.now)):
        return None
    stem = found.subject if found.kind == "place" else _stem(asked) or REGION
    return Calendar(programme=found.subject if found.kind == "programme" else None, place=stem)


def _phone(asked: Asked, programme: str | None) -> list[str]:
    card = card_of(asked, programme) if programme else None
    told = [line.text for line in card.local if line.kind == "phone"] if card else []
    return told or [say("following", "village_phone")]


def _copy(asked: Asked, found: Follows, windows: tuple[Window, ...]) -> list[str]:
    said = copied(windows, local_date(asked.now))
    return [say("following", "copy", name=_name(asked, found), said=said)] if said else []


def listed(asked: Asked) -> Turn:
    """我的提醒: what is followed, each with a way to stop it, and the places that could be."""
    if asked.person.telling == "never":
        return wanted(asked, f"place,{_stem(asked) or REGION}")
    if not asked.person.follows:
        return chat(asked, say("following", "list_empty"), options=place_options(asked))
    items = [
        say("following", "list_item", name=_name(asked, one), discreet=one.discreet) for one in asked.person.follows
    ]
    stopped = [say("following", "list_stopped")] if asked.person.stopped else []
    ways = [(_stop_label(asked, one), f"unremind:{one.kind},{one.subject}") for one in asked.person.follows]
    ways += [(say("following", "button_stop_all"), "unremind-all")]
    options = (*numbered_options(*ways), *place_options(asked))
    return chat(asked, say("following", "list_heading"), *items, *stopped, options=options)


def discreet(asked: Asked) -> Turn:
    """看这件事, said to a reminder that names nothing: the card that it may be about, or the list of what may be."""
    quiet = [one for one in asked.person.follows if one.discreet and one.kind in _SHOWS]
    if not quiet:
        return listed(asked)
    if len(quiet) == 1 and quiet[0].kind == "programme":
        return show(asked, quiet[0].subject)
    ways = numbered_options(*((_name(asked, one)[:LABEL], f"{_SHOWS[one.kind]}:{one.subject}") for one in quiet))
    return chat(asked, say("following", "which"), options=ways)


def unwanted(asked: Asked, what: str) -> Turn:
    """Stop following one thing; not following it is no error."""
    kind, _, subject = what.partition(",")
    found = next((one for one in asked.person.follows if (one.kind, one.subject) == (kind, subject)), None)
    if found is None:
        return listed(asked)
    return chat(asked, say("following", "unfollowed", name=_name(asked, found)), changes=(Unfollow(found),))


def unwanted_all(asked: Asked) -> Turn:
    """Stop following anything."""
    return chat(asked, say("following", "unfollowed_all"), changes=(Unfollow(None),))


def kept(asked: Asked) -> list[str]:
    """The line of what is kept about me; none where nothing is followed."""
    names = [_name(asked, one) for one in asked.person.follows]
    return [say("following", "kept", names=names)] if names else []


def help_(asked: Asked) -> str:
    """What help says of reminders."""
    return say("following", "help_never" if asked.person.telling == "never" else "help_sure")


def place_options(asked: Asked) -> tuple[Option, ...]:
    """Offer all of a place, for each place that the resident named and does not follow yet."""
    return tuple(option for stem in asked.person.places for option in place_option(asked, stem))


def place_option(asked: Asked, stem: str) -> tuple[Option, ...]:
    """Offer all of one place, where the channel may speak first and it is not followed yet."""
    followed = any(one.kind == "place" and one.subject == stem for one in asked.person.follows)
    if asked.person.telling == "never" or followed:
        return ()
    label = say("following", "button_place", name=asked.know.places.get(stem).short)
    return numbered_options((label[:LABEL], f"remind:place,{stem}"))


def topic_options(asked: Asked, topic: str) -> tuple[Option, ...]:
    """Offer a whole topic, where the channel may speak first."""
    followed = any(one.kind == "topic" and one.subject == topic for one in asked.person.follows)
    if asked.person.telling == "never" or followed:
        return ()
    return numbered_options((say("following", "button_topic"), f"remind:topic,{topic}"))


def _list_option() -> tuple[Option, ...]:
    return numbered_options((say("following", "button_list"), "reminders"))


def _stop_label(asked: Asked, one: Follows) -> str:
    return say("following", "button_stop", name=_name(asked, one))[:LABEL]


def _read(asked: Asked, what: str) -> Follows | None:
    """The thing meant, None where there is none such; raises PlaceError for no such place."""
    kind, _, subject = what.partition(",")
    library = asked.know.library
    if kind == "place":
        return Follows(kind=kind, subject=asked.know.places.stem_of(subject))
    known = {"programme": library.programmes, "topic": library.topics}.get(kind, {})
    return Follows.model_validate({"kind": kind, "subject": subject}) if subject in known else None


def _name(asked: Asked, one: Follows) -> str:
    library = asked.know.library
    match one.kind:
        case "place":
            return say("following", "name_place", name=asked.know.places.get(one.subject).short)
        case "topic" if one.subject in library.topics:
            return say("following", "name_topic", name=library.topics[one.subject].name)
        case "programme" if one.subject in library.programmes:
            return library.programmes[one.subject].short
    return say("following", "name_gone")


def _is_sensitive(asked: Asked, found: Follows) -> bool:
    library = asked.know.library
    if found.kind == "programme":
        return is_sensitive(library.programmes[found.subject], library)
    return found.kind == "topic" and library.topics[found.subject].sensitive


def _stem(asked: Asked) -> str | None:
    """The place whose days would be told: reminders go by what is saved, a calendar by what was just named."""
    if asked.person.telling == "never":
        return place_of(asked)
    return asked.person.places[0] if asked.person.places else None


def _windows(asked: Asked, found: Follows) -> tuple[Window, ...]:
    stem = found.subject if found.kind == "place" else _stem(asked)
    if found.kind == "programme":
        return asked.know.local.windows_of(found.subject, stem)
    here = asked.know.local.windows_at(stem)
    return here if found.kind == "place" else tuple(one for one in here if one.topic == found.subject)
