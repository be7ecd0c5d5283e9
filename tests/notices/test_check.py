"""The check before a notice is submitted, measured both ways."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.notices.check import check, said
from bot.notices.money import known_hosts
from tests.notices.people import Nobody

HERE = Path(__file__).parent
KNOWN = known_hosts("https://mingbai.example.cn")
STOPS = {"identity", "card", "people", "private"}


def table(name: str) -> Any:
    return yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))


def test_what_cadres_write_every_day_passes() -> None:
    checked = {one: check("通知", one, known=KNOWN) for one in table("good")}
    assert len(checked) >= 60
    assert not {one: said((*found.stops, *found.flags)) for one, found in checked.items() if found.stops or found.flags}


def test_what_exposes_people_is_stopped_and_what_asks_for_money_needs_a_second_person() -> None:
    nobody, missed = Nobody(20261122), []
    for row in table("bad"):
        found = check("通知", nobody.fill(row["says"]), known=KNOWN)
        rules = {one.rule for one in (found.stops if row["rule"] in STOPS else found.flags)}
        missed += [] if row["rule"] in rules else [row]
    assert not missed


@pytest.mark.parametrize("seed", range(20))
def test_every_identity_and_card_number_is_known_in_every_writing(seed: int) -> None:
    nobody = Nobody(seed)
    forms = [f"{{{kind}{way}}}" for kind in ("id", "card") for way in ("", "_spaced", "_wide", "_dashed")]
    for form in (*forms, "{id_chinese}"):
        text = nobody.fill(f"请{form}来")
        found = check("", text, known=KNOWN)
        assert {one.rule for one in found.stops} >= {"identity" if form.startswith("{id") else "card"}, text


@pytest.mark.parametrize("seed", range(20))
def test_phones_of_offices_side_by_side_are_no_card(seed: int) -> None:
    nobody = Nobody(seed)
    text = nobody.fill("值班电话 0477-5212345 12345 12119，王主任{phone} 李书记{phone} 手机{phone}")
    assert not check("值班", text, known=KNOWN).stops


def test_what_is_told_of_a_number_does_not_hold_it() -> None:
    nobody = Nobody(1)
    number = nobody.identity()
    (sentence,) = said(check("", f"证{number}", known=KNOWN).stops)
    assert number not in sentence
    assert number[:3] in sentence


def test_a_number_split_between_the_title_and_the_text_or_by_what_cannot_be_seen_is_found() -> None:
    number = Nobody(2).identity()
    hidden = "\u200b".join(number)
    assert check(number, "来", known=KNOWN).stops
    assert check("", hidden, known=KNOWN).stops


@pytest.mark.parametrize(
    ("link", "flagged"),
    [
        ("https://mingbai.example.cn/notice/T30571", False),
        ("http://www.nmg.gov.cn/a?b=1", False),
        ("https://nmg.gov.cn", False),
        ("nmg.gov.cn.butie.cc", True),
        ("https://gov.cn@butie.cc/x", True),
        ("https://fakegov.cn/x", True),
        ("HTTPS://T.CN/abc", True),
        ("butie.top", True),
        ("ｗｗｗ．ｂｕｔｉｅ．ｃｏｍ", True),
    ],
)
def test_a_link_is_known_by_its_host_alone(link: str, *, flagged: bool) -> None:
    assert bool(check("", f"看{link}吧", known=KNOWN).flags) == flagged


def test_flags_are_named_once_each_for_those_who_keep_them() -> None:
    found = check("", "扫码付款。收款码在群里。转账也行。", known=KNOWN)
    assert found.kinds == ("account", "transfer")
    assert not found.stops
