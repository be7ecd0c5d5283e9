"""A deployment's own folder for tests: a card that keeps every rule, in a place and from a document of its own."""

from pathlib import Path

SOURCE = """\
- id: tongliao-2026
  called: 2026年通辽文件
  title: 通辽市种养补贴办法
  title_stated: true
  issuer: 通辽市人民政府
  number: null
  date: 2026-03-01
  year: 2026
  place: "150500"
  city: 通辽
  lapsed: null
  doubtful: []
  clauses:
    - {key: "1", label: 第1条, mark: "第一条 养牛"}
    - {key: "2", label: 第2条, mark: "第二条 种草"}
"""
TEXT = """通辽市种养补贴办法
第一条 养牛的农牧户，支持建设标准化牛舍，提高养牛水平。
第二条 种草的农牧户，支持种植青贮玉米和苜蓿。
"""
CARD = """\
id: tongliao-cattle
topic: livestock
name: 通辽养牛牛舍支持
short: 通辽养牛
places: ["150500"]
standing: last_word
claims:
  - says: 2026年通辽文件说，要支持农牧户建设牛舍。
    source: {doc: tongliao-2026, clause: "1", quote: 养牛的农牧户，支持建设标准化牛舍}
  - says: 还说养牛的水平要提高。
    source: {doc: tongliao-2026, clause: "1", quote: 提高养牛水平}
one_line: 通辽养牛，2026年文件说要支持建设牛舍。
unstated: [amount, how, where]
ask: [village-committee, agri-office, hotline-12316]
phrasings:
PHRASINGS
checked_on: 2026-11-22
"""
ASKED = (
    "科左后旗盖牛舍给钱不", "通辽牛舍咋申请", "奈曼养牛牛舍有说法没", "我在库伦想盖个大牛舍", "科尔沁区牛舍图纸找谁",
    "开鲁牛舍验收", "扎鲁特旗牛舍贴砖给不给", "霍林郭勒养牛的棚子", "通辽黄牛舍改暖圈", "舍伯吐牛贩子的牛舍算不算",
    "通辽牛舍离村多远能盖", "牛舍粪沟谁给修通辽", "通辽盖牛舍占地批不批", "养三头牛盖牛舍够格不", "老牛舍翻新通辽",
)  # fmt: skip


def write(own: Path, card: str = CARD) -> Path:
    """Write the folder: a document, its text and a card; returns the card's file."""
    (own / "sources").mkdir(parents=True, exist_ok=True)
    (own / "sources.yaml").write_text(SOURCE, "utf-8")
    (own / "sources" / "tongliao-2026.txt").write_text(TEXT, "utf-8")
    path = own / "programmes" / "livestock" / "tongliao-cattle.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(card.replace("PHRASINGS", "\n".join(f"  - {one}" for one in ASKED)), "utf-8")
    return path
