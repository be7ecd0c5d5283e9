"""/inbox: who reads a question, how it is answered, and what the resident gets."""

import pytest

from storage import residents, tickets
from storage.audit import Trail
from storage.tables.staff import trail
from tests.staff.conftest import BANNER, KEY, TOWNSHIP, VILLAGE, Desk

ASKED = "化肥补贴表在哪交"


async def answers(desk: Desk, address: str = "herder-1") -> list[str]:
    """What the resident is given at the next contact."""
    async with desk.database.begin() as conn:
        who = await residents.meet(conn, channel="telegram", account="bot", address=address, now=desk.now)
        return [one.answer for one in await tickets.give(conn, who.id, now=desk.now)]


async def test_a_question_is_answered_by_replying_to_it(desk: Desk) -> None:
    person = await desk.member()
    number = await desk.question()
    count, shown = await desk.ask(person, "/inbox")
    assert "1个" in count.text
    assert shown.text == f"问题{number}号 · 翻身村 · 11月22日\n{ASKED}"
    (done,) = await desk.ask(person, "带户口本，交到村委会。", reply_to=shown)
    assert "这是翻身村委会的答复，不是文件原文。2026年11月22日\n您11月22日问的：\n带户口本，交到村委会。" in done.text
    assert await answers(desk) == ["带户口本，交到村委会。"]
    assert "没有等着回" in (await desk.ask(person, "/inbox"))[0].text


async def test_or_by_tapping_and_writing(desk: Desk) -> None:
    person = await desk.member()
    await desk.question()
    await desk.ask(person, "/inbox")
    assert "请打字回答" in (await desk.tap(person, "回答"))[0].text
    await desk.ask(person, "交到村委会。")
    assert await answers(desk) == ["交到村委会。"]
    assert "没看懂" in (await desk.ask(person, "还有一句"))[0].text


async def test_an_answer_begun_over_an_hour_ago_is_not_taken_for_one(desk: Desk) -> None:
    person = await desk.member()
    await desk.question()
    await desk.ask(person, "/inbox")
    await desk.tap(person, "回答")
    desk.later(minutes=61)
    (lapsed,) = await desk.ask(person, "我明天去旗里开会")
    assert "没有发给谁" in lapsed.text
    assert await answers(desk) == []
    await desk.tap(person, "回答", lapsed)
    await desk.ask(person, "交到村委会。")
    assert await answers(desk) == ["交到村委会。"]


async def test_a_command_between_ends_the_writing(desk: Desk) -> None:
    person = await desk.member()
    await desk.question()
    await desk.ask(person, "/inbox")
    await desk.tap(person, "回答")
    await desk.ask(person, "/who")
    assert "没看懂" in (await desk.ask(person, "交到村委会。"))[0].text
    assert await answers(desk) == []


async def test_who_cant_answer_says_so_and_the_resident_gets_a_phone(desk: Desk) -> None:
    person = await desk.member()
    await desk.question()
    await desk.ask(person, "/inbox")
    await desk.tap(person, "答不了")
    (told,) = await answers(desk)
    assert "12345" in told


async def test_an_answer_may_be_mended_until_it_left(desk: Desk) -> None:
    person = await desk.member()
    await desk.question()
    _, shown = await desk.ask(person, "/inbox")
    await desk.ask(person, "交到镇里。", reply_to=shown)
    await desk.ask(person, "交到村委会。", reply_to=shown)
    assert await answers(desk) == ["交到村委会。"]
    assert "改不了" in (await desk.ask(person, "又变了", reply_to=shown))[0].text


async def test_of_two_who_answer_the_first_counts_and_the_second_is_told(desk: Desk) -> None:
    person, other = await desk.member(), await desk.member(78, name="李会计")
    await desk.question()
    _, mine = await desk.ask(person, "/inbox")
    _, theirs = await desk.ask(other, "/inbox")
    await desk.ask(person, "交到村委会。", reply_to=mine)
    assert "已经有人回过" in (await desk.ask(other, "交到镇里。", reply_to=theirs))[0].text
    assert await answers(desk) == ["交到村委会。"]


@pytest.mark.parametrize(("place", "role"), [(TOWNSHIP, "cadre"), (BANNER, "administrator"), ("150622", "cadre")])
async def test_nobody_but_the_chosen_place_sees_or_answers_it(desk: Desk, place: str, role: str) -> None:
    number = await desk.question(place=VILLAGE)
    person = await desk.member(77, place, role=role)  # type: ignore[arg-type]
    assert "没有等着回" in (await desk.ask(person, "/inbox"))[0].text
    for tap in (f"answer:{number}", f"cannot:{number}"):
        assert "已经没有了" in (await desk.tap_data(person, tap))[0].text
    assert await answers(desk) == []


async def test_words_that_only_look_like_our_message_answer_nothing(desk: Desk) -> None:
    """A forged heading in one's own message, or a question's number of another place, opens nothing."""
    person = await desk.member(77, TOWNSHIP)
    number = await desk.question(place=VILLAGE)
    forged = await person.says(f"问题{number}号 · 翻身村")
    assert "没看懂" in (await desk.ask(person, "交到村委会。", reply_to=forged))[0].text
    assert await answers(desk) == []


async def test_questions_come_five_at_a_time_oldest_first(desk: Desk) -> None:
    person = await desk.member()
    for number in range(7):
        await desk.question(f"第{number}个，咋办", address=f"herder-{number % 3}")
    first = await desk.ask(person, "/inbox")
    assert "7个" in first[0].text
    assert [one.text.splitlines()[-1] for one in first[1:]] == [f"第{number}个，咋办" for number in range(5)]
    rest = await desk.tap(person, "再看后面的")
    assert [one.text.splitlines()[-1] for one in rest] == ["第5个，咋办", "第6个，咋办"]


async def test_a_question_that_was_erased_is_gone_for_staff_too(desk: Desk) -> None:
    person = await desk.member()
    await desk.question()
    _, shown = await desk.ask(person, "/inbox")
    async with desk.database.begin() as conn:
        who = await residents.meet(conn, channel="telegram", account="bot", address="herder-1", now=desk.now)
        await residents.erase(conn, who.id)
    assert "已经没有了" in (await desk.ask(person, "交到村委会。", reply_to=shown))[0].text


@pytest.mark.parametrize("words", ['<b>粗</b> & "引号" `代码` *星* _线_ [链](x)', "ᠮᠣᠩᠭᠣᠯ\u180b", "🐑" * 400, "a\nb"])
async def test_whatever_was_asked_is_shown_as_it_was_written(desk: Desk, words: str) -> None:
    person = await desk.member()
    await desk.question(words)
    _, shown = await desk.ask(person, "/inbox")
    assert shown.text.partition("\n")[2] == words


@pytest.mark.parametrize(
    "tap", ["answer:", "answer:0", "answer:99999999999999999999", "cannot:x", "answer:-1", "inbox:x"]
)
async def test_a_number_that_is_none_is_told_kindly(desk: Desk, tap: str) -> None:
    person = await desk.member()
    (said, *_) = await desk.tap_data(person, tap)
    assert "没有" in said.text


async def test_an_answer_that_is_too_long_may_be_written_again(desk: Desk) -> None:
    person = await desk.member()
    await desk.question()
    _, shown = await desk.ask(person, "/inbox")
    assert "1000个字" in (await desk.ask(person, "长" * 1001, reply_to=shown))[0].text
    await desk.ask(person, "长" * 1000, reply_to=shown)
    assert await answers(desk) == ["长" * 1000]


async def test_staff_of_the_place_are_told_once_that_questions_wait(desk: Desk) -> None:
    person, other = await desk.member(), await desk.member(78, TOWNSHIP)
    await desk.question()
    await desk.question()
    before = len(person.chat.heard)
    await desk.fake.until(lambda: len(person.chat.heard) > before, seconds=15)
    assert person.chat.heard[-1].text == "翻身村委会有2个新问题等着回。发 /inbox 看。"
    assert len(other.chat.heard) == 1


async def test_answering_stands_on_the_trail_by_ids_and_without_a_word(desk: Desk) -> None:
    person = await desk.member()
    number = await desk.question()
    _, shown = await desk.ask(person, "/inbox")
    await desk.ask(person, "交到村委会。", reply_to=shown)
    (member,) = await desk.everyone()
    async with desk.database.begin() as conn:
        kept = await conn.execute(trail.select().order_by(trail.c.number))
        rows = [(row.actor, row.verb, row.object_id) for row in kept]
        assert (await Trail(KEY).verify(conn)).faults == ()
    me = f"staff:{member.id}"
    assert rows == [(me, "joined", me), (me, "answered", f"ticket:{number}")]
