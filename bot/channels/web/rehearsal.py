"""Answer a few questions before the first resident comes, and set aside for good what is loaded by then."""

import gc
from itertools import islice

from bot.channels.web.pages import page
from bot.channels.web.site import CAPABILITIES, Site
from bot.dialogue.core import reply
from bot.dialogue.state import Person, State
from bot.dialogue.turn import Asked

QUESTIONS = 40


def rehearse(site: Site) -> None:
    """Ask one question of each of some cards, and show the answers to nobody.

    Patterns are compiled and templates read when a text first needs them. The first twenty questions after a start took
    four times as long as any later one, and a service is started anew on the morning when everybody asks.
    """
    know, nobody = site.know, Person(channel=CAPABILITIES.name)
    every = len(know.library.programmes) // QUESTIONS or 1
    for programme in islice(know.library.programmes.values(), None, None, every):
        said = next(iter(programme.phrasings), programme.short)
        shown = (reply(Asked(know, nobody, State(), site.now(), said)).message,)
        page("talk", site=site, library=know.library, asked=said, messages=shown, erased=False)


def set_aside() -> None:
    """Keep Python from going through all content again whenever it looks for garbage, in the middle of some answer.

    Each such look took a fifth of a second, and all who were waiting waited longer.
    """
    gc.collect()
    gc.freeze()
