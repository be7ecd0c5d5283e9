"""Sentences that a rule once took wrongly, or let pass, each with the story in a line."""

from collections.abc import Mapping
from datetime import date

import pytest

from content.answer import first_message
from content.card import Card
from content.check import findings_of
from content.library import Library
from content.programme import Claim, Programme, Source
from content.render import said_blocks, say
from content.source_text import Clauses


def rules(
    library: Library, says: str, quote: str, *, doc: str = "nmg-2026", texts: Mapping[str, Clauses] = {}
) -> set[str]:
    """The rules that one sentence breaks, told by a card of its own."""
    document = library.documents[doc]
    claim = Claim(says=says, source=Source(doc=doc, clause=document.clauses[0].key, quote=quote))
    card = library.programmes["grain-soy-insurance"].model_copy(
        update={"claims": (claim,), "before": (), "local": {}, "conditions": ()}
    )
    seal: frozenset[str] = frozenset()
    found = [one for one in findings_of(card, library, texts, seal) if one.where[0] == "claims" and len(one.where) > 1]
    return {one.rule for one in found} - {"quote_unsealed", "quote_missing"}


@pytest.mark.parametrize(
    ("says", "quote"),
    [
        ("2026年文件说，嘎查村集体经济要壮大。", "发展壮大嘎查村集体经济"),  # 村集体 inside a longer word
        ("2026年文件说，村集体的家底要管好。", "管好村集体的家底资产"),  # and as villagers say it
        ("2026年文件说，要推广水肥一体化。", "推广水肥一体化、浅埋滴灌等高效节水技术"),  # 一体化 on the leaflet
        ("2026年文件说，确权登记颁证要做好。", "做好确权登记颁证工作"),
        ("2026年文件说，环卫要推广第三方来管。", "推广城乡环卫第三方治理"),  # 第三方 is no number
        ("2026年文件说，全区要改厕6万个，不是每户都改。", "新建改建农村牧区卫生户厕6万个，改厕"),  # denied: not claimed
        ("2026年文件说，要改厕所。不是您家的名额。", "推进改厕所"),
        ("2026年文件说，要让牛羊四季都有“好口粮”。", "让牛羊四季都有“好口粮”"),  # the document's own 都有
        ("2026年文件说，不许非法占地盖房。", "严禁非法占地盖房"),
        ("2026年文件说，要推进农业“四控”。文件没写是哪四样。", "扎实推进农业“四控”"),
        ("2026年文件说，要办本地就业“121”计划。", "实施农牧民本地就业“121”计划"),  # a name with a figure in it
        ("2026年文件说，要推动打零工的人参保。", "推动打零工的人员参保"),  # 零工 is no zero
        ("2026年文件说，要让草原一年四季好。", "让草原四季好"),
        (
            "2026年文件说，两样补贴要落实：生活补贴、护理补贴。",
            "落实残疾人生活补贴和护理补贴",
        ),  # what is counted is there
    ],
)
def test_a_true_sentence_is_left_alone(library: Library, says: str, quote: str) -> None:
    assert rules(library, says, quote) - {"who_missing"} == set()


@pytest.mark.parametrize(
    ("says", "quote", "rule"),
    [
        ("2026年文件说，要补贴三百元。", "支持给予补贴", "number"),  # a number in Chinese numerals
        ("2026年文件说，要改厕6个。", "改厕6万个", "number"),  # 6 is not 6万
        ("2026年文件说，要建渠三十公里。", "建渠30亩", "number"),  # nor 30 亩
        ("2026年文件说，是第5批试点。", "推进第3批试点", "number"),
        ("2026年文件说，要办三样：种草、种树。", "办好种草、种树", "number"),
        ("2026年文件说，要加强大豆保险。", "大豆完全成本保险保障", "verb_missing"),  # a noun carries no verb
        ("2026年文件说，要支持大学生种大豆。", "支持种大豆", "who_missing"),
        ("2026年文件说，要在赤峰种大豆。", "支持种大豆", "place_missing"),
        ("2026年文件说，要办“大豆户户通”。", "支持种大豆，办好大豆", "not_verbatim"),
        ("2026年文件说，要修大豆的路。", "加强草原防火", "unrelated"),
        ("2026年文件说，您家种大豆有钱拿。", "支持种大豆", "stronger"),
        ("2026年文件说，不是不能领，大豆补贴都能领。", "支持大豆补贴", "promise"),  # a double denial
        ("2026年文件说，要打造100个大豆村。", "打造100个大豆村", "whose_target"),
        ("要支持种大豆。", "支持种大豆", "unframed"),  # alone, of no year
        ("2026年文件说，要搞大社区。", "严禁搞大社区", "softener"),  # a ban is no plan
        ("2026年文件说，大社区年底要办好。", "办好大社区", "number"),  # a day that no document set
        ("2026年文件说，大豆的钱由民政局发。", "支持大豆", "who_missing"),
    ],
)
def test_a_false_sentence_is_caught(library: Library, says: str, quote: str, rule: str) -> None:
    assert rule in rules(library, says, quote)


def test_a_weak_verb_may_not_be_cut_away(library: Library) -> None:
    key = library.documents["nmg-2026"].clauses[0].key
    texts = {"nmg-2026": {key: "(一)鼓励有条件的幼儿园按照标准提供托育服务。"}}
    assert "weak_verb_cut" in rules(library, "2026年文件说，要按照标准提供托育。", "按照标准提供托育服务", texts=texts)


def test_doubtful_words_are_not_cut_in_half(library: Library) -> None:
    key = library.documents["nmg-2026"].clauses[0].key
    texts = {"nmg-2026": {key: "(一)加强残疾、精神障碍服务人员关怀。"}}
    says = "2026年文件说，残疾、精神障碍要加强关怀。"
    assert "doubtful" in rules(library, says, "加强残疾、精神障碍", texts=texts)
    assert "doubtful" not in rules(library, f"{says}字句还要核对。", "加强残疾、精神障碍", texts=texts)


def test_each_2026_card_says_by_itself_that_it_is_old_once_a_new_year_has_begun(library: Library) -> None:
    for programme in library.programmes.values():
        for place in (None, *(code[:4] for code in programme.local)):
            if programme.is_stub:
                continue
            before, after = (Card(programme, library, place, day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
            old = say("card", "old", year=2026)
            newest = any(item.source.doc == "nmg-2026" for item in after.told)
            assert (old in said_blocks(first_message(after))) == newest, programme.id
            assert old not in said_blocks(first_message(before)), programme.id


def test_a_card_of_an_old_document_never_speaks_of_itself_as_of_today(library: Library) -> None:
    """Every order in which sentences may be shown is tried by the rule `unframed`; here one is spoiled to see it."""
    card: Programme = library.programmes["no-labour-help"]
    assert card.claims[0].source.doc != "nmg-2026"
    bare = card.claims[0].model_copy(update={"says": card.claims[0].says.replace("2023年", "")})
    spoiled = card.model_copy(update={"claims": (bare, *card.claims[1:])})
    assert "unframed" in {one.rule for one in findings_of(spoiled, library, {}, frozenset())}
