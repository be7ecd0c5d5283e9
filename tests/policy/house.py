"""The project as its own tests see it: where its files lie, and what is in them."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "content", "scheduler", "storage")
SHARED = ROOT.parent / "shared"
"""The catalogue, the documents and the design, on the project's own machines and in CI."""


def modules() -> Iterator[Path]:
    """Every module of ours; migrations aside, which are records of what was done and never shaped again."""
    for package in PACKAGES:
        yield from (path for path in sorted((ROOT / package).rglob("*.py")) if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def named(path: Path) -> str:
    """A path as one writes it."""
    return str(path.relative_to(ROOT))
