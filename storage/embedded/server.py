"""One embedded server for one folder, shared by all processes that open it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping
from sqlalchemy import URL

from storage.embedded.cluster import Cluster
from storage.embedded.holds import Presence, alone
from storage.errors import FolderUnusable, ServerFailed

PATIENCE = 120.0  # seconds; recovery after a power cut reads all that was written since the last checkpoint
STARTS = 40  # after a `kill -9` the old server's last processes may take a moment to leave, and a start fails meanwhile
PAUSE = 0.1  # seconds between two looks


class EmbeddedServer:
    """The server of one folder. `join` and `leave` block: call them in a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.expanduser().resolve()
        self._cluster = Cluster(self._folder)
        self._presence = Presence(self._folder / "present.lock")

    @property
    def url(self) -> URL:
        """Where it listens: the same before, during and after any restart."""
        query = {"host": str(self._cluster.socket_folder)}
        return URL.create("postgresql+psycopg", username="postgres", database="postgres", query=query)

    def join(self) -> None:
        """Be one of those who use the server; start it if it does not answer. FolderUnusable, ServerFailed."""
        with self._minding():
            self._cluster.create()
            self._presence.enter()
            self._bring_up()

    def leave(self) -> None:
        """Use the server no more; the last one to leave stops it. One whose users were all killed goes on running."""
        with self._minding():
            if self._presence.leave() and self._ping() == Ping.OK:
                self._cluster.stop()

    @contextmanager
    def _minding(self) -> Iterator[None]:
        """Look after the server alone, with the folder there."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with alone(self._folder / "start.lock"):
                yield
        except OSError as error:
            raise FolderUnusable(f"The data folder {self._folder} cannot be used: {error.strerror}.") from error

    def _bring_up(self) -> None:
        give_up, starts = time.monotonic() + PATIENCE, STARTS
        while (answer := self._ping()) != Ping.OK:
            if time.monotonic() > give_up:
                raise ServerFailed(f"PostgreSQL is still coming up or going down: {self._cluster.last_words()}")
            if answer == Ping.NO_RESPONSE:
                starts -= 1
                self._try_to_start(is_last=not starts)
            elif self._cluster.is_stopping():
                # Someone sent it SIGTERM (a service manager does), and it would wait for all idle connections.
                with suppress(ServerFailed):  # it may have ended by itself just now; the next ping tells
                    self._cluster.stop()
            time.sleep(PAUSE)

    def _try_to_start(self, *, is_last: bool) -> None:
        try:
            self._cluster.start()
        except ServerFailed as failure:
            if is_last:
                raise ServerFailed(f"{failure.problem}\n{self._cluster.last_words()}") from failure

    def _ping(self) -> Ping:
        """OK; REJECT while it is starting or stopping; NO_RESPONSE when nothing listens."""
        where = make_conninfo(host=str(self._cluster.socket_folder), user="postgres", connect_timeout=5)
        return Ping(PGconn.ping(where.encode()))
