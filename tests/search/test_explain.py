"""`mingbai ask … --explain` names the row that won and says what an editor can add."""

import pytest
from click.testing import CliRunner

from bot import ask_command
from bot.ask_command import ask
from bot.dialogue.turn import Knowledge
from content.search.bands import Band
from content.search.explain import explain


@pytest.fixture
def explained(know: Knowledge, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(ask_command, "knowledge", lambda *_, **__: know)
    return CliRunner()


def test_a_found_card_is_explained_by_its_row_and_what_would_find_another(
    explained: CliRunner, know: Knowledge
) -> None:
    question = "玉米遭灾了赔不赔"
    told = explained.invoke(ask, [question, "--explain"]).output
    best = know.search.find(question).ranked[0]
    assert best.programme.id in told
    assert f"“{best.row}”" in told
    assert "加一个这样的问法" in told


def test_every_band_says_what_to_add(know: Knowledge) -> None:
    asked = ["低保咋申请", "补贴", "深圳入户积分怎么算", "今晚球赛几点", "牛", "贷款", "网围栏一卷多少钱"]
    found = [know.search.find(question) for question in asked]
    assert {Band.ANSWER, Band.NONE} <= {one.band for one in found}
    for one in found:
        *_, last = explain(one).splitlines()
        assert "加一个" in last
        assert one.copy in explain(one)


def test_each_ranked_card_stands_with_its_row(know: Knowledge) -> None:
    found = know.search.find("养牛有啥补贴")
    lines = explain(found).splitlines()
    for one, line in zip(found.ranked, lines[1:], strict=False):
        assert f"{one.programme.short}（{one.programme.id}）" in line
        assert one.row in line
