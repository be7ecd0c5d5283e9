"""A notice as the talk is handed it. The talk runs without a database, and so without its libraries."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.broadcasts.records import Published

RECEIVED = re.compile(r"(?:已?收到|收到了|知道了?收到)[了啦哈嗯]?")
"""收到, typed; bare."""


@dataclass(frozen=True)
class Told:
    """A notice that was published; `sent_at` is when this resident was sent it, where that was asked for."""

    notice: "Published"
    sent_at: datetime | None = None
