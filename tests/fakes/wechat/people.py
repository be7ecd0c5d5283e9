"""People with phones: what they do reaches our address as WeChat sends it; what comes is on their screens."""

import asyncio
import itertools
import re
import secrets
from typing import TYPE_CHECKING

import aiohttp

from tests.fakes.wechat.account import Follower, Said
from tests.fakes.wechat.sealing import seal, signature, unseal

if TYPE_CHECKING:
    from tests.fakes.wechat.server import FakeWeChat

TRIES = 3
BROKEN = "该公众号提供的服务出现故障，请稍后再试"
_ids = itertools.count(6054768590064713728)


class Person:
    """One resident of the account."""

    def __init__(self, wechat: "FakeWeChat", openid: str) -> None:
        self._wechat, self.openid = wechat, openid
        self.tried = 0

    @property
    def follower(self) -> Follower:
        return self._wechat.account.followers[self.openid]

    @property
    def screen(self) -> list[Said]:
        return self.follower.screen

    @property
    def texts(self) -> list[str]:
        return [one.text for one in self.screen]

    async def say(self, text: str) -> str:
        """Send a text; returns what stands last on the screen afterwards."""
        return await self._did("message", f"{_kind('text')}<Content><![CDATA[{text}]]></Content>{_id()}")

    async def speak(self, media: str, recognition: str | None = None) -> str:
        heard = f"<Recognition><![CDATA[{recognition}]]></Recognition>" if recognition is not None else ""
        return await self._did(
            "message", f"{_kind('voice')}<MediaId>{media}</MediaId><Format>amr</Format>{heard}{_id()}"
        )

    async def show(self, kind: str) -> str:
        """Send a picture, a video, a link: anything that can't be read."""
        return await self._did("message", f"{_kind(kind)}<MediaId>m</MediaId>{_id()}")

    async def pin(self, label: str) -> str:
        place = f"<Location_X>40.4</Location_X><Location_Y>110.0</Location_Y><Scale>15</Scale><Label>{label}</Label>"
        return await self._did("message", f"{_kind('location')}{place}{_id()}")

    async def follow(self, scene: str = "") -> str:
        self.follower.follows = True
        key = f"<EventKey>qrscene_{scene}</EventKey><Ticket>t</Ticket>" if scene else "<EventKey></EventKey>"
        return await self._did("tap", _event("subscribe") + key)

    async def unfollow(self) -> None:
        self.follower.follows = False
        self.follower.acts.clear()
        self.follower.tags.clear()
        await self._did(None, _event("unsubscribe") + "<EventKey></EventKey>")

    async def tap(self, key: str) -> str:
        return await self._did("tap", f"{_event('CLICK')}<EventKey>{key}</EventKey>")

    async def open(self, url: str) -> None:
        await self._did(None, f"{_event('VIEW')}<EventKey><![CDATA[{url}]]></EventKey>")

    async def scan(self, scene: str) -> str:
        return await self._did("tap", f"{_event('SCAN')}<EventKey>{scene}</EventKey><Ticket>t</Ticket>")

    async def agree(self, template: str, *, accept: bool = True) -> None:
        (self.follower.agreed.add if accept else self.follower.agreed.discard)(template)
        word = "accept" if accept else "reject"
        row = f"<TemplateId>{template}</TemplateId><SubscribeStatusString>{word}</SubscribeStatusString>"
        event = _event("subscribe_msg_popup_event")
        await self._did(None, f"{event}<SubscribeMsgPopupEvent><List>{row}</List></SubscribeMsgPopupEvent>")

    async def told(self, inner: str) -> str:
        """Let any event reach our address."""
        return await self._did(None, inner)

    async def _did(self, act: str | None, inner: str) -> str:
        now = self._wechat.account.now()
        if act:
            self.follower.act(act, now)
        ours, at = self._wechat.account.ours, int(now.timestamp())
        head = f"<ToUserName>{ours}</ToUserName><FromUserName>{self.openid}</FromUserName><CreateTime>{at}</CreateTime>"
        await self.deliver(f"<xml>{head}{inner}</xml>")
        return self.screen[-1].text if self.screen else ""

    async def deliver(self, xml: str) -> None:
        """Call our address until it answers, three times at most; an answer that is wrong is shown as a fault."""
        for _ in range(TRIES):
            self.tried += 1
            answer = await self._once(xml)
            if answer is None:
                continue
            if answer not in ("", "success"):
                self.screen.append(self._shown(answer))
            return
        self.screen.append(Said("broken", BROKEN))

    async def _once(self, xml: str) -> str | None:
        """One try; None where no answer came in time."""
        assert self._wechat.session is not None
        query, body = self.request(xml)
        wait = aiohttp.ClientTimeout(total=self._wechat.patience)
        try:
            async with self._wechat.session.post(
                self._wechat.callback, params=query, data=body.encode(), timeout=wait
            ) as response:
                answer = await response.text()
                if self._wechat.drop_answers:
                    self._wechat.drop_answers -= 1
                    return None
                return answer if response.status == 200 else None
        except aiohttp.ClientError:
            await asyncio.sleep(self._wechat.patience / 10)
            return None
        except TimeoutError:
            return None

    def request(self, xml: str) -> tuple[dict[str, str], str]:
        """The query and the body of a call, as the account's mode has it."""
        account = self._wechat.account
        stamp, nonce = str(int(account.now().timestamp())), str(secrets.randbelow(10**9))
        query = {"timestamp": stamp, "nonce": nonce, "signature": signature(account.token, stamp, nonce)}
        if account.mode == "plain":
            return query | {"openid": self.openid}, xml
        closed = seal(xml, account.aes_key, account.app_id)
        query |= {"encrypt_type": "aes", "msg_signature": signature(account.token, stamp, nonce, closed)}
        clear = xml.removeprefix("<xml>").removesuffix("</xml>") if account.mode == "compatible" else ""
        return query, f"<xml>{clear}<Encrypt><![CDATA[{closed}]]></Encrypt></xml>"

    def _shown(self, answer: str) -> Said:
        """What a passive reply looks like; what WeChat would not take is shown as its own fault message."""
        account = self._wechat.account
        if account.mode != "plain":
            closed, given = _field(answer, "Encrypt"), _field(answer, "MsgSignature")
            signed = signature(account.token, _field(answer, "TimeStamp"), _field(answer, "Nonce"), closed)
            if given != signed:
                return Said("broken", BROKEN)
            answer = unseal(closed, account.aes_key, account.app_id)
        if _field(answer, "ToUserName") != self.openid or _field(answer, "FromUserName") != account.ours:
            return Said("broken", BROKEN)
        if _field(answer, "MsgType") == "news" and _field(answer, "ArticleCount") == "1":
            return Said("passive", _field(answer, "Title"), _field(answer, "Url"))
        text = _field(answer, "Content")
        if _field(answer, "MsgType") != "text" or not text or len(text.encode()) > 2048:
            return Said("broken", BROKEN)
        return Said("passive", text)


def _field(xml: str, name: str) -> str:
    found = re.search(rf"<{name}>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</{name}>", xml, re.DOTALL)
    return (found[1] if found[1] is not None else found[2]) if found else ""


def _kind(name: str) -> str:
    return f"<MsgType><![CDATA[{name}]]></MsgType>"


def _event(name: str) -> str:
    return f"{_kind('event')}<Event><![CDATA[{name}]]></Event>"


def _id() -> str:
    return f"<MsgId>{next(_ids)}</MsgId>"
