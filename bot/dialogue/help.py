"""First contact, help, thanks."""

from bot.dialogue import following
from bot.dialogue.reply import chat
from bot.dialogue.turn import Asked, Turn, Welcomed
from content.message import Message, Text
from content.render import numbered_options, say


def welcome(asked: Asked) -> Message:
    """Who runs this service, what is kept, how to erase it, a phone: said once, before the first answer."""
    service = asked.know.service
    sentences = (say("talk", "welcome", service=service), _kept(asked))
    return Message(blocks=tuple(Text(text=sentence) for sentence in sentences))


def start(asked: Asked) -> Turn:
    """Begin a talk without a question: welcome and ways in."""
    sentences = [block.text for block in welcome(asked).blocks if isinstance(block, Text)]
    ways = ((say("labels", "topics"), "topics"), (say("family", "option"), "family"), (say("labels", "help"), "help"))
    options = numbered_options(*ways)
    return chat(asked, *sentences, say("talk", "greeting"), options=options, changes=(Welcomed(),))


def help_(asked: Asked) -> Turn:
    """Say what can be asked and said, what is not connected yet, and the same as at first contact."""
    sentences = [say("talk", "help_how"), say("talk", "help_words"), following.help_(asked)]
    sentences.append(say("person", "help") if asked.know.readers else say("talk", "help_not_yet"))
    ways = [(say("labels", "topics"), "topics"), (say("family", "option"), "family")]
    ways += [(say("labels", name), name) for name in ("place", "kept")]
    ways += [(say("windows", "button_days"), "days")] if asked.know.local.windows else []
    ways += [] if asked.person.telling == "never" else [(say("following", "button_list"), "reminders")]
    options = numbered_options(*ways)
    return chat(asked, *sentences, _kept(asked), options=options)


def _kept(asked: Asked) -> str:
    reminds = asked.person.telling != "never"
    return say("talk", "welcome_kept", service=asked.know.service, reminds=reminds)


def unreadable(asked: Asked) -> Turn:
    """A picture, a sticker, a file: nothing of it is read."""
    return chat(asked, say("talk", "unreadable"))


def helpful(asked: Asked) -> Turn:
    """有用."""
    return chat(asked, say("talk", "helpful"))
