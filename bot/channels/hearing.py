"""The hook for recognising voice messages: a program that the operator chose (MINGBAI_VOICE_COMMAND)."""

import asyncio
import shlex
from contextlib import suppress
from typing import Protocol

import structlog

log = structlog.get_logger()

LONGEST = 60
"""Seconds of speech that are listened to; more than that is no question."""

PATIENCE = 15.0
"""Seconds that recognition may take."""

MOST_WORDS = 300
"""Characters that are taken of what was heard."""


class Hearing(Protocol):
    """Recognises speech."""

    async def hear(self, sound: bytes) -> str:
        """Return what is said in a sound file, empty where it can't be made out. Never raises for that."""


class Command:
    """Recognition by a program: it reads the sound file from standard input and prints the words, in UTF-8.

    What it prints on standard error is dropped, because that may hold what was said. It is ended after PATIENCE.
    """

    def __init__(self, command: str) -> None:
        self._words = shlex.split(command)

    async def hear(self, sound: bytes) -> str:
        """Run the program; one that fails, hangs or is not there has heard nothing, and that is logged."""
        quiet = asyncio.subprocess.DEVNULL
        pipe = asyncio.subprocess.PIPE
        try:
            program = await asyncio.create_subprocess_exec(*self._words, stdin=pipe, stdout=pipe, stderr=quiet)
        except OSError as error:
            log.error("hearing_not_there", error=type(error).__name__)
            return ""
        try:
            heard, _ = await asyncio.wait_for(program.communicate(sound), PATIENCE)
        except TimeoutError:
            log.warning("hearing_too_slow", seconds=PATIENCE)
            return ""
        finally:
            with suppress(ProcessLookupError):
                program.kill()
        if program.returncode:
            log.error("hearing_failed", code=program.returncode)
            return ""
        return heard.decode(errors="replace").strip()[:MOST_WORDS]
