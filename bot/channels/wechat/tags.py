"""WeChat's tags: one for each banner that a mass send went to, and on it exactly those whom the send is for."""

from collections.abc import AsyncIterator, Iterator, Sequence

import structlog

from bot.channels.wechat.api import Api, Rejected
from storage import wechat_mass
from storage.database import Database

log = structlog.get_logger()

AT_ONCE = 50
"""Addresses that WeChat takes in one call."""

NOBODY = frozenset({40003, 49003})
"""An address among them is nobody's any more."""

TAG_THERE = 45157  # a tag of this name exists


async def tagged(api: Api, database: Database, account: str, banner: str, people: Sequence[str]) -> int:
    """Put a banner's tag on these addresses and on no others; returns the tag. Raises as `Api.post`."""
    tag = await _tag(api, database, account, banner)
    there = {one async for one in _tagged_now(api, tag)}
    for batch in _batches([one for one in there if one not in set(people)]):
        await _change(api, "/cgi-bin/tags/members/batchuntagging", tag, batch)
    for batch in _batches([one for one in people if one not in there]):
        await _change(api, "/cgi-bin/tags/members/batchtagging", tag, batch)
    return tag


async def _tag(api: Api, database: Database, account: str, banner: str) -> int:
    """The tag of a banner, made if there is none. It is named by the banner's code: nothing else is told to WeChat."""
    async with database.begin() as conn:
        kept = await wechat_mass.tag(conn, account, banner)
    if kept is not None:
        return kept
    number = await _made(api, banner)
    async with database.begin() as conn:
        await wechat_mass.keep_tag(conn, account, banner, number)
    return number


async def _made(api: Api, banner: str) -> int:
    try:
        answer = await api.post("/cgi-bin/tags/create", {"tag": {"name": banner}})
        return int(answer["tag"]["id"])
    except Rejected as error:
        if error.code != TAG_THERE:
            raise
    listed = await api.get("/cgi-bin/tags/get")
    return next(int(one["id"]) for one in listed.get("tags", []) if one["name"] == banner)


async def _tagged_now(api: Api, tag: int) -> AsyncIterator[str]:
    """Who carries a tag, page after page."""
    after = ""
    while True:
        page = await api.post("/cgi-bin/user/tag/get", {"tagid": tag, "next_openid": after})
        found = list((page.get("data") or {}).get("openid") or [])
        for one in found:
            yield one
        after = str(page.get("next_openid") or "")
        if not found or not after:
            return


async def _change(api: Api, path: str, tag: int, batch: Sequence[str]) -> None:
    """Tag or untag some; if one of them left meanwhile, the others one by one."""
    try:
        await api.post(path, {"openid_list": list(batch), "tagid": tag})
    except Rejected as error:
        if error.code not in NOBODY:
            raise
        log.info("wechat_tagged_one_by_one", count=len(batch))
        for one in batch if len(batch) > 1 else ():
            await _change(api, path, tag, [one])


def _batches(people: Sequence[str]) -> Iterator[list[str]]:
    return (list(people[start : start + AT_ONCE]) for start in range(0, len(people), AT_ONCE))
