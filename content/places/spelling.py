"""The spellings of a name: as the tables write it, as people say it, and without its suffix."""

import re
from typing import Final

COMMITTEE: Final = re.compile(r"(?<=社区)(?:居.*|委员会)$|(?<=[村查])(?:人?民|居)?委(?:员?会)?$")
OFFICE: Final = re.compile(r"(?<=街道)办事处$|(?<=区)管委会$")
PEOPLES: Final = re.compile(r"(?:满族|回族|朝鲜|鄂温克|达斡尔|鄂伦春|俄罗斯族)(?:民族)?(?=乡$|苏木$)")
ABOVE: Final = re.compile(r"(?:族?自治旗|联合旗|矿区|[市盟旗县]|(?<!开发)区)$")
BELOW: Final = re.compile(r"(?:街道|苏木|镇|乡|嘎查|社区|居委会|大队|村)$")


def without_office(name: str) -> str:
    """额鲁特街道 of 额鲁特街道办事处, 乌拉盖管理区 of 乌拉盖管理区管委会; other names as they are."""
    return OFFICE.sub("", name)


def village_name(name: str) -> str:
    """永安村 of 永安村委会, 二道沟村 of 二道沟村民委员会, 三合屯村 of 三合屯村村委会, 西台嘎查 of 西台嘎查委会."""
    bare = COMMITTEE.sub("", name).replace("居民委员会", "居委会")
    return re.sub(r"(?<=[村查])村$", "", bare)


def township_name(name: str) -> str:
    """得力其尔乡 of 得力其尔鄂温克民族乡; other names only without their 办事处."""
    return PEOPLES.sub("", without_office(name))


def bare_above(name: str) -> str:
    """达拉特 of 达拉特旗, 乌海 of 乌海市."""
    return ABOVE.sub("", name)


def bare_below(name: str) -> str:
    """树林召 of 树林召镇, 恩和 of 恩和俄罗斯族民族乡, 林原 of 林原村 and of 林原村委会."""
    return BELOW.sub("", township_name(village_name(name)))
