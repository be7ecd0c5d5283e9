"""Logs: one JSON object a line, a fixed event name, ids as fields; never a text, an address or a topic."""

import logging
import sys

import structlog
from structlog.tracebacks import ExceptionDictTransformer


def configure(level: str) -> None:
    """Set the level and the form of all logs. Uvicorn's access log is off: it would hold addresses and paths."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    logging.basicConfig(level=number, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
    logging.getLogger("uvicorn.access").disabled = True
    for chatty in ("httpx", "apscheduler", "procrastinate"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)  # would write out an update that it can't read
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(number),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Without local values: writing them out takes minutes where all content is among them.
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            _without_values,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _without_values(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
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
