"""Hand a card on: to family, to a village's group. Channels that can link give it its own address."""

from bot.dialogue.cards import card_of
from bot.dialogue.reply import chat, turn
from bot.dialogue.turn import Asked, Turn
from content.message import Attachment, Basis, Heading, Message, Text
from content.render import say


def share(asked: Asked) -> Turn:
    """The card in hand in few words, fit to be sent on; without one, it is asked what is meant."""
    card = card_of(asked, asked.state.in_hand) if asked.state.in_hand else None
    if card is None or card.programme.is_stub:
        return chat(asked, say("talk", "nothing_said"))
    labels = [card.where(source) for source in card.sources[:1]]
    blocks = (
        Heading(text=card.programme.short),
        Text(text=card.programme.one_line),
        Text(text=say("card", "ask", offices=[one.name for one in card.offices[:2]], numbers=["12345"])),
        Basis(text=say("card", "basis", labels=labels)),
    )
    return turn(asked, Message(blocks=blocks, attachments=(Attachment(programme=card.programme.id),)), asked.state)
