"""/healthz: this process is alive. /readyz: it can serve. /metrics: its figures, for the machine itself or a token."""

import asyncio
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.health.figures import Figures
from bot.health.looked import look
from storage.database import Database
from storage.errors import DatabaseError
from storage.schema import require_current

PATIENCE = 3.0
"""Seconds that a database may take to answer before it counts as gone."""

FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True)
class Process:
    """What is told of one process. `programmes`: how many it holds now. `data`: the folder whose disk counts.

    `token` "": the figures are for requests of this machine that no proxy passed on.
    """

    database: Database
    figures: Figures
    programmes: Callable[[], int]
    data: Path
    token: str
    now: Callable[[], datetime]


def router(of: Process) -> APIRouter:
    """Return the routes."""
    routes = APIRouter()

    @routes.get("/healthz")
    async def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @routes.get("/readyz")
    async def readyz() -> JSONResponse:
        wrong, held = await _wrong(of.database), of.programmes()
        told = {"ready": not wrong and held > 0, "database": wrong or "ok", "programmes": held}
        return JSONResponse(told, 200 if told["ready"] else 503)

    @routes.get("/metrics")
    async def metrics(request: Request) -> Response:
        return await _told(of) if _may_look(request, of.token) else PlainTextResponse("no", 403)

    return routes


async def _told(of: Process) -> Response:
    looked = CollectorRegistry()
    looked.register(_Looked(await look(of.database, of.data, of.now())))
    told = generate_latest(of.figures.registry) + generate_latest(looked)
    return Response(told, media_type="text/plain; version=0.0.4; charset=utf-8")


async def _wrong(database: Database) -> str:
    """What is wrong with the database, by its name; "" for nothing."""
    try:
        async with asyncio.timeout(PATIENCE), database.begin() as conn:
            await require_current(conn)
    except (DatabaseError, TimeoutError) as error:
        return type(error).__name__
    return ""


def _may_look(request: Request, token: str) -> bool:
    if token:
        given = request.headers.get("authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    local = request.client is not None and request.client.host in LOOPBACK
    return local and not any(name in request.headers for name in FORWARDED)


class _Looked(Collector):
    def __init__(self, families: Iterable[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Give what was looked up."""
        return self._families
