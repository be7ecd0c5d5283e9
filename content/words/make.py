"""Make `sounds.txt` and `traditional.txt`: `python -m content.words.make`.

Cut once from pypinyin 0.55 (MIT) and OpenCC 1.4 (Apache-2.0), so that neither is needed, or loaded, to answer a
question: their dictionaries would take longer to load than the answer.
"""

from pathlib import Path

import opencc
from pypinyin import Style, lazy_pinyin

HERE = Path(__file__).parent
IDEOGRAPHS = [chr(code) for code in range(0x4E00, 0x9FA6)]
WORDS = (
    "银行 农行 建行 信用行 行业 还款 还贷 还钱 还债 归还 村长 校长 厂长 家长 成长 增长 生长 长大 长势 重建 重新 重复 "
    "调解 调整 种地 种粮 种植 种草 种树 播种 种子 种羊 种牛 良种 得病 觉得 都有 首都 参加 人参 会计 便宜 方便 "
    "相处 处理 到处 办事处 行车 假期 放假 假货 供应 供养 应该 盛行 数字 少数 数钱 好几 爱好 省钱 传染 自传 "
    "差额 出差 答应 几个 几年 粘 薄膜 地膜 大夫 大厦 石头 单位 打倒 倒伏 倒茬 得分 的确 调料 上调 弹药 尽量"
)
"""Words whose characters sound otherwise than alone."""


def in_common_use(character: str) -> bool:
    """Whether the character is in GB2312, the set that any phone writes."""
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def sounds() -> str:
    """Group characters by toneless syllable, then words whose reading differs: `bao 保宝报…`, `=银行 yin hang`."""
    by_syllable: dict[str, list[str]] = {}
    for character in filter(in_common_use, IDEOGRAPHS):
        syllable = lazy_pinyin(character, style=Style.NORMAL)[0].replace("ü", "v")
        by_syllable.setdefault(syllable, []).append(character)
    alone = {character: syllable for syllable, group in by_syllable.items() for character in group}
    lines = [f"{syllable} {''.join(group)}" for syllable, group in sorted(by_syllable.items())]
    for word in WORDS.split():
        read = [part.replace("ü", "v") for part in lazy_pinyin(word, style=Style.NORMAL)]
        if read != [alone.get(character) for character in word]:
            lines.append(f"={word} {' '.join(read)}")
    return "\n".join(lines) + "\n"


def traditional() -> str:
    """Pair each traditional character with its simplified one: `貸贷` a line."""
    convert = opencc.OpenCC("t2s").convert
    pairs = ((character, convert(character)) for character in IDEOGRAPHS)
    return "".join(f"{old}{new}\n" for old, new in pairs if old != new and len(new) == 1)


if __name__ == "__main__":
    (HERE / "sounds.txt").write_text(sounds(), "utf-8")
    (HERE / "traditional.txt").write_text(traditional(), "utf-8")
