"""/notice: composed step by step, left and come back to, stored as a draft. Sending: tests/notices/test_staff.py."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest

from bot.staff.when import moment
from storage import notices
from storage.notices import Notice
from tests.fakes.telegram import Person, Said
from tests.staff.conftest import BANNER, NOW, TOWNSHIP, VILLAGE, Desk

TEXT = "明天上午9点在村委会发化肥，带户口本。\n<b>不要</b> 迟到 & 别忘了"
TITLE = "发化肥"


async def drafts(desk: Desk) -> list[Notice]:
    (member,) = await desk.everyone()
    async with desk.database.begin() as conn:
        return await notices.drafts_of(conn, member.id, limit=10)


async def written(desk: Desk, person: Person) -> str:
    """Write a notice to the village up to the preview; its text."""
    await desk.ask(person, "/notice")
    await desk.ask(person, TEXT)
    await desk.ask(person, TITLE)
    await desk.tap(person, "普通通知（夜里不发）")
    await desk.tap(person, "翻身村")
    return together(await desk.tap(person, "批准以后就发"))


def together(heard: list[Said]) -> str:
    """Several messages as one text."""
    return "\n".join(one.text for one in heard)


async def test_a_notice_is_written_step_by_step_previewed_and_stored(desk: Desk) -> None:
    person = await desk.member()
    assert "正文" in (await desk.ask(person, "/notice"))[0].text
    assert "标题" in (await desk.ask(person, TEXT))[0].text
    assert "哪一种" in (await desk.ask(person, TITLE))[0].text
    assert "发给哪里" in (await desk.tap(person, "急事（夜里也发）"))[0].text
    assert "什么时候发" in (await desk.tap(person, "翻身村"))[0].text
    alarm, look, whole = await desk.ask(person, "明天8点半")
    assert alarm.text == "这不是警报：现在只能发到0人，共0人。请同时用大喇叭、打电话、上门。"
    assert f"【急】{TITLE}\n{TEXT}\n发通知的：翻身村委会" in look.text
    assert whole.text.startswith("预览，还没有发。\n种类：急事（夜里也发）\n发给：翻身村\n时间：2026年11月23日8:30\n")
    assert not await drafts(desk)
    (kept,) = await desk.tap(person, "存成草稿")
    (draft,) = await drafts(desk)
    assert draft.number in kept.text
    assert "还没有发" in kept.text
    assert (draft.kind, draft.title, draft.text, draft.audience) == ("urgent", TITLE, TEXT, (VILLAGE,))
    assert draft.send_at == datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


async def test_one_may_leave_come_back_and_nothing_is_lost_by_a_restart(closed: Desk) -> None:
    async with AsyncExitStack() as stack:
        await closed.open(stack)
        person = await closed.member()
        await closed.ask(person, "/notice")
        await closed.ask(person, TEXT)
        await closed.ask(person, "/who")
        assert "没看懂" in (await closed.ask(person, "在吗"))[0].text
    closed.later(days=3)
    async with AsyncExitStack() as stack:
        await closed.open(stack)
        left, question = await closed.ask(person, "/notice")
        assert "没写完" in left.text
        assert "标题" in question.text
        await closed.ask(person, TITLE)
        await closed.tap(person, "普通通知（夜里不发）")
        await closed.tap(person, "翻身村")
        assert TEXT in together(await closed.tap(person, "明早8点"))


async def test_every_part_can_be_changed_before_it_is_stored(desk: Desk) -> None:
    person = await desk.member()
    assert TEXT in await written(desk, person)
    await desk.tap(person, "改正文")
    assert "换了一句" in together(await desk.ask(person, "换了一句"))
    await desk.tap(person, "改标题")
    assert "换个 标题" in together(await desk.ask(person, "换个\n标题"))
    await desk.tap(person, "改时间")
    assert "11月25日9:00" in together(await desk.ask(person, "11月25日9点"))
    await desk.tap(person, "改种类")
    assert "不是警报" in together(await desk.tap(person, "急事（夜里也发）"))
    await desk.tap(person, "存成草稿")
    (draft,) = await drafts(desk)
    assert (draft.kind, draft.text) == ("urgent", "换了一句")


async def test_storing_twice_stores_once(desk: Desk) -> None:
    person = await desk.member()
    await written(desk, person)
    preview = person.chat.heard[-1]
    await desk.tap(person, "存成草稿", preview)
    assert "没有正在写" in (await desk.tap(person, "存成草稿", preview))[0].text
    assert len(await drafts(desk)) == 1


async def test_what_is_not_wanted_is_gone(desk: Desk) -> None:
    person = await desk.member()
    await written(desk, person)
    await desk.tap(person, "不要了")
    assert "正文" in (await desk.ask(person, "/notice"))[0].text
    assert not await drafts(desk)


@pytest.mark.parametrize("words", ["长" * 1001, "🐑" * 1001])
async def test_a_text_that_is_too_long_may_be_sent_again(desk: Desk, words: str) -> None:
    person = await desk.member()
    await desk.ask(person, "/notice")
    assert "1000个字" in (await desk.ask(person, words))[0].text
    assert "标题" in (await desk.ask(person, TEXT))[0].text
    assert "40个字" in (await desk.ask(person, "长" * 41))[0].text
    assert "哪一种" in (await desk.ask(person, TITLE))[0].text


@pytest.mark.parametrize(
    ("own", "said", "stems"),
    [
        (TOWNSHIP, "翻身村", (VILLAGE,)),
        (TOWNSHIP, "翻身村、红海村", (VILLAGE, "150621106203")),
        (TOWNSHIP, "翻身村 中和西镇", (TOWNSHIP,)),
        (BANNER, "达拉特旗", (BANNER,)),
        (BANNER, "达旗", (BANNER,)),
    ],
)
async def test_places_may_be_typed(desk: Desk, own: str, said: str, stems: tuple[str, ...]) -> None:
    person = await desk.member(77, own)
    await desk.ask(person, "/notice")
    await desk.ask(person, TEXT)
    await desk.ask(person, TITLE)
    await desk.tap(person, "普通通知（夜里不发）")
    assert "什么时候发" in (await desk.ask(person, said))[0].text
    await desk.tap(person, "批准以后就发")
    await desk.tap(person, "存成草稿")
    assert (await drafts(desk))[0].audience == stems


@pytest.mark.parametrize("said", ["准格尔旗", "达拉特旗", "月亮上", "、", "翻身村、准格尔旗"])
async def test_nothing_beyond_one_s_own_places_can_be_addressed(desk: Desk, said: str) -> None:
    person = await desk.member(77, TOWNSHIP)
    await desk.ask(person, "/notice")
    await desk.ask(person, TEXT)
    await desk.ask(person, TITLE)
    await desk.tap(person, "普通通知（夜里不发）")
    (refused,) = await desk.ask(person, said)
    assert "什么时候发" not in refused.text
    for stem in (BANNER, "15", "150622", "x", ""):
        (refused,) = await desk.tap_data(person, f"notice-to:{stem}")
        assert "不归您管" in refused.text


@pytest.mark.parametrize("said", ["昨天8点", "今天9点", "2027年5月1日8点", "随便", "25点"])
async def test_a_time_that_can_t_be_is_asked_for_again(desk: Desk, said: str) -> None:
    person = await desk.member()
    await desk.ask(person, "/notice")
    await desk.ask(person, TEXT)
    await desk.ask(person, TITLE)
    await desk.tap(person, "普通通知（夜里不发）")
    await desk.tap(person, "翻身村")
    assert "再打一遍" in (await desk.ask(person, said))[0].text
    assert "预览" in together(await desk.ask(person, "明天8点"))


async def test_a_tap_of_an_old_message_without_a_draft_begins_nothing(desk: Desk) -> None:
    person = await desk.member()
    for tap in ("notice-keep", "notice-kind:urgent", "notice-at:soon", "notice-change:text", f"notice-to:{VILLAGE}"):
        assert "没有正在写" in (await desk.tap_data(person, tap))[0].text
    assert not await drafts(desk)


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("明天8点", "11-23 08:00"), ("后天下午3点半", "11-24 15:30"), ("11月25日9:00", "11-25 09:00"),
        ("12.3 14点", "12-03 14:00"), ("今晚7点", "11-22 19:00"), ("明早八点", "11-23 08:00"),
        ("１２月３日　９：００", "12-03 09:00"), ("明天上午十点一刻", "11-23 10:15"),
        ("十一月二十五日下午两点", "11-25 14:00"), ("2026-12-01 08:30", "12-01 08:30"),
        ("大后天早上7点半", "11-25 07:30"), ("1月5日8点", "01-05 08:00"),
        ("明晚12点", "11-24 00:00"), ("明天晚上十二点半", "11-24 00:30"), ("今晚12点", "11-23 00:00"),
        ("11月30日晚上12点", "12-01 00:00"), ("明天中午12点", "11-23 12:00"), ("明天12点", "11-23 12:00"),
        ("明天中午1点", "11-23 13:00"), ("明天中午两点半", "11-23 14:30"), ("明天中午11点半", "11-23 11:30"),
        ("明天下午12点", "11-23 12:00"),
        ("11月22日晚上12点", "11-23 00:00"), ("今晚0点", "11-23 00:00"), ("12月31日晚12点", "01-01 00:00"),
        ("明天晚上1点", ""), ("明晚25点", ""), ("今天9点", ""), ("明天", ""),
        ("13月1日9点", ""), ("2月30日9点", ""), ("明天25点", ""), ("", ""), ("8点", ""),
        ("2027年5月1日8点", ""),
    ],
)  # fmt: skip
def test_times_are_read_as_people_type_them(said: str, when: str) -> None:
    found = moment(said, NOW)
    assert (f"{found:%m-%d %H:%M}" if found else "") == when
