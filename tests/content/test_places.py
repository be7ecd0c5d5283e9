"""Places: the tables, the stems, the names that people use, and the words that only look like names."""

import re
from collections import Counter
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.places import Place, PlaceError, Places
from content.places.load import KINDS, Alias, Aliases, Needs, read_aliases, read_table
from content.places.make import make
from content.places.place import full_code, to_stem

SLOW = 0.3
"""Milliseconds: a question of 30 letters should take less."""


ORDINARY = """\
玉米保险咋上
旱厕改造有钱没
种树补贴
红旗渠
养牛贷款
新农合
平房翻新
红旗
新城
东河
青山绿化给钱不
新城区改造
东河水淹了地
东河边的地
青山绿水
松山上种松树
红山茶咋种
大青山搬迁
大兴安岭停伐
清水河里捞沙
玉泉水能喝吗
大板蓝根
科尔沁牛冻精
乌珠穆沁羊良种
我是鄂温克人
鄂温克族孩子加分
回民有补贴吗
我在海南打工
海南区域医保
电商都教啥
农业和林业谁管
振兴和美乡村
巩固阳光工程
承包头三年免租
书包头巾
资金下达旗县了没
到达旗县
批准旗区
发达地区打工
标准旗杆
最新惠民政策
新惠农政策
山东胜利油田
西宁城里打工
辽宁城里
森林西边
五原则
多伦多
新农村建设
我们是贫困村
我们是先进村
在示范村
建设幸福乡村
先进集体村
建设街道路灯
公园街道灯坏了
乌海路
鄂尔多斯大街
锡林郭勒南路
左旗杆
东旗养羊
旗里有培训吗
盟里的文件
苏木卫生院
嘎查不给办
镇上买社保
在农村盖房
我们村修路
在新村盖房
三河牛补贴
光明工程
幸福院怎么住
草场补贴
禁牧补助
社区养老院
宁夏回族自治区
""".splitlines()
"""Questions of every day; each holds the letters of some place and names none."""

ELSEWHERE = [
    "不说",
    "不说也行",
    "不知道",
    "你好",
    "算了",
    "城里",
    "镇上",
    "村里",
    "外地",
    "低保",
    "一",
    "1",
    "？",
    "ᠮᠣᠩᠭᠣᠯ",
]
ELSEWHERE += ["北京", "上海", "西安", "山东", "河北", "榆林"]


@pytest.fixture(scope="module")
def places() -> Places:
    return Places.load()


@pytest.fixture(scope="module")
def aliases() -> Aliases:
    return read_aliases()


def codes(found: tuple[Place, ...]) -> list[str]:
    return [place.code for place in found]


# The tables


def test_every_level_has_its_places() -> None:
    tables = [read_table(table) for table in ("banners.tsv", "townships.tsv", "villages.tsv")]
    digits = Counter(len(stem) for table in tables for stem in table)
    assert digits == {2: 1, 4: 12, 6: 108, 9: 1225, 12: 14592}


def test_every_place_has_its_parent_in_the_tables(places: Places) -> None:
    leagues = places.children("150000")
    banners = [banner for league in leagues for banner in places.children(league.stem)]
    townships = [township for banner in banners for township in places.children(banner.stem)]
    assert (len(leagues), len(banners), len(townships)) == (12, 108, 1225)
    assert {stem[:9] for stem in read_table("villages.tsv")} <= {township.stem for township in townships}


def test_children_stand_in_the_order_of_their_codes(places: Places) -> None:
    townships = places.children("150621")
    assert codes(townships) == sorted(codes(townships))
    assert places.get("150621100") in townships
    assert places.children("150621100201") == ()


def test_making_the_tables_again_gives_the_same_bytes(tmp_path_factory: pytest.TempPathFactory) -> None:
    package, first, second = (tmp_path_factory.mktemp(name) for name in ("package", "first", "second"))
    (package / "dist").mkdir()
    rows = {"provinces": '15,"内蒙古自治区"', "cities": '1506,"鄂尔多斯市",15', "areas": '150621,"达拉特旗",1506,15'}
    rows |= {
        "streets": '150621100,"树林召镇",150621,15,1506\n110101001,"东华门街道",110101,11,1101',
        "villages": '150621100212,"林原村委会",150621100,15,1506,150621',
    }
    for name, text in rows.items():
        (package / "dist" / f"{name}.csv").write_text(f"code,name\n{text}\n", encoding="utf-8")
    make(package, first)
    make(package, second)
    assert (first / "banners.tsv").read_text() == "150000\t内蒙古自治区\n150600\t鄂尔多斯市\n150621\t达拉特旗\n"
    assert (first / "townships.tsv").read_text() == "150621100\t树林召镇\n"
    assert [file.read_bytes() for file in sorted(first.iterdir())] == [
        file.read_bytes() for file in sorted(second.iterdir())
    ]


# Stems and codes


@pytest.mark.parametrize(
    ("code", "stem"),
    [
        ("150000", "15"),
        ("150600", "1506"),
        ("150621", "150621"),
        ("150621100", "150621100"),
        ("150627400", "150627400"),
        ("150621100201", "150621100201"),
        ("15", "15"),
        ("1506", "1506"),
    ],
)
def test_only_six_digits_lose_their_zeros(places: Places, code: str, stem: str) -> None:
    assert places.stem_of(code) == stem
    assert places.stem_of(places.get(code).code) == stem


def test_a_code_and_its_stem_lead_to_each_other() -> None:
    for table in ("banners.tsv", "townships.tsv", "villages.tsv"):
        assert all(to_stem(full_code(stem)) == stem for stem in read_table(table))


@pytest.mark.parametrize(
    "code", ["", "1", "150", "15062", "1506211", "110000", "150699", "达拉特旗", "1506２1", "15062x", "150621100999"]
)
def test_a_code_without_a_place_is_named_with_what_to_write_instead(places: Places, code: str) -> None:
    with pytest.raises(PlaceError) as error:
        places.get(code)
    assert repr(code) in str(error.value)
    assert "150621" in str(error.value)


def test_a_place_knows_its_level_its_parent_and_its_path(places: Places) -> None:
    village = places.get("150621100212")
    assert (village.level, village.parent, village.short) == ("village", "150621100", "林原村")
    assert codes(places.path(village.stem)) == ["150600", "150621", "150621100", "150621100212"]
    assert codes(places.path("150000")) == ["150000"]
    assert places.get("150000").parent is None


def test_below_means_the_place_itself_or_one_in_it(places: Places) -> None:
    assert places.below("150621100", "1506")
    assert places.below("150621", "150600")
    assert places.below("150621", "150621")
    assert not places.below("1506", "150621")
    assert not places.below("150702", "150600")


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("150000", "内蒙古"),
        ("150600", "鄂尔多斯"),
        ("152200", "兴安盟"),
        ("150621", "达拉特旗"),
        ("150602", "东胜区"),
        ("150781", "满洲里"),
        ("152571", "乌拉盖管理区"),
        ("150521403", "保康街道"),
        ("150223214", "查干哈达苏木"),
    ],
)
def test_a_short_name_is_the_one_people_say(places: Places, code: str, short: str) -> None:
    assert places.get(code).short == short


def test_a_villages_short_name_has_no_committee(places: Places) -> None:
    shorts = [places.get(stem).short for stem in read_table("villages.tsv")]
    assert not [short for short in shorts if re.search(r"(?:[村查]|社区)[居民人]*委(?:员?会)?$|村村$", short)]


# Aliases


def test_every_alias_is_of_a_known_kind_and_points_at_a_place(places: Places, aliases: Aliases) -> None:
    assert {alias.kind for alias in aliases.names} == set(KINDS)
    assert all(places.get(alias.stem).name != alias.name for alias in aliases.names)


def test_no_alias_is_written_twice(aliases: Aliases) -> None:
    written = Counter((alias.name, alias.stem) for alias in aliases.names)
    assert [pair for pair, times in written.items() if times > 1] == []


def test_every_alias_is_an_answer_to_where_one_lives(places: Places, aliases: Aliases) -> None:
    def lost(alias: Alias) -> bool:
        return alias.stem not in [place.stem for place in places.find(alias.name, alias.stem[:4])]

    assert [alias for alias in aliases.names if len(alias.stem) > len("15") and lost(alias)] == []


def test_every_careful_name_is_the_name_of_some_place(places: Places, aliases: Aliases) -> None:
    careful = [name for name, needs in aliases.needs.items() if needs is not Needs.NEVER]
    assert [name for name in careful if not any(places.find(name, within) for within in (None, "1506", "1507"))] == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("伊克昭盟", "150600"),
        ("哲盟", "150500"),
        ("昭乌达盟", "150400"),
        ("巴盟", "150800"),
        ("乌盟", "150900"),
        ("呼盟", "150700"),
        ("锡盟", "152500"),
        ("阿盟", "152900"),
        ("准旗", "150622"),
        ("莫旗", "150722"),
        ("杭后", "150826"),
        ("临河市", "150802"),
        ("集宁市", "150902"),
        ("喜桂图旗", "150782"),
        ("布特哈旗", "150783"),
        ("郡王旗", "150627"),
        ("达茂旗", "150223"),
        ("四子王", "150929"),
        ("甸子镇", "150429105"),
        ("厂汉营乡", "150925220"),
    ],
)
def test_short_old_and_merged_names_are_understood(places: Places, said: str, code: str) -> None:
    assert codes(places.find(said)) == [code]
    assert codes(places.named_in(f"我家在{said}，有啥补贴")) == [code]


# Places named in a text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("我妈在达旗", "150621"),
        ("鄂尔多斯创业补贴", "150600"),
        ("乌海那边", "150300"),
        ("乌海农区改厕", "150300"),
        ("树林召镇", "150621100"),
        ("内蒙古低保", "150000"),
        ("内蒙种玉米", "150000"),
        ("自治区的文件", "150000"),
        ("海南区低保", "150303"),
        ("乌海海南低保", "150303"),
        ("我在东河", "150202"),
        ("包头东河补贴", "150202"),
        ("呼市新城区低保", "150102"),
        ("我家在兴和", "150924"),
        ("林西养牛补贴", "150424"),
        ("我在科尔沁", "150502"),
        ("我是满洲里的", "150781"),
        ("乌海村民", "150300"),
        ("达拉特旗县城", "150621"),
        ("通辽街上卖菜", "150500"),
        ("达旗树林召养羊", "150621100"),
        ("内蒙古自治区鄂尔多斯市达拉特旗树林召镇林原村", "150621100212"),
        ("查巴奇乡打井", "150721201"),
    ],
)
def test_a_place_is_found_in_what_people_write(places: Places, text: str, code: str) -> None:
    assert codes(places.named_in(text)) == [code]


def test_two_places_are_found_in_the_order_of_the_text(places: Places) -> None:
    assert codes(places.named_in("准旗和达旗哪个补得多")) == ["150622", "150621"]


def test_of_a_place_and_the_one_around_it_the_narrower_is_meant(places: Places) -> None:
    assert codes(places.named_in("鄂尔多斯达旗")) == ["150621"]
    assert [(m.start, m.end, codes(m.places)) for m in places.mentions("鄂尔多斯达旗低保")] == [
        (0, 4, ["150600"]),
        (4, 6, ["150621"]),
    ]


def test_the_longest_name_wins(places: Places) -> None:
    assert codes(places.named_in("乌兰察布东路街道")) == ["150105003"]
    assert codes(places.named_in("鄂托克前旗")) == ["150623"]


@pytest.mark.parametrize(
    "text",
    ORDINARY,
)
@pytest.mark.parametrize("within", [None, "15", "150102", "1504", "150621", "152921"])
def test_ordinary_words_are_no_places(places: Places, text: str, within: str | None) -> None:
    assert places.named_in(text, within) == ()


def test_an_ambiguous_name_gives_all_that_it_may_mean(places: Places) -> None:
    assert codes(places.named_in("左旗")) == ["150121", "150422", "150726", "152523", "152921"]
    assert codes(places.named_in("我在扎旗")) == ["150526", "152223"]
    assert len(places.named_in("我家在城关镇")) == 4


@pytest.mark.parametrize(
    ("text", "within", "code"),
    [
        ("赤峰左旗养羊", None, "150422"),
        ("兴安盟扎旗", None, "152223"),
        ("鄂尔多斯有个前旗吧，我在前旗", None, "150623"),
        ("我在左旗", "152921110", "152921"),
        ("前旗", "150621", "150623"),
        ("我在城关镇", "1509", "150924106"),
        ("我在城关镇，兴和县的", None, "150924106"),
        ("我在红旗村", "150123", None),
    ],
)
def test_other_places_and_where_one_lives_narrow_it(
    places: Places, text: str, within: str | None, code: str | None
) -> None:
    found = places.named_in(text, within)
    assert codes(found) == [code] if code else len({place.stem[:4] for place in found}) == 1


def test_living_somewhere_hides_no_other_place(places: Places) -> None:
    assert codes(places.named_in("我妈在赤峰", "150621")) == ["150400"]


def test_a_village_needs_its_suffix_unless_the_talk_is_near(places: Places) -> None:
    assert places.named_in("我在林原") == ()
    assert codes(places.named_in("我在林原", "150621")) == ["150621100212"]
    assert codes(places.named_in("展旦召养羊", "150621")) == ["150621200"]
    assert codes(places.named_in("我是红旗的", "152527")) == ["152527102"]
    assert places.named_in("红旗渠", "152527") == ()


# Answers to "您在哪个旗县"


@pytest.mark.parametrize(
    ("said", "within", "code"),
    [
        ("达拉特旗", None, "150621"),
        ("达拉特", None, "150621"),
        ("达拉", None, "150621"),
        ("达旗。", None, "150621"),
        ("我家在达旗那边", None, "150621"),
        ("我是满洲里的", None, "150781"),
        ("临河县", None, "150802"),
        ("海南", None, "150303"),
        ("回民", "1501", "150103"),
        ("鄂伦春", None, "150723"),
        ("林西", None, "150424"),
        ("林西镇", None, "150424100"),
        ("树林召", None, "150621100"),
        ("树林", "150621", "150621100"),
        ("展旦召乡", "150621", "150621200"),
        ("乌兰", "150624", "150624100"),
        ("林原", "150621100", "150621100212"),
        ("林原村委会", "150621100", "150621100212"),
        ("东胜", "150621", "150602"),
        ("左旗", "1529", "152921"),
        ("鄂尔多斯 达旗 树林召", None, "150621100"),
        ("鄂尔多斯市达拉特旗树林召镇林原村", None, "150621100212"),
        ("好力保乡", None, "152223107"),
    ],
)
def test_an_answer_finds_its_place(places: Places, said: str, within: str | None, code: str) -> None:
    assert codes(places.find(said, within)) == [code]


def test_half_a_name_gives_all_that_begin_so(places: Places) -> None:
    assert codes(places.find("苏尼特")) == ["152523", "152524"]
    assert codes(places.find("乌拉特")) == ["150823", "150824", "150825"]


@pytest.mark.parametrize(
    "said",
    ELSEWHERE,
)
def test_what_is_no_place_of_ours_finds_nothing(places: Places, said: str) -> None:
    assert places.find(said) == ()
    assert places.find("") == ()


# Any text, and time


@given(text=st.text() | st.text(alphabet="在我是达旗左右前赤峰红山新城区村镇乡嘎查苏木路 ，"))
def test_no_text_at_all_upsets_it(places: Places, text: str) -> None:
    for within in (None, "15", "150621"):
        for mention in places.mentions(text, within):
            assert mention.places
            assert text[mention.start : mention.end]
        places.find(text, within)


def test_loading_and_matching_are_quick(capsys: pytest.CaptureFixture[str]) -> None:
    began = perf_counter()
    places = Places.load()
    loaded = perf_counter()
    lines = [f"load {1e3 * (loaded - began):.1f} ms"]
    for text in (
        "我妈在达旗树林召镇林原村，今年种了玉米想问问保险咋上要交多少钱",
        "玉米保险咋上，旱厕改造有没有钱，种树补贴一亩给多少，贷款找谁",
    ):
        for within in (None, "150621"):
            places.named_in(text, within)
            began = perf_counter()
            for _ in range(100):
                places.named_in(text, within)
            lines.append(f"{len(text)} letters within {within}: {10 * (perf_counter() - began):.3f} ms (hoped: {SLOW})")
    with capsys.disabled():
        print("\n" + "\n".join(lines))
