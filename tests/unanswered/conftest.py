"""The words that may stay, read once: jieba's dictionary takes a second."""

import pytest

from bot.dialogue.turn import Knowledge
from bot.unanswered.vocabulary import Vocabulary


@pytest.fixture(scope="session")
def words(know: Knowledge) -> Vocabulary:
    return Vocabulary.load(know.library)
