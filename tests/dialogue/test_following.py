"""Following: what is promised is what the channel can keep; sensitive things need their own yes; stopping is easy."""

from dataclasses import replace
from datetime import date

import pytest

from bot.dialogue.state import Follows, Telling
from bot.dialogue.turn import Follow, Knowledge, Resume, Unfollow
from content.local import Local, Window
from content.message import Calendar
from tests.dialogue.talking import Talk, offered, said
from tests.dialogue.test_windows import BANNER, VILLAGE, detail, window

INSURANCE = "programme,grain-soy-insurance"


def talking(know: Knowledge, telling: Telling, *places: str, local: Local | None = None) -> Talk:
    talk = Talk(replace(know, local=local or Local()), *places)
    channel = {"sure": "telegram", "held": "wechat", "never": "web"}[telling]
    talk.person = talk.person.model_copy(update={"telling": telling, "channel": channel})
    return talk


DAYS = Local((window(where_to_go="村委会一楼", what_to_bring="身份证"),))


def test_a_card_offers_it_in_plain_words_and_says_how_it_will_come(know: Knowledge) -> None:
    talk = talking(know, "sure", VILLAGE, local=DAYS)
    assert f"remind:{INSURANCE}" in offered(talk.say("玉米保险咋上").message)
    turn = talk.say("提醒我")
    assert turn.changes == (Follow(Follows(kind="programme", subject="grain-soy-insurance"), consented=False),)
    assert "在这里发给您" in said(turn)
    assert "村里收到12月15日" in said(turn)
    assert "我的提醒" in said(turn)


def test_where_the_channel_can_not_promise_that_is_said_with_a_line_to_copy_and_a_phone(know: Knowledge) -> None:
    talk = talking(know, "held", VILLAGE, local=replace(DAYS, details=(detail("phone", "0477-1234567"),)))
    told = said(talk.tap(f"remind:{INSURANCE}"))
    assert "不一定让我先开口" in told
    assert "0477-1234567" in told
    assert "也可以抄下来：粮食大豆保险，12月15日以前去村委会一楼办，带身份证。" in told
    assert talk.state.last is not None
    assert talk.state.last.calendar == Calendar(programme="grain-soy-insurance", place=VILLAGE)


def test_the_web_page_promises_nothing_and_keeps_nothing_but_gives_a_calendar(know: Knowledge) -> None:
    talk = talking(know, "never", VILLAGE, local=replace(DAYS, details=(detail("phone", "0477-1234567"),)))
    assert f"remind:{INSURANCE}" in offered(talk.say("玉米保险咋上").message)
    turn = talk.tap(f"remind:{INSURANCE}")
    assert turn.changes == ()
    assert turn.message.calendar == Calendar(programme="grain-soy-insurance", place=VILLAGE)
    assert "没法主动找您" in said(turn)
    assert "0477-1234567" in said(turn)
    assert "提醒您" not in said(turn)


def test_the_web_page_never_says_that_it_will_remind(know: Knowledge) -> None:
    talk = talking(know, "never", VILLAGE, local=DAYS)
    heard = [said(talk.say(words)) for words in ("玉米保险咋上", "提醒我", "我的提醒", "帮助", "有啥政策")]
    heard += [said(talk.tap(f"{verb}:topic,insurance")) for verb in ("remind", "remind-quiet", "remind-named")]
    assert not any("会提醒您" in one or "告诉您" in one for one in heard)
    assert talk.saved == []


def test_without_days_the_web_page_offers_no_calendar(know: Knowledge) -> None:
    talk = talking(know, "never", VILLAGE)
    assert not any(action.startswith("remind") for action in offered(talk.say("玉米保险咋上").message))
    turn = talk.say("提醒我")
    assert turn.message.calendar is None
    assert "还没登记日子" in said(turn)


@pytest.mark.parametrize(
    ("open_one", "said_of_it"),
    [
        (window(timing="open_ended", opens_on=date(2026, 11, 1), closes_on=None), "村里正在收，没说哪天停。"),
        (window(timing="awaiting", closes_on=None, about="大概1月，等通知"), "村里：大概1月，等通知。"),
    ],
    ids=["open ended", "awaited"],
)
def test_where_nothing_fits_a_calendar_the_web_page_still_says_what_is_known(
    know: Knowledge, open_one: Window, said_of_it: str
) -> None:
    talk = talking(know, "never", VILLAGE, local=Local((open_one,)))
    talk.say("玉米保险咋上")
    turn = talk.say("提醒我")
    assert turn.message.calendar is None
    assert said_of_it in said(turn)
    assert "还没登记日子" not in said(turn)
    turn = talk.say("我的提醒")
    assert "还没登记日子" not in said(turn)
    assert said_of_it in said(talk.tap(offered(turn.message)[0]))


def test_something_sensitive_is_followed_only_after_its_own_yes(know: Knowledge) -> None:
    talk = talking(know, "sure", VILLAGE)
    turn = talk.tap("remind:programme,dibao")
    assert turn.changes == ()
    assert offered(turn.message) == ["remind-quiet:programme,dibao", "remind-named:programme,dibao", "no-remind"]
    turn = talk.say("1")
    followed = Follows(kind="programme", subject="dibao", discreet=True)
    assert turn.changes == (Follow(followed, consented=True),)
    assert "不写是什么事" in said(turn)


def test_saying_no_to_it_follows_nothing(know: Knowledge) -> None:
    talk = talking(know, "sure", VILLAGE)
    talk.tap("remind:topic,disabled")
    assert "不提醒" in said(talk.say("不用提醒"))
    assert talk.saved == []


@pytest.mark.parametrize("id_", ["dibao", "disabled-two-subsidies", "serious-illness-aid", "stub-debt-lawsuit"])
def test_low_income_disability_illness_and_debt_are_sensitive(know: Knowledge, id_: str) -> None:
    assert talking(know, "sure").tap(f"remind:programme,{id_}").changes == ()


def test_a_topic_and_all_of_a_place_are_followed_too(know: Knowledge) -> None:
    talk = talking(know, "sure", BANNER)
    assert "remind:topic,insurance" in offered(talk.tap("topic:insurance").message) + [
        option.action for option in talk.state.more
    ]
    talk.tap("remind:topic,insurance")
    turn = talk.tap(f"remind:place,{BANNER}")
    assert "低保、残疾、大病这些事不在里头" in said(turn)
    listed = talk.say("我的提醒")
    assert "“庄稼牲畜保险”这一类" in said(listed)
    assert "达拉特旗的所有日子" in said(listed)


def test_a_topic_says_which_sensitive_things_of_it_are_left_out_and_offers_their_cards(know: Knowledge) -> None:
    talk = talking(know, "sure", VILLAGE)
    turn = talk.tap("remind:topic,family")
    assert "留守困境儿童、困难老人探访、妇女关爱不在里头，要的话在那张卡上单独点。" in said(turn)
    for id_ in ("elder-visits", "left-behind-children", "women-care"):
        assert f"card:{id_}" in offered(turn.message)
        assert f"remind:programme,{id_}" in offered(talk.tap(f"card:{id_}").message)
    assert "不在里头" not in said(talk.tap("remind:topic,insurance"))
    assert "不在里头" not in said(talk.tap("remind-named:topic,disabled"))


def test_how_openly_something_sensitive_is_told_can_be_changed(know: Knowledge) -> None:
    talk = talking(know, "sure", VILLAGE)
    talk.tap("remind-quiet:programme,dibao")
    assert "remind-named:programme,dibao" in offered(talk.tap("remind:programme,dibao").message)
    talk.tap("remind-named:programme,dibao")
    assert talk.person.follows == (Follows(kind="programme", subject="dibao"),)


def test_what_is_followed_is_stopped_one_by_one_or_all_at_once(know: Knowledge) -> None:
    talk = talking(know, "sure", VILLAGE)
    for id_ in ("grain-soy-insurance", "farm-loan"):
        talk.tap(f"remind:programme,{id_}")
    assert f"unremind:{INSURANCE}" in offered(talk.say("我的提醒").message)
    turn = talk.tap(f"unremind:{INSURANCE}")
    assert turn.changes == (Unfollow(Follows(kind="programme", subject="grain-soy-insurance")),)
    assert "粮食大豆保险不提醒了" in said(turn)
    talk.tap("unremind-all")
    assert "还没让我提醒什么" in said(talk.say("取消提醒"))


def test_it_is_all_told_among_what_is_kept(know: Knowledge) -> None:
    talk = talking(know, "sure", VILLAGE)
    talk.tap(f"remind:{INSURANCE}")
    assert "您要提醒的：粮食大豆保险" in said(talk.say("记了我啥"))


def test_who_had_said_stop_and_asks_to_be_reminded_is_told_so(know: Knowledge) -> None:
    talk = talking(know, "sure", VILLAGE)
    talk.say("停")
    turn = talk.tap(f"remind:{INSURANCE}")
    assert Resume() in turn.changes
    assert "原先说过“停”" in said(turn)


def test_the_words_that_a_reminder_names_show_each_card(know: Knowledge) -> None:
    for programme in know.library.programmes.values():
        turn = talking(know, "held", VILLAGE).say(f"看{programme.short}")
        assert turn.alone or turn.state.in_hand == programme.id, programme.short  # 走失寻人 gets the phone first


@pytest.mark.parametrize("words", ["看这件事", "看看那件事", "看这个事儿"])
def test_what_a_quiet_reminder_is_about_is_shown_when_asked(know: Knowledge, words: str) -> None:
    talk = talking(know, "held", VILLAGE)
    assert "还没让我提醒什么" in said(talk.say(words))
    talk.tap("remind-quiet:programme,dibao")
    assert talk.say(words).state.in_hand == "dibao"
    talk.tap("remind-quiet:topic,disabled")
    turn = talk.say(words)
    assert offered(turn.message) == ["card:dibao", "topic:disabled"]
    assert "残疾" not in said(turn)


def test_without_a_place_it_says_what_is_missing(know: Knowledge) -> None:
    talk = talking(know, "sure")
    turn = talk.tap(f"remind:{INSURANCE}")
    assert "还不知道您在哪个旗县" in said(turn)
    assert "place" in offered(turn.message)


def test_after_the_place_is_saved_all_of_it_is_offered(know: Knowledge) -> None:
    talk = talking(know, "sure")
    talk.say("我在哪")
    talk.say("达拉特旗")
    assert f"remind:place,{BANNER}" in offered(talk.tap("enough-place:" + BANNER).message)


def test_no_more_than_thirty_things_are_followed(know: Knowledge) -> None:
    talk = talking(know, "sure", VILLAGE)
    talk.person = talk.person.model_copy(
        update={"follows": tuple(Follows(kind="programme", subject=f"thing-{number}") for number in range(30))}
    )
    assert "最多记30样" in said(talk.tap(f"remind:{INSURANCE}"))


GARBAGE = "remind:programme,nothing remind:place,999999 remind:nothing,x remind:x unremind:x remind-quiet:topic,x"


@pytest.mark.parametrize("action", GARBAGE.split())
def test_garbage_is_answered_kindly(know: Knowledge, action: str) -> None:
    talk = talking(know, "sure", VILLAGE)
    assert said(talk.tap(action))
    assert talk.saved == []


@pytest.mark.parametrize("words", ["提醒我", "到时候提醒我一下", "给我提个醒", "记到日历", "关注这个"])
def test_it_may_be_said_in_many_words(know: Knowledge, words: str) -> None:
    talk = talking(know, "sure", VILLAGE)
    talk.say("玉米保险咋上")
    assert talk.say(words).changes


def test_the_last_day_that_can_be_copied_is_one_on_which_the_office_is_open(know: Knowledge) -> None:
    local = Local((window(closes_on=date(2026, 12, 27)),))
    assert "12月25日以前办" in said(talking(know, "held", VILLAGE, local=local).tap(f"remind:{INSURANCE}"))
