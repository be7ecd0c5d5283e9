"""What is answered with a fixed sentence: kindly, without a card, and keeping nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bot.dialogue import hear
from bot.dialogue.turn import Knowledge
from content.search.fold import fold
from tests.dialogue.talking import Talk, offered, said

TABLE: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("guarded_said.yaml").read_text("utf-8"))
FRESH: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("guarded_fresh.yaml").read_text("utf-8"))
FIRST_WORDS = {
    "neutral": "这个我答不了，我只讲这几份文件里的惠农政策。",
    "command": "我只讲政策文件里的事",
    "abuse": "您要是有气，慢慢说。",
    "thanks": "不客气。",
    "greeting": "您好！想问啥就直接说",
    "about_bot": "我是机器，不是真人",
    "personal": "您家的钱到没到、批没批，我查不到",
    "repeat": "刚才还没说什么",
    "unclear": "这句我没看懂",
}
"""How each kind begins, so that a mended sentence is a decision."""


def sentences() -> Iterator[tuple[str, str]]:
    tables = (TABLE, FRESH)
    return ((kind, one) for table in tables for kind in FIRST_WORDS for one in table.get(kind, ()))


@pytest.mark.parametrize(("kind", "sentence"), list(sentences()))
def test_it_gets_its_sentence_and_no_card(talk: Talk, kind: str, sentence: str) -> None:
    turn = talk.say(sentence)
    assert said(turn).startswith(FIRST_WORDS[kind])
    assert (turn.kind, turn.programmes, turn.changes) == ("chat", (), ())
    assert talk.state.in_hand is None


@pytest.mark.parametrize("sentence", [*TABLE["policy"], *FRESH["policy"]])
def test_a_question_that_sounds_so_is_searched(talk: Talk, sentence: str) -> None:
    assert talk.say(sentence).found is not None


def test_no_phrasing_of_a_programme_is_taken_for_talk(know: Knowledge) -> None:
    taken = [
        (programme.id, phrasing)
        for programme in know.library.programmes.values()
        for phrasing in programme.phrasings
        if not programme.is_stub and (hear.guarded(fold(phrasing)) or hear.command(fold(phrasing)))
    ]
    assert not taken


def test_leaders_and_religion_get_the_one_neutral_sentence_and_nothing_else(talk: Talk) -> None:
    talk.say("玉米保险咋上")
    turn = talk.say("共产党好不好")
    assert said(turn) == "这个我答不了，我只讲这几份文件里的惠农政策。"
    assert not turn.message.options


def test_nothing_of_a_guarded_text_stays_in_the_state(know: Knowledge) -> None:
    for kind, sentence in sentences():
        talk = Talk(know)
        talk.say(sentence)
        kept = talk.state.model_dump(mode="json")
        kept.pop("last")
        assert fold(sentence) not in fold(str(kept)) or len(sentence) < 3, kind


@pytest.mark.parametrize("said_so", ["我的钱到了没有", "我家的补贴到没到", "我妈的养老金发了没", "查一下我的低保"])
def test_a_personal_case_names_who_can_look_it_up(talk: Talk, said_so: str) -> None:
    reply = talk.hear(said_so)
    assert "嘎查村委会" in reply
    assert "12345" in reply
    assert "银行" in reply


def test_a_personal_case_of_a_programme_names_its_office(talk: Talk) -> None:
    assert "民政局" in talk.hear("我家低保批了没")


def test_once_more_says_the_last_message_again_with_its_list(talk: Talk) -> None:
    shown = talk.say("玉米保险咋上").message
    assert talk.say("再说一遍").message == shown
    assert talk.say("1").programmes


def test_who_runs_this_is_told_when_asked(talk: Talk) -> None:
    assert "试验村委会" in talk.hear("你是谁")


def test_thanks_begin_nothing_and_offer_nothing(talk: Talk) -> None:
    assert not talk.say("谢谢").message.options


@pytest.mark.parametrize("word", ["帮助", "怎么用", "说明", "help", "你能干啥", "你会干啥呀", "这个咋用"])
def test_help_says_what_can_be_said_and_what_is_not_connected_yet(talk: Talk, word: str) -> None:
    reply = talk.say(word)
    assert "现在还不能" in said(reply)
    assert "0477-1234567" in said(reply)
    assert {"topics", "kept", "place"} <= set(offered(reply.message))


@pytest.mark.parametrize("word", ["有啥政策", "目录", "看看有哪些事", "随便看看"])
def test_topics_can_be_browsed(talk: Talk, word: str) -> None:
    actions = offered(talk.say(word).message)
    topic = next(action for action in actions if action.startswith("topic:"))
    cards = offered(talk.tap(topic).message)
    assert talk.tap(cards[0]).kind == "answer"


@pytest.mark.parametrize(
    "letters",
    ["ᠮᠣᠩᠭᠣᠯ", "ᠰᠠᠶᠢᠨ ᠪᠠᠶᠢᠨ᠎ᠠ ᠤᠤ", "ᠮᠠᠯ\u180b\u202fᠤᠨ\u200d ᠳᠠᠭᠠᠳᠬᠠᠯ", "ᠮᠣᠩᠭᠣᠯ 你好", "ᠤᠰᠤ 1"],
)
def test_mongolian_letters_get_a_respectful_reply_with_somebody_to_talk_to(talk: Talk, letters: str) -> None:
    turn = talk.say(letters)
    assert turn.kind == "chat"
    assert said(turn).startswith("您好")
    assert "12345" in said(turn)
    assert "苏木" in said(turn)
    for never in ("错误", "出错", "无效", "民族"):
        assert never not in said(turn)


def test_a_chinese_question_with_a_few_mongolian_letters_is_answered(talk: Talk) -> None:
    assert talk.say("ᠮᠠᠯ 牲口保险咋上").programmes[:1] == ("livestock-insurance",)
