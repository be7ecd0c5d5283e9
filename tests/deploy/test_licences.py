"""What is installed beside ours: licences that we know, locked by digest, from one place."""

import tomllib
from typing import Any

from tests.deploy.licences import INSIDE, WEAK, carried, installed, permissive
from tests.policy.house import ROOT

REGISTRY = "https://pypi.org/simple"
FILES = "https://files.pythonhosted.org/"


def _locked() -> list[dict[str, Any]]:
    packages: list[dict[str, Any]] = tomllib.loads((ROOT / "uv.lock").read_text("utf-8"))["package"]
    return [one for one in packages if one["name"] != "mingbai"]


def test_every_licence_is_permissive_or_known_by_name() -> None:
    strangers = {name: told for name, told in installed().items() if not permissive(told) and name not in WEAK}
    assert not strangers, "read its licence, then name it in tests/deploy/licences.py or do without it"


def test_no_licence_is_named_of_what_is_not_there() -> None:
    assert set(WEAK) <= set(installed())


def test_what_wheels_carry_under_the_gpl_is_known_by_name() -> None:
    assert carried() <= set(INSIDE)


def test_an_expression_is_read_as_it_is_meant() -> None:
    assert permissive("Apache-2.0 OR GPL-3.0-only")
    assert permissive("MIT AND PSF-2.0")
    assert not permissive("MIT AND GPL-3.0-only")
    assert not permissive("")


def test_nothing_is_installed_that_the_lock_file_does_not_hold() -> None:
    assert set(installed()) <= {one["name"] for one in _locked()} | {"pip", "setuptools"}


def test_every_locked_file_comes_from_one_registry_with_a_digest() -> None:
    for one in _locked():
        assert one["source"] == {"registry": REGISTRY}, one["name"]
        files = [*one.get("wheels", ()), *([one["sdist"]] if "sdist" in one else ())]
        assert files, one["name"]
        for file in files:
            assert file["url"].startswith(FILES), file
            assert file["hash"].startswith("sha256:"), file


def test_the_image_and_the_makefile_install_what_is_locked() -> None:
    for path in ("Makefile", "deploy/Dockerfile"):
        lines = [
            line for line in (ROOT / path).read_text("utf-8").splitlines() if "sync" in line and "uv" in line.lower()
        ]
        assert any("--frozen" in line or "--locked" in line for line in lines), path
