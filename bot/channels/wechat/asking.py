"""What an update asks of the conversation: words, an option, a voice; or a place, from a pin or a scanned code."""

from bot.channels.wechat.wire import Update
from bot.incoming import Incoming, Voice
from bot.notices.real import claims, numbers_in
from content.places import PlaceError, Places
from storage.wechat import CHANNEL, Act

SCENES = ("card", "in", "topic")
"""What a code on a poster may do: show a card or a topic, or take a village for the resident's place."""

TAPS = frozenset({"subscribe", "click", "scan", "scancode_push", "scancode_waitmsg"})
"""After these WeChat lets an account speak for a minute."""

TALK = frozenset({"subscribe", "click", "scan"})
"""Events that are answered."""

KINDLY = {"image": "no_picture", "video": "no_picture", "shortvideo": "no_picture", "link": "no_link"}
"""What can't be read, and the sentence that says so."""

HELD_WORDS = frozenset({"看", "看全文"})
"""What a notice asks to be answered with: any contact lets go what is held, and these need no search."""

BANNER = 6  # digits of a banner's stem


def act_of(update: Update) -> Act | None:
    """What the resident did, as WeChat counts it; None for what opens no window."""
    if update.kind != "event":
        return "message"
    return "tap" if update.event in TAPS else None


def talks(update: Update) -> bool:
    """Whether an update is answered through the conversation."""
    if update.kind == "link":  # an article sent on is read no further than its title and its first words
        return bool(numbers_in(update.said)) or claims(update.said)
    return update.event in TALK if update.kind == "event" else update.kind in ("text", "voice", "location")


def kindly(update: Update) -> str | None:
    """The name of the fixed sentence that answers an update; None for what is talked about, and for events."""
    if update.kind == "text" and update.said.strip("“”。 ") in HELD_WORDS:
        return "held_coming"
    if update.kind == "event" or talks(update):
        return None
    return KINDLY.get(update.kind, "no_other")


def incoming_of(update: Update, account: str, places: Places, heard: str | None) -> Incoming | None:
    """What the conversation is asked; None for a pin that lies in no place of ours."""
    text: str | None = None
    action: str | None = None
    voice = Voice(heard) if update.kind == "voice" else None
    if update.kind == "location":
        stem = place_of(update.said, places)
        if stem is None:
            return None
        action = f"in:{stem}"
    elif update.kind == "event":
        action = _action(update, places)
    elif voice is None:
        text = update.said
    return Incoming(CHANNEL, account, update.address, update.message_id, update.at, text, action, voice)


def _action(update: Update, places: Places) -> str:
    """An event's action: a menu's key is one, a scene names one; following without a scene begins the talk."""
    if update.event == "click":
        return update.said or "start"
    return scene_action(update.said, places) or "start"


def scene_action(scene: str, places: Places) -> str | None:
    """The action of a scanned scene; None for a scene that we would not have made."""
    verb, _, argument = scene.partition(":")
    if verb not in SCENES or not argument:
        return None
    if verb != "in":
        return scene
    try:
        return f"in:{places.get(argument).stem}"
    except PlaceError:
        return None


def place_of(label: str, places: Places) -> str | None:
    """The stem of the banner, or of what lies deeper, that a pin's address names; None where it is not surely one."""
    named = [one.stem for one in places.named_in(label) if len(one.stem) >= BANNER]
    banners = {stem[:BANNER] for stem in named}
    if len(banners) != 1:
        return None
    return named[0] if len(named) == 1 else banners.pop()
