"""Cut the spoken part of `everyday.txt`: `python -m content.words.make_everyday`; our own part below it is kept.

Run once, with `uv pip install chinesevocablist==0.3.8` in the environment (not a dependency: nothing needs it after).
Chinese Vocab List (Kerrick Staley and others, CC BY-SA 4.0) ranks about 4,500 words by their frequency in the subtitles
of 6,243 films (SUBTLEX-CH, Cai & Brysbaert 2010) and by the HSK levels. Why this list: subtitles are what people say to
each other, so 房子, 找, 牙疼 are in it and 推进, 落实, 机制 are not, though lists cut from news and the web hold those
among their first 2,000. `--heard` prints words that stand in phrasings of at least three cards and in neither part, for
an editor to choose our own part from.
"""

import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

from content.library import read_library
from content.readability import EVERYDAY, OURS, Plain

HEAD = """\
# Everyday words. Made by make_everyday.py from Chinese Vocab List 0.3.8 (github.com/kerrickstaley/Chinese-Vocab-List),
# © Kerrick Staley and others, after SUBTLEX-CH (Qing Cai & Marc Brysbaert); licence of this part: CC BY-SA 4.0
# (https://creativecommons.org/licenses/by-sa/4.0/). Changed: words only, in Han characters only, most frequent first.
"""
A_LINE = 20


def spoken() -> list[str]:
    """Read the words of the list, most frequent first."""
    words = import_module("chinesevocablist").VocabList.load().words
    simple = [str(word.simp or word.trad) for word in words]
    return [word for word in dict.fromkeys(simple) if all("一" <= character <= "鿿" for character in word)]


def rewrite(path: Path, words: list[str]) -> None:
    """Write the spoken part anew and keep what stands below the line OURS."""
    ours = path.read_text("utf-8").partition(OURS)[2] if path.exists() else "\n"
    lines = [" ".join(words[start : start + A_LINE]) for start in range(0, len(words), A_LINE)]
    path.write_text("\n".join([HEAD + "\n".join(lines), OURS]) + ours, "utf-8")


def heard(least: int = 3) -> list[str]:
    """Find words of the phrasings that neither part holds, most used first."""
    plain, cards = Plain.load(), Counter[str]()
    for programme in read_library().programmes.values():
        cards.update({word for phrasing in programme.phrasings for word in plain.hard(phrasing)})
    return [word for word, count in cards.most_common() if count >= least]


if __name__ == "__main__":
    if "--heard" in sys.argv:
        print(" ".join(heard()))  # noqa: T201 - a script for editors
    else:
        rewrite(EVERYDAY, spoken())
