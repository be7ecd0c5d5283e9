"""A search on one core with 250 to 10,000 programmes, against jieba + rank_bm25 and bm25s over the same rows."""

import gc
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles

import psutil

from bot.evaluation.peers import Bm25s, Build, RankBm25
from bot.questions import read_questions
from content.library import read_library
from content.search.engine import Search
from content.search.model import machine, trained
from content.search.rows import all_rows
from tests.benchmarks.search_grown import grown, real, stand_in

SIZES = (250, 2_500, 10_000)
ASKED = 1000
PEERS: dict[str, Build] = {"rank_bm25": RankBm25, "bm25s": Bm25s}
HEAD = ("programmes", "rows", "", "p50 ms", "p95 ms", "build s", "p95 ratio", "build ratio")


@dataclass(frozen=True)
class Speed:
    """What was measured of one search: milliseconds a question, seconds to build."""

    p50: float
    p95: float
    build: float


def run() -> Iterator[str]:
    """Measure sizes and memory. Times are of the processor, so that a busy machine doesn't count."""
    yield f"| {' | '.join(HEAD)} |"
    yield f"|{' --- |' * len(HEAD)}"
    for size in SIZES:
        yield from _size(size)
    yield from _memory()


def _size(size: int) -> Iterator[str]:
    library = grown(size)
    rows, names = all_rows(library)
    model = (trained if size <= len(real().programmes) else stand_in)(rows, names)
    asked = _asked([row.text for row in rows])
    start = time.thread_time()
    search = Search(library, machine=lambda _, __: model)
    ours = _timed(search.find, asked, time.thread_time() - start)
    yield _line(size, len(rows), "mingbai", ours, ours)
    few = asked[:: max(1, len(asked) * size // 250_000)]
    for name, build in PEERS.items():
        try:
            start = time.thread_time()
            peer = build([row.text for row in rows])
            yield _line(size, len(rows), name, _timed(peer.scores, few, time.thread_time() - start), ours)
        except ModuleNotFoundError:
            yield f"| {size} | | {name} | not installed: `uv run --group peers …` brings it | | | | |"


def _asked(texts: Sequence[str]) -> list[str]:
    """Half are questions of *tune*, half are rows with something said around them; mixed, so that a part is fair."""
    tune = [question.turns[-1] for question in read_questions("tune")]
    around = [f"请问{text}呀" for text in texts[:: max(1, len(texts) // len(tune))]]
    return [text for pair in zip(tune, around, strict=False) for text in pair][:ASKED]


def _timed(find: Callable[[str], object], asked: Sequence[str], build: float) -> Speed:
    find(asked[0])  # what is loaded at the first question is no part of a question
    took = []
    for text in asked:
        start = time.thread_time()
        find(text)
        took.append((time.thread_time() - start) * 1000)
    cuts = quantiles(took, n=20)
    return Speed(cuts[9], cuts[18], build)


def _line(size: int, rows: int, name: str, speed: Speed, ours: Speed) -> str:
    ratios = f"{ours.p95 / speed.p95:.3f} | {ours.build / speed.build:.2f}"
    return f"| {size} | {rows} | {name} | {speed.p50:.2f} | {speed.p95:.2f} | {speed.build:.2f} | {ratios} |"


def _memory() -> Iterator[str]:
    """Ask a fresh process for each."""
    ours = _grew("mingbai")
    yield f"memory of library and index: mingbai {ours:.0f} MB"
    for name in PEERS:
        theirs = _grew(name)
        yield (
            f"memory: {name} {theirs:.0f} MB; ratio {ours / theirs:.2f}" if theirs else f"memory: {name} not installed"
        )


def _grew(name: str) -> float:
    asked = subprocess.run([sys.executable, "-m", __name__, name], capture_output=True, text=True, check=False)
    return float(asked.stdout) if asked.returncode == 0 else 0.0


def _grow(name: str) -> float:
    """Load the library and build an index; how many MB this process grew by, imports aside."""
    gc.collect()
    before = psutil.Process().memory_info().rss
    library = read_library()
    texts = [row.text for row in all_rows(library)[0]]
    held = Search(library, machine=machine) if name == "mingbai" else PEERS[name](texts)
    gc.collect()
    after = psutil.Process().memory_info().rss
    del held
    return (after - before) / 1e6


if __name__ == "__main__":
    sys.stdout.write(f"{_grow(sys.argv[1])}\n")
