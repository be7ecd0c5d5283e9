"""What breaks is told kindly, and no word of a resident gets into a log or a table."""

import logging
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from sqlalchemy import select

from bot.channels.web.app import web_app
from bot.channels.web.site import Site
from bot.dialogue.turn import Asked
from bot.logs import configure
from bot.pipeline import Pipeline
from storage.database import Database
from storage.tables import metadata
from tests.web.conftest import Visitor

RARE = "饕餮螭魅"


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[StringIO]:
    """All that is logged, in the form in which `mingbai serve` logs it."""
    configure("DEBUG")
    told = StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(told))
    with caplog.at_level(logging.DEBUG):
        yield told
    assert RARE not in caplog.text
    structlog.reset_defaults()


async def test_a_fault_in_the_dialogue_is_told_kindly_and_logged_without_words(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, logs: StringIO
) -> None:
    def broken(asked: Asked) -> None:
        raise RuntimeError(f"cannot answer {asked.text}")

    monkeypatch.setattr("bot.pipeline.reply", broken)
    page = await visitor.send(text=f"{RARE}咋申请")
    assert page.status_code == 200
    assert "没答上来" in page.text
    assert "12345" in page.text
    told = logs.getvalue()
    assert "turn_failed" in told
    assert "RuntimeError" in told
    assert RARE not in told


async def test_a_fault_anywhere_else_is_told_kindly_too_with_all_headers(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, logs: StringIO
) -> None:
    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError(RARE)

    monkeypatch.setattr(Pipeline, "handle", broken)
    page = await visitor.send(text=RARE)
    assert page.status_code == 500
    assert "出了点毛病" in page.text
    assert "12345" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"
    told = logs.getvalue()
    assert "page_failed" in told
    assert "/ask" in told
    assert RARE not in told


async def test_an_address_that_somebody_typed_is_not_logged(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, logs: StringIO
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("bot.channels.web.routes.Card", broken)
    page = await visitor.client.get("/card/dibao", params={"place": RARE})
    assert page.status_code == 500
    assert (await visitor.client.get(f"/card/{RARE}")).status_code == 404
    told = logs.getvalue()
    assert "/card/{id_}" in told
    assert "dibao" not in told
    assert RARE not in told


async def test_no_word_of_a_question_is_logged_or_stored(visitor: Visitor, database: Database, logs: StringIO) -> None:
    page = await visitor.send(text=f"{RARE}能领低保不")
    assert RARE in page.text, "it is shown back"
    assert RARE not in logs.getvalue()
    async with database.begin() as conn:
        for table in metadata.sorted_tables:
            assert RARE not in str((await conn.execute(select(table))).all()), table.name


async def test_a_browser_that_is_closed_while_it_sends_is_no_fault_of_ours(site: Site, logs: StringIO) -> None:
    async def gone() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def nobody(_: Any) -> None: ...

    headers = [(b"host", b"page.example"), (b"content-length", b"9")]
    scope = {"type": "http", "method": "POST", "path": "/ask", "query_string": b"", "headers": headers, "root_path": ""}
    await web_app(site)(scope, gone, nobody)
    assert "page_failed" not in logs.getvalue()
