"""`mingbai check` finds everything that is wrong at once, says what to do, and never what a secret is."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import insert, text

from bot.checks.database import of_database
from bot.checks.finding import Finding
from bot.checks.platforms import calls, of_platform
from bot.settings import Settings, settings
from scheduler.clock import now
from scheduler.timetable import ENTRIES
from storage import beats, schema
from storage.database import Database
from storage.tables.operating import backup
from tests.fakes.telegram import FakeTelegram
from tests.fakes.wechat import FakeWeChat
from tests.operating.serving import outside
from tests.policy.house import ROOT

SECRET = "s3cret-9f1c"  # noqa: S105 - opens nothing
Found = list[dict[str, Any]]


async def checked(folder: Path, chosen: dict[str, str]) -> tuple[int, Found]:
    """Run `mingbai check --json` with these settings and no others."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MINGBAI_")}
    words, pipe = (sys.executable, "-m", "bot", "check", "--json"), asyncio.subprocess.PIPE
    environment = clean | {"MINGBAI_DATA": str(folder)} | chosen
    program = await asyncio.create_subprocess_exec(*words, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe)
    said, complained = await program.communicate()
    assert complained == b""
    assert SECRET.encode() not in said
    return program.returncode or 0, [json.loads(line) for line in said.splitlines()]


def parts(found: Found, level: str) -> set[str]:
    return {one["part"] for one in found if one["level"] == level}


async def healthy(database: Database) -> None:
    """As after a quiet night: the timetable ran, a backup was taken."""
    at = now()
    async with database.begin() as conn:
        for entry in ENTRIES:
            await beats.begun(conn, entry.name, at)
            await beats.ended(conn, entry.name, at, said="", well=True)
        await conn.execute(insert(backup).values(taken_at=at, revision="1", finished_at=at))


async def test_where_all_is_well_it_says_so_and_ends_well(database: Database, tmp_path: Path) -> None:
    await healthy(database)
    async with FakeTelegram() as telegram:
        telegram.bot(f"123456:{SECRET}")
        chosen = {"MINGBAI_TELEGRAM_TOKEN": f"123456:{SECRET}", "MINGBAI_TELEGRAM_API": telegram.url}
        code, found = await checked(tmp_path, outside(database) | chosen | {"MINGBAI_SERVICE_PHONE": "0477-1234567"})
    assert (code, parts(found, "wrong")) == (0, set())
    assert parts(found, "note") - {"holidays"} == {"trial"}  # those of next year are published each November
    assert {"settings", "database", "clock", "tables", "timetable", "backup", "content", "telegram"} <= parts(
        found, "well"
    )


async def test_everything_that_is_wrong_is_found_at_once_each_with_a_remedy(database: Database, tmp_path: Path) -> None:
    own = tmp_path / "own" / "programmes" / "home"
    own.mkdir(parents=True)
    (own / "x.yaml").write_text("id: x\n", "utf-8")
    async with FakeTelegram() as telegram, FakeWeChat(now) as wechat:
        telegram.bot("123456:right")
        chosen = {
            "MINGBAI_TELEGRAM_TOKEN": f"123456:{SECRET}",
            "MINGBAI_TELEGRAM_API": telegram.url,
            "MINGBAI_STAFF_TOKEN": SECRET,
            "MINGBAI_TELEGRAM_TOKN": "1",
            "MINGBAI_PORT": "http",
            "MINGBAI_AUDIT_KEY": "fifteen letters",
            "MINGBAI_WECHAT_APP_ID": "wx-not-there",
            "MINGBAI_WECHAT_SECRET": SECRET,
            "MINGBAI_WECHAT_TOKEN": SECRET,
            "MINGBAI_WECHAT_API": wechat.url,
            "MINGBAI_WECOM_WEBHOOK": f"{wechat.url}/cgi-bin/webhook/send?key={SECRET}",
            "MINGBAI_PUBLIC_URL": telegram.url.replace("http:", "https:"),
            "MINGBAI_VOICE_COMMAND": "there-is-no-such-program -",
            "MINGBAI_CONTENT": str(tmp_path / "own"),
            "MINGBAI_DATABASE_URL": f"postgresql://mingbai:{SECRET}@127.0.0.1:9/mingbai",
        }
        code, found = await checked(tmp_path, chosen)
    assert code == 1
    bad = {"settings", "trail", "telegram", "wechat", "wecom", "cookies", "voice", "content", "database"}
    assert parts(found, "wrong") == bad
    assert all(one["remedy"] for one in found if one["level"] != "well")
    told = " ".join(one["says"] + one["remedy"] for one in found if one["part"] == "settings")
    assert "Write MINGBAI_TELEGRAM_TOKEN" in told
    assert {"MINGBAI_PORT", "MINGBAI_STAFF_TOKEN"} <= set(told.replace(":", " ").split())
    assert wechat.account.alerts == [], "no group is shown anything"


async def test_tables_that_are_behind_and_a_silent_timetable_are_found(database: Database, tmp_path: Path) -> None:
    async def looked() -> dict[str, Finding]:
        chosen = Settings.model_validate({"data": tmp_path, "database_url": database.url.render_as_string()})
        return {one.part: one async for one in of_database(chosen)}

    async with database.begin() as conn:
        await beats.begun(conn, "wake", now() - timedelta(days=1))
    found = await looked()
    assert (found["timetable"].level, found["backup"].level) == ("wrong", "note")
    await revision(database, "0001")
    try:
        assert "mingbai db upgrade" in (await looked())["tables"].remedy
    finally:
        await revision(database, schema.head() or "")


async def revision(database: Database, number: str) -> None:
    async with database.begin() as conn:
        await conn.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})


@pytest.fixture
async def late() -> AsyncIterator[str]:
    """A Bot API whose clock is an hour behind."""

    async def answer(_: web.Request) -> web.Response:
        date = format_datetime(now() - timedelta(hours=1), usegmt=False)
        return web.json_response({"ok": True, "result": {"username": "bot"}}, headers={"Date": date})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_clock_that_is_not_the_platforms_is_found(late: str) -> None:
    chosen = Settings.model_validate({"telegram_token": "1:a", "telegram_api": late})
    ((part, call),) = calls(chosen)
    found = await of_platform(part, call)
    assert [one.level for one in found] == ["wrong", "well"]
    assert "differ by 360" in found[0].says


def test_secrets_may_come_from_a_service_manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As systemd's LoadCredential hands them over: a file for each, readable by the service alone."""
    (tmp_path / "mingbai_audit_key").write_text(f"{SECRET}-from-a-file\n")
    (tmp_path / "mingbai_telegram_token").write_text("1:from-a-file")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("MINGBAI_TELEGRAM_TOKEN", "2:from-the-environment")
    settings.cache_clear()
    chosen = settings()
    settings.cache_clear()
    assert chosen.audit_key is not None
    assert chosen.audit_key.get_secret_value() == f"{SECRET}-from-a-file"
    assert chosen.telegram_token is not None
    assert chosen.telegram_token.get_secret_value() == "2:from-the-environment"
    assert SECRET not in repr(chosen)
