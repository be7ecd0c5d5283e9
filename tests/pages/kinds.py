"""Every kind of page that a visitor may see, and how one gets there."""

from collections.abc import Awaitable, Callable

from bot.dialogue.turn import Knowledge
from tests.pages.visitor import Visitor

Way = Callable[[Visitor, Knowledge], Awaitable[None]]


def at(path: str) -> Way:
    """Open an address."""

    async def go(visitor: Visitor, _: Knowledge) -> None:
        await visitor.goto(path)

    return go


def asking(*words: str, choosing: str = "") -> Way:
    """Ask, and perhaps choose an option of the answer."""

    async def go(visitor: Visitor, _: Knowledge) -> None:
        for text in words:
            await visitor.ask(text)
        if choosing:
            await visitor.choose(choosing)

    return go


async def family(visitor: Visitor, _: Knowledge) -> None:
    """Begin to see what concerns the family, from the front page."""
    await visitor.press("看看哪些事跟我家有关")


async def stub(visitor: Visitor, know: Knowledge) -> None:
    """Open the card of something for which there is no document."""
    await visitor.goto(f"/card/{next(one.id for one in know.library.programmes.values() if one.is_stub)}")


async def local(visitor: Visitor, know: Knowledge) -> None:
    """Open a card that a city's own document adds to, as seen from there, and one can go elsewhere from it."""
    cards = [one for one in know.library.programmes.values() if len(one.local) > 1 and one.before and one.related]
    await visitor.goto(f"/card/{cards[0].id}?place={next(iter(cards[0].local))}")


KINDS: dict[str, Way] = {
    "home": at("/"),
    "answer": asking("低保咋申请"),
    "quotes": asking("低保咋申请", choosing="看原话"),
    "calls": asking("低保咋申请", choosing="问谁、打哪个电话"),
    "choices": asking("低保咋申请？旱厕改造有钱没？"),
    "none": asking("低保咋申请？旱厕改造有钱没？", choosing="都不是"),
    "plea": asking("有人打我"),
    "place": asking("我在哪"),
    "family": family,
    "kept": asking("记了我什么"),
    "erase": asking("删掉我的记录"),
    "card": at("/card/grain-soy-insurance"),
    "stub card": stub,
    "card with local": local,
    "topics": at("/topics"),
    "topic": at("/topic/home"),
    "about": at("/about"),
    "404": at("/nothing/here"),
}
