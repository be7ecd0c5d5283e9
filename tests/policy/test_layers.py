"""The folders are the architecture: bot → scheduler, content, storage; content and storage know nothing of ours."""

import ast
import subprocess
import sys

from tests.policy.house import ROOT, modules, named

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"
"""The command `lint-imports`, wherever Python's programs lie."""

MAY_IMPORT = {
    "bot": {"bot", "scheduler", "content", "storage"},
    "scheduler": {"scheduler", "content", "storage"},
    "content": {"content"},
    "storage": {"storage"},
}


def test_imports_follow_the_map() -> None:
    """The contract of pyproject.toml, which sees what is imported through others too."""
    told = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, (
        f"content/ and storage/ know nothing above them; hand them a value or a port instead\n{told.stdout}"
    )


def test_a_lazy_import_is_no_way_around_the_map() -> None:
    strays = []
    for path in modules():
        package = path.relative_to(ROOT).parts[0]
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [one.name for one in node.names] if isinstance(node, ast.Import) else []
            ours = {name.partition(".")[0] for name in names} & set(MAY_IMPORT)
            strays += [f"{named(path)} imports {name}" for name in ours - MAY_IMPORT[package]]
    assert not strays, "content/ and storage/ know nothing above them; hand them a value or a port instead"


def test_only_the_settings_read_the_environment_and_only_the_clock_the_time() -> None:
    """One table of settings, read once; `now` is an argument everywhere else (storage asks PostgreSQL, never us)."""
    words = {"os.environ": "bot/settings.py", "os.getenv": "bot/settings.py", "datetime.now(": "scheduler/clock.py"}
    found = [
        f"{named(path)}: {word}"
        for path in modules()
        for word, home in words.items()
        if word in path.read_text("utf-8") and named(path) != home and not named(path).startswith("storage/embedded/")
    ]
    assert not found
