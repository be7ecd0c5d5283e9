"""Doors and talk: channels, dialogue, wiring."""
