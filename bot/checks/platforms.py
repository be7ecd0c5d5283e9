"""The platforms: whether each takes our token, by a call that nobody sees, and whether its clock is ours."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import timedelta
from email.utils import parsedate_to_datetime
from functools import partial

import httpx
from pydantic import SecretStr

from bot.checks.finding import Finding, note, well, wrong
from bot.settings import PREFIX, Settings
from scheduler.clock import now

TIMEOUT = 10.0
SKEW = timedelta(seconds=30)
NO_SUCH_ROBOT = 93000

Call = Callable[[httpx.AsyncClient], Awaitable[list[Finding]]]


def calls(chosen: Settings) -> Sequence[tuple[str, Call]]:
    """A call for each platform that is set up, and one for our own address."""
    api, robot, page = chosen.telegram_api.rstrip("/"), _secret(chosen.wecom_webhook), chosen.public_url or ""
    bots = (("telegram", "TELEGRAM_TOKEN", chosen.telegram_token), ("staff bot", "STAFF_TOKEN", chosen.staff_token))
    every: list[tuple[object, str, Call]] = [
        (token, part, partial(_telegram, address=f"{api}/bot{_secret(token)}/getMe", part=part, name=name))
        for part, name, token in bots
    ]
    every.append((chosen.wechat_app_id, "wechat", partial(_wechat, chosen=chosen)))
    every.append((robot, "wecom", partial(_wecom, webhook=robot)))
    every.append((page, "address", partial(_ours, url=page.rstrip("/"))))
    return [(part, call) for there, part, call in every if there]


async def of_platform(part: str, call: Call) -> list[Finding]:
    """Make one call; a platform that is not reached is one finding."""
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT) as http:
            return await call(http)
    except (httpx.HTTPError, ValueError) as error:
        remedy = "See that this machine can reach it (network, proxy, DNS)."
        return [wrong(part, f"It was not reached: {type(error).__name__}.", remedy)]


async def _telegram(http: httpx.AsyncClient, *, address: str, part: str, name: str) -> list[Finding]:
    answer = await http.get(address)
    found = list(_skew(part, answer))
    if not answer.json().get("ok"):
        remedy = f"Take a new one from BotFather and set {PREFIX}{name}."
        return [*found, wrong(part, "Telegram does not take the token.", remedy)]
    return [*found, well(part, f"Telegram knows it as @{answer.json()['result'].get('username', '?')}.")]


async def _wechat(http: httpx.AsyncClient, *, chosen: Settings) -> list[Finding]:
    """Ask for the token that is valid now: that makes no new one, and nothing of the service stops."""
    secret = {"appid": chosen.wechat_app_id, "secret": _secret(chosen.wechat_secret)}
    body = secret | {"grant_type": "client_credential", "force_refresh": False}
    answer = await http.post(f"{chosen.wechat_api.rstrip('/')}/cgi-bin/stable_token", json=body)
    found, told = list(_skew("wechat", answer)), answer.json()
    if "access_token" in told:
        return [*found, well("wechat", "WeChat gives a token.")]
    remedy = "40013: AppID. 40125: AppSecret. 40164: put this machine's address into the account's list of addresses."
    return [*found, wrong("wechat", f"WeChat gives no token: code {told.get('errcode')}.", remedy)]


async def _wecom(http: httpx.AsyncClient, *, webhook: str) -> list[Finding]:
    """A message of no kind: a robot that is there refuses it, and the group sees nothing."""
    answer = await http.post(webhook, json={"msgtype": "none"})
    if answer.json().get("errcode") == NO_SUCH_ROBOT:
        remedy = f"Add a robot to the group and set {PREFIX}WECOM_WEBHOOK to its address."
        return [*_skew("wecom", answer), wrong("wecom", "There is no robot at this webhook.", remedy)]
    return [*_skew("wecom", answer), well("wecom", "The robot is there.")]


async def _ours(http: httpx.AsyncClient, *, url: str) -> list[Finding]:
    try:
        answer = await http.get(f"{url}/healthz")
    except httpx.HTTPError as error:
        says = f"{url} does not answer from here: {type(error).__name__}."
        return [note("address", says, "Is the service running? Else see the domain, the certificate and the proxy.")]
    if answer.text.strip() != "ok":
        says = f"{url} leads elsewhere (status {answer.status_code})."
        return [wrong("address", says, "Mend the proxy or the domain.")]
    return [well("address", f"{url} leads here.")]


def _skew(part: str, answer: httpx.Response) -> Iterator[Finding]:
    if "date" in answer.headers:
        skew = abs(parsedate_to_datetime(answer.headers["date"]) - now())
        if skew > SKEW:
            says = f"The platform's clock and ours differ by {skew.total_seconds():.0f} s."
            yield wrong(part, says, "Set this machine's by NTP (systemd-timesyncd, chrony).")


def _secret(value: SecretStr | None) -> str:
    return value.get_secret_value() if value else ""
