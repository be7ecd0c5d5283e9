"""WeChat with 500 residents who write at the same moment: `python -m tests.benchmarks.wechat_callers URL SEED`.

A process of its own, so that what it costs is not the service's. Writes one JSON object: for each answer the seconds
that it took as WeChat sees it, and whether it was a reply (not only "success").
"""

import asyncio
import json
import random
import sys
import time

import aiohttp

from content.library import read_library
from scheduler.clock import now
from tests.fakes.wechat import FakeWeChat

RESIDENTS = 500
APP_ID, TOKEN = "wx2c2769f8efd9abc2", "spamtest"


async def _one(session: aiohttp.ClientSession, url: str, query: dict[str, str], body: str) -> tuple[float, bool]:
    begun = time.perf_counter()
    async with session.post(url, params=query, data=body.encode()) as response:
        said = await response.text()
        assert response.status == 200
    return time.perf_counter() - begun, said.startswith("<xml>")


async def _all(url: str, seed: int) -> None:
    choose = random.Random(seed)  # noqa: S311 - which question somebody asks
    questions = [text for one in read_library().programmes.values() for text in one.phrasings]
    fake = FakeWeChat(now)
    asked = []
    for number in range(RESIDENTS):
        who = f"resident-{seed % 2}-{number}"
        head = f"<ToUserName>{fake.account.ours}</ToUserName><FromUserName>{who}</FromUserName>"
        at = f"<CreateTime>{int(now().timestamp())}</CreateTime><MsgType>text</MsgType>"
        words = f"<Content><![CDATA[{choose.choice(questions)}]]></Content><MsgId>{seed * 1000 + number}</MsgId>"
        asked.append(fake.person(who).request(f"<xml>{head}{at}{words}</xml>"))
    wait = aiohttp.ClientTimeout(total=60)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=wait) as session:
        answers = await asyncio.gather(*(_one(session, url, query, body) for query, body in asked))
    json.dump([list(one) for one in answers], sys.stdout)


if __name__ == "__main__":
    asyncio.run(_all(sys.argv[1], int(sys.argv[2])))
