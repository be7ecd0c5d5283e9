"""Content at the desk: the cards with their quotes, what lapses, how plain, what is told, and how people ask."""

from datetime import date
from pathlib import Path

import pytest

from bot.desk.built import Desk
from bot.dialogue.turn import Knowledge
from storage import details, unanswered
from storage.details import Kind, Told
from tests.desk.conftest import BANNER, OTHER_BANNER, Sit

CARD = "grain-soy-insurance"


async def a_text(built: Desk, words: str = "养鹿有补贴吗") -> str:
    async with built.database.begin() as conn:
        await unanswered.keep(conn, [words], day=date(2026, 11, 20))
        return (await unanswered.texts(conn))[0].id


@pytest.fixture
def own(built: Desk, tmp_path: Path) -> Path:
    """The deployment's own folder."""
    folder = tmp_path / "own"
    folder.mkdir()
    object.__setattr__(built, "content", folder)
    return folder


def written_in(own: Path) -> list[Path]:
    return list(own.rglob("*.yaml"))


async def test_cards_are_listed_found_and_filtered(sit: Sit) -> None:
    seat = await sit("editor", BANNER)
    whole = await seat.see("/content")
    assert "粮食大豆保险" in whole
    assert "粮食大豆保险" in await seat.see("/content?q=玉米保险咋上")
    stubs = await seat.see("/content?standing=stub")
    assert "没有文件" in stubs
    assert "粮食大豆保险" not in stubs
    assert "没找到" in await seat.see("/content?q=玉米&standing=ended")


async def test_a_card_is_shown_with_its_claims_quotes_and_standing(sit: Sit, know: Knowledge) -> None:
    seat = await sit("editor", BANNER)
    shown = await seat.see(f"/content/card/{CARD}")
    programme = know.library.programmes[CARD]
    assert all(claim.says in shown and claim.source.quote in shown for claim in programme.claims)
    assert "现在的" in shown
    assert "大家怎么问" in shown
    assert (await seat.get("/content/card/nothing")).status_code == 404


async def test_every_card_can_be_looked_at(sit: Sit, know: Knowledge) -> None:
    seat = await sit("editor", BANNER)
    for id_ in list(know.library.programmes)[::12]:
        assert know.library.programmes[id_].short in await seat.see(f"/content/card/{id_}?place=150600")


async def test_what_lapses_is_told_for_one_s_own_places(sit: Sit, built: Desk) -> None:
    seat = await sit("editor", BANNER)
    async with built.database.begin() as conn:
        for place in (BANNER, OTHER_BANNER):
            told = Told(place, Kind.PHONE, f"{place}的电话", date(2026, 12, 1), matter=f"事{place}", source="通知")
            kept = await details.enter(conn, told, author="operator", reason="entered", now=built.now())
            await details.publish(conn, kept.id, confirmer="operator", reason="checked", now=built.now())
    shown = await seat.see("/content/lapsing")
    assert f"事{BANNER}" in shown
    assert f"事{OTHER_BANNER}" not in shown


async def test_readability_and_coverage_are_measured(sit: Sit, own: Path) -> None:
    seat = await sit("editor", BANNER)
    plain = await seat.see("/content/readability")
    assert "难词" in plain
    told = await seat.see("/content/coverage")
    assert "张卡片靠它" in told
    assert "没有目录可对" in told
    measure = "{id: a, kind: insurance, quote: 一句谁也没说过的原话}"
    listed = f"nmg-2026:\n  clauses:\n    - key: '16'\n      measures: [{measure}]\n"
    (own / "catalogue.yaml").write_text(listed, "utf-8")
    assert "没说到1条" in await seat.see("/content/coverage")


async def test_a_kept_text_becomes_a_phrasing_and_is_gone(sit: Sit, built: Desk, own: Path) -> None:
    seat, id_ = await sit("editor", BANNER), await a_text(built, "养鹿有补贴吗")
    assert "养鹿有补贴吗" in await seat.see("/content/unanswered")
    assert "养鹿有补贴吗" in await seat.see(f"/content/phrase?of={id_}")
    shown = await seat.done("/content/phrase", of=id_, said="养鹿能给点补贴不", name="粮食大豆保险")
    assert "教会了" in shown
    written = own / "programmes" / "insurance" / f"{CARD}.yaml"
    assert "- 养鹿能给点补贴不" in written.read_text("utf-8")
    async with built.database.begin() as conn:
        assert await unanswered.texts(conn) == []


@pytest.mark.parametrize(
    ("said", "name", "told"),
    [
        ("鹿", "粮食大豆保险", "4到40个字"),
        ("某地的鹿有补贴吗", "粮食大豆保险", "没换掉"),
        ("养鹿有补贴吗", "没有的卡", "没有叫这个名字的卡片"),
    ],
)
async def test_what_is_no_phrasing_is_refused(sit: Sit, own: Path, said: str, name: str, told: str) -> None:
    seat = await sit("editor", BANNER)
    sent = await seat.send("/content/phrase", said=said, name=name)
    assert sent.status_code == 422
    assert told in sent.text
    assert not written_in(own)


async def test_a_phrasing_that_breaks_a_rule_is_not_kept(sit: Sit, own: Path, know: Knowledge) -> None:
    seat = await sit("editor", BANNER)
    taken = know.library.programmes["livestock-insurance"].phrasings[0]
    sent = await seat.send("/content/phrase", said=taken, name="粮食大豆保险")
    assert sent.status_code == 422
    assert "没有写" in sent.text
    assert not written_in(own)


async def test_without_an_own_folder_the_line_to_add_is_told(sit: Sit, built: Desk) -> None:
    seat = await sit("editor", BANNER)
    sent = await seat.send("/content/phrase", said="养鹿能给点补贴不", name="粮食大豆保险")
    assert sent.status_code == 409
    assert "- 养鹿能给点补贴不" in sent.text


async def test_a_kept_text_is_deleted(sit: Sit, built: Desk) -> None:
    seat, id_ = await sit("editor", BANNER), await a_text(built, "<b>养鹿</b>")
    assert "<b>养鹿" not in await seat.see("/content/unanswered")
    await seat.done(f"/content/unanswered/{id_}/drop")
    assert (await seat.send(f"/content/unanswered/{id_}/drop")).status_code == 404


async def test_a_cadre_does_not_look_behind_content(sit: Sit) -> None:
    seat = await sit("cadre")
    for path in ("/content", "/content/lapsing", "/content/unanswered", "/content/phrase", f"/content/card/{CARD}"):
        assert (await seat.get(path)).status_code == 403
