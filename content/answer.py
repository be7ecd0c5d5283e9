"""The first message of an answer: at most 200 characters, the thing asked first, the clause last (design.md §6)."""

from collections.abc import Sequence

from content.card import Card
from content.message import Attachment, Basis, Block, Heading, Message, Option, Text
from content.programme import Claim, Earlier, Standing
from content.render import said_blocks, say
from content.tables import Aspect

FIRST_MESSAGE = 200
"""Characters of the first message, options aside."""

MOST_UNSAID = 2


def first_message(card: Card, aspects: Sequence[str] = (), *, also: str = "") -> Message:
    """Answer with a card; `aspects` are what was asked of it, so that the first line speaks to that.

    `also` is a sentence that must stand in it.
    """
    if card.programme.is_stub:
        return _stub(card, aspects, also)
    unsaid = _unsaid(card, aspects)
    opening: list[Block] = [Heading(text=card.programme.short), *local(card, aspects), *unsaid]
    closing: list[Block] = [*elsewhere(card), *standing(card), *([] if unsaid else [_ask(card)])]
    closing += [Text(text=also)] if also else []
    said, shown = _that_fit(card, opening, closing, _asked_first(card, aspects))
    blocks = (*opening, *said, *closing, *_basis(card, shown))
    return Message(blocks=blocks, options=options(card), attachments=(Attachment(programme=card.programme.id),))


def _stub(card: Card, aspects: Sequence[str], also: str) -> Message:
    """No document: say so. What the place itself has published is said first."""
    names, numbers = [one.name for one in card.offices], [one.number for one in card.lines]
    if card.local:
        first = local(card, aspects)
        rest = [Text(text=line.text) for line in card.local if line.text not in {one.text for one in first}]
        blocks = (Heading(text=card.programme.short), *first, *rest, _ask(card))
        return Message(blocks=blocks, options=options(card), attachments=(Attachment(programme=card.programme.id),))
    said = [say("card", "stub", short=card.programme.short, offices=names, numbers=numbers), *filter(None, [also])]
    return Message(blocks=tuple(Text(text=one) for one in said))


def local(card: Card, aspects: Sequence[str] = ()) -> list[Text]:
    """What the place has published of the thing asked, before all else; its days always, because they pass."""
    asked = [line for line in card.local if set(line.answers) & set(aspects)]
    days = [line for line in card.local if line.kind == "when" and line not in asked]
    return [*(Text(text=line.text, strong=True) for line in asked), *(Text(text=line.text) for line in days)]


def _unsaid(card: Card, aspects: Sequence[str]) -> list[Block]:
    """The line on what was asked: what is unsaid is said to be unsaid, first of all."""
    asked = _asked_unstated(card, _left(card, aspects))
    if not asked:
        return []
    office = "或".join(one.name for one in card.offices[:2])
    return [Text(text=say("card", "unsaid", aspects=asked, office=office), strong=True)]


def _left(card: Card, aspects: Sequence[str]) -> list[str]:
    """What was asked and the place itself does not answer."""
    told = {name for line in card.local for name in line.answers}
    return [name for name in aspects if name not in told]


def _asked_unstated(card: Card, aspects: Sequence[str]) -> list[Aspect]:
    """The unstated aspects that were asked; else those of the same group: 多少钱 of an insurance is its premium.

    No document states an amount that a person receives, so an amount is unsaid even where the card forgot to list it.
    """
    exact = [aspect for aspect in card.unstated if aspect.id in aspects]
    groups = {card.library.aspects[name].group for name in aspects} - {""}
    told = any(isinstance(item, Claim) and set(item.about) & set(aspects) for item in card.told)
    near = [] if told else [aspect for aspect in card.unstated if aspect.group in groups]
    money = [card.library.aspects["amount"]] if "amount" in aspects and not told else []
    return (exact or near or money)[:MOST_UNSAID]


def _asked_first(card: Card, aspects: Sequence[str]) -> list[Claim | Earlier]:
    """Order what is told: sentences that answer the thing asked first."""
    return sorted(card.told, key=lambda item: not (isinstance(item, Claim) and set(item.about) & set(aspects)))


def _that_fit(
    card: Card, opening: list[Block], closing: list[Block], told: Sequence[Claim | Earlier]
) -> tuple[list[Block], list[Claim | Earlier]]:
    """Take sentences while the whole message stays within its length; the first always stands.

    Where the place itself has published something, that is the answer, and a sentence of the documents may give way.
    """
    shown: list[Claim | Earlier] = []
    for item in told:
        tried = [*shown, item]
        whole = Message(blocks=(*opening, _paragraph(tried), *closing, *_basis(card, tried)))
        if (shown or card.local) and len(said_blocks(whole)) > FIRST_MESSAGE:
            break
        shown = tried
    return [_paragraph(shown)] if shown else [], shown


def _paragraph(items: Sequence[Claim | Earlier]) -> Text:
    return Text(text="".join(item.says for item in items))


def elsewhere(card: Card) -> list[Text]:
    """Say of a city's own programme that it holds only there."""
    by_code = {document.place: document for document in card.library.documents.values()}
    named = [by_code[code].city for code in card.programme.places if code in by_code and by_code[code].city]
    return [Text(text=say("card", "elsewhere", names=named))] if named else []


def standing(card: Card) -> list[Text]:
    """Say how far the card may be relied on, and that it is old once a new year has begun."""
    years = {card.library.documents[item.source.doc].year for item in card.told}
    newest = max(document.year for document in card.library.documents.values())
    named = max((year for year in years if year < newest), default=newest)
    sentences = []
    match card.programme.standing:
        case Standing.LAST_WORD:
            sentences.append(say("card", "last_word" if named < newest else "unnamed", year=named))
        case Standing.DUTY if newest not in years:
            sentences.append(say("card", "last_word", year=named))
        case Standing.PILOT:
            sentences.append(say("card", "pilot"))
        case Standing.ENDED:
            sentences.append(say("card", "ended"))
    if newest in years and card.today.year > newest:
        sentences.append(say("card", "old", year=newest))
    return [Text(text=sentence) for sentence in sentences]


def _ask(card: Card) -> Text:
    names = [one.name for one in card.offices[:2]]
    numbers = [one.number for one in card.lines[:1]]
    return Text(text=say("card", "ask", offices=names, numbers=numbers))


def _basis(card: Card, shown: Sequence[Claim | Earlier]) -> list[Basis]:
    labels = list(dict.fromkeys(card.where(item.source) for item in shown))[:2]
    return [Basis(text=say("card", "basis", labels=labels))] if labels else []


def aspect_message(card: Card, aspects: Sequence[str]) -> Message | None:
    """Answer one thing about a card already shown: the sentence that says it, or that no document does.

    None where the card's sentences may say it without being marked so (who is meant): then the card is shown.
    """
    told = [item for item in card.told if isinstance(item, Claim) and set(item.about) & set(aspects)]
    here = [Text(text=line.text, strong=True) for line in card.local if set(line.answers) & set(aspects)]
    heading = Heading(text=card.programme.short)
    if told or here:
        said = [_paragraph(told)] if told else []
        return Message(blocks=(heading, *here, *said, _ask(card), *_basis(card, told)), options=options(card))
    asked = _asked_unstated(card, aspects) or [card.library.aspects[name] for name in aspects if name != "who"]
    if not asked:
        return None
    line = say("card", "unsaid", aspects=asked[:MOST_UNSAID], office="或".join(one.name for one in card.offices[:2]))
    blocks = (heading, Text(text=line, strong=True), *_basis(card, card.told[:1]))
    return Message(blocks=blocks, options=options(card))


def options(card: Card) -> tuple[Option, ...]:
    """What may be chosen under a card; only what is there."""
    id_ = card.programme.id
    documented = not card.programme.is_stub
    offered = [("local", bool(card.local)), ("quotes", documented), ("unstated", documented and bool(card.unstated))]
    offered += [("before", bool(card.before and card.claims))]
    offered += [("related", bool(card.programme.related)), ("ask", True)]
    offered += [("helpful", True), ("unhelpful", True)]
    return tuple(Option(label=say("labels", name), action=f"{name}:{id_}") for name, there in offered if there)
