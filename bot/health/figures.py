"""What one process counts while it runs, for Prometheus."""

from datetime import datetime

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram, PlatformCollector, ProcessCollector

from content.message import Message
from scheduler.sending import Outcome, Sender, Sent

log = structlog.get_logger()

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 5.0, 10.0)


class Figures:
    """One a process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self._questions = Counter(
            "mingbai_questions",
            "Messages of residents that were answered, by the band of the answer; pleas for help are not counted",
            ("channel", "band"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "mingbai_answer_seconds",
            "From taking a message to its answer, without the way to the platform",
            ("channel",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self._deliveries = Counter(
            "mingbai_deliveries",
            "Tries to send what nobody asked for just now, by outcome",
            ("channel", "outcome"),
            registry=self.registry,
        )

    def answered(self, channel: str, band: str, seconds: float) -> None:
        """Count an update (bot.pipeline.Watch); one that came again, or a plea, only by its seconds."""
        self._seconds.labels(channel).observe(seconds)
        if band:
            self._questions.labels(channel, band).inc()

    def tried(self, channel: str, outcome: Outcome) -> None:
        """Count a try to send."""
        self._deliveries.labels(channel, type(outcome).__name__.lower()).inc()

    def watching(self, channel: str, sender: Sender) -> Sender:
        """Return a sender that does the same, counted and logged by the delivery's number."""
        return _Watched(self, channel, sender)


class _Watched:
    def __init__(self, figures: Figures, channel: str, sender: Sender) -> None:
        self._figures, self._channel, self._sender = figures, channel, sender

    async def send(self, account: str, address: str, message: Message, *, delivery_id: int, now: datetime) -> Outcome:
        """See `Sender`."""
        outcome = await self._sender.send(account, address, message, delivery_id=delivery_id, now=now)
        self._figures.tried(self._channel, outcome)
        tell = log.debug if isinstance(outcome, Sent) else log.info
        tell("delivery_tried", delivery=delivery_id, channel=self._channel, outcome=type(outcome).__name__)
        return outcome
