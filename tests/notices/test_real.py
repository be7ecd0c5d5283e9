"""Is it real? By its number in any writing, and by its very words; and nobody else's question is disturbed."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.dialogue.core import reply
from bot.dialogue.state import Person, State
from bot.dialogue.turn import Asked, Knowledge, Service
from bot.notices import real
from bot.notices.group import MOST, group
from bot.notices.real import Sort, asks, claims, compare, numbers_in
from bot.notices.told import Told
from bot.notices.words import message
from content.render import as_text, say
from storage.broadcasts import BroadcastState, Published
from storage.notices import LONGEST_TITLE

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
VILLAGE = "150621106201"
PAGES = "https://mingbai.example.cn"
UNKNOWN = (
    "我这里查不到这条。查不到不等于假的。先别转钱、别点链接、别给验证码。问嘎查村委会或打12345核实。"
    "要您转钱的，打96110问；已经转了，马上打110。"
)
TEXT = "明天上午9点，兽医在村委会打布病疫苗。\n请把羊圈好，每户留一个人，别给不认识的人转钱。"
QUESTIONS = Path(__file__).parents[1] / "data" / "questions"


def published(**other: object) -> Published:
    made = Published(
        id=1, number="T30571", kind="notice", title="打布病疫苗", text=TEXT, link="card:brucellosis",
        office="翻身村委会", place=VILLAGE, sent_at=NOW - timedelta(days=1), state=BroadcastState.APPROVED,
        corrected_by=None,
    )  # fmt: skip
    return replace(made, **other)  # type: ignore[arg-type]


def knowing(know: Knowledge) -> Knowledge:
    return replace(know, service=Service("试验村委会", "0477-1234567", pages=PAGES))


def answer(know: Knowledge, text: str, *told: Published, action: str = "", spoken: bool = False) -> str:
    notices = tuple(map(Told, told))
    asked = Asked(knowing(know), Person(welcomed=True), State(), NOW, text, action, spoken=spoken, notices=notices)
    return as_text(reply(asked).message)


@pytest.mark.parametrize(
    "said",
    [
        "T30571", "t30571", "Ｔ３０５７１", "T 30571", "T 3 0 5 7 1", "t三零五七一", "T三〇五七幺", "编号T30571。",
        "是T-30571吗", "t30571这条真的假的", "T3O571", "t3o57l",
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_write_and_dictate_it(said: str) -> None:
    assert numbers_in(said) == ("T30571",)


@pytest.mark.parametrize(
    "said",
    [
        "T305712",
        "AT30571",
        "T3057",
        "O12345",
        "I12345",
        "",
        "12345",
        "30571",
        "t三万零五百",
        "T30571.5",
        "T三零五七一十",
    ],
)
def test_what_only_looks_like_one_is_none(said: str) -> None:
    assert not numbers_in(said)


def test_the_number_shows_who_truly_sent_it_when_and_what_it_says(know: Knowledge) -> None:
    said = answer(know, "t 三零五七一", published())
    for part in ("翻身村委会（达拉特旗中和西镇）", "2026年11月21日", "打布病疫苗", TEXT, "光编号对不算数", "96110"):
        assert part in said
    assert "是真的" not in said


def test_our_words_sent_on_are_known_in_every_form(know: Knowledge) -> None:
    notice, places = published(), know.places
    sent = as_text(message(notice, know))
    forms = [
        TEXT, f"打布病疫苗\n{TEXT}", sent, sent.replace("\n", " "), f"转发：{sent}", f"{TEXT} 这是真的吗？",
        group(notice, PAGES), group(notice, ""), TEXT.replace("，", ","), f"  {TEXT.replace('9', '９')}\n\n",
    ]  # fmt: skip
    labels = [one.label for one in message(notice, know).options]
    for form in forms:
        assert compare(form, notice, places, PAGES, labels=labels) is Sort.SAME, form
        assert answer(know, form, notice).startswith("有这条，是真的。"), form


@pytest.mark.parametrize("corrects", ["K00001", "K00001、A00002", "K00001、A00002、Z00003"])
@pytest.mark.parametrize("length", range(80, 200, 8))
def test_the_group_text_of_a_correction_is_ours_wherever_it_had_to_be_cut(
    know: Knowledge, length: int, corrects: str
) -> None:
    notice = published(text=("打疫苗，带身份证，早点到。" * 20)[:length] + "。")
    for pages in (PAGES, ""):
        written = group(notice, pages, corrects=corrects)
        assert compare(written, notice, know.places, PAGES) is Sort.SAME
        assert compare(written.replace("早点到", "先交钱"), notice, know.places, PAGES) is Sort.DIFFERS


def test_the_heading_above_the_text_for_the_group_is_no_change_of_it(know: Knowledge) -> None:
    written = group(published(), PAGES)
    copied = f"{say('staff_notice', 'group')}\n{written}"
    assert compare(copied, published(), know.places, PAGES) is Sort.SAME
    assert compare(copied.replace("9点", "8点"), published(), know.places, PAGES) is Sort.DIFFERS


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        (TEXT.replace("9点", "8点") + " T30571", "不一样！"),
        (f"T30571 {TEXT}\n每户先交50元，转给会计。", "不一样！"),
        (TEXT.replace("别给不认识的人转钱", "每户给李会计转50元"), "您发来的像编号T30571"),
        (f"T30571\n{group(published(), 'https://mingbai.example.cn.pay.top')}", "不一样！"),
        ("T30571 请把羊圈好，每户留一个人", "您发来的是编号T30571的通知里的一段"),
        (TEXT + "\n" * real.LONGEST_READ + "每户先转50元给李会计。", "您发来的像编号T30571"),
        (f"{TEXT} 看看：t.cn/A6xYz", "您发来的像编号T30571"),
        (f"编号K99999 {TEXT}", "您发来的像编号T30571"),
        ("T30571各位村民：补贴到账要先转20元工本费，今天下午三点以前转过来，过期作废。", "不一样！"),
    ],
)
def test_a_text_that_differs_is_said_to_differ_and_ours_is_shown(know: Knowledge, changed: str, verdict: str) -> None:
    said = answer(know, changed, published())
    assert said.startswith(verdict)
    assert TEXT in said
    assert "是真的" not in said
    assert "96110" in said


@pytest.mark.parametrize(
    ("ours", "changed"),
    [
        ("每亩交3.5元", "每亩交35元"), ("8:30开会", "83:0开会"), ("补助30%", "补助30"), ("交1/2", "交12"),
        ("车号蒙K12345，司机姓王", "车号蒙K54321，司机姓王"),
    ],
)  # fmt: skip
def test_a_mark_that_makes_another_number_counts(know: Knowledge, ours: str, changed: str) -> None:
    notice = published(text=f"{TEXT}\n{ours}，不去的跟组长说一声。")
    assert compare(notice.text, notice, know.places, PAGES) is Sort.SAME
    assert compare(notice.text.replace(ours, changed), notice, know.places, PAGES) is Sort.DIFFERS


def test_of_notices_of_the_same_words_the_newest_is_the_one() -> None:
    assert real.most_alike(TEXT, [published(number="A00002"), published(number="T00001")]) == published(number="A00002")


def test_where_it_differs_the_phones_stand_before_our_words(know: Knowledge) -> None:
    said = answer(know, f"T30571 {TEXT}\n每户先交50元，转给会计。", published())
    assert said.index("96110") < said.index(TEXT[:10])


@pytest.mark.parametrize(
    "said",
    [
        "Z99999",
        "z99999是真的吗",
        "各位村民：明天上午村委会发补贴，带身份证银行卡，先交20元工本费，过期不候。",
        "【紧急通知】接上级要求今晚全村停水三天，请各户马上存水，互相转告不要外传。",
    ],
)
def test_what_is_not_there_is_said_so_in_these_very_words(know: Knowledge, said: str) -> None:
    assert answer(know, said) == UNKNOWN
    assert answer(know, said, spoken=True) == UNKNOWN


def test_who_asks_whether_a_notice_is_real_and_sends_none_is_asked_for_it(know: Knowledge) -> None:
    assert "编号" in answer(know, "村里发的打疫苗的通知靠谱吗")


@pytest.mark.parametrize(
    "beside",
    [
        "我已经把钱转过去了咋办", "我妈刚给他打了两千", "被骗了五千", "上当了，咋办", "卡里的钱被转走了",
        "验证码给他了", "我把验证码说给他了",
    ],
)  # fmt: skip
def test_money_being_sent_comes_first_whatever_stands_beside_it(know: Knowledge, beside: str) -> None:
    for text in ("T30571", f"各位村民：补贴到账要先转20元工本费，编号T30571，过期作废。{TEXT}"):
        said = answer(know, f"{text}。{beside}", published())
        assert said.startswith("快打110")
        assert "翻身村委会" not in said


def test_a_warning_of_fraud_sent_on_is_held_against_ours(know: Knowledge) -> None:
    text = "谨防上当受骗，不要给陌生人转钱，各位村民互相转告，被骗了马上打110。"
    assert not real.sent_money(text)
    assert answer(know, text) == UNKNOWN


def test_our_own_words_about_fire_are_no_plea(know: Knowledge) -> None:
    text = "今天风大，着火了马上跑出来，打119救命，别回去拿东西，老人孩子先走。"
    notice = published(text=text, title="防火")
    assert answer(know, f"防火\n{text}", notice).startswith("有这条，是真的。")
    assert "翻身村委会" not in answer(know, text.replace("今天风大", "我家房子"), notice)


def test_a_corrected_and_a_stopped_one_say_so(know: Knowledge) -> None:
    assert "以编号K00001的为准" in answer(know, "T30571", published(corrected_by="K00001"))
    assert "停发" in answer(know, "T30571", published(state=BroadcastState.STOPPED))


def test_a_number_in_a_question_about_something_else_does_not_stand_in_its_way(know: Knowledge) -> None:
    assert answer(know, "我的农机是D30571型的，买了能领补贴吗") != UNKNOWN


def test_no_question_of_the_tables_is_taken_for_a_notice() -> None:
    lines = [json.loads(line) for path in QUESTIONS.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    said = [turn for line in lines for turn in line["turns"]]
    assert len(said) > 500
    assert not [one for one in said if numbers_in(one) or claims(one) or asks(one)]


@pytest.mark.parametrize("length", [10, 199, 400, 1000])
def test_the_text_for_the_group_has_at_most_two_hundred_characters_its_number_and_its_link(length: int) -> None:
    written = group(published(text="打疫苗，带身份证。" * (length // 9 + 1)), PAGES)
    assert len(written) <= MOST
    assert "T30571" in written
    assert f"{PAGES}/notice/T30571" in written
    assert real.numbers_in(written) == ("T30571",)


LONGEST_OFFICE = "新巴尔虎右旗阿日哈沙特镇阿日哈沙特嘎查委员会"


@pytest.mark.parametrize("corrects", ["", "K00001、A00002、Z00003", "、".join(f"K000{at}" for at in range(10, 30))])
@pytest.mark.parametrize("pages", ["", PAGES, f"https://{'mingbai.' * 12}example.cn"])
@pytest.mark.parametrize("text", ["打疫苗，带身份证。" * 100, "1" * 1000, "来" * 1000, "来"])
def test_the_longest_title_office_address_and_corrections_stay_within_two_hundred(
    text: str, pages: str, corrects: str
) -> None:
    notice = published(kind="urgent", title="防" * LONGEST_TITLE, office=LONGEST_OFFICE, text=text)
    written = group(notice, pages, corrects=corrects)
    assert len(written) <= MOST
    assert notice.title in written
    assert "T30571" in written
    assert "1" * 11 not in written


@pytest.mark.parametrize("before", range(100, 150))
def test_no_phone_or_sum_in_the_text_for_the_group_is_cut_in_two(before: int) -> None:
    text = f"{'来' * before}0477-5212345，每亩1,200.50元。{'来' * 200}"
    written = group(published(text=text), PAGES)
    said = written.splitlines()[1].partition("……")[0]
    assert not re.search(r"[0-9][0-9.,-]*$", said) or said.endswith(("0477-5212345", "1,200.50"))


def test_of_a_text_of_which_only_a_scrap_fits_title_number_and_link_are_left() -> None:
    written = group(published(text=f"打{'1' * 300}"), PAGES)
    assert "打1" not in written
    assert written.splitlines()[0] == "打布病疫苗"
    assert f"{PAGES}/notice/T30571" in written
