"""Notices: their check before sending, their words on every channel and on paper, and whether one is real."""
