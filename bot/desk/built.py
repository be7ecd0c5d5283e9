"""What the desk is built with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.desk.content_measures import Measures
from bot.desk.interest_drawn import Drawn
from bot.desk.tries import Tries
from bot.dialogue.turn import Knowledge
from bot.staff.work import Connected
from storage.audit import Trail
from storage.database import Database


@dataclass(frozen=True, repr=False)
class Desk:
    """One desk of one installation. `public`: the address under which the service is reached, where it is known."""

    database: Database
    knowledge: Callable[[], Knowledge]
    now: Callable[[], datetime]
    trail: Trail
    connected: Connected = field(default_factory=Connected)
    secure: bool = False
    public: str | None = None
    tries: Tries = field(default_factory=Tries)
    content: Path | None = None  # the deployment's own folder
    measures: Measures = field(default_factory=Measures)
    drawn: Drawn = field(default_factory=Drawn)
