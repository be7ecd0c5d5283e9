"""What /healthz, /readyz and /metrics tell, whom, and that the alerts and the runbook rest on what is there."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Response
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import insert

from bot.dialogue.turn import Knowledge
from bot.health.figures import Figures
from bot.health.routes import Process, router
from bot.incoming import Incoming
from bot.pipeline import Pipeline
from content.message import Message
from scheduler.sending import Outcome, Refused, Sent
from storage import accounts
from storage.database import Database
from storage.tables import beat, delivery
from storage.tables.operating import backup
from tests.policy.house import ROOT

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
LABELS = {"channel", "band", "outcome", "account", "kind", "entry", "le"}
"""All labels that there are. None of them is a topic, a programme or a place."""


@asynccontextmanager
async def client(
    database: Database,
    figures: Figures,
    *,
    token: str = "",
    now: datetime = NOON,
    host: str = "127.0.0.1",
    held: int = 375,
) -> AsyncIterator[AsyncClient]:
    app = FastAPI()
    app.include_router(router(Process(database, figures, lambda: held, Path("var"), token, lambda: now)))
    transport = ASGITransport(app, client=(host, 1234))
    async with AsyncClient(transport=transport, base_url="http://test") as http:
        yield http


async def told(database: Database, figures: Figures, *, now: datetime = NOON) -> dict[tuple[str, ...], float]:
    """Every sample: its name and the values of its labels, by the labels' names."""
    async with client(database, figures, now=now) as http:
        found = text_string_to_metric_families((await http.get("/metrics")).text)
        return {
            (one.name, *dict(sorted(one.labels.items())).values()): one.value
            for family in found
            for one in family.samples
        }


async def test_answers_are_counted_by_band_and_never_by_what_was_asked(database: Database, know: Knowledge) -> None:
    figures = Figures()
    pipeline = Pipeline(lambda: know, database, per_minute=20, now=lambda: NOON, watch=figures.answered)
    said = ("苞米遭灾赔不赔", "深圳入户积分", "谢谢", "我不想活了")
    for number, words in enumerate(said):
        update = Incoming("wechat", "main", "aunt", str(number), NOON, text=words)
        await pipeline.handle(update, welcoming=False)
        await pipeline.handle(update, welcoming=False)
    found = await told(database, figures)
    bands = {key[1]: value for key, value in found.items() if key[0] == "mingbai_questions_total"}
    assert bands == {"answer": 1, "none": 1, "chat": 1}, "what came again and pleas for help are not counted"
    assert found["mingbai_answer_seconds_count", "wechat"] == 2 * len(said)


async def test_no_label_is_a_topic_a_programme_or_a_place(database: Database, know: Knowledge) -> None:
    figures = Figures()
    pipeline = Pipeline(lambda: know, database, per_minute=20, now=lambda: NOON, watch=figures.answered)
    await pipeline.handle(Incoming("web", "page", "aunt", "1", NOON, text="达旗低保咋申请"), welcoming=False)
    await waiting(database)
    async with client(database, figures) as http:
        text = (await http.get("/metrics")).text
    ours = [family for family in text_string_to_metric_families(text) if family.name.startswith("mingbai_")]
    assert {name for family in ours for one in family.samples for name in one.labels} <= LABELS
    for word in ("1506", "150621", "达旗", "低保", *know.library.topics, *know.library.programmes):
        assert f'"{word}"' not in text


async def waiting(database: Database) -> int:
    """An account with an urgent and an ordinary delivery due ten minutes ago; returns its id."""
    async with database.begin() as conn:
        on = await accounts.register(conn, channel="wechat", name="main", per_second=20.0)
        await accounts.hold(conn, on, NOON + timedelta(seconds=30))
        for number, kind in enumerate(("urgent", "notice")):
            values = {"source_kind": "broadcast", "source_id": number, "account_id": on, "kind": kind}
            times = {
                "not_before": NOON - timedelta(minutes=10),
                "expires_at": NIGHT + timedelta(days=1),
                "moved_at": NOON,
            }
            await conn.execute(insert(delivery).values(values | times))
    return on


async def test_what_waits_is_told_by_its_age_and_at_night_only_what_is_urgent(database: Database) -> None:
    on = str(await waiting(database))
    day = await told(database, Figures())
    assert day["mingbai_queued_seconds", on, "urgent"] == day["mingbai_queued_seconds", on, "notice"] == 600
    assert day["mingbai_account_held_seconds", on, "wechat"] == 30
    assert day["mingbai_account_per_second", on, "wechat"] == 20
    night = await told(database, Figures(), now=NIGHT)
    assert ("mingbai_queued_seconds", on, "urgent") in night
    assert ("mingbai_queued_seconds", on, "notice") not in night, "it waits for the morning, and nothing is wrong"


async def test_a_silent_timetable_and_the_last_backup_are_told(database: Database) -> None:
    async with database.begin() as conn:
        row = {"entry": "wake", "started_at": NOON, "succeeded_at": NOON - timedelta(seconds=7)}
        await conn.execute(insert(beat).values(row))
        for age, finished in ((5, True), (1, False)):
            taken = NOON - timedelta(hours=age)
            row = {"taken_at": taken, "revision": "1", "finished_at": taken if finished else None}
            await conn.execute(insert(backup).values(row))
    found = await told(database, Figures())
    assert found["mingbai_beat_seconds", "wake"] == 7
    assert (found["mingbai_beat_late", "wake"], found["mingbai_beat_late", "forget"]) == (0, 1)
    assert found["mingbai_backup_seconds",] == 5 * 3600, "one that failed is none"


async def test_deliveries_are_counted_by_outcome(database: Database) -> None:
    outcomes: list[Outcome] = [Sent("1"), Sent("2"), Refused("user_blocked")]

    class Platform:
        async def send(
            self, account: str, address: str, message: Message, *, delivery_id: int, now: datetime
        ) -> Outcome:
            return outcomes[delivery_id]

    figures = Figures()
    sender = figures.watching("telegram", Platform())
    for number in range(3):
        await sender.send("1", "2", Message(blocks=()), delivery_id=number, now=NOON)
    found = await told(database, figures)
    assert found["mingbai_deliveries_total", "telegram", "sent"] == 2
    assert found["mingbai_deliveries_total", "telegram", "refused"] == 1


async def test_figures_are_for_the_machine_itself_or_for_who_has_the_token(database: Database) -> None:
    async def get(token: str, host: str, **headers: str) -> Response:
        async with client(database, Figures(), token=token, host=host) as http:
            return await http.get("/metrics", headers=headers)

    assert (await get("", "127.0.0.1")).status_code == 200
    assert (await get("", "203.0.113.9")).status_code == 403
    assert (await get("", "127.0.0.1", **{"X-Forwarded-For": "203.0.113.9"})).status_code == 403
    assert (await get("s3cret", "203.0.113.9", Authorization="Bearer s3cret")).status_code == 200
    for wrong in ({}, {"Authorization": "Bearer s3cre"}, {"Authorization": "s3cret"}):
        assert (await get("s3cret", "127.0.0.1", **wrong)).status_code == 403


async def test_it_is_alive_and_not_ready_where_the_database_is_not(database: Database) -> None:
    gone = Database(database.url.set(database="elsewhere"), server=None, pool_size=1)
    async with client(gone, Figures()) as http:
        assert (await http.get("/healthz")).status_code == 200
        ready = await http.get("/readyz")
        assert (ready.status_code, ready.json()) == (
            503,
            {"ready": False, "database": "Unreachable", "programmes": 375},
        )
        assert "mingbai_database_up 0.0" in (await http.get("/metrics")).text
    await gone.close()
    async with client(database, Figures()) as http:
        assert (await http.get("/readyz")).status_code == 200
    async with client(database, Figures(), held=0) as http:
        assert (await http.get("/readyz")).status_code == 503, "there is nothing to answer with"


def rules() -> list[dict[str, Any]]:
    told = yaml.safe_load((ROOT / "deploy" / "alerts.yml").read_text("utf-8"))
    return [rule for group in told["groups"] for rule in group["rules"]]


async def test_every_metric_that_an_alert_names_is_there(database: Database) -> None:
    await waiting(database)
    async with database.begin() as conn:
        await conn.execute(insert(backup).values(taken_at=NOON, revision="1", finished_at=NOON))
    figures = Figures()
    figures.answered("web", "answer", 0.1)
    figures.tried("web", Sent("1"))
    there = {key[0] for key in await told(database, figures)}
    named = {name for rule in rules() for name in re.findall(r"\b(?:mingbai|process)_\w+", rule["expr"])}
    assert len(named) > 10
    assert named - there <= {"mingbai_unsent_reply_seconds"}, "it has a sample only where an answer waits"


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: str(rule["alert"]))
def test_every_alert_leads_to_a_part_of_the_runbook(rule: dict[str, Any]) -> None:
    runbook = (ROOT / "deploy" / "runbook.md").read_text("utf-8")
    file, _, part = rule["annotations"]["runbook"].partition("#")
    assert file == "deploy/runbook.md"
    titles = re.findall(r"^## (.+)$", runbook, re.MULTILINE)
    assert part in {re.sub(r"[^a-z -]", "", title.lower()).replace(" ", "-") for title in titles}
    assert rule["labels"]["severity"] in ("page", "ticket")
