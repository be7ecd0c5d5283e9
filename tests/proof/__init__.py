"""Proofs too long for CI: seeded, resumable; `make proof` runs them whole, the tests a fixed slice of the same code."""
