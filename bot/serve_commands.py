"""`mingbai serve`, `demo`, `chat`: running the service."""

import asyncio
import sys

import click
import uvicorn

from bot.ask_command import home
from bot.channels.console import Console
from bot.dialogue.turn import Service
from bot.knowledge import knowledge
from bot.logs import configure
from bot.running import run as to_the_end
from bot.serving import serve as until_stopped
from bot.serving import stopping
from bot.settings import Settings, settings
from scheduler.clock import now


@click.command()
@click.option(
    "--only", type=click.Choice(["web", "desk", "telegram", "wechat", "staff"]), default=None, help="One door alone."
)
def serve(only: str | None) -> None:
    """Serve until stopped: the web page, the desk, and Telegram, WeChat and the staff bot where they are set."""
    chosen = settings()
    if only == "telegram" and chosen.telegram_token is None:
        raise click.ClickException("set MINGBAI_TELEGRAM_TOKEN first")
    if only == "wechat" and chosen.wechat_app_id is None:
        raise click.ClickException("set MINGBAI_WECHAT_APP_ID, _SECRET and _TOKEN first")
    if only == "staff" and chosen.staff_token is None:
        raise click.ClickException("set MINGBAI_STAFF_TOKEN first")
    _served(chosen, only=only or "")


@click.command()
def demo() -> None:
    """Set everything up and serve the page on this machine, on the embedded PostgreSQL, with examples of windows."""
    chosen = settings()
    click.echo(f"明白 is starting. Soon: http://{chosen.host}:{chosen.port}  (stop: Ctrl-C)", err=True)
    _served(chosen, examples=True)


@click.command()
@click.option("--place", default=None, help="Code of the place that you are from, such as 150600.")
def chat(place: str | None) -> None:
    """Talk in the terminal; nothing is kept. Ctrl-D ends it."""
    chosen = settings()
    know = knowledge(Service(chosen.service_name, chosen.service_phone), own=chosen.content)
    console = Console(know, now, places=home(know, place))
    while True:
        try:
            line = input("> ") if sys.stdin.isatty() else next(sys.stdin).rstrip("\n")
        except (EOFError, KeyboardInterrupt, StopIteration):
            return
        click.echo(asyncio.run(console.say(line)))
        click.echo()


def _served(chosen: Settings, *, only: str = "", examples: bool = False) -> None:
    # uvicorn takes the faster loop only where it makes the loop itself, and ours begins before it.
    to_the_end(
        _serve(chosen, only=only, examples=examples), loop=uvicorn.Config("", log_config=None).get_loop_factory()
    )


async def _serve(chosen: Settings, *, only: str = "", examples: bool = False) -> None:
    from bot.app import web  # noqa: PLC0415 - drivers are loaded only where a database is used

    configure(chosen.log_level)
    with stopping() as stop:
        async with web(chosen, only=only, examples=examples) as app:
            await until_stopped(app, chosen.host, chosen.port, until=stop)
