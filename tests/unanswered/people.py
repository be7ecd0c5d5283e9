"""Names of people who do not exist, and sentences in which they stand anywhere; drawn by seed."""

import random

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
GIVEN = (
    "军建国庆明强华平芳英秀兰梅桂花玉凤霞丽红春海燕金宝柱福来德胜利娜婷敏静磊洋勇杰涛超艳芝莲珍萍琴云凯鹏"
    "飞宇浩然轩涵欣怡梓俊峰志伟刚毅锁栓喜贵富财旺兴文武忠义仁永长生根水旭东亮晨阳晓娟娥翠淑惠慧颖雪冬秋菊"
    "莉蓉莎琳瑶琪瑞祥和顺安康宁成龙虎彪田山林川河江石玲香彩双巧月银锋斌辉凌霄雯佳嘉博思远树槐全义孝良善运"
    "启"
)
MONGOLIAN = [
    "阿拉腾其其格", "娜日苏", "乌仁图雅", "宝鲁日", "朝乐门", "哈日巴拉", "苏雅拉", "那日松", "乌尤",
    "萨其拉", "阿日昆", "斯日古楞", "浩斯巴雅尔", "额日敦", "恩克巴图", "乌云毕力格", "敖特根花", "吉日木图",
    "布仁巴雅尔", "扎那", "色音", "都楞", "达布希拉图", "胡格吉勒图", "萨楚日拉", "阿如汗", "塔拉腾",
    "包海山", "包树海", "白乙拉", "通力嘎", "苏伦嘎", "乌日罕", "阿丽玛", "图布信", "新吉乐",
    "哈达", "呼格吉", "敖云", "桑杰", "宁布扎布", "希吉日", "孟根", "阿民布和", "朝克吉乐图",
    "查娜", "锡林其木格", "苏布达", "鄂布日勒", "哈申高娃", "道日娜", "萨日朗", "巴音娜", "宝力尔",
]  # fmt: skip
SENTENCES = [
    "{}能领补贴吗",
    "给{}办贷款要啥条件",
    "{}家养牛有补贴吗",
    "养牛的{}能投保险吗",
    "请问{}的草场能流转吗",
    "替{}问养老保险咋交",
    "听{}说买拖拉机有补贴",
    "{}想学电焊有没有培训",
    "跟{}合伙养羊能贷款吗",
    "村里{}种西瓜有补助吗",
    "把{}的地流转过来有啥手续",
    "合作社社长{}能申请项目吗",
    "我和{}一起养猪补贴标准",
    "{}和别人养驴有补贴吗",
    "有补贴吗{}养驴",
    "贷款的事{}懂不懂政策",
    "补贴是不是{}管申请",
    "买农机找{}有优惠吗",
    "养老保险{}说能报销",
    "{}，养鹿有补贴吗",
]


def name(draw: random.Random) -> str:
    """A Han name of two or three characters, or a Mongolian one in Chinese characters."""
    if draw.random() < 0.3:
        return draw.choice(MONGOLIAN)
    return draw.choice(SURNAMES) + "".join(draw.choice(GIVEN) for _ in range(draw.choice((1, 2, 2))))


def planted(seed: int, count: int) -> list[tuple[str, str]]:
    """Names, each with a sentence that it stands in."""
    draw = random.Random(seed)  # noqa: S311 - drawn for a test, the same every time
    named = [name(draw) for _ in range(count)]
    return [(one, draw.choice(SENTENCES).format(one)) for one in named]
