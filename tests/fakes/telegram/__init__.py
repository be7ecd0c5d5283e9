"""A Bot API server that both libraries talk to unchanged: `async with FakeTelegram() as fake: fake.bot(TOKEN)`."""

from tests.fakes.telegram.chats import Chat, Said
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.limits import Limits
from tests.fakes.telegram.people import FakeBot, Group, Person
from tests.fakes.telegram.server import FakeTelegram

__all__ = ["Chat", "FakeBot", "FakeTelegram", "Fault", "Group", "Limits", "Person", "Said"]
