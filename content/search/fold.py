"""The search copy of a text: what is compared, never what is stored or sent.

NFKC, simplified characters, lower case, no marks, no controls. Everything else keeps the original, because
Mongolian script needs the very characters that this takes out.
"""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

WORDS = Path(__file__).parent.parent / "words"
MAX_LENGTH = 200
"""Characters of a question that are looked at; people who dictate a story say what they want early or late."""

_NOT_WORD = re.compile(r"[^\w\s]|_")


@cache
def _simplified() -> dict[int, str]:
    pairs = (WORDS / "traditional.txt").read_text("utf-8").split()
    return {ord(pair[0]): pair[1] for pair in pairs}


def fold(text: str) -> str:
    """Fold a text for comparison; single spaces stand where words of letters met marks or spaces."""
    text = _ends(text)
    text = unicodedata.normalize("NFKC", text).translate(_simplified()).lower()
    if not text.isprintable():
        text = "".join(filter(_visible, text))
    return " ".join(_NOT_WORD.sub(" ", text).split())


@lru_cache(maxsize=4096)
def fold_ours(text: str) -> str:
    """Fold words of ours (the label of an option) without spaces. Remembered: never for what a resident said."""
    return fold(text).replace(" ", "")


def _ends(text: str) -> str:
    if len(text) <= MAX_LENGTH:
        return text
    return f"{text[: MAX_LENGTH // 2]} {text[-MAX_LENGTH // 2 :]}"


def _visible(character: str) -> bool:
    """Controls and joiners (Cc, Cf) vanish; line breaks and tabs are spaces and stay."""
    return character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn")
