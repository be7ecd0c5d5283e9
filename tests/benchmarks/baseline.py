"""The named baseline of search: jieba and rank_bm25 over the same phrasings, as most people would write it."""

import json
import sys
from collections.abc import Callable

import jieba
from rank_bm25 import BM25Okapi

from content.library import read_library


def bm25() -> Callable[[str], str]:
    """Build the baseline; returns a function from a question to the id of the best card."""
    jieba.setLogLevel(60)
    rows = [(one.id, text) for one in read_library().programmes.values() for text in one.phrasings]
    index = BM25Okapi([jieba.lcut(text) for _, text in rows])

    def best(question: str) -> str:
        scores = index.get_scores(jieba.lcut(question))
        return rows[int(scores.argmax())][0]

    return best


if __name__ == "__main__":
    answer = bm25()
    if len(sys.argv) > 1:
        print(answer(sys.argv[1]))
    else:
        for line in sys.stdin:
            print(json.dumps({"id": answer(json.loads(line)["turns"][-1])}))
