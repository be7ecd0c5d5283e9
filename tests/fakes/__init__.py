"""Platforms as they behave, on loopback: real HTTP, so that our clients talk to them unchanged."""
