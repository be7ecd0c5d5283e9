"""Where a resident is from: never needed, asked step by step, understood by old, merged, short and wrong names."""

import pytest

from bot.dialogue.state import Follows
from bot.dialogue.turn import Knowledge, SavePlaces
from tests.dialogue.talking import LATER, Talk, offered, said


def saved(talk: Talk) -> tuple[str, ...]:
    return talk.person.places


def test_the_place_is_not_asked_before_the_first_answer(know: Knowledge) -> None:
    for question in ("玉米保险咋上", "低保咋申请", "旱厕改造有钱没", "养牛有啥补贴"):
        assert Talk(know).say(question).state.waiting == ""


def test_it_is_asked_step_by_step_down_to_the_village(talk: Talk) -> None:
    assert "哪个旗县" in talk.hear("我在哪")
    assert "达拉特旗" in talk.hear("达拉特旗")
    assert saved(talk) == ("150621",)
    assert "树林召" in talk.hear("树林召镇")
    assert saved(talk) == ("150621100",)
    village = talk.know.places.children("150621100")[0]
    talk.say(village.short)
    assert saved(talk) == (village.stem,)
    assert talk.state.waiting == ""


def test_each_step_can_be_tapped(talk: Talk) -> None:
    message = talk.tap("place").message
    talk.tap(next(one.action for one in message.options if one.action == "in:1501"))
    talk.tap("in:150121")
    township = talk.know.places.children("150121")[0]
    turn = talk.tap(f"in:{township.stem}")
    assert saved(talk) == (township.stem,)
    assert "enough-place:" in offered(turn.message)
    talk.tap("enough-place:")
    assert saved(talk) == (township.stem,)


@pytest.mark.parametrize(
    "words",
    [
        "不说了",
        "不说",
        "不想说",
        "算了",
        "不用了",
        "不知道",
        "不说也行",
        "不说行吗",
        "不告诉你",
        "跳过",
        "不方便说",
        "先不说",
    ],
)
def test_one_need_not_say(talk: Talk, words: str) -> None:
    talk.say("我在哪")
    turn = talk.say(words)
    assert "不说也行" in said(turn)
    assert (saved(talk), talk.state.waiting) == ((), "")


def test_one_may_stop_half_way_and_what_was_said_stays(talk: Talk) -> None:
    talk.say("我在哪")
    talk.say("达拉特旗")
    assert "不说也行" in talk.hear("算了")
    assert saved(talk) == ("150621",)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("达旗", "150621"), ("达拉特", "150621"), ("我在达旗", "150621"), ("准旗", "150622"), ("伊旗", "150627"),
        ("乌审旗", "150626"), ("东胜", "150602"), ("鄂托克前旗", "150623"), ("阿荣旗", "150721"), ("莫旗", "150722"),
        ("科右前旗", "152221"), ("武川", "150125"), ("托县", "150122"), ("土右旗", "150221"), ("达茂旗", "150223"),
        ("萨拉齐县", "150221"), ("昆区", "150203"), ("平庄", "150403"), ("赤峰宁城", "150429"), ("海勃湾", "150302"),
        ("達拉特旗", "150621"), ("达拉特旗的", "150621"), ("是达拉特旗", "150621"), ("鄂尔多斯达旗", "150621"),
    ],
)  # fmt: skip
def test_short_old_and_merged_names_are_understood(talk: Talk, name: str, stem: str) -> None:
    talk.say("我在哪")
    talk.say(name)
    assert saved(talk) == (stem,)


@pytest.mark.parametrize(
    "name", ["伊克昭盟", "伊盟", "鄂尔多斯", "呼伦贝尔盟", "呼盟", "昭盟", "哲盟", "乌盟", "巴盟", "赤峰市"]
)
def test_a_league_leads_on_to_its_banners_and_saves_nothing_yet(talk: Talk, name: str) -> None:
    talk.say("我在哪")
    turn = talk.say(name)
    assert saved(talk) == ()
    assert any(action.startswith("in:15") and len(action) == 9 for action in offered(turn.message))


@pytest.mark.parametrize("name", ["左旗", "右旗", "前旗", "左翼后旗", "红旗"])
def test_a_name_that_several_places_have_is_asked_back(talk: Talk, name: str) -> None:
    talk.say("我在哪")
    turn = talk.say(name)
    if "哪一个" in said(turn):
        assert len(talk.state.options) >= 2
        talk.say("1")
        assert len(saved(talk)) == 1
    else:
        assert "没找到" in said(turn) or saved(talk)


@pytest.mark.parametrize("name", ["北京", "哈哈镇", "大同", "阿拉善盟呼呼旗", "月球", "榆林"])
def test_an_unknown_place_is_said_to_be_unknown_and_asked_again(talk: Talk, name: str) -> None:
    talk.say("我在哪")
    turn = talk.say(name)
    assert saved(talk) == ()
    assert "没找到" in said(turn) or "内蒙古" in said(turn) or talk.state.waiting == "place"
    assert talk.say("达旗").changes


def test_a_question_instead_of_a_place_is_answered(talk: Talk) -> None:
    talk.say("我在哪")
    assert talk.say("玉米保险咋上").programmes == ("grain-soy-insurance",)
    assert saved(talk) == ()


def test_up_to_three_places_are_kept_the_newest_first(talk: Talk) -> None:
    for stem in ("150621", "150722", "150403"):
        talk.tap(f"in:{stem}")
    assert saved(talk) == ("150403", "150722", "150621")
    talk.person = talk.person.model_copy(update={"follows": (Follows(kind="place", subject="150621"),)})
    told = said(talk.tap("in:150125"))
    assert "达拉特旗就不记了，它的日子也不提醒了" in told
    assert saved(talk) == ("150125", "150403", "150722")


def test_a_narrower_place_takes_the_place_of_the_wider(talk: Talk) -> None:
    talk.tap("in:150621")
    talk.tap("in:150621100")
    assert saved(talk) == ("150621100",)


@pytest.mark.parametrize(("before", "after", "told"), [
    ("150621", "150621100", "达拉特旗的日子照样提醒"),
    ("150621100", "150621", "树林召镇自己的不提醒了"),
])  # fmt: skip
def test_what_becomes_of_the_reminders_is_told_when_a_place_gives_way(
    talk: Talk, before: str, after: str, told: str
) -> None:
    talk.tap(f"in:{before}")
    talk.person = talk.person.model_copy(update={"follows": (Follows(kind="place", subject=before),)})
    assert told in said(talk.tap(f"in:{after}"))


@pytest.mark.parametrize("yes", ["是", "是，删掉", "删掉", "把地方删掉"])
def test_places_are_deleted_by_words_after_asking(talk: Talk, yes: str) -> None:
    talk.tap("in:150621")
    assert "达拉特旗" in talk.hear("我在哪")
    assert "不提醒了" in talk.hear("把地方删掉")
    assert saved(talk) == ("150621",)
    talk.say(yes)
    assert saved(talk) == ()
    assert talk.saved[-1] == SavePlaces(())


def test_no_digit_deletes_the_places(talk: Talk) -> None:
    talk.tap("in:150621")
    listed = [*offered(talk.tap("place").message), *(one.action for one in talk.state.more)]
    assert listed[-1] == "forget-place"
    talk.tap("forget-place")
    for digit in ("1", "2", "二"):
        talk.tap("forget-place")
        talk.say(digit)
        assert saved(talk) == ("150621",)
    assert "没删" in said(talk.say("不删了"))


def test_whether_to_delete_the_places_is_open_only_while_it_is_the_last_thing_asked(talk: Talk) -> None:
    talk.tap("in:150621")
    talk.say("把地方删掉")
    talk.say("玉米保险咋上")
    talk.say("是")
    assert saved(talk) == ("150621",)


@pytest.mark.parametrize(
    ("question", "stem"),
    [
        ("我妈在达旗，危房改造找谁", "150621"), ("鄂尔多斯创业补贴", "1506"), ("乌海种葡萄有扶持吗", "1503"),
        ("我们伊盟的低保咋办", "1506"), ("通辽养牛补贴", "1505"), ("准格尔旗修路谁管", "150622"),
    ],
)  # fmt: skip
def test_a_place_named_in_a_question_holds_for_the_talk_and_saves_nothing(talk: Talk, question: str, stem: str) -> None:
    turn = talk.say(question)
    assert talk.state.talk_place == stem
    assert not turn.changes
    talk.say("那找谁")
    assert talk.state.talk_place == stem
    talk.say("玉米保险咋上", after=LATER)
    assert talk.state.talk_place is None
    assert not [change for change in talk.saved if isinstance(change, SavePlaces)]


def test_a_place_named_in_a_question_counts_before_home(know: Knowledge) -> None:
    talk = Talk(know, "150722")
    talk.say("鄂尔多斯创业补贴")
    assert "鄂尔多斯" in talk.hear("那找谁") or talk.state.talk_place == "1506"


def test_a_card_of_a_city_is_seen_with_its_own_document_by_its_residents(know: Knowledge) -> None:
    local = [one.id for one in know.library.programmes.values() if "150600" in one.local and one.local["150600"].claims]
    assert local
    for id_ in local:
        own, others = (Talk(know, home).tap(f"card:{id_}") for home in ("150621", "150722"))
        assert "鄂尔多斯" in said(own) or said(own) != said(others)
        assert "鄂尔多斯文件" not in said(others)


@pytest.mark.parametrize(
    "garbage", ["in:99", "in:", "here:1", "here:999999", "in:15062", "enough-place:77", "in:150621100999"]
)
def test_an_action_with_a_place_that_does_not_exist_breaks_nothing(talk: Talk, garbage: str) -> None:
    assert said(talk.tap(garbage))
    assert saved(talk) == ()


@pytest.mark.parametrize("said_so", ["我在达拉特旗", "我是达旗的", "达旗"])
def test_saying_only_where_one_is_holds_for_the_talk_and_is_kept_only_if_chosen(talk: Talk, said_so: str) -> None:
    turn = talk.say(said_so)
    assert (turn.kind, turn.programmes, turn.changes) == ("chat", (), ())
    assert "达拉特旗" in said(turn)
    assert talk.state.talk_place == "150621"
    assert talk.say("1").changes == (SavePlaces(("150621",)),)
