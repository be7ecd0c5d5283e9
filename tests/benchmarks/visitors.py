"""Twenty visitors of the page, in a process of their own: `python -m tests.benchmarks.visitors PORT PAUSE`."""

import asyncio
import sys

import httpx

from content.library import read_library

VISITORS = 20
ROUNDS = 25
ROUNDS_READING = 8


async def _visitor(number: int, port: int, pause: float, questions: list[str]) -> None:
    """Ask a few things, each visitor others; a visitor who reads starts at a moment of its own."""
    await asyncio.sleep(pause * number / VISITORS)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        for turn in range(ROUNDS_READING if pause else ROUNDS):
            await client.post("/ask", data={"text": questions[(number + turn * VISITORS) % len(questions)]})
            await asyncio.sleep(pause)


async def _visit(port: int, pause: float) -> None:
    questions = [text for one in read_library().programmes.values() for text in one.phrasings]
    await asyncio.gather(*(_visitor(number, port, pause, questions) for number in range(VISITORS)))


if __name__ == "__main__":
    asyncio.run(_visit(int(sys.argv[1]), float(sys.argv[2])))
