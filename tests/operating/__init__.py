"""Operating and keeping: backups, erasure, logs, health, stopping."""
