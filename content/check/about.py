"""A sentence marked as answering who, where or when has a quote that does; none answers how much money."""

import re
from collections.abc import Iterator

from content.check.findings import Finding, said
from content.programme import Claim, Programme

SUPPORTED = {
    "who": r"人|户|民|者|员|儿童|妇女|学生|医生|教师|干部|对象|群体|群众|企业|组织|毕业生|嘎查村|无劳动能力",
    "places": r"旗|县|村|市|盟|区|流域|镇|阿尔山|呼和浩特|包头|水库",
    "when": r"年|月|期",
    "how": r"申报|申请|办法|程序|渠道|方式",
    "where": r"窗口|中心|机构|站|平台",
    "standard": r"标准|\d",
}
"""What a quote must hold to answer an aspect. Of all others (money, papers, phone) the quote must state a figure."""


def check_about(programme: Programme) -> Iterator[Finding]:
    """Hold `about` to the quotes."""
    for where, item in said(programme):
        for aspect in item.about if isinstance(item, Claim) else ():
            if not re.search(SUPPORTED.get(aspect, r"\d+(\.\d+)?(元|块|%)|免费|免除"), item.source.quote):
                yield Finding((*where, "about"), "about_unsupported", {"aspect": aspect, "quote": item.source.quote})
