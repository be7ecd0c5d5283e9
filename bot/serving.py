"""Serve HTTP until told to stop, and stop without dropping what is in hand."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import structlog
import uvicorn
from fastapi import FastAPI

log = structlog.get_logger()

IN_HAND = 20
"""Seconds in which requests that came before the stop are answered."""

KEPT_OPEN = 150
"""Seconds that an idle connection stays open: longer than a proxy keeps it (Caddy: 120), so that none sends a form into
one that is just being closed; uvicorn's own is five seconds."""

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def stopping() -> Iterator[asyncio.Event]:
    """Give an event that SIGTERM or Ctrl-C sets, from now on; a second signal ends the process at once."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def told() -> None:
        stop.set()
        for number in SIGNALS:
            loop.remove_signal_handler(number)

    for number in SIGNALS:
        loop.add_signal_handler(number, told)
    try:
        yield stop
    finally:
        for number in SIGNALS:
            loop.remove_signal_handler(number)


class _Server(uvicorn.Server):
    """A server that leaves signals alone.

    uvicorn's own raises them anew when it has stopped, which kills the process before anything else is closed: marks
    would be lost, and the embedded PostgreSQL would go on running.
    """

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """See above."""
        yield


async def serve(app: FastAPI, host: str, port: int, *, until: asyncio.Event) -> None:
    """Serve until the event: nothing new is taken then, and what came is answered. SystemExit: the port is taken."""
    form = partial(uvicorn.Config, log_config=None, access_log=False, server_header=False, timeout_keep_alive=KEPT_OPEN)
    server = _Server(form(app, host=host, port=port, timeout_graceful_shutdown=IN_HAND))
    if until.is_set():
        return
    log.info("serving", host=host, port=port)
    told = asyncio.create_task(_tell(server, until))
    try:
        await server.serve()
    finally:
        told.cancel()
    log.info("served")


async def _tell(server: uvicorn.Server, until: asyncio.Event) -> None:
    await until.wait()
    server.should_exit = True
