"""`mingbai wechat …` as an operator types it, against the WeChat on loopback and a real database."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot import wechat_commands
from bot.settings import PREFIX, settings
from content.errors import InvalidContent
from content.message import Heading, Message, Text
from content.wechat import filled, menu, menu_json, templates
from storage.database import Database
from tests.fakes.wechat import FakeWeChat
from tests.wechat.conftest import Clock

Run = Callable[..., Awaitable[Result]]


@pytest.fixture
def clock() -> Clock:
    """These commands ask the real time."""
    from scheduler.clock import now

    return Clock(now())


@pytest.fixture
def run(wechat: FakeWeChat, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command in a process' place: a thread with a loop of its own."""
    values = {
        "DATABASE_URL": database.url.render_as_string(hide_password=False).replace("+psycopg", ""),
        "WECHAT_APP_ID": wechat.account.app_id,
        "WECHAT_SECRET": wechat.account.secret,
        "WECHAT_TOKEN": wechat.account.token,
        "WECHAT_API": wechat.url,
        "PUBLIC_URL": "https://page.example",
    }
    for name, value in values.items():
        monkeypatch.setenv(PREFIX + name, value)
    settings.cache_clear()

    async def invoke(*words: str, said: str | None = None) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, wechat_commands.wechat, list(words), said)

    yield invoke
    monkeypatch.undo()
    settings.cache_clear()


async def test_the_menu_is_shown_and_published(wechat: FakeWeChat, run: Run) -> None:
    shown = await run("menu", "show")
    assert "看看有哪些事  topics" in shown.output
    published = await run("menu", "publish")
    assert "菜单发布了" in published.output
    assert wechat.account.menu == menu_json(menu(), "https://page.example")


async def test_what_wechat_says_no_to_is_told_with_its_code(wechat: FakeWeChat, run: Run) -> None:
    wechat.account.forbidden.add("/cgi-bin/menu/create")
    told = await run("menu", "publish")
    assert told.exit_code == 1
    assert "48001" in told.output
    wechat.account.secret = "changed"  # noqa: S105
    wechat.account.issued.clear()
    assert "40125" in (await run("code", "card:dibao")).output


@pytest.mark.parametrize("scene", ["card:grain-soy-insurance", "in:150621100201", "topic:insurance"])
async def test_a_code_for_a_poster_is_made(wechat: FakeWeChat, run: Run, scene: str) -> None:
    made = await run("code", scene)
    assert made.exit_code == 0, made.output
    assert f"http://weixin.qq.com/q/{scene}" in made.output
    assert "showqrcode?ticket=" in made.output


@pytest.mark.parametrize("scene", ["erase-sure", "in:999999", "dibao", ""])
async def test_a_code_that_leads_nowhere_is_not_made(wechat: FakeWeChat, run: Run, scene: str) -> None:
    assert (await run("code", scene)).exit_code == 1
    assert wechat.account.called("qrcode/create") == []


async def test_a_mass_send_is_planned_shown_approved_by_another_and_taken_back(run: Run) -> None:
    planned = await run(
        "mass", "plan", "--banner", "150621", "--at", "2099-12-01 09:00", "--by", "张三", "-", said="试一试"
    )
    assert "还没有发" in planned.output
    listed = await run("mass", "list")
    assert "达拉特旗" in listed.output
    assert "试一试" in listed.output
    id_, digest = listed.output.split()[0], listed.output.split()[5]
    assert "不能自己批准" in (await run("mass", "approve", id_, "--digest", digest, "--by", "张三")).output
    assert "批准了" in (await run("mass", "approve", id_, "--digest", digest, "--by", "李四")).output
    assert "取消了" in (await run("mass", "cancel", id_)).output
    assert (await run("mass", "cancel", id_)).exit_code == 1


@pytest.mark.parametrize("banner", ["150600", "150621100", "999999", "保险"])
async def test_a_mass_send_names_a_banner_and_nothing_else(run: Run, banner: str) -> None:
    told = await run("mass", "plan", "--banner", banner, "--at", "2099-12-01 09:00", "--by", "张三", "-", said="试")
    assert told.exit_code == 1


async def test_without_an_account_the_commands_say_what_to_set(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PREFIX + "WECHAT_APP_ID")
    settings.cache_clear()
    assert "MINGBAI_WECHAT_APP_ID" in (await run("menu", "publish")).output


def test_the_menu_fits_what_phones_show_and_leaves_out_pages_that_nobody_reaches() -> None:
    written = menu_json(menu(), "")
    assert all("https" not in str(one) for one in written["button"])
    for button in written["button"]:
        assert len(button["name"].encode()) <= 16
        assert all(len(item["name"].encode()) <= 60 for item in button.get("sub_button", []))


def test_every_item_of_the_menu_does_something_that_the_conversation_knows() -> None:
    from bot.dialogue.core import ACTIONS, BARE

    for button in menu():
        for item in button.items or (button,):
            if item.action:
                assert item.action.partition(":")[0] in ACTIONS.keys() | BARE.keys()


@pytest.mark.parametrize(
    "text",
    [
        "- {name: 太长的名字啊, action: help}",
        "- {name: 空}",
        "- {name: 两样, action: help, page: /}",
        "- {name: 问, items: [{name: 一, action: help}, {name: 二}]}",
        "- {name: 问, action: help, items: [{name: 一, action: help}]}",
    ],
)
def test_a_deployments_own_menu_is_checked(tmp_path: Path, text: str) -> None:
    (tmp_path / "wechat_menu.yaml").write_text(text, "utf-8")
    with pytest.raises(InvalidContent):
        menu(tmp_path)


@pytest.mark.parametrize(
    "fields", ["{}", "{thing1: day}", "{date1: title}", "{words: title}", "{thing1: colour}", "{amount1: title}"]
)
def test_a_template_whose_fields_cannot_carry_what_they_are_given_is_refused(tmp_path: Path, fields: str) -> None:
    (tmp_path / "wechat_notices.yaml").write_text(f"- {{template: T, way: subscription, fields: {fields}}}", "utf-8")
    with pytest.raises(InvalidContent):
        templates(tmp_path)


def test_templates_are_a_deployments_own_and_fields_are_cut_to_their_limits(tmp_path: Path) -> None:
    assert templates(tmp_path) == ()
    fields_ = "thing1: title, thing2: text, phrase3: service, time4: day, thing5: hint"
    text = f"- {{template: T, way: template, fields: {{{fields_}}}}}"
    (tmp_path / "wechat_notices.yaml").write_text(text, "utf-8")
    (template,) = templates(tmp_path)
    said = Message(blocks=(Heading(text="粮" * 30), Text(text="一\n二")))
    fields, whole = filled(template, said, service="达拉特旗农牧局", day="2026年11月22日")
    assert {name: len(one["value"]) for name, one in fields.items()}.items() >= {"thing1": 20, "phrase3": 5}.items()
    assert fields["thing2"]["value"] == "一 二"
    assert not whole
