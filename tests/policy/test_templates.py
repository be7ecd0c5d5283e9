"""Every sentence and every page renders with a sample; a missing value is an error, never a hole in a sentence."""

from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from jinja2 import nodes

from bot.channels.web import pages
from bot.channels.web.site import Site
from bot.dialogue.turn import Knowledge, Service
from bot.pipeline import Pipeline
from content import behind
from content.answer import elsewhere, first_message, standing
from content.behind import quoted
from content.card import Card
from content.errors import Problem
from content.library import Library, read_library
from content.message import Message, Text
from content.places import Places
from content.render import environment
from content.search.engine import Search
from storage.entries import State
from storage.windows import Timing, Window
from tests.policy.house import ROOT

TEXT = ROOT / "content" / "templates" / "text"
WEB = ROOT / "content" / "templates" / "web"
LIBRARY = read_library()
CARD = LIBRARY.programmes["grain-soy-insurance"]

WINDOW = Window(
    id=1,
    place="150621",
    programme=CARD.id,
    timing=Timing.DATED,
    opens_on=date(2026, 12, 1),
    closes_on=date(2026, 12, 27),
    about="大概12月，等通知",
    where_to_go="村委会一楼",
    what_to_bring="身份证",
    source="我嘎查村委会通知",
    state=State.PUBLISHED,
    entered_by="staff:1",
    confirmed_by="staff:1",
    revision=1,
    changed_at=datetime(2026, 11, 22, tzinfo=UTC),
)

SAMPLES: dict[str, Any] = {
    "what": "发到了",
    "when": "2026-11-23 12:00",
    "approved": "2026-11-23 12:00",
    "submitted": "2026-11-23 11:50",
    "begins": "2026-11-23 12:00",
    "ends": "2026-11-30 12:00",
    "many": "12人",
    "minutes": 3,
    "seconds": 40,
    "parts": ["发到了12人"],
    "per_second": 19.8,
    "title": "打疫苗",
    "about": "12",
    "above": "旗县",
    "address": "E5",
    "ask": "苏木镇",
    "at": datetime(2026, 11, 23, 8, 5, tzinfo=UTC),
    "aspect": LIBRARY.aspects["amount"],
    "aspects": [LIBRARY.aspects["amount"], LIBRARY.aspects["where"]],
    "again": 1,
    "asks": "给多少钱",
    "author": "operator",
    "batch": "春季",
    "bring": "身份证",
    "cancelled": 1,
    "untouched": 2,
    "changed": 1,
    "channel": "web",
    "characters": 0.5,
    "closes_on": date(2026, 12, 27),
    "code": "310000",
    "contacts": list(LIBRARY.contacts.values()),
    "copy": "玉米保险",
    "count": 2,
    "day": 22,
    "digits": 6,
    "digest": "9f86d081884c7d65",
    "days_left": 23,
    "discreet": True,
    "drafts": 1,
    "document": LIBRARY.documents["ordos-2023"],
    "file": "programmes/insurance/grain-soy-insurance.yaml",
    "fewest": 10,
    "folder": "/srv/own",
    "found": True,
    "hand": "粮食大豆保险",
    "header": "截止",
    "headers": ["地方", "事项"],
    "id": CARD.id,
    "id_": CARD.id,
    "ids": list(LIBRARY.documents),
    "kind": "standard",
    "labels": ["2026年自治区文件第16条"],
    "last": True,
    "last_open": date(2026, 12, 25),
    "left": 1,
    "level": "嘎查村",
    "line": "- 养鹿有补贴吗",
    "link": "https://t.me/mingbai_bot",
    "missing": ["强化三大主粮保险"],
    "most": 3,
    "month": 11,
    "name": "达拉特旗",
    "names": ["达拉特旗", "准格尔旗"],
    "near": ["dibao"],
    "new": 3,
    "number": 1,
    "numbers": ["12345"],
    "office": "嘎查村委会",
    "offices": ["嘎查村委会", "苏木镇政府"],
    "on": date(2026, 11, 30),
    "papers": "身份证",
    "part": "where",
    "path": "/srv/own/x.yaml",
    "phrases": ["村里收到12月15日", "旗里最后一天12月30日"],
    "piece": "152…24",
    "place": "鄂尔多斯",
    "places": ["达拉特旗"],
    "problems": [Problem("a.yaml", 1, "name", "missing", "缺少这一项", "补上")],
    "programme": CARD,
    "question": "家里种地吗？",
    "reminds": True,
    "rest": "旗里收到12月30日",
    "quote": "强化三大主粮保险",
    "role": "cadre",
    "row": "玉米保险咋上",
    "said": "达旗",
    "same": 2,
    "says": "每亩20元",
    "score": 0.9,
    "service": Service("测试的人", "12345"),
    "short": CARD.short,
    "size": 2049,
    "since": date(2026, 11, 22),
    "sounds": 0.5,
    "source": "我嘎查村委会通知",
    "sources": ["我嘎查村委会通知"],
    "state": "draft",
    "stopped": False,
    "subject": "粮食大豆保险",
    "times": 15,
    "timing": WINDOW,
    "today": date(2026, 11, 22),
    "topic": LIBRARY.topics["insurance"],
    "township": True,
    "topics": list(LIBRARY.topics),
    "total": 3,
    "until": date(2026, 12, 25),
    "verb": "answered",
    "wait": 30,
    "where": "2026年自治区文件第16条",
    "which": "notice",
    "why": "没有这一天。",
    "window": WINDOW,
    "word": "嘎查",
    "words": ["嘎查", "日期"],
    "year": 2026,
}
"""One value for each name that a sentence may take. A new name needs a sample here."""


def sentences() -> list[tuple[str, str, tuple[str, ...]]]:
    """Every macro of the text templates: file, name, arguments."""
    return [
        (path.stem, macro.name, tuple(argument.name for argument in macro.args))
        for path in sorted(TEXT.glob("*.j2"))
        for macro in environment().parse(path.read_text("utf-8")).find_all(nodes.Macro)
    ]


@pytest.mark.parametrize(("template", "sentence", "arguments"), sentences(), ids=str)
def test_every_sentence_renders_with_a_sample(template: str, sentence: str, arguments: tuple[str, ...]) -> None:
    unknown = [name for name in arguments if name not in SAMPLES]
    assert not unknown, "give SAMPLES a value for the new name"
    module: Any = environment().get_template(f"{template}.j2").module
    said = getattr(module, sentence)(**{name: SAMPLES[name] for name in arguments})
    assert said.strip()
    assert "Undefined" not in said
    assert not any(mark in said for mark in ("{{", "{%", "None", " ,", "，，", "。。"))


def test_no_file_writes_one_sentence_twice() -> None:
    names = [(template, name) for template, name, _ in sentences()]
    assert len(names) == len(set(names)), "the later macro of one name wins silently"


def site() -> Site:
    know = Knowledge(LIBRARY, cast("Search", None), Places.load(), Service("测试的人", "0477-1234567"))
    return Site(cast("Pipeline", None), lambda: know, lambda: datetime(2026, 11, 22, tzinfo=UTC), "page", secure=False)


def shown(library: Library, id_: str) -> dict[str, Any]:
    """What the card's page is given."""
    card = Card(library.programmes[id_], library, None, date(2026, 11, 22))
    return {
        "card": card,
        "here": [],
        "places": Places.load(),
        "first": first_message(card),
        "notes": [] if card.programme.is_stub else [one.text for one in (*elsewhere(card), *standing(card))],
        "quoted": lambda items: quoted(card, items),
        "related": [library.programmes[name] for name in card.programme.related],
        "contacts": (*card.offices, *card.lines),
    }


def messages() -> tuple[Message, ...]:
    card = Card(CARD, LIBRARY, None, date(2026, 11, 22))
    behind_it = (
        behind.quotes(card),
        behind.before(card),
        behind.unstated(card),
        behind.ask(card),
        behind.related(card),
    )
    return (first_message(card), *behind_it, Message(blocks=(Text(text="快打110。", strong=True),)))


PAGES: dict[str, list[dict[str, Any]]] = {
    "about": [{"documents": LIBRARY.documents.values()}],
    "answer": [
        {"asked": "玉米保险咋上", "messages": messages(), "library": LIBRARY, "erased": False},
        {"asked": "", "messages": (), "erased": True},
    ],
    "card": [shown(LIBRARY, id_) for id_ in (CARD.id, "stub-income-tax", "old-age-allowance", "wuhai-upkeep-fee")],
    "failed": [{}],
    "home": [{"library": LIBRARY}],
    "missing": [{}],
    "notice": [{"number": "T30571", "said": messages()[0]}],
    "refused": [{"status": 413}, {"status": 403}],
    "talk": [{"asked": "玉米保险咋上", "messages": messages(), "library": LIBRARY, "erased": False}],
    "topic": [{"topic": LIBRARY.topics["insurance"], "cards": LIBRARY.by_topic["insurance"]}],
    "topics": [{"library": LIBRARY}],
}
"""What each page is given. A new page needs a sample here."""

PARTS = {"base", "macros", "icons", "tiles"}
"""Templates that are only parts of pages."""


def test_every_page_has_a_sample() -> None:
    assert {path.stem for path in WEB.glob("*.html")} == PAGES.keys() | PARTS


@pytest.mark.parametrize("name", PAGES)
def test_every_page_renders_with_a_sample(name: str) -> None:
    for sample in PAGES[name]:
        status = sample.get("status", 200)
        values = {key: value for key, value in sample.items() if key != "status"}
        body = bytes(pages.page(name, status=status, site=site(), **values).body).decode()
        assert "Undefined" not in body
        assert "{{" not in body
        assert name == "answer" or "</html>" in body
