"""WeChat's interfaces: body in, answer out. An error is a code inside the answer."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from tests.fakes.wechat.account import FakeAccount, Job, Said

Answer = dict[str, Any]
FIELD_LIMITS = {"thing": 20, "character_string": 32, "phrase": 5, "name": 10}


def error(code: int, **more: Any) -> Answer:
    return {"errcode": code, "errmsg": f"fault {code} rid: 617682e0", **more}


OK: Answer = {"errcode": 0, "errmsg": "ok"}


def stable_token(account: FakeAccount, body: Mapping[str, Any]) -> Answer:
    if body.get("appid") != account.app_id or body.get("grant_type") != "client_credential":
        return error(40013)
    if body.get("secret") != account.secret:
        return error(40125)
    ends = account.issued.get(account.latest)
    if body.get("force_refresh") or ends is None or ends - account.now() <= timedelta(minutes=5):
        account.new_token()
    left = account.issued[account.latest] - account.now()
    return {"access_token": account.latest, "expires_in": max(1, int(left.total_seconds()))}


def custom(account: FakeAccount, body: Mapping[str, Any]) -> Answer:
    if body["touser"] not in account.followers:
        return error(40003)
    follower = account.followers[body["touser"]]
    if body["msgtype"] == "text":
        said = Said("custom", body["text"]["content"])
    else:
        article = body["news"]["articles"][0]
        said = Said("custom", article["title"], article["url"])
    if len(said.text.encode()) > 2048:
        return error(45002)
    code = follower.refuses(account.now())
    if code:
        account.refused.append(code)
        return error(code)
    follower.screen.append(said)
    return OK


def subscription(account: FakeAccount, body: Mapping[str, Any]) -> Answer:
    follower = account.followers[body["touser"]]
    if body["template_id"] not in account.templates:
        return error(40037)
    if body["template_id"] not in follower.agreed:
        return error(43101)
    return _notice(account, body, "subscription")


def template(account: FakeAccount, body: Mapping[str, Any]) -> Answer:
    if body["template_id"] not in account.templates:
        return error(40037)
    if not account.followers[body["touser"]].follows:
        return error(43004)
    return _notice(account, body, "template")


def _notice(account: FakeAccount, body: Mapping[str, Any], way: Any) -> Answer:
    fields = {name: one["value"] for name, one in body["data"].items()}
    if set(fields) != account.templates[body["template_id"]]:
        return error(47003)
    for name, value in fields.items():
        limit = FIELD_LIMITS.get(re.sub(r"\d+$", "", name))
        if not value or "\n" in value or (limit and len(value) > limit):
            return error(47003)
    said = Said(way, " | ".join(fields.values()), str(body.get("page") or body.get("url") or ""))
    account.followers[body["touser"]].screen.append(said)
    return {**OK, "msgid": 200163836}


def menu_create(account: FakeAccount, body: Mapping[str, Any]) -> Answer:
    if not 1 <= len(body["button"]) <= 3:
        return error(40016)
    for button in body["button"]:
        if len(button["name"].encode()) > 16:
            return error(40018)
        items = button.get("sub_button", [])
        if len(items) > 5:
            return error(40023)
        for item in items or [button]:
            if len(item["name"].encode()) > 60 or not (item.get("key") or item.get("url")):
                return error(40025)
    account.menu = body
    return OK


def tag_create(account: FakeAccount, body: Mapping[str, Any]) -> Answer:
    name = body["tag"]["name"]
    if name in account.tags.values():
        return error(45157)
    number = 100 + len(account.tags)
    account.tags[number] = name
    return {"tag": {"id": number, "name": name}}


def tag_list(account: FakeAccount, _: Mapping[str, Any]) -> Answer:
    return {"tags": [{"id": number, "name": name, "count": 0} for number, name in account.tags.items()]}


def tag_members(account: FakeAccount, body: Mapping[str, Any]) -> Answer:
    people = sorted(who for who, one in account.followers.items() if body["tagid"] in one.tags)
    page = [who for who in people if who > body["next_openid"]][:3]  # WeChat's pages are longer
    return {"count": len(page), "data": {"openid": page}, "next_openid": page[-1] if page else ""}


def tagging(account: FakeAccount, body: Mapping[str, Any]) -> Answer:
    return _tagged(account, body, on=True)


def untagging(account: FakeAccount, body: Mapping[str, Any]) -> Answer:
    return _tagged(account, body, on=False)


def _tagged(account: FakeAccount, body: Mapping[str, Any], *, on: bool) -> Answer:
    if len(body["openid_list"]) > 50:
        return error(40032)
    if body["tagid"] not in account.tags:
        return error(45159)
    if any(who not in account.followers or not account.followers[who].follows for who in body["openid_list"]):
        return error(49003)
    for who in body["openid_list"]:
        tags = account.followers[who].tags
        (tags.add if on else tags.discard)(body["tagid"])
    return OK


def sendall(account: FakeAccount, body: Mapping[str, Any]) -> Answer:
    assert body["filter"]["is_to_all"] is False, "never to everybody"
    group = body["clientmsgid"]
    if len(group.encode()) > 64:
        return error(45067)
    before = next((job for job in account.jobs if job.group == group), None)
    if before is not None:
        return error(45065, msg_id=before.id)
    job = Job(30124 + len(account.jobs), body["filter"]["tag_id"], body["text"]["content"], group)
    account.jobs.append(job)
    for one in account.followers.values():
        if job.tag in one.tags and one.follows:
            one.screen.append(Said("mass", job.text))
    return {**OK, "msg_id": job.id, "msg_data_id": 206227730}


def qrcode(account: FakeAccount, body: Mapping[str, Any]) -> Answer:
    scene = body["action_info"]["scene"]["scene_str"]
    if not 1 <= len(scene) <= 64:
        return error(40052)
    return {"ticket": f"ticket-{len(account.calls)}", "url": f"http://weixin.qq.com/q/{scene}"}


METHODS: Mapping[str, Callable[[FakeAccount, Mapping[str, Any]], Answer]] = {
    "/cgi-bin/message/custom/send": custom,
    "/cgi-bin/message/subscribe/bizsend": subscription,
    "/cgi-bin/message/template/send": template,
    "/cgi-bin/menu/create": menu_create,
    "/cgi-bin/tags/create": tag_create,
    "/cgi-bin/tags/get": tag_list,
    "/cgi-bin/user/tag/get": tag_members,
    "/cgi-bin/tags/members/batchtagging": tagging,
    "/cgi-bin/tags/members/batchuntagging": untagging,
    "/cgi-bin/message/mass/sendall": sendall,
    "/cgi-bin/qrcode/create": qrcode,
}
