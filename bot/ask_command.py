"""`mingbai ask`: the real dialogue without a channel and without the database."""

import json
import sys
from collections.abc import Iterable
from typing import Any

import click

from bot.dialogue.core import reply
from bot.dialogue.state import Person, State
from bot.dialogue.turn import Asked, Knowledge, Service, Turn
from bot.knowledge import knowledge
from bot.settings import settings
from content import behind
from content.card import Card
from content.places import PlaceError
from content.render import as_text
from content.search.explain import explain
from scheduler.calendar import local_date
from scheduler.clock import now


@click.command()
@click.argument("question", required=False)
@click.option("--place", default=None, help="Code of the place that the resident is from, such as 150600.")
@click.option("--json", "as_json", is_flag=True, help="Write one JSON object instead of text.")
@click.option("--explain", "explained", is_flag=True, help="Say why a card won, in words that an editor can act on.")
@click.option(
    "--stdin", "from_stdin", is_flag=True, help='Read {"id", "turns", "region"} lines, write a line for each.'
)
def ask(question: str | None, place: str | None, *, as_json: bool, explained: bool, from_stdin: bool) -> None:
    """Ask one question as a resident would, or many from standard input."""
    know = knowledge(Service(settings().service_name, settings().service_phone), own=settings().content)
    if from_stdin:
        for line in _answered(know, sys.stdin.buffer):
            click.echo(line)
        return
    if question is None:
        raise click.UsageError("a question, or --stdin")
    turn = converse(know, [question], place)
    if as_json:
        click.echo(json.dumps(outcome(know, "", turn, place), ensure_ascii=False))
    else:
        click.echo(as_text(turn.message))
    if explained and turn.found is not None:
        click.echo(explain(turn.found))


def converse(know: Knowledge, turns: Iterable[str], place: str | None) -> Turn:
    """Run turns as one conversation; returns the last. Raises UsageError for an unknown place, or no turns."""
    person = Person(places=home(know, place), welcomed=True)
    turn, state = None, State()
    for text in turns:
        turn = reply(Asked(know, person, state, now(), text=text))
        state = turn.state
    if turn is None:
        raise click.UsageError("turns: at least one")
    return turn


def home(know: Knowledge, place: str | None) -> tuple[str, ...]:
    """The places of a resident who is from the place of this code. Raises UsageError for an unknown one."""
    try:
        return (know.places.stem_of(place),) if place else ()
    except PlaceError as error:
        raise click.UsageError(str(error)) from error


def _answered(know: Knowledge, lines: Iterable[bytes]) -> Iterable[str]:
    """Answer each line; a line that is no good gets an error in its place, and the rest go on."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _one(know, number, line)


def _one(know: Knowledge, number: int, line: bytes) -> str:
    id_ = None
    try:
        asked = json.loads(line.decode("utf-8"))
        id_ = asked.get("id")
        turns, region = [str(turn) for turn in asked["turns"]], asked.get("region")
        return _written(outcome(know, id_, converse(know, turns, region), region))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, click.UsageError) as error:
        why = "not in UTF-8" if isinstance(error, UnicodeDecodeError) else repr(error)
        wanted = '{"id": "…", "turns": ["…"], "region": "150600"}'
        plain = id_ if isinstance(id_, str | int | float) else None  # anything else may be nested too deep to write
        return _written({"id": plain, "error": f"line {number}: {why}; a line is {wanted}"})


def _written(told: dict[str, Any]) -> str:
    """One line of JSON; escaped where it holds half a character, which JSON may say and no encoding can write."""
    line = json.dumps(told, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(told)
    return line


def outcome(know: Knowledge, id_: object, turn: Turn, place: str | None) -> dict[str, Any]:
    """Describe a turn as design.md §9 says: kind, programmes with sources, and the text shown."""
    stem = turn.state.talk_place or (know.places.stem_of(place) if place else None)
    cards = [Card(know.library.programmes[one], know.library, stem, local_date(now())) for one in _best_three(turn)]
    text = as_text(turn.message, numbered=turn.kind != "answer")
    if turn.kind == "answer":
        text = f"{text}\n{as_text(behind.quotes(cards[0]), numbered=False)}"
    return {"id": id_, "kind": turn.kind, "programmes": [_programme(card, turn) for card in cards], "text": text}


def _best_three(turn: Turn) -> list[str]:
    """The cards shown or offered, then those that came next in the same search, best first."""
    if not turn.programmes:
        return []
    next_ones = [one.programme.id for one in turn.found.ranked if not one.programme.is_stub] if turn.found else []
    return list(dict.fromkeys([*turn.programmes, *next_ones]))[:3]


def _programme(card: Card, turn: Turn) -> dict[str, Any]:
    scores = {one.programme.id: one.score for one in turn.found.ranked} if turn.found else {}
    return {
        "id": card.programme.id,
        "title": card.programme.name,
        "score": round(scores.get(card.programme.id, 1.0), 3),
        "sources": [{"doc": source.doc, "clause": source.clause} for source in card.sources],
    }
