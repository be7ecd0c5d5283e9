"""One embedded server for one folder, shared by all processes that open it."""

import time
from pathlib import Path

from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping
from sqlalchemy import URL

from storage.embedded.cluster import Cluster
from storage.embedded.holds import Presence, alone
from storage.embedded.owner import find_owner
from storage.errors import FolderUnusable, ServerFailed

PATIENCE = 60.0  # seconds; recovery after a power cut reads what was written since the last checkpoint
PAUSE = 0.1  # seconds between two looks


class EmbeddedServer:
    """The server of one folder. All methods block (up to PATIENCE): call them in a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.expanduser().absolute()
        self._presence = Presence(self._folder / "present.lock")

    @property
    def url(self) -> URL:
        """Where it listens: the same before, during and after any restart."""
        return URL.create(
            "postgresql+psycopg",
            username="postgres",
            database="postgres",
            query={"host": str(self._cluster().socket_folder)},
        )

    def join(self) -> None:
        """Be one of those who use the server; start it if it does not answer. FolderUnusable, ServerFailed."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with alone(self._folder / "start.lock"):
                self._presence.enter()
                self._bring_up(self._cluster())
        except OSError as error:
            raise FolderUnusable(f"The data folder {self._folder} cannot be used: {error.strerror}.") from error

    def leave(self) -> None:
        """Use the server no more; the last one to leave stops it. After a crash of others it may go on running."""
        try:
            with alone(self._folder / "start.lock"):
                if self._presence.leave():
                    self._cluster().stop()
        except OSError as error:
            raise FolderUnusable(f"The data folder {self._folder} cannot be used: {error.strerror}.") from error
