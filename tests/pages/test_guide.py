"""The guide for cadres: its ways can be walked, its pictures are small and have words, and it prints on two pages."""

import os
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from storage.database import Database
from tests.notices.broadcasting import villagers
from tests.pages import guide
from tests.pages.desk import VILLAGE, sit_down, something_waits
from tests.pages.visitor import Arrive
from tests.printing import needs_pango

MOST = 300_000
"""Bytes of all pictures together: they are looked at on the data plan of a cadre."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the pictures go: away, or where `python -m tests.pages.guide` wants them."""
    chosen = guide.FOLDER if guide.KEEP in os.environ else tmp_path
    chosen.mkdir(exist_ok=True)
    return chosen


@needs_pango
async def test_the_ways_that_it_shows_can_be_walked(arrive: Arrive, database: Database, folder: Path) -> None:
    await something_waits(database)
    await villagers(database, 48, place=VILLAGE)
    visitor = await sit_down(arrive, database, "cadre", VILLAGE, device_scale_factor=guide.SCALE)
    for way in (guide.notice, guide.window, guide.question):
        await way(visitor, folder)
    assert names(folder) == names(guide.FOLDER)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_its_pictures_are_small() -> None:
    assert sum(path.stat().st_size for path in guide.FOLDER.iterdir()) <= MOST


async def test_it_shows_every_picture_with_words_for_who_cannot_see_it(arrive: Arrive, database: Database) -> None:
    visitor = await sit_down(arrive, database, "cadre", VILLAGE)
    await visitor.goto("/desk/help")
    shown = await visitor.page.evaluate(
        "async () => { const all = [...document.querySelectorAll('.leaflet img')];"
        "await Promise.all(all.map((one) => { one.loading = 'eager'; return one.decode() }));"
        "return all.map((one) => [one.src.split('/').pop().split('?')[0], one.alt, one.naturalWidth,"
        " one.width / one.height - one.naturalWidth / one.naturalHeight]) }"
    )
    assert {name for name, *_ in shown} == names(guide.FOLDER)
    for name, alt, width, bent in shown:
        assert len(alt) >= 6, name
        assert width == Image.open(guide.FOLDER / name).width
        assert abs(bent) < 0.02, name


async def test_it_prints_on_two_pages(arrive: Arrive, database: Database) -> None:
    visitor = await sit_down(arrive, database, "cadre", VILLAGE)
    await visitor.goto("/desk/help")
    printed = await visitor.page.pdf(prefer_css_page_size=True)
    opened = pypdfium2.PdfDocument(printed)
    words = ["".join(opened[at].get_textpage().get_text_bounded().split()) for at in range(len(opened))]
    assert len(words) == 2
    assert "写一条通知" in words[0]
    assert "回答一个问题" in words[1]
