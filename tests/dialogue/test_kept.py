"""First contact, what is kept, erase, stop: with words, never by a slip; and children, of whom nothing is kept."""

from dataclasses import replace

import pytest

from bot.dialogue.help import welcome
from bot.dialogue.state import Follows, Handed, Person, State
from bot.dialogue.turn import Asked, Erase, Knowledge, Resume, Stop, Welcomed
from bot.dialogue.young import young
from content.render import said_blocks
from tests.dialogue.talking import LATER, NOW, Talk, offered, said


def test_first_contact_names_who_runs_this_what_is_kept_how_to_erase_it_and_a_phone(know: Knowledge) -> None:
    words = said_blocks(welcome(Asked(know, Person(), State(), NOW)))
    for told in ("试验村委会", "我是机器", "不记您问的话", "删掉我的记录", "0477-1234567"):
        assert told in words
    assert len(words) <= 200


def test_beginning_without_a_question_welcomes_and_shows_ways_in(talk: Talk) -> None:
    turn = talk.tap("start")
    assert turn.changes == (Welcomed(),)
    assert {"topics", "help"} <= set(offered(turn.message))


@pytest.mark.parametrize(
    "word", ["记了我什么", "你存了我啥", "我的信息", "隐私", "记了我啥", "你都记了我些啥", "留了我什么信息"]
)
def test_everything_that_is_kept_is_told(know: Knowledge, word: str) -> None:
    talk = Talk(know, "150621")
    talk.say("玉米保险咋上")
    reply = talk.say(word)
    for told in ("达拉特旗", "2026年11月22日", "粮食大豆保险", "24小时", "7天", "一句也没有存"):
        assert told in said(reply)
    assert "erase" in offered(reply.message)


def test_what_is_kept_of_nobody_is_told_where_it_is_kept(know: Knowledge) -> None:
    learns = replace(know, service=replace(know.service, learns=True))
    assert "30天，不记是谁问的" in said_blocks(welcome(Asked(learns, Person(), State(), NOW)))
    assert len(said_blocks(welcome(Asked(learns, Person(), State(), NOW)))) <= 200
    for talk in (Talk(learns), Talk(learns, "150621")):
        assert "没答上来的政策问题，可能留30天" in talk.hear("记了我什么")


def test_of_nobody_nothing_is_kept_and_that_is_told(talk: Talk) -> None:
    talk.person = talk.person.model_copy(update={"since": None})
    assert "什么都没记" in talk.hear("记了我什么")


@pytest.mark.parametrize(
    "word",
    [
        "删掉我的记录",
        "删除我的信息",
        "把我的记录都删了",
        "清空",
        "把我的信息全删掉",
        "忘了我",
        "帮我删掉所有记录",
        "删掉",
        "删了吧",
        "注销",
        "刪掉我的記錄",
        "把我忘了",
        "把我删了",
        "清除我的数据",
    ],
)
def test_erasing_is_asked_once_more_and_done_by_the_same_word(talk: Talk, word: str) -> None:
    assert "找不回来" in talk.hear(word)
    assert not talk.saved
    assert "都删掉了" in talk.hear(word)
    assert talk.saved == [Erase()]
    assert talk.state.in_hand is None


@pytest.mark.parametrize(
    "word", ["是，删掉", "是", "对", "确定", "确认", "删", "是的", "好的删吧", "嗯删掉", "删吧", "行，删"]
)
def test_yes_erases(talk: Talk, word: str) -> None:
    talk.say("删掉我的记录")
    talk.say(word)
    assert talk.saved == [Erase()]


@pytest.mark.parametrize("word", ["不删了", "不删", "别删", "不用了", "算了", "不", "不要", "先不删", "留着吧"])
def test_no_keeps_everything(talk: Talk, word: str) -> None:
    talk.say("删掉我的记录")
    assert "没删" in talk.hear(word)
    assert not talk.saved
    assert talk.state.waiting == ""


@pytest.mark.parametrize("said_so", ["玉米保险咋上", "谢谢", "你是谁", "1", "２", "第二个", "下一页"])
def test_anything_else_does_not_erase(talk: Talk, said_so: str) -> None:
    talk.say("删掉我的记录")
    talk.say(said_so)
    assert Erase() not in talk.saved


def test_the_question_whether_to_erase_is_forgotten_after_half_an_hour(talk: Talk) -> None:
    talk.say("删掉我的记录")
    talk.say("是", after=LATER)
    assert not talk.saved


def test_the_button_erases_at_once_and_after_it_all_is_new(talk: Talk) -> None:
    talk.say("玉米保险咋上")
    assert "就当头一回" in said(talk.tap("erase-sure"))
    assert talk.state == replace_last(talk.state)
    assert "什么都没记" in talk.hear("记了我什么")


def replace_last(state: State) -> State:
    """An empty state that remembers only its own last words."""
    return State(last=state.last, touched_at=state.touched_at)


@pytest.mark.parametrize(
    "word", ["停", "停止", "别发了", "退订", "别再给我发", "不要再发了", "停下", "TD", "stop", "别打扰我"]
)
def test_a_word_stops_what_is_sent_unasked_and_questions_are_still_answered(talk: Talk, word: str) -> None:
    assert "不主动给您发" in talk.hear(word)
    assert talk.saved == [Stop()]
    assert talk.say("玉米保险咋上").kind == "answer"


@pytest.mark.parametrize("word", ["恢复", "继续发", "接着发", "重新订阅", "可以发了"])
def test_a_word_takes_a_stop_back(talk: Talk, word: str) -> None:
    talk.say("停")
    talk.say(word)
    assert talk.saved == [Stop(), Resume()]
    assert not talk.person.stopped


@pytest.mark.parametrize(
    "said_so", ["停电了咋办", "低保停了", "停水", "停车场", "恢复低保", "删除重复的保险", "我把照片删了", "清空鱼塘"]
)
def test_a_question_with_such_a_word_is_no_command(talk: Talk, said_so: str) -> None:
    talk.say(said_so)
    assert not talk.saved
    assert talk.state.waiting == ""


@pytest.mark.parametrize("digit", ["1", "2", "3"])
def test_sending_is_stopped_by_a_word_never_by_a_digit(talk: Talk, digit: str) -> None:
    talk.say("停")
    talk.saved.clear()
    talk.say(digit)
    assert not talk.saved


@pytest.mark.parametrize("word", ["有用", "答对了", "就是这个", "对了", "有帮助"])
def test_helpful_is_thanked_for_and_the_card_stays(talk: Talk, word: str) -> None:
    talk.say("玉米保险咋上")
    assert "那就好" in talk.hear(word)
    assert talk.state.in_hand == "grain-soy-insurance"


@pytest.mark.parametrize(
    "said_so",
    [
        "我今年十岁",
        "我9岁了",
        "我今年13岁能领补贴吗",
        "我才八岁",
        "我上小学三年级",
        "我是小学生",
        "我读四年级",
        "我在上幼儿园",
        "我十二岁 爸爸打我",
        "我今年十三岁想问助学金",
        "我現在十一歲",
        "我8岁",
        "我5岁半",
        "我上三年级",
        "我正在读小学",
        "我是三年级的学生",
        "我是四年级的",
        "我是上五年级的学生",
        "我上小学，营养餐要钱不",
        "我读小学二年级，没爸妈",
        "我上三年级，老师打我",
        "我是小学生 妈妈打我",
        "我12岁 奶奶病了咋办",
    ],
)
def test_a_child_is_answered_and_nothing_is_kept(talk: Talk, said_so: str) -> None:
    turn = talk.say(said_so)
    assert young(said_so)
    assert Erase() in turn.changes
    if not turn.alone:
        assert "我不记你的任何东西" in said(turn)
    assert said(turn)


def test_a_child_in_danger_reads_the_phone_first(talk: Talk) -> None:
    turn = talk.say("我十二岁 后爸打我")
    assert said(turn).startswith("快打110")
    assert "12355" in said(turn)
    assert "家里大人" not in said(turn)
    assert Erase() in turn.changes


@pytest.mark.parametrize(
    "said_so",
    [
        "我孩子十岁能领补贴吗",
        "我妈八十岁了",
        "我儿子9岁上学",
        "我今年七十岁",
        "我今年十四岁",
        "我六十五岁",
        "他今年十岁",
        "我家孙子上小学",
        "我女儿读三年级",
        "我三十岁",
        "我种了十岁的果树",
        "我二十岁",
        "我家有个十岁娃",
        "我孙女上幼儿园",
        "我5岁的孙女上幼儿园有补贴没",
        "我12岁的儿子残疾补贴",
        "我12岁儿子残疾补贴",
        "我9岁小孙子上学远",
        "我5岁、8岁的两个娃",
        "我5岁和8岁两个孩子",
        "我8岁弟弟没爹妈管",
        "我上小学的孙子营养餐要钱不",
        "我上小学三年级的孙子营养餐要钱不",
        "我读幼儿园的外孙女",
        "我上三年级孙子的学费",
        "我在上小学的娃跟前陪读",
        "我是小学生家长，营养餐咋弄",
        "我是小学生他妈",
        "我是一年级学生的奶奶",
        "我上小学接孙子摔了",
    ],
)
def test_who_speaks_of_a_child_is_no_child(said_so: str) -> None:
    assert not young(said_so)


@pytest.mark.parametrize(
    "said_so",
    [
        "我是小学文化，能参加培训吗",
        "我是小学毕业，能当公益岗吗",
        "我是小学老师，有补贴吗",
        "我是三年级班主任",
        "我是幼儿园老师",
        "我在小学食堂做饭",
        "我上过小学",
        "我上小学没毕业，能学技术不",
        "我读小学三年级就不念了",
        "我念小学四年级辍学了",
        "我上小学的时候家里穷",
        "我上小学那会儿落下的病",
        "我十二岁就下地干活了",
        "我10岁那年摔坏了腿，能办残疾证吗",
        "我6岁得了小儿麻痹，有啥补贴",
        "我十三岁以前是城镇户口",
    ],
)
def test_who_speaks_of_their_own_schooling_or_of_years_ago_is_no_child(said_so: str) -> None:
    assert not young(said_so)


FOLLOWS = Follows(kind="programme", subject="grain-soy-insurance")
HANDED = Handed(place="150621", asked_at=NOW, answered=False)


@pytest.mark.parametrize("keeps", [{"places": ("150621",)}, {"follows": (FOLLOWS,)}, {"tickets": (HANDED,)}])
def test_who_keeps_more_than_the_talk_is_asked_before_a_child_s_record_is_deleted(
    talk: Talk, keeps: dict[str, object]
) -> None:
    talk.person = talk.person.model_copy(update=keeps)
    turn = talk.say("我今年十岁，玉米保险咋上")
    assert not talk.saved
    assert turn.kind == "answer"
    assert "不满14岁" in said(turn)
    assert offered(turn.message)[-2:] == ["keep", "erase-sure"]
    assert "小朋友" not in said(turn)  # the page forgets whoever reads that
    talk.say(str(len(turn.message.options)))
    assert not talk.saved
    talk.say("是，删掉")
    assert talk.saved == [Erase()]


def test_an_adult_mistaken_for_a_child_keeps_everything_with_a_word(know: Knowledge) -> None:
    talk = Talk(know, "150621")
    talk.say("我今年十岁，玉米保险咋上")
    assert "没删" in talk.hear("不删")
    assert (talk.saved, talk.person.places) == ([], ("150621",))


def test_a_child_in_danger_is_asked_nothing_under_the_phone(know: Knowledge) -> None:
    talk = Talk(know, "150621")
    turn = talk.say("我十二岁 后爸打我")
    assert said(turn).startswith("快打110")
    assert (turn.message.options, turn.changes) == ((), ())


def test_the_time_is_told_and_not_asked(know: Knowledge) -> None:
    asked = Asked(know, Person(), State(), NOW)
    assert replace(asked, now=NOW).now == NOW
