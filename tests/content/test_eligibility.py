"""看看哪些事跟我家有关: what clauses state, what a household answers, and what follows."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.eligibility import (
    MOST_QUESTIONS,
    PLACE,
    UNKNOWN,
    UNSAID,
    Bearing,
    Household,
    Matter,
    consistent,
    enough,
    for_everyone,
    grouped,
    heard,
    judge,
    matters,
    next_question,
)
from content.library import Library, read_library
from content.programme import Programme, Standing
from content.tables import Fact

CONTENT = read_library()
PROGRAMMES = matters(CONTENT, None)
FACTS = CONTENT.facts
Answer = Callable[[Fact], str]


def asked(answer: Answer, *, place: str | None = None) -> dict[str, str]:
    """Go through the guide to its end."""
    answers: dict[str, str] = {}
    among = matters(CONTENT, place)
    while (fact := next_question(among, Household(answers, FACTS))) is not None:
        assert fact.id not in answers, "a question is put once"
        assert all(answers[needed] in wanted for needed, wanted in fact.needs.items()), "its needs come first"
        answers[fact.id] = answer(fact)
    return answers


def bearings(answers: dict[str, str], among: tuple[Matter, ...] = PROGRAMMES) -> dict[str, Bearing]:
    household = Household(answers, FACTS)
    return {one.programme.id: judge(one, household).bearing for one in among}


ANSWERS = st.fixed_dictionaries(
    {}, optional={fact.id: st.sampled_from([*fact.answers, UNKNOWN, UNSAID]) for fact in FACTS.values()}
)


# --- properties, over the content as it is


@settings(max_examples=60)
@given(st.data())
def test_the_guide_ends_within_ten_questions_whatever_is_answered(data: st.DataObject) -> None:
    answers = asked(lambda fact: data.draw(st.sampled_from([*fact.answers, UNKNOWN, UNSAID])))
    assert len(answers) <= MOST_QUESTIONS


@given(ANSWERS)
def test_nobody_is_shut_out_without_an_excluding_clause(answers: dict[str, str]) -> None:
    excluding = {one.programme.id for one in PROGRAMMES if any(each.excludes for each in one.programme.conditions)}
    shut_out = {id_ for id_, bearing in bearings(answers).items() if bearing is Bearing.NOT_MEANT}
    assert shut_out <= excluding


@pytest.mark.parametrize("nothing", [UNKNOWN, UNSAID])
def test_who_tells_nothing_is_shut_out_of_nothing_and_everything_stays_open(nothing: str) -> None:
    assert set(bearings(asked(lambda _: nothing)).values()) == {Bearing.UNCLEAR}


@given(ANSWERS)
def test_a_programme_stands_in_one_group_at_most(answers: dict[str, str]) -> None:
    household = Household(answers, FACTS)
    groups = grouped([judge(one, household) for one in PROGRAMMES], FACTS)
    listed = [one.matter.programme.id for rows in groups.values() for one in rows]
    assert len(listed) == len(set(listed)) == len(PROGRAMMES)


@given(ANSWERS, st.randoms())
def test_the_order_of_the_answers_changes_nothing(answers: dict[str, str], random: st.randoms) -> None:  # type: ignore[valid-type]
    shuffled = list(answers.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    other = dict(shuffled)
    assert bearings(answers) == bearings(other)
    assert next_question(PROGRAMMES, Household(answers, FACTS)) == next_question(PROGRAMMES, Household(other, FACTS))


@given(ANSWERS)
def test_what_is_settled_stays_settled_when_more_is_told(answers: dict[str, str]) -> None:
    answers = consistent(answers, FACTS)
    fewer = dict(list(answers.items())[:-1])
    settled = {id_: one for id_, one in bearings(fewer).items() if one not in (Bearing.UNCLEAR,)}
    assert settled.items() <= bearings(answers).items()


def test_a_step_takes_less_than_two_milliseconds_for_four_hundred_programmes() -> None:
    many = (PROGRAMMES * 4)[:400]
    best = min(_seconds(lambda: next_question(many, Household({}, FACTS))) for _ in range(30))
    assert best < 0.002


def _seconds(step: Callable[[], object]) -> float:
    begun = time.perf_counter()
    step()
    return time.perf_counter() - begun


# --- the table of questions


def test_the_questions_fit_a_numbered_list_and_say_what_they_need_before() -> None:
    assert len(FACTS) <= 25
    seen: set[str] = set()
    for fact in FACTS.values():
        assert len(fact.answers) <= 6, f"{fact.id}: with 不知道, 不想说 and 够了 more than nine can't be numbered"
        assert set(fact.needs) <= seen, f"{fact.id}: what it needs stands before it"
        assert not {UNKNOWN, UNSAID} & set(fact.answers)
        seen.add(fact.id)


def test_every_question_is_rested_on_by_a_programme() -> None:
    used = {one.fact for programme in CONTENT.programmes.values() for one in programme.conditions}
    assert used | {PLACE} == set(FACTS)


def test_hard_questions_say_that_they_need_no_answer() -> None:
    assert all(FACTS[name].question.startswith("这个不说也行") for name in ("hard", "poor", "health"))


# --- what conditions mean, on a small content of our own

LAND = Fact(id="land", question="种地吗？", answers={"own": "种", "none": "不种"})
CROP = Fact(
    id="crop", question="种啥？", answers={"corn": "玉米", "soy": "大豆", "several": "都种"}, needs={"land": ("own",)}
)
HARD = Fact(
    id="hard", question="有难处吗？", answers={"ill": "病", "poor": "穷", "several": "不止一样", "none": "没有"}
)
HEALTH = Fact(id="health", question="哪样？", answers={"ill": "病", "none": "没"}, needs={"hard": ("several",)})
RARE = Fact(id="rare", question="？", answers={letter: letter for letter in "abcdef"})
SMALL = {fact.id: fact for fact in (FACTS[PLACE], LAND, CROP, HARD, HEALTH, RARE)}


def programme(
    id_: str, *conditions: tuple[str, list[str], str] | tuple[str, list[str], str, bool], **more: object
) -> Programme:
    rows = [
        {
            "fact": row[0],
            "any": row[1],
            "source": {"doc": "d", "clause": "1", "quote": row[2]},
            "excludes": row[3:] == (True,),
        }
        for row in conditions
    ]
    plain: dict[str, object] = {
        "topic": "farming",
        "name": "一件事",
        "short": "一件事",
        "places": ["150000"],
        "standing": "in_force",
    }
    plain |= {"ask": ["village-committee"], "phrasings": ["咋办"], "checked_on": date(2026, 11, 22)}
    return Programme.model_validate({**plain, "id": id_, "conditions": rows, **more})


def library(*programmes: Programme) -> Library:
    return replace(CONTENT, programmes={one.id: one for one in programmes}, facts=SMALL)


def bearing(one: Programme, at: str | None = None, **answers: str) -> Bearing | None:
    found = matters(library(one), at)
    return judge(found[0], Household(answers, SMALL)).bearing if found else None


def test_a_condition_is_met_open_or_names_others() -> None:
    soy = programme("soy", ("crop", ["soy"], "大豆生产者"))
    assert bearing(soy) is Bearing.UNCLEAR
    assert bearing(soy, land="own", crop="soy") is Bearing.CONCERNS
    assert bearing(soy, land="own", crop="corn") is Bearing.OTHERS


def test_only_a_clause_that_excludes_shuts_people_out() -> None:
    assert bearing(programme("x", ("land", ["own"], "严禁给别人", True)), land="none") is Bearing.NOT_MEANT
    assert bearing(programme("x", ("land", ["own"], "严禁给别人", True)), land=UNKNOWN) is Bearing.UNCLEAR


def test_kinds_of_people_in_one_quote_are_alternatives_and_quotes_add_up() -> None:
    either = programme("either", ("land", ["own"], "农民和病人"), ("hard", ["ill"], "农民和病人"))
    both = programme("both", ("land", ["own"], "农民同时"), ("hard", ["ill"], "又是病人"))
    assert bearing(either, land="none", hard="ill") is Bearing.CONCERNS
    assert bearing(both, land="none", hard="ill") is Bearing.OTHERS
    assert bearing(both, land="own") is Bearing.UNCLEAR


def test_what_another_answer_rules_out_is_not_met() -> None:
    assert bearing(programme("soy", ("crop", ["soy"], "大豆生产者")), land="none") is Bearing.OTHERS


def test_several_stays_open_unless_a_question_goes_into_it() -> None:
    assert bearing(programme("soy", ("crop", ["soy"], "大豆生产者")), land="own", crop="several") is Bearing.UNCLEAR
    ill = programme("ill", ("hard", ["ill"], "得大病的人"), ("health", ["ill"], "得大病的人"))
    assert bearing(ill, hard="several") is Bearing.UNCLEAR
    assert bearing(ill, hard="several", health="none") is Bearing.OTHERS
    assert bearing(ill, hard="several", health="ill") is Bearing.CONCERNS


@pytest.mark.parametrize(
    ("place", "answer", "expected"),
    [
        ("150621", None, Bearing.CONCERNS),
        ("1506", None, Bearing.CONCERNS),
        ("1503", None, None),
        ("15", None, Bearing.UNCLEAR),
        (None, None, Bearing.UNCLEAR),
        (None, "150600", Bearing.CONCERNS),
        (None, "150300", Bearing.OTHERS),
        (None, "150000", Bearing.OTHERS),
    ],
)
def test_programmes_of_other_cities_drop_out_once_the_place_is_known(
    place: str | None, answer: str | None, expected: Bearing | None
) -> None:
    ordos = programme("ordos", ("land", ["own"], "种地的人"), places=["150600"])
    told = {PLACE: answer} if answer else {}
    assert bearing(ordos, place, land="own", **told) is expected


def test_a_programme_of_one_banner_stays_open_when_only_its_city_is_known() -> None:
    banner = programme("banner", ("land", ["own"], "种地的人"), places=["150621"])
    assert bearing(banner, None, land="own", place="150600") is Bearing.UNCLEAR
    assert bearing(banner, "1506", land="own") is Bearing.UNCLEAR
    assert bearing(banner, "150622", land="own") is None


def test_what_has_no_document_or_is_over_is_left_out() -> None:
    over = programme("over", ("land", ["own"], "种地的人"), standing=Standing.ENDED)
    everyone = programme("everyone")
    assert matters(library(over, everyone), None) == ()
    assert for_everyone(library(over, everyone), None) == 1


def test_a_question_that_halves_comes_before_one_that_is_hardly_ever_met() -> None:
    halves = [programme(f"half-{n}", ("land", ["own"], "种地的人")) for n in range(8)]
    rare = [programme(f"rare-{n}", ("rare", ["a"], "少见的人")) for n in range(9)]
    fact = next_question(matters(library(*halves, *rare), None), Household({}, SMALL))
    assert fact is LAND


def test_a_question_goes_into_the_last_answer_before_another_subject_begins() -> None:
    crops = [programme(f"crop-{n}", ("crop", ["soy"], "大豆生产者")) for n in range(12)]
    halves = [programme(f"hard-{n}", ("hard", ["ill", "poor"], "有难处的人")) for n in range(20)]
    fact = next_question(matters(library(*crops, *halves), None), Household({"land": "own"}, SMALL))
    assert fact is CROP


def test_nothing_is_asked_that_settles_next_to_nothing() -> None:
    assert (
        next_question(matters(library(programme("one", ("land", ["own"], "种地的人"))), None), Household({}, SMALL))
        is None
    )


def test_what_few_others_share_stands_before_what_anybody_with_a_field_has() -> None:
    common = programme("common", ("land", ["own"], "种地的人"))
    special = programme("special", ("rare", ["a"], "少见的人"))
    household = Household({"land": "own", "rare": "a"}, SMALL)
    groups = grouped([judge(one, household) for one in matters(library(common, special), None)], SMALL)
    assert [one.matter.programme.id for one in groups[Bearing.CONCERNS]] == ["special", "common"]


# --- answers in words


@pytest.mark.parametrize(
    ("fact", "text", "answer"),
    [
        ("animals", "养羊", "sheep"),
        ("animals", "牛羊都有", "both"),
        ("animals", "我家养牛的", "cattle"),
        ("animals", "有几只羊", "sheep"),
        ("animals", "没羊", None),
        ("animals", "没有", "none"),
        ("land", "没有", "none"),
        ("border", "是的", "yes"),
        ("border", "不是", "no"),
        ("role", "村干部", "cadre"),
        ("hard", "低保", "aid"),
        ("crop", "不清楚", UNKNOWN),
        ("crop", "不想说", UNSAID),
        ("animals", "养牛有啥补贴", None),
        ("land", "地", None),
    ],
)
def test_an_answer_may_be_typed(fact: str, text: str, answer: str | None) -> None:
    assert heard(FACTS[fact], text) == answer


def test_the_result_may_be_asked_for_in_words() -> None:
    assert enough("够了，看结果")
    assert not enough("够吃吗")


# --- eight households, read with their eyes

NOBODY = {
    fact.id: next((one for one in fact.answers if one in ("none", "no", "fine")), UNKNOWN) for fact in FACTS.values()
}
NOBODY |= {PLACE: "150000", "moved": "village"}
HOUSEHOLDS: dict[str, tuple[dict[str, str], set[str], set[str]]] = {
    "a herder with sheep and pasture in Ordos": (
        {PLACE: "150600", "land": "pasture", "animals": "sheep"},
        {"grassland-award", "sheep", "grass-livestock-balance", "grazing-ban", "livestock-insurance", "barns"},
        {"soil-subsidy", "grain-soy-insurance", "village-doctor-pay", "dibao", "dairy-cows"},
    ),
    "an old couple on dibao": (
        {"land": "let", "hard": "several", "poor": "dibao", "health": "ill", "family": "elder"},
        {"dibao", "serious-illness-aid", "elder-care", "elder-visits", "temporary-aid", "land-transfer"},
        {"left-behind-children", "grain-soy-insurance", "household-award"},
    ),
    "a returning graduate": (
        {"land": "field", "crop": "corn", "work": "back", "role": "graduate"},
        {"return-startup", "hukou-return", "college-village-doctor", "grassroots-service", "producer-subsidy"},
        {"sheep", "village-doctor-pay", "dibao", "grassland-award"},
    ),
    "a migrant worker with parents and a child at home": (
        {"land": "let", "work": "away", "family": "both", "school": "pupil"},
        {"labour-service", "migrant-wages", "medical-insurance-away", "left-behind-children", "skill-training"},
        {"barns", "pest-control", "dibao", "gig-workers"},
    ),
    "a dairy farmer": (
        {"land": "field", "crop": "other", "cash": "forage", "animals": "cattle", "cattle": "dairy"},
        {"dairy-cows", "traditional-dairy", "breeding-subsidy", "livestock-insurance", "manure"},
        {"beef-cattle", "sheep", "cow-expansion", "grassland-award"},
    ),
    "the head of a co-op": (
        {"land": "both", "crop": "corn", "animals": "both", "cattle": "beef", "role": "coop"},
        {"coop-support", "leader-training", "primary-processing", "cow-expansion", "sheep", "grain-soy-insurance"},
        {"village-doctor-pay", "dibao", "dairy-cows"},
    ),
    "a village doctor": (
        {"land": "field", "crop": "corn", "role": "doctor"},
        {"village-doctor-pay", "health-worker-training", "soil-subsidy"},
        {"coop-support", "cadre-pay", "barns"},
    ),
    "a listed family with a disabled child": (
        {"land": "field", "crop": "corn", "hard": "several", "poor": "listed", "health": "disabled", "family": "child"},
        {"disabled-two-subsidies", "disabled-care", "no-labour-help", "household-award", "public-welfare-jobs"},
        {"serious-illness-aid", "elder-care", "tekun"},
    ),
}


@pytest.mark.parametrize("household", HOUSEHOLDS)
def test_a_household_is_led_to_what_may_concern_it_and_not_to_what_names_others(household: str) -> None:
    own, concerns, others = HOUSEHOLDS[household]
    truth = NOBODY | own
    answers = asked(lambda fact: truth[fact.id])
    assert 3 <= len(answers) <= 9
    found = bearings(answers)
    assert {id_ for id_ in concerns if found[id_] is not Bearing.CONCERNS} == set()
    assert {id_ for id_ in others if found[id_] in (Bearing.CONCERNS, Bearing.NOT_MEANT)} == set()


def test_a_townsman_is_told_that_the_clause_on_house_plots_shuts_him_out() -> None:
    assert bearings({"moved": "town"})["homestead-rights"] is Bearing.NOT_MEANT
    assert bearings({"moved": "settled"})["homestead-rights"] is Bearing.CONCERNS
