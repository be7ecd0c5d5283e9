"""The audit of dependencies: it fails on a weakness, and says so where nobody could be asked."""

import stat
from pathlib import Path

import pytest

from tests.deploy.audit import main

NO_NETWORK = "error: Request failed after 3 retries\n  cause: dns error\n"
WEAK = "jinja2 3.1.5 has 1 known vulnerability"


@pytest.mark.parametrize(
    ("said", "ended", "told", "expected"),
    [
        (NO_NETWORK, 2, "can't be reached", 0),
        (WEAK, 1, WEAK, 1),
        ("Found no known vulnerabilities", 0, "no known", 0),
        ("error: Unable to find lockfile", 2, "lockfile", 2),
    ],
)
def test_only_an_unreachable_database_is_forgiven(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, said: str, ended: int, told: str, expected: int
) -> None:
    program = tmp_path / "uv"
    program.write_text(f"#!/bin/sh\necho '{said}' >&2\nexit {ended}\n", "utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    assert main(str(program)) == expected
    assert told in capsys.readouterr().out
