"""The tables, one module for each part. Migrations build them; a test holds the two to each other."""

from storage.tables import sending, staff, unanswered, wechat, windows
from storage.tables.metadata import metadata
from storage.tables.talk import conversation, inbox, resident, unsent

__all__ = [
    "conversation",
    "inbox",
    "metadata",
    "resident",
    "sending",
    "staff",
    "unanswered",
    "unsent",
    "wechat",
    "windows",
]
