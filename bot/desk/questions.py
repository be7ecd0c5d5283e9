"""Questions that residents handed to these very places, and the answers: the inbox of the staff bot, as pages."""

from fastapi import Response

from bot.desk.at import At, Here
from bot.desk.pages import done, page
from bot.desk.refusals import Absent
from bot.desk.routes import Routes
from bot.desk.windows_scope import number_of
from bot.dialogue.person import answered
from bot.staff.may import THIS_VERY_PLACE, Deed
from content.places.place import full_code
from content.programme import Programme
from content.render import as_text, say
from storage import tickets
from storage.tickets import Ticket

routes = Routes()
AT_ONCE = 20
NEAR = 3
"""Cards offered beside a question, to answer from."""

assert Deed.ANSWER in THIS_VERY_PLACE  # noqa: S101 - the inbox is asked for by place, and so must be the right


@routes.get("/questions", Deed.ANSWER)
async def index(at: Here, place: str = "", after: str = "") -> Response:
    """Show what waits, oldest first, some at a time."""
    mine = at.stems()
    chosen = [stem for stem in mine if full_code(stem) == place] if place else mine
    if place and not chosen:
        raise Absent
    last = number_of(after) if after else 0
    count = await tickets.count_waiting(at.conn, chosen)
    found = await tickets.waiting(at.conn, chosen, limit=AT_ONCE + 1, after=last)
    shown = [(one, at.name(one.place), (at.now - one.asked_at).days) for one in found[:AT_ONCE]]
    more = found[AT_ONCE - 1].id if len(found) > AT_ONCE else None
    places = [(full_code(stem), at.name(stem)) for stem in mine]
    return page(at, "questions", shown=shown, count=count, more=more, places=places, place=place, after=after)


@routes.get("/questions/{id_}", Deed.ANSWER, "looked-up")
async def one(at: Here, id_: str) -> Response:
    """Show one question, with the cards nearest to it, and the form to answer."""
    return _shown(at, await _theirs(at, id_))


@routes.post("/questions/{id_}/answer", Deed.ANSWER, "looked-up")
async def answer(at: Here, id_: str) -> Response:
    """Answer a question, or mend an answer that has not left."""
    ticket = await _theirs(at, id_)
    sent = await at.request.form()
    cannot = sent.get("then") == "cannot"
    words = say("staff", "cannot") if cannot else tickets.storable(str(sent.get("words", ""))).strip()
    wrong = "" if words else say("desk_work", "no_answer")
    if len(words) > tickets.LONGEST:
        wrong = say("staff", "answer_long", most=tickets.LONGEST)
    if wrong:
        return _shown(at, ticket, words=words, wrong=wrong, status=422)
    if not await tickets.answer(at.conn, ticket.id, words, staff_id=at.who.id, now=at.now):
        return _shown(at, ticket, words=words, wrong=say("staff", "ticket_done", number=ticket.id), status=409)
    await at.record("answered", f"ticket:{ticket.id}")
    return done(f"/questions/{ticket.id}", "answered")


async def _theirs(at: At, id_: str) -> Ticket:
    """A question that this member of staff may read. Raises Absent."""
    ticket = await tickets.get(at.conn, number_of(id_))
    if ticket is None:
        raise Absent
    at.allow(ticket.place)
    return ticket


def _shown(at: At, ticket: Ticket, *, words: str = "", wrong: str = "", status: int = 200) -> Response:
    return page(
        at,
        "questions_one",
        status=status,
        one=ticket,
        place=at.name(ticket.place),
        near=_near(at, ticket),
        told=_told(at, ticket),
        words=words or ticket.answer or "",
        wrong=wrong,
        most=tickets.LONGEST,
        teaching=at.may(Deed.CONTENT),
    )


def _near(at: At, ticket: Ticket) -> list[Programme]:
    """The cards nearest to a question; nothing of it is kept."""
    return [one.programme for one in at.know.search.find(ticket.question, place=ticket.place).ranked[:NEAR]]


def _told(at: At, ticket: Ticket) -> str:
    """What the resident reads of an answer."""
    if ticket.answer is None:
        return ""
    return as_text(answered(at.places, ticket.place, ticket.answer, ticket.asked_at, at.now))
