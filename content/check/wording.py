"""Plain words: short sentences, no officialese, fixed terms whole, no slogans, no inference, no blame."""

import re
from collections.abc import Iterator

from content.check.findings import Finding, Where, said, words
from content.programme import Programme

MAX_SENTENCE = 30
_BRACKETS = re.compile(r"（[^）]*）")


def sentences(text: str) -> list[str]:
    """Cut a text at its full stops."""
    return [part.strip() for part in re.split(r"[。！？；\n]", text) if part.strip()]


def check_wording(programme: Programme) -> Iterator[Finding]:
    """Hold every sentence that people read to the rules of plain words."""
    texts: list[tuple[Where, str]] = [((*where, "says"), item.says) for where, item in said(programme)]
    for where, text in [*texts, (("one_line",), programme.one_line)]:
        yield from _long(where, text)
        yield from _officialese(where, text, programme)
        yield from _fixed(where, text)
        yield from _unfit(where, text)


def _long(where: Where, text: str) -> Iterator[Finding]:
    for sentence in sentences(text):
        if len(sentence) > MAX_SENTENCE and where != ("one_line",):
            yield Finding(where, "sentence", {"length": len(sentence), "sentence": sentence})


def _officialese(where: Where, text: str, programme: Programme) -> Iterator[Finding]:
    """A word of documents may stand in brackets, in a quotation, or in the programme's own name."""
    bare = re.sub(r"“[^”]*”", "", _BRACKETS.sub("", text)).replace(programme.name, "").replace(programme.short, "")
    for word, plain in words("officialese").items():
        rest = bare
        for longer in plain["inside"] if isinstance(plain, dict) else ():
            rest = rest.replace(longer, "")
        if word in rest and not _explained(word, text):
            told = plain["plain"] if isinstance(plain, dict) else plain
            yield Finding(where, "officialese", {"word": word, "plain": told})


def _explained(word: str, text: str) -> bool:
    """Whether brackets right after the word explain it: 以工代赈（雇当地人干活）."""
    return f"{word}（" in text


def _fixed(where: Where, text: str) -> Iterator[Finding]:
    for entry in words("fixed"):
        rest = text.replace(entry["term"], "")
        for mark in entry["marks"]:
            if mark in rest:
                yield Finding(where, "fixed_term", {"mark": mark, "term": entry["term"]})


def _unfit(where: Where, text: str) -> Iterator[Finding]:
    table = words("slogans")
    for rule, key in (("slogan", "slogans"), ("inference", "inference"), ("slogan", "blame")):
        for word in table[key]:
            if word in text:
                yield Finding(where, rule, {"word": word})
