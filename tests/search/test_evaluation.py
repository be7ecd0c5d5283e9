"""Measuring: intervals, stages taken out and put back, peers, and the page that is written."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.dialogue.turn import Knowledge
from bot.evaluation import plots, table
from bot.evaluation.beside import beside, phrasing_shelf
from bot.evaluation.fitting import as_wide, fit, widths
from bot.evaluation.measure import Measured, Sets
from bot.evaluation.peers import Bm25s, Peer, RankBm25, Trigram
from bot.evaluation.report import Report
from bot.evaluation.share import Share, won_and_lost
from bot.evaluation.stages import ASKING_AS_TOPIC, NO_SOUNDS, NO_SYNONYMS, STAGES, Way, with_phrasings
from bot.questions import Question, mark
from content.library import Library
from content.search import engine, rewrite
from content.search.engine import Search
from content.search.rows import all_rows

ROOT = Path(__file__).parents[2]
TEXTS = ["低保怎么申请", "玉米保险怎么买", "草原补奖什么时候发"]


@pytest.mark.parametrize(("count", "whole", "low", "high"), [(9, 10, 0.596, 0.982), (0, 10, 0.0, 0.278), (0, 0, 0, 1)])
def test_the_interval_is_wilsons(count: int, whole: int, low: float, high: float) -> None:
    assert Share(count, whole).interval == pytest.approx((low, high), abs=1e-3)


def test_two_ways_are_compared_question_by_question() -> None:
    assert won_and_lost([True, True, False, False], [True, False, True, True]) == (2, 1)


def test_what_is_taken_out_is_put_back() -> None:
    for way in STAGES:
        before = [getattr(module, name) for module, name, _ in way.replaced]
        with way.in_place():
            assert [getattr(module, name) for module, name, _ in way.replaced] == [value for *_, value in way.replaced]
        assert [getattr(module, name) for module, name, _ in way.replaced] == before


def test_without_synonyms_words_stay_as_they_were_said() -> None:
    assert rewrite.search_copy("请问苞米咋卖") == "玉米咋卖"
    with Way("", replaced=NO_SYNONYMS).in_place():
        assert rewrite.search_copy("请问苞米咋卖") == "请问苞米咋卖"


def test_without_sounds_typed_pinyin_meets_no_row(small: Library) -> None:
    with Way("", replaced=NO_SOUNDS).in_place():
        found = Search(small, weights=engine.Weights(sound=0.0)).find("dibao zenme shenqing")
    assert found.signs is not None
    assert found.signs.row < 0.1, "only letters that stand in a row (GPS) are met"


def test_asking_words_may_count_like_topic_words(small: Library) -> None:
    with Way("", replaced=ASKING_AS_TOPIC).in_place():
        rows, _ = all_rows(small)
        assert all(row.topic == row.copy for row in rows)


def test_fewer_phrasings_are_part_of_more(small: Library) -> None:
    two, five = (with_phrasings(most).library(small).programmes for most in (2, 5))
    for id_, one in small.programmes.items():
        assert len(two[id_].phrasings) == min(2, len(one.phrasings))
        assert set(two[id_].phrasings) <= set(five[id_].phrasings) <= set(one.phrasings)


def test_a_fitted_calibration_answers_as_often_as_is_asked_of_it(know: Knowledge, tune: list[Question]) -> None:
    marked = list(mark(know, tune[:200]))
    wide, fitted = widths(marked), fit(marked, know.library)
    limits = as_wide(marked, fitted, wide)
    sure = [fitted.sureness(one.found.signs) for one in marked if one.found and one.found.signs]
    assert sum(one >= limits.answer for one in sure) == wide[0]
    assert sum(one >= limits.choices for one in sure) == wide[1]


@pytest.fixture(params=[RankBm25, Bm25s, Trigram])
def peer(request: pytest.FixtureRequest) -> Peer:
    build: Callable[[list[str]], Peer] = request.param
    try:
        return build(TEXTS)
    except ModuleNotFoundError as error:
        pytest.skip(f"{error.name} is of the group `peers`")


@pytest.mark.parametrize(("asked", "best"), [("玉米保险", 1), ("怎么申请低保", 0), ("草原补奖发了没", 2)])
def test_a_peer_puts_the_near_text_first(peer: Peer, asked: str, best: int) -> None:
    assert int(peer.scores(asked).argmax()) == best


def test_a_peer_knows_nothing_of_strange_words(peer: Peer) -> None:
    assert peer.scores("xyz").max() <= 0


def test_a_peer_is_measured_on_the_same_questions(know: Knowledge, small: Library, tune: list[Question]) -> None:
    sets = Sets(know, tune[:40], tune[40:80])
    measured = beside("trigrams", Trigram, phrasing_shelf(small), sets)
    assert measured.first.whole == sum(one.kind == "answer" for one in tune[40:80]) == len(measured.right)
    assert measured.first.count <= measured.three.count


@pytest.fixture
def made() -> Report:
    one = Measured(
        "the whole, as shipped", Share(9, 10), Share(10, 10), Share(1, 10), Share(0, 4), [True] * 9 + [False]
    )
    other = Measured("no sounds", Share(8, 10), Share(9, 10), Share(1, 10), Share(0, 4), [True] * 8 + [False] * 2)
    curve = [(2.0, other), (27.4, one)]
    local = Measured("local", Share(9, 10), Share(9, 10), Share(1, 10), Share(0, 0))
    return Report("Ten questions.", [local], one, one, [other], [other], curve, ["x: y"])


def test_the_figures_are_written_between_their_marks(made: Report, tmp_path: Path) -> None:
    page = tmp_path / "search.md"
    page.write_text(f"by hand\n{table.BEGIN}\nold\n{table.END}\nby hand too\n", "utf-8")
    table.write(made, page)
    table.write(made, page)
    told = page.read_text("utf-8")
    assert told.startswith("by hand\n")
    assert told.endswith("\nby hand too\n")
    assert "old" not in told
    assert "| no sounds | 80.0 % (49–94) | 90.0 % (60–98) | 10.0 % (2–40) | 0.0 % (0–49) | +0 −1 |" in told
    assert told.count(table.BEGIN) == told.count(table.END) == 1


def test_a_page_without_the_marks_is_refused(made: Report, tmp_path: Path) -> None:
    page = tmp_path / "search.md"
    page.write_text("by hand", "utf-8")
    with pytest.raises(ValueError, match="figures belong"):
        table.write(made, page)


def test_the_figures_are_drawn_narrow_enough_for_a_phone(made: Report, tmp_path: Path) -> None:
    files = list(plots.draw(made, tmp_path))
    assert [path.name for path in files] == ["search-styles.svg", "search-stages.svg", "search-learning.svg"]
    for path in files:
        told = path.read_text("utf-8")
        width = int(told.split('width="')[1].split('"')[0])
        assert width <= 420, path


def test_the_page_holds_the_marks_and_the_figures_that_it_shows() -> None:
    page = (ROOT / "docs" / "search.md").read_text("utf-8")
    assert table.BEGIN in page
    assert table.END in page
    for name in re.findall(r"\((search-\w+\.svg)\)", page):
        assert (ROOT / "docs" / name).exists(), "run `mingbai search evaluate --report docs`"
