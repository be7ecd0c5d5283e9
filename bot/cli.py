"""The command line: `mingbai`. A command's own modules are loaded only when it is called, so that answers come fast."""

from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "ask": "bot.ask_command:ask",
    "audit": "bot.staff_commands:audit",
    "broadcast": "bot.broadcast_commands:broadcast",
    "chat": "bot.serve_commands:chat",
    "check": "bot.check_command:check",
    "clock": "bot.clock_commands:clock",
    "content": "bot.content_commands:content",
    "db": "bot.db_commands:db",
    "demo": "bot.serve_commands:demo",
    "interest": "bot.interest_commands:interest",
    "search": "bot.search_commands:search",
    "serve": "bot.serve_commands:serve",
    "staff": "bot.staff_commands:staff",
    "trial": "bot.trial_commands:trial",
    "wechat": "bot.wechat_commands:wechat",
    "windows": "bot.windows_commands:windows",
    "worker": "bot.clock_commands:worker",
}


class _Lazy(click.Group):
    """A group that knows its commands' names and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; settings that can't be used are told in a sentence, never with what was set."""
        from bot.settings import WrongSettings  # noqa: PLC0415 - as slow as the commands themselves

        try:
            return super().invoke(ctx)
        except WrongSettings as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=_Lazy)
@click.version_option(package_name="mingbai")
def main() -> None:
    """明白: answers villagers' questions about policy, with the clause that each answer rests on."""
