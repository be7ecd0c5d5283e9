"""What stands behind a card's first message: quotes, the past, what is unsaid, who to ask, what is related."""

from content.card import Card
from content.message import Block, Call, Heading, Message, Option, Quoted, Text
from content.programme import Claim, Earlier, Programme
from content.render import say

MARKS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"


def quotes(card: Card) -> Message:
    """看原话: every sentence with its quote and where it stands."""
    heading = Heading(text=say("card", "quotes_heading", short=card.programme.short))
    return Message(blocks=(heading, *quoted(card, card.told), *_notes(card, card.told)), options=_back(card))


def before(card: Card) -> Message:
    """以前怎么说: what older documents said, newest first, told as history."""
    heading = Heading(text=say("card", "before_heading", short=card.programme.short))
    note = Text(text=say("card", "before_note" if card.before else "before_none"))
    return Message(blocks=(heading, note, *quoted(card, card.before), *_notes(card, card.before)), options=_back(card))


def unstated(card: Card) -> Message:
    """文件没写的: what a resident would ask and no document says, and who to ask."""
    lines = [Text(text=f"· {say('card', 'unstated_line', aspect=aspect)}") for aspect in card.unstated]
    heading = Heading(text=say("card", "unstated_heading", short=card.programme.short))
    ask = Text(text=say("card", "unstated_ask", offices=[one.name for one in card.offices[1:3]]))
    return Message(blocks=(heading, *lines, ask), options=_back(card))


def ask(card: Card) -> Message:
    """问谁: offices and numbers with what each is for; from far away, the area code first."""
    heading = Heading(text=say("card", "ask_heading", short=card.programme.short))
    calls = [Call(name=one.name, number=one.number, about=one.for_) for one in (*card.offices, *card.lines)]
    here = [Text(text=line.text, strong=True) for line in card.local if line.kind in ("phone", "where")]
    return Message(blocks=(heading, *here, *calls, Text(text=say("card", "abroad"))), options=_back(card))


def local(card: Card) -> Message:
    """本地怎么办: all that staff of the place and of the levels above it have published of this."""
    heading = Heading(text=say("card", "local_heading", short=card.programme.short))
    note = say("card", "local_note" if card.local else "local_none")
    return Message(
        blocks=(heading, *(Text(text=line.text) for line in card.local), Text(text=note)), options=_back(card)
    )


def related(card: Card) -> Message:
    """相关的: up to four cards that people confuse with this one or need next."""
    heading = Heading(text=say("card", "related_heading", short=card.programme.short))
    others = [card.library.programmes[name] for name in card.programme.related]
    return Message(blocks=(heading,), options=(*map(card_option, others), *_back(card)))


def card_option(programme: Programme) -> Option:
    """Offer a card by its short name."""
    return Option(label=programme.short, action=f"card:{programme.id}")


def quoted(card: Card, items: tuple[Claim | Earlier, ...]) -> list[Block]:
    """Each sentence with its mark, its quote and where that stands."""
    return [
        Quoted(mark=mark, says=item.says, quote=item.source.quote, where=card.where(item.source))
        for mark, item in zip(MARKS, items, strict=False)
    ]


def _notes(card: Card, items: tuple[Claim | Earlier, ...]) -> list[Block]:
    """Say of a document whose title is inferred that it is."""
    inferred = any(not card.library.documents[item.source.doc].title_stated for item in items)
    return [Text(text=say("card", "inferred_title"))] if inferred else []


def _back(card: Card) -> tuple[Option, ...]:
    return (Option(label=say("labels", "back"), action=f"card:{card.programme.id}"),)
