"""/windows: entered, changed, published and taken back step by step, seen as residents will see it."""

from datetime import date

from storage import details, windows
from storage.details import Detail, Kind
from storage.entries import State
from storage.tables.staff import trail
from storage.windows import Timing, Window
from tests.fakes.telegram import Person
from tests.staff.conftest import BANNER, TOWNSHIP, VILLAGE, Desk


async def kept(desk: Desk) -> list[Window]:
    async with desk.database.begin() as conn:
        return await windows.below(conn, ["15"])


async def told(desk: Desk) -> list[Detail]:
    async with desk.database.begin() as conn:
        return await details.below(conn, ["15"])


async def written(desk: Desk, person: Person, *, source: str = "我村委会通知，2026年11月20日") -> str:
    """Write a window up to the whole; what is shown."""
    await desk.ask(person, "/windows")
    await desk.tap(person, "登记日子")
    await desk.ask(person, "粮食大豆保险")
    await desk.ask(person, "12月1日到25日")
    await desk.ask(person, "村委会一楼")
    await desk.ask(person, "身份证、一卡通")
    return (await desk.ask(person, source))[0].text


async def opened(desk: Desk, person: Person, label: str = "1 粮食大豆保险") -> str:
    await desk.ask(person, "/windows")
    return (await desk.tap(person, label))[0].text


async def test_a_window_is_entered_step_by_step_seen_as_residents_see_it_and_published(desk: Desk) -> None:
    person = await desk.member()
    assert "还没有登记" in (await desk.ask(person, "/windows"))[0].text
    assert "是哪件事" in (await desk.tap(person, "登记日子"))[0].text
    assert "哪天到哪天收" in (await desk.ask(person, "粮食大豆保险"))[0].text
    assert "去哪办" in (await desk.ask(person, "12月1日到25日"))[0].text
    assert "带什么" in (await desk.ask(person, "村委会一楼"))[0].text
    assert "依据是啥" in (await desk.ask(person, "身份证、一卡通"))[0].text
    (whole,) = await desk.ask(person, "我村委会通知，2026年11月20日")
    assert whole.text == (
        "请看一遍，还没有登记：\n地方：达拉特旗中和西镇翻身村\n事情：粮食大豆保险\n日子：2026年12月1日到2026年12月25日\n"
        "去哪办：村委会一楼\n带什么：身份证、一卡通\n依据：我村委会通知\n依据日期：2026年11月20日\n居民看到的：\n"
        "村里12月1日开始收，最后一天12月25日。（我村委会通知）\n去哪办：村委会一楼。\n带上：身份证、一卡通。"
    )
    assert not await kept(desk)
    assert "发布了" in (await desk.tap(person, "发布"))[0].text
    (window,) = await kept(desk)
    (member,) = await desk.everyone()
    assert (window.state, window.place, window.programme) == (State.PUBLISHED, VILLAGE, "grain-soy-insurance")
    assert (window.opens_on, window.closes_on) == (date(2026, 12, 1), date(2026, 12, 25))
    assert (window.topic, window.source_on) == ("insurance", date(2026, 11, 20))
    assert window.entered_by == window.confirmed_by == f"staff:{member.id}"
    async with desk.database.begin() as conn:
        rows = [(row.verb, row.object_id) for row in await conn.execute(trail.select().order_by(trail.c.number))]
    assert rows[-1] == ("window published", f"window:{window.id}")


async def test_a_thing_is_found_in_everyday_words_or_named_by_staff(desk: Desk) -> None:
    person = await desk.member()
    await desk.ask(person, "/windows")
    await desk.tap(person, "登记日子")
    (choice,) = await desk.ask(person, "玉米保险")
    assert "粮食大豆保险" in choice.buttons
    assert choice.buttons[-1] == "就叫“玉米保险”"
    assert "哪天到哪天" in (await desk.tap(person, "粮食大豆保险"))[0].text
    await desk.tap(person, "不要了")
    await desk.ask(person, "/windows")
    await desk.tap(person, "登记日子")
    await desk.ask(person, "村里打井登记")
    await desk.tap(person, "就叫“村里打井登记”")
    await desk.ask(person, "只12月5日")
    for skipped in ("不写地方", "不写带什么"):
        await desk.tap(person, skipped)
    await desk.ask(person, "我村委会通知")
    await desk.tap(person, "发布")
    (window,) = await kept(desk)
    assert (window.programme, window.matter) == (None, "村里打井登记")
    assert (window.opens_on, window.closes_on) == (date(2026, 12, 5), date(2026, 12, 5))


async def test_nothing_without_a_source_is_published(desk: Desk) -> None:
    person = await desk.member()
    await written(desk, person)
    await desk.tap(person, "改依据")
    (whole,) = await desk.tap(person, "还没有依据")
    assert "发布" not in whole.buttons
    assert "居民看到" not in whole.text
    assert "草稿" in (await desk.tap(person, "存成草稿"))[0].text
    assert (await kept(desk))[0].state is State.DRAFT
    assert "草稿，居民看不到" in await opened(desk, person)
    await desk.tap(person, "改依据")
    await desk.ask(person, "旗政发〔2026〕3号")
    await desk.tap(person, "存上改动")
    assert "发布了" in (await desk.tap(person, "来了新通知"))[0].text
    (window,) = await kept(desk)
    assert (window.state, window.source) == (State.PUBLISHED, "旗政发〔2026〕3号")


async def test_a_source_can_not_be_taken_from_what_is_published(desk: Desk) -> None:
    person = await desk.member()
    await written(desk, person)
    await desk.tap(person, "发布")
    await opened(desk, person)
    assert (await desk.tap(person, "改依据"))[0].buttons == ["不要了"]
    assert "不能没有依据" in (await desk.tap_data(person, "entry-skip:source"))[0].text


async def test_a_move_needs_a_reason_and_is_told_by_the_history(desk: Desk) -> None:
    person = await desk.member()
    await written(desk, person)
    await desk.tap(person, "发布")
    await opened(desk, person)
    await desk.tap(person, "改日子")
    assert "改成这样，还没有存" in (await desk.ask(person, "12月1日到20日"))[0].text
    assert "为啥改" in (await desk.tap(person, "存上改动"))[0].text
    assert "会收到新日子" in (await desk.ask(person, "旗里催得紧"))[0].text
    assert (await kept(desk))[0].closes_on == date(2026, 12, 20)
    await opened(desk, person)
    (history,) = await desk.tap(person, "看改过啥")
    lines = history.text.splitlines()
    assert lines[0] == "粮食大豆保险"
    assert lines[1].startswith("1. 2026年11月22日11:00，王主任：用手机登记；日子：2026年12月1日到2026年12月25日")
    assert lines[3] == "3. 2026年11月22日11:00，王主任：旗里催得紧；日子：2026年12月1日到2026年12月20日"


async def test_what_is_given_up_is_cancelled_with_a_reason_and_may_be_published_again(desk: Desk) -> None:
    person = await desk.member()
    await written(desk, person)
    await desk.tap(person, "发布")
    await opened(desk, person)
    assert "为啥停" in (await desk.tap(person, "停办"))[0].text
    assert (await kept(desk))[0].state is State.PUBLISHED
    assert "停办了" in (await desk.tap(person, "这回不办了"))[0].text
    (window,) = await kept(desk)
    async with desk.database.begin() as conn:
        history = await windows.history(conn, window.id)
    assert (window.state, history[-1].reason) == (State.CANCELLED, "这回不办了")
    assert "停办了" in await opened(desk, person)
    assert "谁登记的：王主任\n谁核对的：王主任" in await opened(desk, person)
    assert "没写完" not in (await desk.ask(person, "/windows"))[0].text  # it was only looked at
    await desk.tap(person, "1 粮食大豆保险")
    await desk.tap(person, "发布")
    await desk.tap(person, "来了新通知")
    assert (await kept(desk))[0].state is State.PUBLISHED


async def test_the_same_thing_again_is_changed_or_is_another_batch(desk: Desk) -> None:
    person = await desk.member()
    await written(desk, person)
    await desk.tap(person, "发布")
    await desk.ask(person, "/windows")
    await desk.tap(person, "登记日子")
    (there,) = await desk.ask(person, "粮食大豆保险")
    assert "已经登记过" in there.text
    await desk.tap(person, "另登一批")
    assert "哪天到哪天" in (await desk.ask(person, "第二批"))[0].text
    await desk.ask(person, "每年4月1日到4月30日")
    for skipped in ("不写地方", "不写带什么"):
        await desk.tap(person, skipped)
    await desk.ask(person, "我村委会通知")
    await desk.tap(person, "发布")
    first, second = await kept(desk)
    assert (first.batch, second.batch, second.timing) == ("", "第二批", Timing.YEARLY)
    await desk.ask(person, "/windows")
    await desk.tap(person, "登记日子")
    await desk.ask(person, "粮食大豆保险")
    assert "已发布" in (await desk.tap(person, "改它"))[0].text


async def test_a_local_detail_is_entered_with_the_day_until_which_it_holds(desk: Desk) -> None:
    person = await desk.member()
    await desk.ask(person, "/windows")
    await desk.tap(person, "登记标准、电话")
    await desk.tap(person, "标准")
    await desk.ask(person, "粮食大豆保险")
    await desk.ask(person, "每亩20元")
    await desk.ask(person, "旗政发〔2026〕3号")
    assert "还没到的日子" in (await desk.ask(person, "2026年1月1日"))[0].text
    (whole,) = await desk.tap(person, "算一年")
    assert "本村（旗政发〔2026〕3号）标准：每亩20元。" in whole.text
    await desk.tap(person, "发布")
    (detail,) = await told(desk)
    assert (detail.kind, detail.says, detail.lapses_on) == (Kind.STANDARD, "每亩20元", date(2027, 11, 22))
    await opened(desk, person)
    await desk.tap(person, "停办")
    assert "停用了" in (await desk.tap(person, "上回写错了"))[0].text
    assert (await told(desk))[0].state is State.CANCELLED


async def test_what_nobody_can_be_sure_of_and_private_phones_are_asked_for_again(desk: Desk) -> None:
    person = await desk.member()
    await desk.ask(person, "/windows")
    await desk.tap(person, "登记日子")
    await desk.ask(person, "粮食大豆保险")
    for said in ("尽快", "12月32日", "12月25日到12月1日", "另行通知", "13912345678，大概12月", "长" * 200):
        assert "再打一遍" in (await desk.ask(person, said))[0].text
    await desk.ask(person, "12月25日前")
    for said in ("张三 13912345678", "１３９ １２３４ ５６７８", "长" * 41):
        assert "再发一遍" in (await desk.ask(person, said))[0].text
    assert "带什么" in (await desk.ask(person, "村委会一楼"))[0].text


async def test_places_are_tapped_or_typed_and_only_one_s_own(desk: Desk) -> None:
    person = await desk.member(77, TOWNSHIP)
    await desk.ask(person, "/windows")
    await desk.tap(person, "登记日子")
    (asked,) = await desk.ask(person, "粮食大豆保险")
    assert "是哪里的" in asked.text
    for said in ("准格尔旗", "达拉特旗", "月亮上"):
        assert "不归您管" in (await desk.ask(person, said))[0].text
    for stem in (BANNER, "15", "150622", "x", ""):
        await desk.tap_data(person, f"entry-place:{stem}")
    assert "哪天到哪天" in (await desk.ask(person, "翻身村"))[0].text


async def test_what_lies_elsewhere_can_not_be_opened(desk: Desk) -> None:
    person = await desk.member()
    await written(desk, person)
    await desk.tap(person, "发布")
    (window,) = await kept(desk)
    other = await desk.member(78, "150622")
    for tap in (f"entry-see:w{window.id}", f"entry-history:w{window.id}", "entry-see:w9", "entry-see:x", "entry-see:",
                "entry-see:w99999999999999999999", f"entry-see:d{window.id}"):  # fmt: skip
        assert "没有这一条" in (await desk.tap_data(other, tap))[0].text
    assert "还没有登记" in (await desk.ask(other, "/windows"))[0].text


async def test_taps_of_old_messages_do_nothing_behind_one_s_back(desk: Desk) -> None:
    person = await desk.member()
    for tap in (
        "entry-keep", "entry-is:dibao", "entry-own", "entry-kind:phone", "entry-cancel", "entry-reason:off",
        "entry-skip:where", "entry-change:days", "entry-batch", "entry-on", f"entry-place:{VILLAGE}",
    ):  # fmt: skip
        assert "没有正在写" in (await desk.tap_data(person, tap))[0].text
    await written(desk, person)
    await desk.tap(person, "发布")
    await opened(desk, person)
    for tap in (
        "entry-is:dibao",
        "entry-kind:phone",
        f"entry-place:{VILLAGE}",
        "entry-reason:off",
        "entry-change:place",
    ):
        assert "已发布" in (await desk.tap_data(person, tap))[0].text
    (window,) = await kept(desk)
    assert (window.programme, window.revision) == ("grain-soy-insurance", 2)


async def test_what_a_colleague_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    person, other = await desk.member(), await desk.member(78, name="李会计")
    await written(desk, person)
    await desk.tap(person, "发布")
    for one in (person, other):
        await opened(desk, one)
        await desk.tap(one, "改日子")
    await desk.ask(person, "12月20日前")
    await desk.tap(person, "存上改动")
    await desk.tap(person, "日子改了")
    await desk.ask(other, "12月30日前")
    await desk.tap(other, "存上改动")
    said, shown = await desk.tap(other, "日子改了")
    assert "别人刚改过" in said.text
    assert "2026年12月20日" in shown.text
    assert (await kept(desk))[0].closes_on == date(2026, 12, 20)


async def test_one_may_leave_in_the_middle_and_come_back(desk: Desk) -> None:
    person = await desk.member()
    await desk.ask(person, "/windows")
    await desk.tap(person, "登记日子")
    await desk.ask(person, "粮食大豆保险")
    await desk.ask(person, "/who")
    assert "没看懂" in (await desk.ask(person, "12月25日前"))[0].text
    await desk.ask(person, "/notice")
    await desk.tap_data(person, "notice-drop")
    left, _ = await desk.ask(person, "/windows")
    assert "没写完" in left.text
    assert "哪天到哪天" in (await desk.tap(person, "接着写", left))[0].text


async def test_many_are_shown_some_at_a_time(desk: Desk) -> None:
    person = await desk.member()
    (member,) = await desk.everyone()
    async with desk.database.begin() as conn:
        for number in range(11):
            entered = windows.Entered(
                VILLAGE, Timing.DATED, matter=f"第{number}件事", closes_on=date(2026, 12, 1 + number), source="通知"
            )
            await windows.enter(conn, entered, author=f"staff:{member.id}", reason="登记", now=desk.now)
    (page,) = await desk.ask(person, "/windows")
    assert "登记了11条" in page.text
    assert "8. 第7件事" in page.text
    (rest,) = await desk.tap(person, "再看后面的")
    assert "9. 第8件事，达拉特旗中和西镇翻身村：已经在收，最后一天2026年12月9日（草稿）" in rest.text
    assert "第10件事" in (await desk.tap(person, "11 第10件事"))[0].text
