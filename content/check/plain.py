"""Limits of readability: a card above them is too hard, however well each single rule is kept."""

from collections.abc import Iterator

from content import readability as measure  # the module, not its names: it imports from here in turn
from content.check.findings import Finding
from content.programme import Programme

MAX_MEAN = 25.0
"""Characters of a sentence on average. Cards read 21; 25 leaves room for names. A voice says 25 in one breath (6 s)."""

MAX_HARD = 0.20
"""Share of words that are not everyday ones. Readers are at ease while they know 95 words of 100, and lost below 80
(Hu & Nation 2000; Laufer & Ravenhorst-Kalovski 2010): 20 of 100 is where a card would begin to be noise. Most of what
our list lacks is understood by who hears the news (加强, 推进, 落实), so the cards together stand at 11."""

FEW = 12
"""A card of fewer words can't be judged by a share."""


def check_plain(programme: Programme, plain: "measure.Plain") -> Iterator[Finding]:
    """Hold a card to the limits; the finding names its hard words, most frequent first."""
    if programme.is_stub:
        return
    found = measure.readability(programme, plain)
    if found.mean > MAX_MEAN:
        yield Finding(("claims",), "long_on_average", {"mean": f"{found.mean:.1f}", "most": f"{MAX_MEAN:.0f}"})
    if found.words >= FEW and found.share > MAX_HARD:
        hard = sorted(dict.fromkeys(found.hard), key=lambda word: -found.hard.count(word))
        facts = {"share": f"{found.share:.0%}", "most": f"{MAX_HARD:.0%}", "hard": "、".join(hard[:12])}
        yield Finding(("claims",), "hard_words", facts)
