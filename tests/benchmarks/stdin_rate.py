"""`mingbai ask --stdin` on one core, against jieba + rank_bm25 on one core (questions a second, start left out)."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator

from content.library import read_library

QUESTIONS = 1500


def run() -> Iterator[str]:
    """Time few and many questions; the difference leaves the start out."""
    ours = rate([sys.executable, "-m", "bot", "ask", "--stdin"], QUESTIONS)
    theirs = rate([sys.executable, "-m", "tests.benchmarks.baseline"], QUESTIONS // 10)
    yield f"mingbai ask --stdin: {ours:.0f} a second; baseline: {theirs:.0f} a second; ratio {ours / theirs:.1f}"


def rate(command: list[str], count: int) -> float:
    """Questions a second on one core."""
    few = seconds(command, count // 10)
    many = seconds(command, count)
    return (count - count // 10) / (many - few)


def seconds(command: list[str], count: int) -> float:
    """Time one process answering `count` phrasings, each a little changed, so that no cache helps."""
    phrasings = [text for one in read_library().programmes.values() for text in one.phrasings]
    step = max(1, len(phrasings) // count)
    lines = [json.dumps({"id": n, "turns": [f"请问{text}呀"]}) for n, text in enumerate(phrasings[::step][:count])]
    one_core = {min(os.sched_getaffinity(0))}
    start = time.perf_counter()
    subprocess.run(
        command,
        input="\n".join(lines),
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, one_core),
    )
    return time.perf_counter() - start
