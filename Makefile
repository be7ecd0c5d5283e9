# One verb, one command; the same as CI does. Needs Python 3.11+ with venv, make, and nothing else.
.DEFAULT_GOAL := help
.PHONY: help setup demo test check proof bench page paper licences audit

# uv from the PATH, else brought by pip into a folder of its own.
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
RUN := $(UV) run --frozen --no-sync

help: ## Show these commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

.uv/bin/uv:
	python3 -m venv .uv
	.uv/bin/pip install --quiet --disable-pip-version-check "uv>=0.9"

.venv/.ready: pyproject.toml uv.lock $(filter .uv/bin/uv,$(UV))
	$(UV) sync --frozen --compile-bytecode --quiet
	$(RUN) python -m compileall -q bot content scheduler storage
	@touch $@

setup: .venv/.ready ## Install everything from the lock file

demo: setup paper ## Set up and serve the residents' page at http://127.0.0.1:8000
	$(RUN) mingbai demo

page: ## Install Debian's Chromium for the page tests (as root; else they are left out, and it is said)
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; }; } \
	  || echo "No Chromium and not root: the page tests are left out."

# WeasyPrint draws letters with Pango, which no wheel brings; the same packages stand in bot/notices/page.py.
paper: ## Install Debian's Pango for the page for the wall (as root; else it can't be printed, and it is said)
	@python3 -c 'import ctypes.util, sys; sys.exit(ctypes.util.find_library("pangoft2-1.0") is None)' \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
	  && { apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk >/dev/null; }; } \
	  || echo "No Pango, and it could not be installed: notices have no page for the wall, and its tests are left out."

# Many tests start programs: compiled once, none of them compiles everything again where Python may not keep it.
test: setup page paper ## Set up and run all tests
	@$(RUN) python -m compileall -q bot content scheduler storage tests
	$(RUN) pytest --numprocesses 4 --dist worksteal

check: setup ## Lint, types, import rules, content, migrations, licences
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy
	$(RUN) lint-imports
	$(RUN) mingbai content check
	$(RUN) mingbai content coverage
	$(RUN) pytest tests/storage/test_schema.py tests/deploy/test_licences.py

licences: setup ## List the licences of everything installed
	$(RUN) python -m tests.deploy.licences

# Asks osv.dev about each locked package, by name and version.
audit: setup ## Look for known weaknesses of the locked packages (needs the network; it is said where there is none)
	@$(RUN) python -m tests.deploy.audit $(UV)

bench: setup ## Measure speed and memory against named baselines
	$(RUN) python -m tests.benchmarks

proof: setup ## The proofs that are too long for CI, seeded and resumable
	$(RUN) python -m tests.proof
