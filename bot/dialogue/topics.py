"""Browse: topics, then the cards of one."""

from bot.dialogue import following
from bot.dialogue.reply import chat, turn
from bot.dialogue.turn import Asked, Turn
from content.behind import card_option
from content.message import Message, Text
from content.render import numbered_options, say


def topics(asked: Asked) -> Turn:
    """Offer every topic that has a card."""
    library = asked.know.library
    offered = [(topic.name, f"topic:{topic.id}") for topic in library.topics.values() if library.by_topic[topic.id]]
    message = Message(blocks=(Text(text=say("talk", "topics")),), options=numbered_options(*offered))
    return turn(asked, message, asked.state)


def topic(asked: Asked, id_: str) -> Turn:
    """Offer the cards of a topic, those asked for most first."""
    found = asked.know.library.topics.get(id_)
    if found is None:
        return chat(asked, say("talk", "gone_card"))
    cards = asked.know.library.by_topic[id_]
    options = (*map(card_option, cards), *following.topic_options(asked, id_))
    message = Message(blocks=(Text(text=say("talk", "topic", topic=found)),), options=options)
    return turn(asked, message, asked.state)
