"""Backups: one file in PostgreSQL's own custom format, and the list of what residents took back beside it.

Left out are the open months of interest statistics (marks and their key), the tables' revision (so that a database made
of the file in any other way than `restored` is not served), and rows that live a day or that open doors: talks, tokens,
links, sessions. A restore takes back what was taken back since, and sends nothing that may have been sent since.
"""

from storage.backup.dump import LIST, Taken, back_up, write_list
from storage.backup.restore import restored

__all__ = ["LIST", "Taken", "back_up", "restored", "write_list"]
