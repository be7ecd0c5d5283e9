"""Notices on their way through faults of the platform, with `kill -9` of workers, clocks and the database, seeded."""
