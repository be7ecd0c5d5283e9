"""问人: hand a question to a person whom the resident chooses. What they write is kept in the ticket and nowhere else.

The reader is chosen first and the question written then, so that no text waits anywhere for a choice.
"""

from dataclasses import replace
from datetime import datetime

from bot.dialogue import hear, place
from bot.dialogue.cards import place_of
from bot.dialogue.complaint import complains
from bot.dialogue.numbers import chosen
from bot.dialogue.readers import VILLAGE, called, closer, readers
from bot.dialogue.reply import chat, turn
from bot.dialogue.state import Handing, State
from bot.dialogue.turn import Asked, HandOver, SavePlaces, Turn, Withdraw
from bot.dialogue.young import young
from content.message import Heading, Message, Option, Text
from content.places import Places
from content.render import numbered_options, say
from content.search.fold import fold, fold_ours
from scheduler.calendar import local_date

SHORTEST = 4
LONGEST = 1000
"""Characters of a question; the ticket holds as many."""

MOST_OPEN = 3
"""Questions of one resident that may wait at once, so that nobody fills a cadre's inbox."""


def begin(asked: Asked) -> Turn:
    """Ask who is to read it; or first where the resident lives; where nobody would read it, give phones."""
    if sum(not one.answered for one in asked.person.tickets) >= MOST_OPEN:
        return chat(_over(asked), say("person", "enough", most=MOST_OPEN))
    stem = _place(asked)
    if readers(asked.know, stem):
        return _who(asked, Handing())
    return _where(asked, stem) if closer(asked.know, stem) else chat(_over(asked), say("person", "nobody"))


def complaint(asked: Asked) -> Turn:
    """Offer readers of a complaint about people, money or land: never the village."""
    return _who(asked, Handing(complaint=True))


def to(asked: Asked, stem: str) -> Turn:
    """Take the chosen reader and ask for the question. One who may not read it is not taken: choose again."""
    handing = asked.state.handing or Handing()
    if stem not in _allowed(asked, handing):
        return _who(asked, handing) if handing.complaint else begin(asked)
    sentences = [
        say("person", "write", name=_name(asked, stem)),
        say("person", "write_care"),
        say("person", "no_hurry"),
    ]
    state = _waiting(asked.state, "question", handing.model_copy(update={"to": stem}))
    return chat(replace(asked, state=state), *sentences, options=_no())


def call(asked: Asked) -> Turn:
    """不交，自己打电话."""
    about = asked.state.handing and asked.state.handing.complaint
    return chat(_over(asked), say("person", "call_complaint" if about else "call"))


def heard(asked: Asked) -> Turn | None:
    """Take the question that was asked for; None where the text is a number, an option's label or a command."""
    handing = asked.state.handing
    if asked.state.waiting != "question" or handing is None or _chooses(asked):
        return None
    if asked.spoken:
        return chat(asked, say("person", "typed"), options=_no())
    if young(asked.text):
        return chat(_over(asked), say("person", "child"))
    if len(asked.text) < SHORTEST:
        return chat(asked, say("person", "short"), options=_no())
    if len(asked.text) > LONGEST:
        return chat(asked, say("person", "long", most=LONGEST), options=_no())
    if len(handing.to) == VILLAGE and complains(asked.text):
        return _who(asked, Handing(complaint=True), say("person", "not_village"))
    return _hand_over(asked, handing)


def _hand_over(asked: Asked, handing: Handing) -> Turn:
    if handing.to not in _allowed(asked, handing):
        return begin(asked)
    sentences = [say("person", "handed", name=_name(asked, handing.to)), say("person", "handed_back")]
    return chat(_over(asked), *sentences, say("person", "handed_kept"), changes=(HandOver(handing.to, asked.text),))


def withdraw(asked: Asked) -> Turn:
    """撤回问题: delete what was not answered yet. A word does it, never a digit."""
    if all(one.answered for one in asked.person.tickets):
        return chat(asked, say("person", "nothing_withdrawn"))
    return chat(_over(asked), say("person", "withdrawn"), changes=(Withdraw(),))


def after(asked: Asked, done: Turn) -> Turn:
    """Come back to the question once the place is known; and let it go when something else is talked about."""
    handing = done.state.handing
    if handing is None:
        return done
    if asked.state.handing is not None and asked.state.waiting == "place" and not done.state.waiting:
        return _resumed(asked, done) if done.kind == "chat" else _let_go(done)
    asks = any(option.action.startswith("person-") for option in done.message.options)
    return done if done.state.waiting == "place" or asks else _let_go(done)


def kept(asked: Asked) -> list[str]:
    """The lines of what is kept about me; none where no question was handed over."""
    return [
        say("person", "kept_ticket", name=_name(asked, one.place), since=local_date(one.asked_at), found=one.answered)
        for one in asked.person.tickets
    ]


def answered(places: Places, place_: str, answer: str, asked_at: datetime, answered_at: datetime) -> Message:
    """An answer on its way back: who answered (the staff of a stem), on which day, and that it is no document."""
    heading = say("person", "answer_heading", name=called(places.get(place_)), today=local_date(answered_at))
    texts = (say("person", "answer_to", since=local_date(asked_at)), answer, say("person", "answer_more"))
    return Message(blocks=(Heading(text=heading), *(Text(text=text) for text in texts)))


def _who(asked: Asked, handing: Handing, *first: str) -> Turn:
    allowed = _allowed(asked, handing)
    if not allowed:
        return chat(_over(asked), *first, say("person", "nobody_complaint"))
    village = len(allowed[0]) == VILLAGE
    sentences = [*first, say("person", "who_complaint" if handing.complaint else "who")]
    sentences += [say("person", "who_not_village")] if village else []
    ways = [(_name(asked, stem), f"person-to:{stem}") for stem in allowed]
    if not handing.complaint:
        ways.append((say("person", "complaint_option"), "person-complaint"))
    ways.append((say("person", "complaint_call_option" if handing.complaint else "call_option"), "person-call"))
    state = _waiting(asked.state, "reader", handing)
    closing = (say("person", "unnamed"), say("person", "no_hurry"))
    return chat(replace(asked, state=state), *sentences, *closing, options=numbered_options(*ways))


def _where(asked: Asked, stem: str | None) -> Turn:
    state = _waiting(asked.state, "place", Handing())
    asked = replace(asked, state=state)
    if stem is None:
        asking = place.ask_place(asked)
        blocks = (Text(text=say("person", "where")), *asking.message.blocks)
        return turn(asked, asking.message.model_copy(update={"blocks": blocks}), asking.state)
    below = [
        one
        for one in asked.know.places.children(stem)
        if one.stem in asked.know.readers or closer(asked.know, one.stem)
    ]
    ways = [(one.short[:24], f"in:{one.stem}") for one in below]
    options = numbered_options((say("person", "call_option"), "person-call"), *ways)
    words = say("person", "where_closer", name=asked.know.places.get(stem).short)
    return turn(asked, Message(blocks=(Text(text=words),), options=options), state)


def _resumed(asked: Asked, done: Turn) -> Turn:
    """Go on after the place was told; one that was not told leads to phones, and is not asked for again."""
    saved = next((one.stems for one in done.changes if isinstance(one, SavePlaces)), asked.person.places)
    state = done.state.model_copy(update={"talk_place": None})  # what was said just now is nearer
    now = replace(asked, person=asked.person.model_copy(update={"places": saved}), state=state)
    known = readers(now.know, _place(now))
    then = _who(now, Handing()) if known else chat(_over(now), say("person", "nobody"))
    message = then.message.model_copy(update={"blocks": (*done.message.blocks, *then.message.blocks)})
    return replace(then, message=message, changes=(*done.changes, *then.changes))


def _allowed(asked: Asked, handing: Handing) -> list[str]:
    """Whose staff may get it: those of the resident's own places that are active; not the village of a complaint."""
    return [stem for stem in readers(asked.know, _place(asked)) if not (handing.complaint and len(stem) == VILLAGE)]


def _place(asked: Asked) -> str | None:
    """The place that counts: that of the talk, or home where it lies within that and so says more."""
    home, here = next(iter(asked.person.places), None), place_of(asked)
    return home if home and here and home.startswith(here) else here


def _chooses(asked: Asked) -> bool:
    """Whether the text chooses or commands something, and is no question."""
    said = fold(asked.text)
    labels = {fold_ours(option.label) for option in asked.state.options}
    return chosen(asked.text) is not None or said.replace(" ", "") in labels or hear.command(said) is not None


def _name(asked: Asked, stem: str) -> str:
    return called(asked.know.places.get(stem))


def _no() -> tuple[Option, ...]:
    return numbered_options((say("person", "no_option"), "person-call"))


def _waiting(state: State, waiting: str, handing: Handing | None) -> State:
    return state.model_copy(update={"waiting": waiting, "handing": handing})


def _over(asked: Asked) -> Asked:
    return replace(asked, state=_waiting(asked.state, "", None))


def _let_go(done: Turn) -> Turn:
    waiting = "" if done.state.waiting in ("reader", "question") else done.state.waiting
    return replace(done, state=_waiting(done.state, waiting, None))
