"""The same notice for people without the bot: in the group, by loudspeaker, on the wall."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner

from bot.dialogue.turn import Knowledge
from bot.notices.commands import paper
from bot.notices.group import group
from bot.notices.loudspeaker import loudspeaker
from bot.notices.page import Paper, page
from bot.notices.real import Sort, compare
from bot.notices.spoken import spoken
from bot.settings import settings
from storage.broadcasts import BroadcastState, Published
from tests.printing import needs_pango

VILLAGE = "150621106201"
PAGES = "https://mingbai.example.cn"
NOTICE = Published(
    id=1, number="T30571", kind="notice", title="打布病疫苗",
    text="11月25日-27日上午9:00，兽医在村委会（东院）打针，免费。\n问赵站长15847723456，或打12345。",
    link="card:brucellosis", office="翻身村委会", place=VILLAGE, sent_at=datetime(2026, 11, 22, 3, tzinfo=UTC),
    state=BroadcastState.APPROVED, corrected_by=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("11月25日上午9:00", "十一月二十五日上午九点"),
        ("2026年11月25日8:05", "二零二六年十一月二十五日八点零五分"),
        ("2026-11-25", "二零二六年十一月二十五日"),
        ("11.25日上午", "十一月二十五日上午"),
        ("报名时间12.1-12.20", "报名时间十二月一日到十二月二十日"),
        ("截止12.25", "截止十二月二十五日"),
        ("截止日期：12.25", "截止日期：十二月二十五日"),
        ("12.5前交", "十二月五日前交"),
        ("12.5到村委会交", "十二月五日到村委会交"),
        ("12.1-12.5日打疫苗", "十二月一日到十二月五日打疫苗"),
        ("2026.12.1—12.20", "二零二六年十二月一日到十二月二十日"),
        ("2026-12-01至12-20", "二零二六年十二月一日至十二月二十日"),
        ("12月1日-12.20", "十二月一日到十二月二十日"),
        ("12/1—12/5", "十二月一日到十二月五日"),
        ("12.20-1.5放假", "十二月二十日到一月五日放假"),
        ("2026-12-01", "二零二六年十二月一日"),
        ("12月01日", "十二月一日"),
        ("-25℃", "零下二十五度"),
        ("气温-25～-18℃", "气温零下二十五到零下十八度"),
        ("今天20-25度", "今天二十到二十五度"),
        ("每斤12.5元", "每斤十二点五元"),
        ("3.2亩，宽1.5米", "三点二亩，宽一点五米"),
        ("每斤1.2-1.5元", "每斤一点二到一点五元"),
        ("从1.2到1.5吨", "从一点二到一点五吨"),
        ("打针时间2.5小时", "打针时间二点五小时"),
        ("2.30-3.5", "二点三零到三点五"),
        ("上午8.30-11.30", "上午八点三零到十一点三零"),
        ("8:00-17:30", "八点到十七点半"),
        ("８：００—１７：３０", "八点到十七点半"),
        ("11月25日-27日", "十一月二十五日到二十七日"),
        ("3~5天", "三到五天"),
        ("2026—2027年", "二零二六年到二零二七年"),
        ("电话0477-5212345", "电话零四七七五二幺二三四五"),
        ("（0477）5212345转802", "零四七七五二幺二三四五转八零二"),
        ("王主任13947712345", "王主任幺三九四七七幺二三四五"),
        ("打12345、12119、96110、95598", "打幺二三四五、幺二幺幺九、九六幺幺零、九五五九八"),
        ("着火打119，急病打120", "着火打幺幺九，急病打幺二零"),
        ("每亩补12345元", "每亩补一万两千三百四十五元"),
        ("花了120元", "花了一百二十元"),
        ("编号T30571", "编号T三零五七幺"),
        ("每亩5.4元，共35.5万元", "每亩五点四元，共三十五点五万元"),
        ("1200元/吨", "每吨一千两百元"),
        ("1,200亩", "一千两百亩"),
        ("自己交20%", "自己交百分之二十"),
        ("占1/3", "占三分之一"),
        ("零下28℃", "零下二十八度"),
        ("102户2人", "一百零二户两人"),
        ("详见https://www.nmg.gov.cn/a?b=1。", "详见公示栏上写的网址。"),
        ("村委会（东院）打针。", "村委会，东院，打针。"),
        ("“蒙速办”上交", "蒙速办上交"),
        ("二社、五社，一卡通，第三次", "二社、五社，一卡通，第三次"),
    ],
)
def test_numbers_days_sums_and_phones_are_spelt_as_people_say_them(written: str, said: str) -> None:
    assert spoken(written) == said


def test_the_loudspeaker_says_all_of_it_twice_who_sends_it_and_no_digit(know: Knowledge) -> None:
    said = loudspeaker(NOTICE, know.places)
    assert said.startswith("翻身村的各位乡亲")
    assert said.count("十一月二十五日到二十七日上午九点，兽医在村委会，东院，打针，免费。") == 2
    assert "发通知的是翻身村委会，编号T三零五七幺" in said
    assert not any(one in "0123456789" for one in said)
    assert "紧急通知" in loudspeaker(replace(NOTICE, kind="urgent"), know.places)


def test_a_correction_says_so_everywhere_and_is_still_known_as_ours(know: Knowledge) -> None:
    assert "前面编号K零零零零幺的那条有错" in loudspeaker(NOTICE, know.places, corrects="K00001")
    written = group(NOTICE, PAGES, corrects="K00001")
    assert "前面编号K00001的那条有错" in written
    assert compare(written, NOTICE, know.places, PAGES) is Sort.SAME


def read(pdf: bytes) -> tuple[int, str]:
    """How many pages, and their text."""
    opened = pypdfium2.PdfDocument(pdf)
    words = "".join(opened[at].get_textpage().get_text_bounded() for at in range(len(opened)))
    return len(opened), "".join(words.split())


@needs_pango
@pytest.mark.parametrize(
    "text", [NOTICE.text, "带好身份证、户口本，来村委会。\n" * 62, "字" * 1000, "\n".join("字" * 60)]
)
def test_the_page_for_the_wall_holds_all_of_it_on_one_sheet(know: Knowledge, text: str) -> None:
    programme = know.library.programmes["brucellosis"]
    pages, words = read(page(replace(NOTICE, text=text), Paper(date(2026, 11, 22), PAGES, programme)))
    assert pages == 1
    assert "".join(text.split())[:400] in words
    for part in ("打布病疫苗", "翻身村委会", "2026年11月22日", "编号T30571", "扫码看真假", "扫码看：布病", "96110"):
        assert part in words


@needs_pango
def test_without_a_public_page_nothing_is_promised_to_be_scanned() -> None:
    _, words = read(page(NOTICE, Paper(date(2026, 11, 22))))
    assert "扫" not in words
    assert "发这个编号" in words


@needs_pango
def test_what_staff_write_is_text_on_the_page_and_nothing_is_fetched() -> None:
    text = "<img src='file:///etc/passwd'><b>粗</b> {{ 7*7 }} &amp; <link rel=attachment href='http://127.0.0.1/x'>"
    _, words = read(page(replace(NOTICE, text=text), Paper(date(2026, 11, 22))))
    assert "<b>粗</b>" in words
    assert "{{7*7}}" in words
    assert "&amp;" in words


def test_a_number_that_there_is_not_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGBAI_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    settings.cache_clear()
    told = CliRunner().invoke(paper, ["T30571", "--folder", str(tmp_path)])
    settings.cache_clear()
    assert told.exit_code == 1
    assert "Error: " in told.output
    assert "Traceback" not in told.output
