"""Compose, Caddy and the examples of settings: each checked by what reads it, and no setting in them that is none."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings

DEPLOY = Path("deploy")


def _services() -> dict[str, Any]:
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    return services


def test_the_schema_of_compose_knows_every_key() -> None:
    words = ["--builtin-schema", "vendor.compose-spec", "--output-format", "json", str(DEPLOY / "compose.yaml")]
    told = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *words], capture_output=True, text=True, check=False, timeout=60
    )
    assert json.loads(told.stdout)["status"] == "ok", told.stdout


@pytest.mark.parametrize("name", sorted(_services()))
def test_a_container_writes_nowhere_gains_nothing_and_starts_again(name: str) -> None:
    service = _services()[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["restart"] in ("unless-stopped", "no")


def test_only_the_door_has_ports_and_the_database_has_no_way_out() -> None:
    services = _services()
    assert [name for name, one in services.items() if "ports" in one] == ["caddy"]
    assert services["postgres"]["networks"] == ["inside"]


def test_backups_go_by_the_images_own_programs_over_a_network_that_leads_nowhere() -> None:
    """The image has no PostgreSQL of the system, and the wheel's programs can't encrypt."""
    assert _services()["web"]["environment"]["MINGBAI_DATABASE_URL"].endswith("@postgres/mingbai?sslmode=disable")
    assert yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["networks"]["inside"] == {"internal": True}


def test_every_setting_that_deploy_names_exists() -> None:
    """The containers get all of compose.env, and `mingbai check` calls a name of ours that is no setting wrong."""
    known = {f"MINGBAI_{name.upper()}" for name in Settings.model_fields}
    for path in (*DEPLOY.glob("*.example"), *DEPLOY.rglob("*.service"), *DEPLOY.glob("*.yaml"), DEPLOY / "Dockerfile"):
        named = set(re.findall(r"MINGBAI_[A-Z_]+[A-Z]", path.read_text("utf-8")))
        assert named <= known, f"{path}: {sorted(named - known)}"


def test_the_image_takes_in_everything_that_runs_and_nothing_else() -> None:
    taken = {line[1:] for line in Path(".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")}
    copied = set(re.findall(r"^COPY ((?!--from).+) \S+$", (DEPLOY / "Dockerfile").read_text("utf-8"), re.MULTILINE))
    assert taken == {word for words in copied for word in words.split()}


@pytest.mark.skipif(shutil.which("caddy") is None, reason="no caddy here")
def test_caddy_takes_its_file(tmp_path: Path) -> None:
    told = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")],
        capture_output=True,
        text=True,
        check=False,
        env={"DOMAIN": "wen.example.org", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        timeout=60,
    )
    assert told.returncode == 0, told.stderr[-500:]
