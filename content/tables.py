"""The shared tables beside the programmes: documents, topics, contacts, aspects, facts."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from content.programme import Frozen, Id, PlaceCode


class Clause(Frozen):
    """One clause of a document: key of the catalogue, how it is called, the words it begins with."""

    key: str
    label: str
    mark: str


class Document(Frozen):
    """A source: what it is, what of it has lapsed, which words the scan may have wrong."""

    id: Id
    called: str
    title: str
    title_stated: bool
    issuer: str
    number: str | None
    date: date | None
    year: int
    place: PlaceCode
    city: str | None = None  # name of the city that the document holds for; None: the region
    lapsed: str | None
    doubtful: tuple[str, ...]
    clauses: tuple[Clause, ...]

    def has(self, key: str) -> bool:
        """Whether there is a clause of this key."""
        return any(clause.key == key for clause in self.clauses)

    def label(self, key: str) -> str:
        """Say where a clause stands: 2026年自治区文件第16条. Raises KeyError for an unknown key."""
        clause = next((clause for clause in self.clauses if clause.key == key), None)
        if clause is None:
            raise KeyError(key)
        return f"{self.called}{clause.label}"


class Topic(Frozen):
    """A group of programmes."""

    id: Id
    name: Annotated[str, Field(max_length=8)]
    about: str
    sensitive: bool = False


class Contact(Frozen):
    """Who to ask: a kind of local office (no number), a hotline, or an emergency number."""

    id: Id
    kind: Literal["office", "hotline", "emergency"]
    name: str
    number: str | None = None
    for_: Annotated[str, Field(alias="for")]
    hours: str | None = None
    checked_on: date | None = None
    confirm: str | None = None


class Aspect(Frozen):
    """One thing that a resident asks of a programme: its heading, and the words that say it is unsaid."""

    id: Id
    asks: str
    unsaid: str
    group: str = ""  # money, doing: who asks 多少钱 of an insurance means the premium and what is paid


class Fact(Frozen):
    """One question of the guide 看看哪些事跟我家有关, with the answers to tap."""

    id: Id
    question: str
    answers: dict[str, str]
    needs: dict[str, tuple[str, ...]] = Field(default_factory=dict)
