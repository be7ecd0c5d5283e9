"""A process that has everything loaded, and forks the ones that are killed: `python -m tests.proof.faults.nursery`.

Each line of its standard input is an order (see `Order`), each line of its output the number of the process that it
made. So a worker is there in a moment instead of seconds, and is otherwise what `mingbai worker` is. When the input
ends, whatever is left is killed.
"""

import gc
import json
import os
import signal
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from typing import Literal

from scheduler import clock

What = Literal["worker", "clock", "fake"]

QUICK = {"bot.channels.telegram.line.TIMEOUT": 5, "scheduler.broadcast.outcomes.AGAIN": timedelta(seconds=1)}
"""What a quick round waits for less long: an answer that does not come, and the next try of an unsure urgent one."""

LOADED = (
    "bot.app",
    "bot.background",
    "bot.channels.telegram.door",
    "bot.clock_commands",
    "bot.speaking",
    "tests.fakes.telegram.alone",
)

_real = clock.now
_ahead = timedelta()


@dataclass(frozen=True)
class Order:
    """A process to make: `settings` of `mingbai`, or a server's plan as JSON; `ahead`: seconds of its clock."""

    what: What
    settings: dict[str, str]
    out: str
    ahead: float = 0.0
    quick: bool = True
    plan: str = ""


def _now() -> datetime:
    return _real() + _ahead


def load() -> None:
    """Load what the processes need, which takes seconds, on a clock that each may set.

    The content too is read once: no fault touches it, and each process would read the same for a second.
    """
    clock.now = _now
    for module in LOADED:
        import_module(module)
    from bot import knowledge
    from bot.dialogue.turn import Service

    built = knowledge.knowledge(Service("试验嘎查村委会", "12345"))
    knowledge.knowledge = lambda *_, **__: built
    gc.freeze()  # so that the children copy none of it


def serve() -> None:
    """Make what is ordered until nothing more is."""
    made = []
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries them
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            live(Order(**json.loads(line)))
        made.append(child)
        print(child, flush=True)
    for child in made:
        try:
            os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            continue


def live(order: Order) -> None:
    """Be what was ordered. Never returns."""
    global _ahead  # noqa: PLW0603 - this process has one clock
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    out = os.open(order.out, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    for number, handle in enumerate((os.open(os.devnull, os.O_RDONLY), out, out)):
        os.dup2(handle, number)
    os.environ.update(order.settings)
    _ahead = timedelta(seconds=order.ahead)
    if order.quick:
        _hurry()
    _be(order)
    sys.stdout.flush()
    os._exit(0)


def _hurry() -> None:
    for name, value in QUICK.items():
        module, _, constant = name.rpartition(".")
        setattr(sys.modules[module], constant, value)


def _be(order: Order) -> None:
    if order.what == "fake":
        from tests.fakes.telegram.alone import Plan, main

        main(Plan(**json.loads(order.plan)))
        return
    from bot import clock_commands

    command = clock_commands.clock if order.what == "clock" else clock_commands.worker
    command.main([], standalone_mode=False)


if __name__ == "__main__":
    load()
    print("ready", flush=True)
    serve()
