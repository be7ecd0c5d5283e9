"""One table of settings, read once. Nothing else reads the environment.

Secrets stand there only, or in files that a service manager hands over in $CREDENTIALS_DIRECTORY (systemd's
LoadCredential, secrets of Compose), each named as its setting, `mingbai_telegram_token`; the environment goes first.
"""

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "MINGBAI_"


class WrongSettings(Exception):
    """Settings that can't be used; the message names each, what is wrong and where to put it right."""


class Settings(BaseSettings):
    """Every setting with its default and one line of help. The README's table is held to this by a test."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", hide_input_in_errors=True)

    data: Annotated[Path, Field(description="folder of the embedded PostgreSQL's data")] = Path("var/data")
    database_url: Annotated[
        SecretStr | None, Field(description="an outside PostgreSQL (postgresql://…); unset: the embedded one")
    ] = None
    content: Annotated[
        Path | None, Field(description="a deployment's own folder of programmes, contacts and sources")
    ] = None
    host: Annotated[str, Field(description="address that the web page listens on")] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535, description="port that the web page listens on")] = 8000
    secure_cookies: Annotated[
        bool, Field(description="true behind HTTPS: the web page's cookie is sent over HTTPS only")
    ] = False
    service_name: Annotated[str, Field(description="who runs this service, as residents read it")] = "本地试用的人"
    service_phone: Annotated[str, Field(description="a phone of those who run it")] = "12345"
    filing: Annotated[
        str | None, Field(description="ICP filing number (蒙ICP备…号), shown at the foot of the page; unset: none")
    ] = None
    messages_per_minute: Annotated[
        int, Field(ge=1, description="messages of one resident that are answered in a minute")
    ] = 20
    public_url: Annotated[
        str | None,
        Field(pattern=r"^https?://\S+$", description="public address of this service (https://…); unset: none"),
    ] = None
    telegram_token: Annotated[
        SecretStr | None, Field(description="token of the residents' Telegram bot; unset: no Telegram")
    ] = None
    telegram_api: Annotated[str, Field(description="address of the Bot API")] = "https://api.telegram.org"
    staff_token: Annotated[
        SecretStr | None, Field(description="token of the staff's Telegram bot, another one; unset: no staff bot")
    ] = None
    audit_key: Annotated[
        SecretStr | None,
        Field(description="key of the trail, 16 letters or more; unset: the file trail.key in the data folder"),
    ] = None
    telegram_per_second: Annotated[
        float, Field(gt=0, description="messages that Telegram lets the residents' bot send in a second")
    ] = 30.0
    voice_command: Annotated[
        str | None,
        Field(description="program that reads a voice message from standard input and prints the words; unset: none"),
    ] = None
    wechat_app_id: Annotated[str | None, Field(description="AppID of the official account; unset: no WeChat")] = None
    wechat_secret: Annotated[
        SecretStr | None, Field(validate_default=True, description="AppSecret of the official account")
    ] = None
    wechat_token: Annotated[
        SecretStr | None, Field(validate_default=True, description="the Token chosen for the official account's server")
    ] = None
    wechat_aes_key: Annotated[
        SecretStr | None, Field(description="its EncodingAESKey (43 characters): safe mode; unset: plain mode")
    ] = None
    wechat_kind: Annotated[
        Literal["service", "subscription", "unverified"],
        Field(description="service (服务号), subscription (verified 订阅号) or unverified (may only answer at once)"),
    ] = "service"
    wechat_api: Annotated[str, Field(description="where WeChat's interfaces are")] = "https://api.weixin.qq.com"
    wecom_webhook: Annotated[
        SecretStr | None, Field(description="webhook of the robot in staff's WeCom group, for alerts; unset: none")
    ] = None
    work_inside: Annotated[
        bool,
        Field(description="true: mingbai serve also runs the timetable and sends; else run mingbai clock and worker"),
    ] = True
    accounts_at_once: Annotated[int, Field(ge=1, description="accounts that one worker sends on at the same time")] = 8
    trial: Annotated[bool, Field(description="true: unasked messages reach only guests of the trial")] = True
    remind_before: Annotated[
        str, Field(pattern=r"^\d{1,3}(,\d{1,3})*$", description="days before the last one on which to remind")
    ] = "7,1,0"
    keep_unanswered: Annotated[
        bool, Field(description="questions that found no card are kept for editors, without names, numbers and places")
    ] = True
    metrics_token: Annotated[
        SecretStr | None,
        Field(description="who fetches /metrics sends it as a bearer token; unset: only from the machine itself"),
    ] = None
    health_port: Annotated[
        int | None,
        Field(
            ge=1,
            le=65535,
            description="port of loopback for /healthz, /readyz, /metrics of clock and worker",
        ),
    ] = None
    log_level: Annotated[str, Field(description="DEBUG, INFO, WARNING or ERROR")] = "INFO"

    @field_validator("telegram_token", "staff_token")
    @classmethod
    def _like_a_token(cls, token: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if token is None or not token.get_secret_value():
            return None
        if not re.fullmatch(r"\d+:[\w-]+", token.get_secret_value()):
            raise ValueError("not a token as BotFather gives it, 123456:ABC…")
        if token == info.data.get("telegram_token"):
            raise ValueError("the residents' bot has this token; staff need a bot of their own")
        return token

    @field_validator("wechat_secret", "wechat_token")
    @classmethod
    def _whole_account(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """An official account needs all three."""
        if info.data.get("wechat_app_id") and not (value and value.get_secret_value()):
            raise ValueError(f"needed beside {PREFIX}WECHAT_APP_ID")
        return value

    @field_validator("wechat_aes_key")
    @classmethod
    def _aes_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9]{43}", value.get_secret_value()):
            raise ValueError("it is the 43 letters and digits that WeChat shows")
        return value

    @property
    def outside(self) -> str | None:
        """The address of the outside database; None: the embedded one."""
        return self.database_url.get_secret_value() if self.database_url else None

    @property
    def reminded_before(self) -> tuple[int, ...]:
        """The days before the last one on which to remind."""
        return tuple(int(days) for days in self.remind_before.split(","))


@dataclass(frozen=True)
class Refused:
    """A setting that can't be used, and why; never what was set."""

    name: str
    why: str


@cache
def settings() -> Settings:
    """Read the environment once. Raises WrongSettings with everything that is wrong."""
    try:
        return _read()
    except ValidationError as error:
        raise WrongSettings("\n".join(f"{one.name}: {one.why}" for one in _refused(error))) from error


def usable() -> tuple[Settings, list[Refused]]:
    """Read the environment, with the default in place of whatever can't be used, and what that was."""
    refused: list[Refused] = []
    instead: dict[str, Any] = {}
    while True:
        try:
            return _read(**instead), refused
        except ValidationError as error:
            refused += [one for one in _refused(error) if one not in refused]
            names = {str(one["loc"][0]) for one in error.errors()}
            if names & {"wechat_secret", "wechat_token"}:
                names.add("wechat_app_id")  # they are missed only where there is an account
            instead |= {name: Settings.model_fields[name].default for name in names}


def strangers() -> list[str]:
    """The names in the environment that look like settings, and are none."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    return sorted(name for name in os.environ if name.upper().startswith(PREFIX) and name.upper() not in known)


def _read(**instead: Any) -> Settings:
    """Settings of the environment, and of files that a service manager hands over, one for each secret."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return Settings(_secrets_dir=folder if folder and Path(folder).is_dir() else None, **instead)


def _refused(error: ValidationError) -> list[Refused]:
    return [
        Refused(f"{PREFIX}{str(one['loc'][0]).upper()}", one["msg"].removeprefix("Value error, "))
        for one in error.errors()
    ]
