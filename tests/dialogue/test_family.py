"""看看哪些事跟我家有关, as a conversation."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialogue.core import reply
from bot.dialogue.state import Person, State
from bot.dialogue.turn import Asked, Knowledge, Turn
from content.answer import FIRST_MESSAGE
from content.message import Option
from content.render import as_text, said_blocks

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
END = "这不是审核。没列出的也可以去问。"
GUIDE = "看看哪些事跟我家有关"
HERDER = ["有草场，不种地", "羊", "没有", "没有", "都不是", "在村里"]
PROMISES = ("能领", "能拿", "一定", "肯定", "都有钱", "符合条件，")


class Talk:
    """One conversation, kept as it would be in storage."""

    def __init__(self, know: Knowledge, *, places: tuple[str, ...] = ()) -> None:
        self.know, self.person, self.now = know, Person(places=places, channel="console"), NOW
        self.state = State()

    def __call__(self, text: str = "", *, action: str = "") -> Turn:
        kept = State.model_validate_json(self.state.model_dump_json())
        done = reply(Asked(self.know, self.person, kept, self.now, text=text, action=action))
        self.state = done.state
        return done

    def tap(self, done: Turn, label: str) -> Turn:
        return self(action=option(done, label).action)


def option(done: Turn, label: str) -> Option:
    return next(one for one in done.message.options if one.label.startswith(label))


def labels(done: Turn) -> list[str]:
    return [one.label for one in done.message.options]


@pytest.fixture
def talk(know: Knowledge) -> Talk:
    return Talk(know)


@pytest.fixture
def finished(talk: Talk) -> Turn:
    """A herder's talk, up to the result."""
    done = talk(action="family")
    for label in HERDER:
        done = talk.tap(done, label)
    return done


@pytest.mark.parametrize(
    "said",
    [
        "跟我家有关的",
        "看看哪些事跟我家有关",
        "哪些政策跟我有关",
        "我家能办啥",
        "我能领啥",
        "俺家能享受啥政策",
        "我符合啥政策？",
    ],
)
def test_the_guide_begins_with_words(talk: Talk, said: str) -> None:
    assert "第1问" in as_text(talk(said).message)


@pytest.mark.parametrize("said", ["我能领失业金吗", "低保跟我儿子的房子有关吗", "我家能办养老保险不"])
def test_a_question_about_one_thing_does_not_begin_it(talk: Talk, said: str) -> None:
    assert "第1问" not in as_text(talk(said).message)


@pytest.mark.parametrize("way", ["help", "start", "topics"])
def test_the_guide_is_offered_in_help_at_the_start_and_among_the_topics(talk: Talk, way: str) -> None:
    assert GUIDE in labels(talk(action=way))


def test_all_topics_can_still_be_reached_behind_the_guide(talk: Talk) -> None:
    done, found = talk(action="topics"), []
    while True:
        found += [one.action for one in done.message.options if one.action.startswith("topic:")]
        if "下一页" not in labels(done):
            break
        done = talk("下一页")
    assert len(found) == sum(bool(cards) for cards in talk.know.library.by_topic.values())


def test_a_message_puts_one_question_with_answers_and_three_ways_out(talk: Talk) -> None:
    done = talk(action="family")
    assert said_blocks(done.message).count("问：") == 1
    assert labels(done)[-3:] == ["不知道", "不想说", "够了，看结果"]
    assert "您选的我不存" in said_blocks(done.message)
    assert len(said_blocks(done.message)) <= FIRST_MESSAGE


def test_numbers_taps_and_words_all_answer(talk: Talk) -> None:
    talk(action="family")
    assert "第2问" in as_text(talk("3").message)
    assert "第3问" in as_text(talk("养羊").message)
    assert "第4问" in as_text(talk("不想说").message)
    assert talk.state.guide is not None
    assert talk.state.guide.answers == {"land": "pasture", "animals": "sheep", "hard": "unsaid"}


def test_the_result_has_its_groups_in_one_screen_and_ends_that_it_is_no_check(finished: Turn) -> None:
    text = said_blocks(finished.message)
    assert "跟您有关，可以去问：" in text
    assert "还说不准：" in text
    assert "文件说的不是这类人" not in text, "no clause shuts a herder out"
    assert text.endswith(END)
    assert len(text) <= FIRST_MESSAGE
    assert labels(finished)[:2] == ["草原补奖", "养羊"]
    assert len(finished.message.options) <= 9


def test_the_answers_are_gone_when_the_result_is_shown(talk: Talk, finished: Turn) -> None:
    assert talk.state.guide is not None
    assert talk.state.guide.answers == {}
    assert "family-is" not in talk.state.model_dump_json()
    assert "您选的我不存" in said_blocks(finished.message)


def test_the_guide_counts_no_interest(finished: Turn) -> None:
    assert finished.kind == "chat"
    assert finished.programmes == ()


def test_a_long_group_is_shown_by_topic_and_leads_to_every_card(talk: Talk, finished: Turn) -> None:
    group = talk.tap(finished, "跟您有关的，全看")
    topics, cards = _every(talk, group, "family-group:"), []
    for one in topics:
        cards += [card.action for card in _every(talk, talk(action=one.action), "card:")]
    assert f"（{len(cards)}件）" in option(finished, "跟您有关的，全看").label
    assert len(cards) == len(set(cards))
    assert talk.tap(talk(action=topics[0].action), "回到结果").message == finished.message


def _every(talk: Talk, done: Turn, action: str) -> list[Option]:
    """All options of a list, page by page."""
    found = [one for one in done.message.options if one.action.startswith(action)]
    while "下一页" in labels(done):
        done = talk("下一页")
        found += [one for one in done.message.options if one.action.startswith(action)]
    return found


def test_a_card_of_the_result_opens_and_the_result_can_be_seen_again(talk: Talk, finished: Turn) -> None:
    assert talk.tap(finished, "草原补奖").programmes == ("grassland-award",)
    assert talk(action="family-result").message == finished.message


def test_how_many_conditions_are_met_is_said_only_where_clauses_state_more_than_one(talk: Talk) -> None:
    talk(action="family")
    for answer in ("land.let", "animals.none", "hard.several", "poor.dibao", "health.ill", "family.elder"):
        talk(action=f"family-is:{answer}")
    talk(action="family-enough")
    everything = labels(talk(action="family-group:concerns.family"))
    assert "困难老人探访，符合2条" in everything
    assert "养老院养老服务" in everything


def test_a_question_in_the_middle_leaves_the_guide_and_is_answered(talk: Talk) -> None:
    talk(action="family")
    talk("3")
    done = talk("自来水到户啥时候通")
    assert done.programmes
    assert talk.state.guide is None, "the answers are forgotten"


def test_a_short_text_that_is_nothing_puts_the_question_again(talk: Talk) -> None:
    talk(action="family")
    done = talk("一百来只")
    assert "没对上" in said_blocks(done.message)
    assert "第1问" in said_blocks(done.message)
    assert "第2问" in as_text(talk("1").message)


def test_pleas_and_commands_go_before_the_guide(talk: Talk) -> None:
    talk(action="family")
    assert "110" in as_text(talk("我男人打我，快救救我").message)
    assert talk.state.guide is None
    talk(action="family")
    assert "不主动给您发" in as_text(talk("停").message)
    assert talk.state.guide is None


def test_a_number_off_the_list_keeps_the_guide(talk: Talk) -> None:
    talk(action="family")
    talk("15")
    assert "第2问" in as_text(talk("1").message)


def test_an_answer_from_an_old_message_goes_back_and_drops_what_it_makes_moot(talk: Talk) -> None:
    talk(action="family")
    talk(action="family-is:land.field")
    talk(action="family-is:crop.corn")
    talk(action="family-is:land.none")
    assert talk.state.guide is not None
    assert talk.state.guide.answers == {"land": "none"}


def test_an_answer_after_the_result_begins_anew_with_it(talk: Talk, finished: Turn) -> None:
    assert "第2问" in as_text(talk(action="family-is:land.field").message)


@pytest.mark.parametrize("action", ["family-is:land.sea", "family-is:moon.own", "family-is:land", "family-is:"])
def test_an_answer_that_does_not_exist_is_no_fault(talk: Talk, action: str) -> None:
    talk(action="family")
    assert talk(action=action).message.blocks


@pytest.mark.parametrize("action", ["family-enough", "family-result", "family-group:concerns", "family-group:x.y"])
def test_an_action_without_a_guide_begins_it(talk: Talk, action: str) -> None:
    assert "第1问" in as_text(talk(action=action).message)


def test_who_stops_at_once_is_told_that_all_is_open(talk: Talk) -> None:
    talk(action="family")
    text = said_blocks(talk("够了").message)
    assert "跟您有关，可以去问" not in text
    assert "还说不准" in text
    assert text.endswith(END)


def test_after_half_an_hour_the_guide_is_forgotten(talk: Talk) -> None:
    talk(action="family")
    talk("3")
    talk.now += timedelta(minutes=31)
    assert "第1问" in as_text(talk(action="family-enough").message)


def test_where_the_home_is_known_the_place_counts_and_is_not_asked(know: Knowledge) -> None:
    def cards(*places: str) -> set[str]:
        talk = Talk(know, places=places)
        talk(action="family")
        talk(action="family-is:animals.sheep")
        talk(action="family-enough")
        assert talk.state.guide is not None
        return {id_ for rows in talk.state.guide.found.values() for id_, _ in rows}

    assert "ordos-cashmere" in cards("150621")
    assert "ordos-cashmere" not in cards("150304")
    assert "ordos-cashmere" in cards()


def test_a_townsman_sees_the_third_group(talk: Talk) -> None:
    talk(action="family")
    talk(action="family-is:moved.town")
    done = talk(action="family-enough")
    assert "文件说的不是这类人：1件" in said_blocks(done.message)
    assert "宅基地" in labels(talk.tap(done, "不是这类人的"))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_tapped_it_ends_and_promises_nothing(know: Knowledge, data: st.DataObject) -> None:
    talk = Talk(know)
    done = talk(action="family")
    for _ in range(10):
        assert len(done.message.options) <= 9
        assert not any(word in as_text(done.message) for word in PROMISES)
        if not any(one.action.startswith("family-is") for one in done.message.options):
            break
        done = talk(action=data.draw(st.sampled_from(done.message.options)).action)
    assert said_blocks(done.message).endswith(END)
    assert len(said_blocks(done.message)) <= FIRST_MESSAGE
