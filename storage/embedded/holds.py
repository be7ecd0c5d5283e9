"""Locks between processes. The kernel lets them go when a process dies, however it dies, so none needs clearing up."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedWriter
from pathlib import Path


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until no other thread or process is here, and keep it so. Creates the file at `path`."""
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Presence:
    """A shared hold on one file: it tells the last one to leave that it is the last."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BufferedWriter | None = None

    def enter(self) -> None:
        """Be present. A second call changes nothing."""
        if self._file is None:
            self._file = self._path.open("ab")
            fcntl.flock(self._file, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Be present no more. True if we were the last. Call it and `enter` under one lock, or two may go unseen."""
        if self._file is None:
            return False
        with self._file as file:
            self._file = None
            return _was_the_last(file)


def _was_the_last(file: BufferedWriter) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
