"""`make bench`: run every benchmark and print a line for each figure."""

from tests.benchmarks import (
    broadcast,
    cold_start,
    freezing,
    page,
    reminders,
    restart,
    search_speed,
    stdin_rate,
    telegram_load,
)

ALL = (cold_start, stdin_rate, search_speed, page, reminders, telegram_load, broadcast, freezing, restart)

for benchmark in ALL:
    print(f"# {benchmark.__doc__.strip().splitlines()[0]}" if benchmark.__doc__ else "")
    for line in benchmark.run():
        print(line, flush=True)
