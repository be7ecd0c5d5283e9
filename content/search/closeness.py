"""How close a question stands to one row: what tells a question that a card answers from one that only shares words."""

from content.search.grams import characters

NEITHER = 0.5
"""What is said of a question too short to have pairs."""


def pairs_shared(topic: str, row: str) -> float:
    """Share of the character pairs of a question's topic words that a row has, from 0 to 1."""
    asked, held = _pairs(topic), _pairs(row)
    return len([pair for pair in asked if pair in held]) / len(asked) if asked else NEITHER


def run_shared(copy: str, row: str) -> float:
    """Length of the longest run of characters that a question and a row share, as a share of the question."""
    longest = 0
    for start in range(len(row)):
        while start + longest < len(row) and row[start : start + longest + 1] in copy:
            longest += 1
    return longest / max(len(copy), 1)


def _pairs(text: str) -> list[str]:
    return [gram for gram in characters(text) if len(gram) > 1]
