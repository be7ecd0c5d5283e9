"""The command line: `mingbai`."""

import click

from bot.ask_command import ask
from bot.content_commands import content


@click.group()
def main() -> None:
    """明白: answers villagers' questions about policy, with the clause each answer rests on."""


main.add_command(content)
main.add_command(ask)
