"""`python -m bot` is `mingbai`."""

from bot.cli import main

main()
