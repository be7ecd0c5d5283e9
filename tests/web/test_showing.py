"""How text and options are shown."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from bot.channels.web.pages import brief, grouped, is_plea, page, with_numbers
from bot.channels.web.site import Site
from bot.dialogue.turn import Knowledge
from content.message import Message, Option, Text
from content.render import say
from scheduler.clock import now
from tests.web.conftest import Clock, Visitor

if TYPE_CHECKING:
    from bot.pipeline import Pipeline


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("快打110。", ["110"]),
        ("快打120或110，马上会有人来。", ["120", "110"]),
        ("草原、森林着火，也可以打12119。", ["12119"]),
        ("也可以打12316、12345，种地的打95598。", ["12316", "12345", "95598"]),
        ("怀疑是骗子，打96110问。", ["96110"]),
        ("推广“科技110”服务", []),
        ("“121”计划", []),
        ("每亩补120元，最多给110户、打120亩", []),
        ("第110条、2120年、1.110", []),
        ("12345元、12345户、112345、123456", []),
    ],
)
def test_numbers_to_call_are_tappable_and_other_figures_are_not(text: str, numbers: list[str]) -> None:
    shown = with_numbers(text)
    assert shown.striptags() == text
    assert [part.split('"')[0] for part in shown.split('href="tel:')[1:]] == numbers


@pytest.mark.parametrize(
    ("phone", "dialled"), [("0477-858 1234", "04778581234"), ("+86 477 8581234", "+864778581234"), ("找老王", None)]
)
def test_the_phone_of_those_who_run_it_is_tappable(phone: str, dialled: str | None) -> None:
    shown = with_numbers(f"有事找{phone}。", phone)
    assert (f'href="tel:{dialled}"' in shown) if dialled else ("href" not in shown)


def test_text_is_escaped_before_numbers_are_linked() -> None:
    assert with_numbers("<b>打110</b>") == '&lt;b&gt;打<a href="tel:110">110</a>&lt;/b&gt;'
    assert with_numbers("<i>", '"><script>123').startswith("&lt;i&gt;")


async def test_every_question_on_the_front_page_gets_a_card(visitor: Visitor, clock: Clock) -> None:
    home = (await visitor.client.get("/")).text
    questions = re.findall(r'name="text" value="([^"]+)"', home)
    assert len(questions) >= 6
    for question in questions:
        clock.pass_(timedelta(hours=1))
        page = (await visitor.send(text=question)).text
        assert 'class="basis"' in page, question
    guide = (await visitor.send(action="family")).text
    assert 'name="action" value="family-' in guide


def test_a_long_question_is_shown_in_part() -> None:
    assert brief("问" * 120) == "问" * 120
    assert brief("问" * 121) == "问" * 120 + "…"


def option(label: str, action: str) -> Option:
    return Option(label=label, action=action)


def test_options_are_parted_by_their_weight() -> None:
    shown = [
        option("低保", "card:dibao"),
        option(say("labels", "back"), "card:dibao"),
        option("看原话", "quotes:dibao"),
        option("以前怎么说", "before:dibao"),
        option("问谁", "ask:dibao"),
        option("有用", "helpful:dibao"),
        option("都不是", "neither"),
    ]
    groups = {name: [one.label for one in group] for name, group in grouped(shown).items()}
    assert groups == {
        "cards": ["低保"],
        "first": ["看原话", "问谁"],
        "more": [say("labels", "back"), "以前怎么说", "都不是"],
        "feedback": ["有用"],
    }


def test_only_a_number_before_all_else_with_nothing_to_choose_is_a_plea() -> None:
    plea = Message(blocks=(Text(text="快打110。", strong=True), Text(text="先躲开。")))
    assert is_plea(plea)
    assert not is_plea(plea.model_copy(update={"options": (option("看原话", "quotes:dibao"),)}))
    assert not is_plea(Message(blocks=(Text(text="好。"),)))
    assert not is_plea(Message(blocks=()))


@pytest.mark.parametrize("filing", ["", "蒙ICP备12345678号-1"])
def test_a_page_that_is_filed_shows_its_number_at_its_foot(know: Knowledge, filing: str) -> None:
    known = replace(know, service=replace(know.service, filing=filing))
    site = Site(cast("Pipeline", None), lambda: known, now, "page", secure=False)
    shown = bytes(page("home", site=site, library=known.library).body).decode()
    assert (f'<a href="https://beian.miit.gov.cn/" rel="noreferrer">{filing}</a>' in shown) is bool(filing)
