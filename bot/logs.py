"""Logs: one JSON object a line, a fixed event name, ids as fields; never a text, an address or a topic.

`trace` names the update that a line belongs to, from its arrival to the delivery of its answer, in every process
(`MessageKey.trace`); a delivery that nobody asked for has its number.
"""

import logging
import sys

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict

LONGEST_FOREIGN = 120

_Formatter = structlog.stdlib.ProcessorFormatter


def configure(level: str) -> None:
    """Set the level and the form of all logs, those of libraries too, of which only warnings are taken."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, *_FORM],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Formatter(
            foreign_pre_chain=[structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level, _foreign],
            processors=[_Formatter.remove_processors_meta, *_FORM],
        )
    )
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one.formatter, _Formatter)] + [handler]
    root.setLevel(max(number, logging.WARNING))
    logging.captureWarnings(capture=True)
    logging.getLogger("uvicorn.access").disabled = True  # it would hold addresses and paths
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL + 1)  # our entries never raise; it tells of every stop
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)  # would write out an update that it can't read


def _foreign(_: object, __: str, event: EventDict) -> EventDict:
    """Of a library's line keep what it always says, not what it says now: that may be an address or a text.

    That is the first line of the words before values are put in.
    """
    record: logging.LogRecord = event["_record"]
    said = str(record.msg).partition("\n")[0][:LONGEST_FOREIGN]
    return {**event, "event": "library_told", "library": record.name, "told": said}


def _without_values(_: object, __: str, event: EventDict) -> EventDict:
    """Keep where an error happened and its type, not its message or local values: those may hold what was said."""
    if "exception" in event:
        event["exception"] = [
            {
                "type": one["exc_type"],
                "frames": [f"{at['filename']}:{at['lineno']} {at['name']}" for at in one["frames"]],
            }
            for one in event["exception"]
        ]
    return event


_FORM = (
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    # Without local values: writing them out takes minutes where all content is among them.
    structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
    _without_values,
    structlog.processors.JSONRenderer(ensure_ascii=False),
)
