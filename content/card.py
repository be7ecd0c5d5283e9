"""A card: a programme as a resident of one place sees it on one day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from content.library import Library
from content.places.place import to_stem
from content.programme import Claim, Earlier, Local, Programme, Source
from content.tables import Aspect, Contact


@dataclass(frozen=True)
class LocalLine:
    """A sentence on what staff of the place have published, ready to be said, and which aspects it answers.

    `kind` is "when" for days, else that of a local detail.
    """

    kind: str
    answers: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Card:
    """What is shown of a programme; `place` is a stem or None where no place is known."""

    programme: Programme
    library: Library
    place: str | None
    today: date
    local: tuple[LocalLine, ...] = ()

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The sentences that hold at the place: its own first, because they are nearer."""
        local = [claim for one in self._locals() for claim in one.claims]
        return (*local, *self.programme.claims)

    @property
    def before(self) -> tuple[Earlier, ...]:
        """What older documents said, newest first."""
        local = [earlier for one in self._locals() for earlier in one.before]
        return tuple(sorted((*local, *self.programme.before), key=lambda earlier: -earlier.year))

    @property
    def told(self) -> tuple[Claim | Earlier, ...]:
        """What an answer may say: the sentences that hold, or of what is over the older ones."""
        return self.claims or self.before

    @property
    def sources(self) -> tuple[Source, ...]:
        """The clauses shown, each once, those of the sentences that hold first."""
        first: dict[tuple[str, str], Source] = {}
        shown: tuple[Claim | Earlier, ...] = (*self.claims, *self.before)
        for item in shown:
            first.setdefault((item.source.doc, item.source.clause), item.source)
        return tuple(first.values())

    @property
    def unstated(self) -> tuple[Aspect, ...]:
        """What a resident would ask and neither the documents nor the place say."""
        told = {name for line in self.local for name in line.answers}
        return tuple(self.library.aspects[name] for name in self.programme.unstated if name not in told)

    @property
    def offices(self) -> tuple[Contact, ...]:
        """Who to ask in person, the village committee first."""
        return tuple(one for one in self._contacts() if one.kind == "office")

    @property
    def lines(self) -> tuple[Contact, ...]:
        """Numbers to call; 12345 is the fallback of each."""
        fallback = self.library.contacts["hotline-12345"]
        hotlines = [one for one in self._contacts() if one.kind != "office" and one.id != fallback.id]
        return (*hotlines, fallback)

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """Codes of places whose documents say more than is shown here."""
        shown = [id(one) for one in self._locals()]
        return tuple(code for code, one in self.programme.local.items() if id(one) not in shown)

    def where(self, source: Source) -> str:
        """Say where a quote stands: 2026年自治区文件第16条."""
        return self.library.documents[source.doc].label(source.clause)

    def _contacts(self) -> Iterator[Contact]:
        return (self.library.contacts[name] for name in self.programme.ask)

    def _locals(self) -> Iterator[Local]:
        """What is added for the place; of a city's own programme always, since it holds nowhere else."""
        for code, local in self.programme.local.items():
            here = self.place is not None and self.place.startswith(to_stem(code))
            if here or self.programme.places == (code,):
                yield local
