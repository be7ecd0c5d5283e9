"""The tables, one module for each part. Migrations build them; a test holds the two to each other."""

from storage.tables import desk, interest, operating, sending, staff, unanswered, wechat, windows
from storage.tables.broadcast import broadcast, broadcast_list
from storage.tables.metadata import metadata
from storage.tables.receipt import receipt
from storage.tables.reminding import reminder
from storage.tables.sending import account, beat, delivery, lane
from storage.tables.talk import conversation, inbox, resident, unsent
from storage.tables.windows import (
    following,
    local_detail,
    local_detail_revision,
    place_window,
    place_window_revision,
)

__all__ = [
    "account",
    "beat",
    "broadcast",
    "broadcast_list",
    "conversation",
    "delivery",
    "desk",
    "following",
    "inbox",
    "interest",
    "lane",
    "local_detail",
    "local_detail_revision",
    "metadata",
    "operating",
    "place_window",
    "place_window_revision",
    "receipt",
    "reminder",
    "resident",
    "sending",
    "staff",
    "unanswered",
    "unsent",
    "wechat",
    "windows",
]
