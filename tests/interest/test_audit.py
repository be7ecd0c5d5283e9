"""The attack on releases: it finds what can be worked out, and what it clears can't be."""

from collections import Counter
from dataclasses import replace
from itertools import product
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.interest.audit import attack, hidden_cells
from storage.interest.building import build, draft
from storage.interest.counting import Counts
from storage.interest.rule import Cell, Measure, Note, Part, Release, behind
from storage.interest.solve import Model, exposed
from storage.interest.units import group
from tests.interest.months import FRAME, NOVEMBER, TOWNS, a_month, reckoned

UNITS = group(dict.fromkeys(TOWNS, 100), FRAME.banners)
NAMES = {town: next(unit.id for unit in UNITS if town in unit.members) for town in TOWNS}


def loan(town: str) -> Cell:
    return Cell(Part.UNIT, NAMES[town], "loan", Measure.ASKED)


def lending(*counts: int) -> Counts:
    """A league where so many ask for the one loan in each of three towns, and everybody asks for something else."""
    towns = dict(zip(TOWNS[:3], counts, strict=True))
    cells = Counter({loan(town): count for town, count in towns.items()})
    cells[Cell(Part.PROGRAMME, "1506", "farm-loan", Measure.ASKED)] = sum(counts)
    cells[Cell(Part.CHANNEL, "1506", "wechat", Measure.ASKED)] = 180
    cells[Cell(Part.PROGRAMME, "1506", "grain", Measure.ASKED)] = 180
    cells |= Counter({Cell(Part.UNIT, NAMES[town], "subsidy", Measure.ASKED): 60 for town in towns})
    active = Counter({Note(Part.UNIT, NAMES[town]): 60 for town in towns})
    active |= Counter({Note(Part.BANNER, town[:6]): 60 for town in towns}) | Counter({Note(Part.LEAGUE, "1506"): 180})
    return Counts(cells, active)


def test_a_programmes_figure_that_gives_away_a_hidden_cell_is_found() -> None:
    release = draft(NOVEMBER, UNITS, lending(48, 48, 0), FRAME)
    found = attack(release, FRAME)
    assert found.broken[loan(TOWNS[2])].high == 1, "96 asked in all, and at least 48 in each of the other two"
    assert not found.impossible


def test_a_release_that_can_be_broken_is_coarsened_until_it_cannot() -> None:
    release = build(NOVEMBER, UNITS, lending(48, 48, 0), FRAME, hidden_cells)
    assert attack(release, FRAME).passed
    assert release.withheld == {Note(Part.PROGRAMME, "1506", "loan")}, "the programme goes, the towns' figures stay"
    assert release.figures[loan(TOWNS[0])] == 50


def test_what_says_no_more_than_the_rule_is_left_as_it_is() -> None:
    release = build(NOVEMBER, UNITS, lending(52, 52, 5), FRAME, hidden_cells)
    assert not release.withheld


def test_at_worst_a_unit_is_blank() -> None:
    counts = lending(48, 48, 0)

    def stubborn(release: Release, _: object) -> list[Cell]:
        return [cell for cell in release.figures if cell.part is Part.UNIT][:1]

    release = build(NOVEMBER, UNITS, counts, FRAME, stubborn)
    assert not release.figures
    assert {Note(Part.UNIT, NAMES[town]) for town in TOWNS[:3]} <= release.withheld


def test_a_sum_that_holds_more_than_what_is_shown_is_found() -> None:
    release = draft(NOVEMBER, UNITS, lending(48, 48, 5), FRAME)
    total = Cell(Part.LEAGUE, "1506", "loan", Measure.ASKED)
    told = replace(release, figures={**release.figures, total: 105})
    assert attack(told, FRAME).leaking_sums == (total,)


def test_figures_that_cannot_be_true_are_told_and_never_let_out() -> None:
    release = draft(NOVEMBER, UNITS, lending(48, 48, 5), FRAME)
    total = Cell(Part.PROGRAMME, "1506", "farm-loan", Measure.ASKED)
    false = replace(release, figures={**release.figures, total: 500})
    assert attack(false, FRAME).impossible == ("1506",)
    assert total in hidden_cells(false, FRAME)


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6), crowd=st.sampled_from([0, 40, 150, 400]))
def test_the_truth_always_fits_what_the_attacker_reckons_with(seed: int, crowd: int) -> None:
    """The system is sound: it excludes no true count, so no bound that it gives is wrong, and its builds pass."""
    marks = a_month(Random(seed), range(crowd))  # noqa: S311 - the same month for the same seed
    counts = reckoned(marks, b"k" * 32, UNITS)
    release = draft(NOVEMBER, UNITS, counts, FRAME)
    found = attack(release, FRAME)
    assert not found.impossible
    assert not found.leaking_sums
    for cell, bounds in found.broken.items():
        assert bounds.low <= counts.cells.get(cell, 0) <= bounds.high or cell.part is Part.UNIT
    assert attack(build(NOVEMBER, UNITS, counts, FRAME, hidden_cells), FRAME).passed


@settings(max_examples=25)
@given(seed=st.integers(0, 10**6))
def test_a_release_shows_no_cell_outside_the_rule(seed: int) -> None:
    counts = reckoned(a_month(Random(seed), range(300)), b"k" * 32, UNITS)  # noqa: S311 - as above
    release = build(NOVEMBER, UNITS, counts, FRAME, hidden_cells)
    for cell, figure in release.figures.items():
        if cell in counts.cells:
            low, high = behind(cell.part, figure)
            assert low <= counts.cells[cell] <= high
        assert cell.part is Part.SENSITIVE or cell.subject not in FRAME.sensitive


def looked_through(tops: list[int], rows: list[tuple[list[int], int]]) -> list[tuple[int, int]]:
    """The bounds of each number, by looking at all of them."""
    fit = [
        numbers
        for numbers in product(*(range(top + 1) for top in tops))
        if all(
            sum(weight * number for weight, number in zip(row, numbers, strict=True)) <= limit for row, limit in rows
        )
    ]
    return [(min(column), max(column)) for column in zip(*fit, strict=True)] if fit else []


@settings(max_examples=60)
@given(data=st.data())
def test_bounds_are_never_tighter_than_what_all_solutions_say(data: st.DataObject) -> None:
    """HiGHS sees fractions too, so its bounds may be wider than those of whole numbers, and never tighter."""
    tops = data.draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    row = st.tuples(st.lists(st.integers(-1, 1), min_size=len(tops), max_size=len(tops)), st.integers(0, 6))
    rows = data.draw(st.lists(row, max_size=3))
    model: Model[int] = Model()
    for name, top in enumerate(tops):
        model.number(name, 0, top, hidden=(0, top))
    for weights, limit in rows:
        model.at_most(dict(enumerate(weights)), limit)
    broken, truth = exposed(model), looked_through(tops, rows)
    for name, (low, high) in enumerate(truth):
        bounds = broken.get(name)
        assert (bounds.low if bounds else 0) <= low + 1e-6
        assert (bounds.high if bounds else tops[name]) >= high - 1e-6
    assert all(truth[name] != (0, tops[name]) for name in broken)
