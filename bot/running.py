"""Run what a command does, and tell what an operator can mend in a sentence, not a traceback."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import click

from content.errors import InvalidContent
from storage.errors import DatabaseError, KeyRefused

_Result = TypeVar("_Result")


def run(work: Coroutine[Any, Any, _Result], *, loop: Callable[[], asyncio.AbstractEventLoop] | None = None) -> _Result:
    """Run to the end and return what it gives; `loop` makes another event loop than Python's own.

    Raises ClickException for what can't be used: database, content, key.
    """
    try:
        with asyncio.Runner(loop_factory=loop) as runner:
            return runner.run(work)
    except (DatabaseError, InvalidContent, KeyRefused) as error:
        raise click.ClickException(str(error)) from error
