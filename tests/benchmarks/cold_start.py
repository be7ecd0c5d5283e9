"""`mingbai ask` from a cold start, against jieba + rank_bm25 from a cold start (median of 5, seconds)."""

import subprocess
import sys
import time
from collections.abc import Iterator
from statistics import median

QUESTION = "玉米保险咋上"
RUNS = 5


def run() -> Iterator[str]:
    """Measure both, turn by turn, so that a busy machine is equally bad for both."""
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(seconds("bot", "ask", QUESTION))
        theirs.append(seconds("tests.benchmarks.baseline", QUESTION))
    mine, base = median(ours), median(theirs)
    yield f"mingbai ask: {mine:.2f} s; baseline: {base:.2f} s; ratio {mine / base:.2f}"


def seconds(module: str, *arguments: str) -> float:
    """Time one process from start to end."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", module, *arguments], check=True, capture_output=True)
    return time.perf_counter() - start
