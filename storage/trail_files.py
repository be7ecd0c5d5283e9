"""The two files of the trail that stand where the database does not reach: its key, and the head last noted."""

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.audit import Head
from storage.errors import KeyRefused


def key_in(folder: Path) -> bytes:
    """Return the key in a data folder, made at the first call, readable by its owner only. Raises KeyRefused."""
    file = folder / "trail.key"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            _write_once(file, secrets.token_hex(32))
        return bytes.fromhex(file.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise KeyRefused(f"{file} can't be used as the key of the trail: {type(error).__name__}.") from error


def noted_head(folder: Path) -> Head | None:
    """Return the head that `note` left in a data folder. ValueError for a file that holds none."""
    file = folder / "trail.head"
    return Head.read(file.read_text("ascii")) if file.exists() else None


def note(folder: Path, head: Head) -> None:
    """Note a head beside the key."""
    with _whole(folder / "trail.head", str(head)) as written:
        written.replace(folder / "trail.head")


def _write_once(file: Path, words: str) -> None:
    """Of many who write at once the first wins, and nobody reads half of it."""
    with _whole(file, words) as written:
        try:
            os.link(written, file)
        except FileExistsError:
            return


@contextmanager
def _whole(file: Path, words: str) -> Iterator[Path]:
    """A whole file, mode 600, in the same folder; gone afterwards unless it was moved."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}")
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(words)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
