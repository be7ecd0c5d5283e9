"""Telegram, for residents: translates updates and messages, decides nothing. Optional; everything works without it."""
