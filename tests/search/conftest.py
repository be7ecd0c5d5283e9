"""Search as it is shipped, built once; and a small library that trains in a moment."""

from dataclasses import replace

import pytest

from bot.dialogue.turn import Knowledge, Service
from bot.knowledge import knowledge
from bot.questions import Question, read_questions
from content.library import Library


@pytest.fixture(scope="session")
def know() -> Knowledge:
    return knowledge(Service("测试", "12345"))


@pytest.fixture(scope="session")
def library(know: Knowledge) -> Library:
    return know.library


@pytest.fixture(scope="session")
def small(library: Library) -> Library:
    """Every twelfth programme, and two outside groups."""
    programmes = dict(list(library.programmes.items())[::12])
    outside = dict(list(library.outside.items())[:2])
    return replace(library, programmes=programmes, outside=outside)


@pytest.fixture(scope="session")
def tune() -> list[Question]:
    return read_questions("tune")


@pytest.fixture(scope="session")
def judge() -> list[Question]:
    return read_questions("judge")
