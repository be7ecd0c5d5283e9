"""Questions at the desk: read by the very place that was chosen, answered once, mended until they left."""

from bot.desk.built import Desk
from storage import residents, tickets
from tests.desk.conftest import BANNER, NEIGHBOUR, TOWNSHIP, VILLAGE, Sit

HOSTILE = "<script>alert(1)</script>化肥补贴表在哪交"


async def ask(built: Desk, words: str = "化肥补贴表在哪交", place: str = VILLAGE, address: str = "herder") -> int:
    async with built.database.begin() as conn:
        who = await residents.meet(conn, channel="telegram", account="bot", address=address, now=built.now())
        return await tickets.hand_over(conn, who.id, place=place, question=words, now=built.now())


async def test_a_question_is_answered_and_shown_as_the_resident_will_read_it(sit: Sit, built: Desk) -> None:
    seat, number = await sit("cadre", VILLAGE), await ask(built)
    assert "化肥补贴表在哪交" in await seat.see("/questions")
    assert "最像的卡片" in await seat.see(f"/questions/{number}")
    shown = await seat.done(f"/questions/{number}/answer", words="明天来村委会\n带身份证", then="answer")
    assert "翻身村委会的答复，不是文件原文" in shown
    assert "明天来村委会" in shown
    assert "等着回的：0个" in await seat.see("/questions")
    mended = await seat.done(f"/questions/{number}/answer", words="后天来", then="answer")
    assert "后天来" in mended
    assert "明天来村委会" not in mended


async def test_who_can_not_answer_sends_them_to_12345(sit: Sit, built: Desk) -> None:
    seat, number = await sit("cadre", VILLAGE), await ask(built)
    assert "12345" in await seat.done(f"/questions/{number}/answer", then="cannot")


async def test_an_answer_that_left_is_changed_no_more_and_nobody_else_s_is(sit: Sit, built: Desk) -> None:
    seat, other, number = await sit("cadre", VILLAGE), await sit("cadre", VILLAGE, name="李会计"), await ask(built)
    await seat.done(f"/questions/{number}/answer", words="明天来", then="answer")
    assert (await other.send(f"/questions/{number}/answer", words="别来", then="answer")).status_code == 409
    async with built.database.begin() as conn:
        await tickets.told(conn, number, now=built.now())
    late = await seat.send(f"/questions/{number}/answer", words="后天来", then="answer")
    assert late.status_code == 409
    assert "已经有人回过了" in late.text
    assert "<textarea" not in await seat.see(f"/questions/{number}")


async def test_empty_and_endless_answers_are_refused(sit: Sit, built: Desk) -> None:
    seat, number = await sit("cadre", VILLAGE), await ask(built)
    assert "写一句答复" in (await seat.send(f"/questions/{number}/answer", words="  ")).text
    assert "最多1000个字" in (await seat.send(f"/questions/{number}/answer", words="长" * 1001)).text


async def test_a_question_is_read_by_the_very_place_that_was_chosen(sit: Sit, built: Desk) -> None:
    number = await ask(built)
    for role, place in (("cadre", NEIGHBOUR), ("cadre", TOWNSHIP), ("administrator", BANNER)):
        seat = await sit(role, place)
        assert "化肥" not in await seat.see("/questions")
        assert (await seat.get(f"/questions/{number}")).status_code == 404
        assert (await seat.send(f"/questions/{number}/answer", words="x", then="answer")).status_code == 404
        assert (await seat.get(f"/questions?place={VILLAGE}")).status_code == 404
    editor = await sit("editor", BANNER)
    assert (await editor.get("/questions")).status_code == 403


async def test_many_questions_are_paged_and_filtered(sit: Sit, built: Desk) -> None:
    seat = await sit("cadre", VILLAGE, NEIGHBOUR)
    for number in range(23):
        await ask(built, f"第{number}个问题在哪办", VILLAGE if number % 2 else NEIGHBOUR, f"herder-{number}")
    first = await seat.see("/questions")
    assert first.count("whole-row") == 20
    after = first.split("after=")[1].split('"')[0]
    assert (await seat.see(f"/questions?after={after}")).count("whole-row") == 3
    assert (await seat.see(f"/questions?place={VILLAGE}")).count("whole-row") == 11


async def test_what_a_resident_wrote_is_shown_as_text(sit: Sit, built: Desk) -> None:
    seat, number = await sit("cadre", VILLAGE), await ask(built, HOSTILE)
    for page in ("/questions", f"/questions/{number}"):
        shown = await seat.see(page)
        assert "<script>alert" not in shown
        assert "&lt;script&gt;" in shown
