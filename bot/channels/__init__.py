"""Doors: each channel translates and decides nothing."""
