"""What the tests of the talk share."""

import pytest

from bot.dialogue.turn import Knowledge
from tests.dialogue.talking import Talk


@pytest.fixture
def talk(know: Knowledge) -> Talk:
    """A resident who has said nothing yet and whose place is not known."""
    return Talk(know)
