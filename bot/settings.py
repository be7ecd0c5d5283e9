"""One table of settings, read once. Nothing else reads the environment; secrets stand only there."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "MINGBAI_"


class WrongSettings(Exception):
    """Settings that can't be used; the message names each, what is wrong and where to put it right."""


class Settings(BaseSettings):
    """Every setting with its default and one line of help. The README's table is held to this by a test."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

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
    messages_per_minute: Annotated[
        int, Field(ge=1, description="messages of one resident that are answered in a minute")
    ] = 20
    log_level: Annotated[str, Field(description="DEBUG, INFO, WARNING or ERROR")] = "INFO"


@cache
def settings() -> Settings:
    """Read the environment once. Raises WrongSettings with everything that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"{PREFIX}{str(one['loc'][0]).upper()}: {one['msg']}" for one in error.errors()]
        raise WrongSettings("\n".join(lines)) from error
