"""A programme: one thing that a resident can get, join, be protected by or must obey.

One YAML file each; the rules that a model can't hold are in `content/check/`.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=40)]
Text = Annotated[str, StringConstraints(min_length=2, strip_whitespace=True)]
PlaceCode = Annotated[str, StringConstraints(pattern=r"^(\d{6}|\d{9}|\d{12})$")]

MAX_QUOTE = 60
MAX_SHORT = 10
MAX_ONE_LINE = 40
MAX_SOURCES = 8
MIN_PHRASINGS = 15
MIN_PHRASINGS_MOST_ASKED = 30


class Frozen(BaseModel):
    """A record that is read from a file and never changed; an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Standing(StrEnum):
    """How far a card may be relied on; it follows the clauses that the programme itself cites."""

    IN_FORCE = "in_force"  # a 2026 clause names the thing
    LAST_WORD = "last_word"  # only older documents, or a 2026 clause that names no more than its family
    PILOT = "pilot"  # being tried or sought
    ENDED = "ended"  # over
    DUTY = "duty"  # to be obeyed
    STUB = "stub"  # we know of it and hold no document


class Source(Frozen):
    """Where a claim stands: document, clause key of the catalogue, verbatim quote."""

    doc: Id
    clause: Annotated[str, StringConstraints(pattern=r"^[a-z]{0,4}\d{0,2}(\.\d)?$", min_length=1)]
    quote: Annotated[str, StringConstraints(min_length=4, max_length=MAX_QUOTE, strip_whitespace=True)]


class Claim(Frozen):
    """A sentence of ours and the quote that it rests on."""

    says: Text
    source: Source
    about: tuple[str, ...] = ()  # aspects that it answers (content/aspects.yaml)
    lasting: bool = False  # its number is a rule, not the target of a year that has passed


class Earlier(Frozen):
    """What an older document said; shown on 以前怎么说."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    says: Text
    source: Source


class Local(Frozen):
    """What a league or banner document adds; for residents of that place."""

    claims: tuple[Claim, ...] = ()
    before: tuple[Earlier, ...] = ()


class Condition(Frozen):
    """A fact that a clause states about who is meant; `excludes` only where the clause itself shuts others out."""

    fact: str
    any: Annotated[tuple[str, ...], Field(min_length=1)]
    source: Source
    excludes: bool = False


class Programme(Frozen):
    """What a card shows and how people ask for it. `places` are written codes; `before` is newest first."""

    id: Id
    topic: Id
    name: Text
    short: Annotated[str, StringConstraints(min_length=2, max_length=MAX_SHORT)]
    places: Annotated[tuple[PlaceCode, ...], Field(min_length=1)]
    standing: Standing
    claims: tuple[Claim, ...] = ()
    one_line: Annotated[str, StringConstraints(max_length=MAX_ONE_LINE)] = ""
    unstated: tuple[str, ...] = ()
    ask: Annotated[tuple[Id, ...], Field(min_length=1)]
    before: tuple[Earlier, ...] = ()
    local: dict[PlaceCode, Local] = Field(default_factory=dict)
    related: Annotated[tuple[Id, ...], Field(max_length=4)] = ()
    phrasings: Annotated[tuple[Text, ...], Field(min_length=1)]
    most_asked: bool = False
    conditions: tuple[Condition, ...] = ()
    checked_on: date

    @property
    def is_stub(self) -> bool:
        """Whether we know of it and hold no document."""
        return self.standing is Standing.STUB
