"""Faults that come by themselves, from a seed: most calls go well, some don't, and now and then a storm comes."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tests.fakes.telegram.faults import Fault, Faults

LONG = 60.0
"""Seconds for which who hangs hangs: longer than any caller waits."""

SINGLE = (
    Fault("lose_answer"),
    Fault("late", seconds=0.3),
    Fault("late", seconds=LONG),
    Fault("drip", seconds=0.5),
    Fault("drip", seconds=LONG),
    Fault("hang", seconds=LONG),
    Fault("reset"),
    Fault("error", code=400, description="Bad Request: message is too long"),
    Fault("error", code=403, description="Forbidden: bot was blocked by the user"),
    Fault("error", code=500, description="Internal Server Error"),
    Fault("html", code=502),
    Fault("garbled", code=200),
)
"""What befalls one call."""

STORMS = (
    Fault("error", code=429, description="Too Many Requests: retry after 1", retry_after=1),
    Fault("error", code=502, description="Bad Gateway"),
    Fault("reset"),
    Fault("lose_answer"),
)
"""What befalls several calls, one after the other: a flood limit, an outage, a line that breaks after each answer."""

LEAVES_UNSURE = ("lose_answer", "late", "drip", "hang", "reset", "html", "garbled")
"""The kinds after which the caller may not know whether its message was taken; an error with a 5xx is another."""


class Weather(Faults):
    """`share`: of the calls of `method` that go wrong by themselves, and two surely; `storms`: how many of those come.

    The two, and the first storm, are others for the next seed, so that a few seeds in a row have seen everything.

    `seen` counts what befell, by kind and code; `unsure` by chat the calls that may have left the caller unsure.
    """

    def __init__(self, seed: int, share: float, storms: int, *, method: str = "sendmessage") -> None:
        super().__init__()
        self.seen: Counter[str] = Counter()
        self.unsure: Counter[int] = Counter()
        self._dice = random.Random(seed)  # noqa: S311 - a seed to repeat a round, no secret
        self._seed, self._share, self._storms, self._method = seed, share, storms, method
        self._storm: Fault | None = None
        self._until_storm = self._dice.randint(3, 15)
        sure = (SINGLE[(2 * seed + which) % len(SINGLE)] for which in range(2)) if share else ()
        self._certain = {self._dice.randint(2 + 8 * which, 9 + 8 * which): one for which, one in enumerate(sure)}
        self._calls = 0

    def take(self, method: str, chat: int | None) -> Fault | None:
        """The fault of this call, if it has one."""
        if method != self._method:
            return super().take(method, chat)
        self._calls += 1
        fault = self._certain.get(self._calls) or self._of_a_storm() or self._of_its_own(SINGLE)
        if fault is not None:
            self.seen[f"{fault.kind} {fault.code}" if fault.kind == "error" else fault.kind] += 1
            if fault.kind in LEAVES_UNSURE or fault.code >= 500:
                self.unsure[chat or 0] += 1
        return fault

    def _of_a_storm(self) -> Fault | None:
        if self._storm is None and self._storms:
            self._until_storm -= 1
            if self._until_storm <= 0:
                self._storms -= 1
                kind = STORMS[(self._seed + self._storms) % len(STORMS)]
                self._storm = replace(kind, times=self._dice.randint(2, 6))
                self._until_storm = self._dice.randint(10, 40)
        fault, self._storm = self._storm, None
        if fault is not None and fault.times > 1:
            self._storm = replace(fault, times=fault.times - 1)
        return fault

    def _of_its_own(self, faults: Sequence[Fault]) -> Fault | None:
        return self._dice.choice(faults) if self._dice.random() < self._share else None
