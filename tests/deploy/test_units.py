"""The units of systemd: understood by systemd itself, and shut off from what they do not need."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from bot.settings import Settings

UNITS = Path("deploy/systemd")
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
GUIDES = (Path("deploy/install.md"), Path("deploy/operator.zh.md"))
COMMAND = re.compile(r'systemd-run .*?--unit="([\w-]+)-\$\(date .*?bin/mingbai', re.DOTALL)
MOST_EXPOSED = 20  # tenths; systemd calls below 2 "OK", and 10 is "unsafe"

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze here")


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units with a program and a user that this machine has."""
    for path in UNITS.iterdir():
        text = path.read_text("utf-8").replace("/opt/mingbai/.venv/bin/mingbai", "/bin/true")
        text = re.sub("^(User|Group)=mingbai$", r"\1=root", text, flags=re.MULTILINE)
        (tmp_path / path.name).write_text(text, "utf-8")
    return tmp_path


def _analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False, timeout=60)


@needs_systemd
def test_systemd_finds_nothing_to_say_about_any_unit(units: Path) -> None:
    told = _analyze("verify", *(str(path) for path in sorted(units.glob("*.[st]*")) if path.suffix != ".sysusers"))
    about_ours = [line for line in told.stderr.splitlines() if "mingbai" in line]
    assert (told.returncode, about_ours) == (0, [])


@needs_systemd
@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_shut_off_from_what_it_does_not_need(name: str) -> None:
    told = _analyze("security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(UNITS / name))
    assert told.returncode == 0, told.stdout[-300:]


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_runs_a_command_that_exists(name: str) -> None:
    from bot.cli import main

    command = re.search(r"bin/mingbai (\w+)", (UNITS / name).read_text("utf-8"))
    assert command is not None
    assert command[1] in main.list_commands(click.Context(main))


def test_a_command_is_run_as_a_unit_of_our_name_wherever_it_is_written_down() -> None:
    for guide in GUIDES:
        text = guide.read_text("utf-8")
        assert COMMAND.findall(text) == ["mingbai-mb"] * text.count("systemd-run --"), guide


@needs_systemd
@pytest.mark.parametrize("name", [*SERVICES, "mingbai-mb-1.service"])
def test_the_drop_ins_that_name_the_secrets_reach_every_unit(units: Path, name: str) -> None:
    """A nightly backup or a command without them would use another database or another key, or end at once."""
    folders = re.findall(r"^sudo install -d (/etc/systemd/.+)$", GUIDES[0].read_text("utf-8"), re.MULTILINE)[0].split()
    for folder in folders:
        drop_in = units / Path(folder).name / "credentials.conf"
        drop_in.parent.mkdir()
        drop_in.write_text("[Service]\nLoadNothing=yes\n", "utf-8")
    shutil.copy(units / "mingbai-backup.service", units / "mingbai-mb-1.service")
    told = _analyze("verify", str(units / name))
    assert "credentials.conf:2: Unknown key 'LoadNothing'" in told.stderr, "systemd says so of each drop-in it reads"


@needs_systemd
def test_systemd_takes_the_drop_in_as_it_is_written_down(units: Path) -> None:
    lines = re.search(r"<<'END'\n(.+?)END\n", GUIDES[0].read_text("utf-8"), re.DOTALL)
    assert lines is not None
    assert set(re.findall(r"LoadCredential=mingbai_(\w+):", lines[1])) <= set(Settings.model_fields)
    (units / "mingbai-.service.d").mkdir()
    (units / "mingbai-.service.d" / "credentials.conf").write_text(lines[1], "utf-8")
    assert "credentials.conf" not in _analyze("verify", str(units / "mingbai-backup.service")).stderr
